// How good answers are, where what was to be predicted is known.
import Datasets

/// The figures of answers to rows whose truth is known.
package enum PredictionScore: Sendable, Equatable {
  /// Right answers, of how many; and how many the most frequent true class has.
  case accuracy(right: Int, of: Int, largestClass: Int)
  /// The root mean squared error in units, over how many rows; and that of a simple answer: the mean of
  /// the true values, or for a forecast the last value.
  case error(Double, of: Int, baseline: Double)

  /// nil where no row's truth is known.
  package init?(_ rows: EncodedRows, _ answers: [Answer]) {
    let places = rows.reasons.indices.filter { rows.reasons[$0] == nil }
    switch rows.truth {
    case nil: return nil
    case .classes(let labels):
      var (right, counts) = (0, [Int: Int]())
      for (place, answer) in zip(places, answers) {
        guard case .classes(let probabilities) = answer, probabilities.count == 1,
          let label = labels[place]
        else { continue }
        counts[label, default: 0] += 1
        if probabilities[0].largestPlace == label { right += 1 }
      }
      let count = counts.values.reduce(0, +)
      guard count > 0 else { return nil }
      self = .accuracy(right: right, of: count, largestClass: counts.values.max() ?? 0)
    case .numbers(let truth):
      var pairs: [(truth: Double, answer: Double, origin: Double?)] = []
      var rowCount = 0
      for (place, answer) in zip(places, answers) {
        guard case .numbers(let numbers) = answer, let values = truth[place],
          values.count == numbers.count
        else { continue }
        rowCount += 1
        for (value, number) in zip(values, numbers) {
          pairs.append((value, number, rows.origins?[place]))
        }
      }
      guard !pairs.isEmpty else { return nil }
      let mean = pairs.map(\.truth).reduce(0, +) / Double(pairs.count)
      func error(_ answer: ((truth: Double, answer: Double, origin: Double?)) -> Double) -> Double {
        let squares = pairs.reduce(0) { $0 + (answer($1) - $1.truth) * (answer($1) - $1.truth) }
        return (squares / Double(pairs.count)).squareRoot()
      }
      self = .error(
        error { $0.answer }, of: rowCount, baseline: error { $0.origin ?? mean })
    }
  }
}
