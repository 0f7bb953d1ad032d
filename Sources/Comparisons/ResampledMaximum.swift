// How large the largest of several studentized means gets by chance, from the pairs themselves.
import Basics

/// The bootstrap distribution of the largest studentized deviation among several means of the same pairs.
///
/// The draws are seeded: the same figures give the same interval.
struct ResampledMaximum {
  /// One for each mean, all of the same pairs in the same order.
  private let samples: [[Double]]
  private let means: [Double]

  /// The 1,900th largest of 1,999 is a 95 % quantile without rounding.
  static let draws = 1_999

  init(of samples: [[Double]]) {
    // A sample without spread has no t.
    self.samples = samples.filter { ($0.max() ?? 0) > ($0.min() ?? 0) }
    means = self.samples.map { $0.reduce(0, +) / Double($0.count) }
  }

  /// The value that the largest of `measure(t)` stays below with the given probability.
  ///
  /// `measure` is the magnitude for two-sided intervals, or the negative for a side. Nil if no sample
  /// has spread.
  func quantile(_ probability: Double, of measure: (Double) -> Double) -> Double? {
    guard let count = samples.first?.count else { return nil }
    var source = RandomSource(seed: 0x6d61_7874)
    var picks = [Int](repeating: 0, count: count)
    var largest: [Double] = []
    largest.reserveCapacity(Self.draws)
    for _ in 0..<Self.draws {
      for index in picks.indices { picks[index] = Int.random(in: 0..<count, using: &source) }
      var most = -Double.infinity
      for (sample, mean) in zip(samples, means) {
        if let t = Self.studentized(sample, picks, from: mean) { most = max(most, measure(t)) }
      }
      if most.isFinite { largest.append(most) }
    }
    guard !largest.isEmpty else { return nil }
    largest.sort()
    let rank = Int((probability * Double(largest.count + 1)).rounded(.up))
    return largest[min(rank, largest.count) - 1]
  }

  /// The t of a draw; nil if it drew one value again and again.
  private static func studentized(_ sample: [Double], _ picks: [Int], from mean: Double) -> Double?
  {
    let count = Double(picks.count)
    var (sum, squares) = (0.0, 0.0)
    for pick in picks {
      let deviation = sample[pick] - mean
      sum += deviation
      squares += deviation * deviation
    }
    let variance = (squares - sum * sum / count) / (count - 1)
    guard variance > 1e-12 * squares else { return nil }
    return sum / count / (variance / count).squareRoot()
  }
}
