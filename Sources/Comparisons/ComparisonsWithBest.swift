// Which of several candidates may be the best: each of them against the best of the others.
import RunRecords

/// Intervals for each candidate minus the best of the others, which hold together with 95 %.
///
/// Hsu's constrained comparisons with the best (1984) on paired differences: whichever candidate truly is
/// the best, its differences from all others are covered at once, and the intervals follow from that.
/// Critical values are one-sided, Bonferroni's below 20 pairs and resampled from there on, as in
/// `SimultaneousIntervals`.
///
/// The intervals never lie wholly on one side of 0: of equal candidates each is a best one, and in one
/// sweep of four an interval of eight equal ones would leave it out. That a candidate *is* worse is
/// therefore said by a stricter rule, which calls any of them so in 5 % of such sweeps.
struct ComparisonsWithBest {
  /// In the metric's own unit, in the order given; nil if a candidate has too few pairs.
  ///
  /// One that ends at 0 is shown not to be the best (it ends there from below where larger is better).
  let intervals: [ClosedRange<Double>?]
  /// Whether some other candidate is shown to be better: all pairs compared at once, with 95 %.
  let isWorse: [Bool]

  /// Values by seed for each candidate.
  init(_ candidates: [[UInt64: Double]], goal: Goal) {
    let sign: Double = goal == .maximize ? 1 : -1
    let values = candidates.map { $0.mapValues { sign * $0 } }
    let bounds = Bounds(values)
    let mayBeBest = values.indices.filter { bounds.upper($0) > 0 }
    intervals = values.indices.map { index in
      guard bounds.isCompared(index) else { return nil }
      let upper = max(0, bounds.upper(index))
      let rivals = mayBeBest.filter { $0 != index }
      let lower = min(0, rivals.map { bounds.lower(index, against: $0) }.min() ?? 0)
      guard lower.isFinite, upper.isFinite else { return nil }
      return sign > 0 ? lower...upper : -upper ... -lower
    }
    isWorse = bounds.worse()
  }

  /// How far each candidate lies from each other one, at least and at most, if it is the best.
  private struct Bounds {
    /// First minus second; nil on the diagonal and where no pairs are.
    private var differences: [[PairedDifference?]] = []
    /// By the candidate that may be the best, one for each other.
    private var criticalValues: [[Double]] = []

    init(_ values: [[UInt64: Double]]) {
      differences = values.indices.map { first in
        values.indices.map { second in
          first == second ? nil : PairedDifference(of: values[first], over: values[second])
        }
      }
      criticalValues = differences.map { row in
        let resampled =
          values.count <= Self.mostResampled ? Self.resampled(row.compactMap { $0 }) : nil
        let others = Double(max(1, row.count { $0 != nil }))
        return row.map { difference in
          guard let count = difference?.estimate.count, count > 1 else { return .infinity }
          let student = StudentT(degreesOfFreedom: count - 1)
          // Two-sided at twice the level is one-sided at the level.
          return resampled.map { max($0, student.critical(0.1)) }
            ?? student.critical(min(0.99, 0.1 / others))
        }
      }
    }

    /// Resampling each of more candidates against all others would hold the screen up.
    private static let mostResampled = 24

    private static func resampled(_ family: [PairedDifference]) -> Double? {
      SimultaneousIntervals.samples(of: family).flatMap {
        // How far the best candidate's mean falls below what it should be.
        ResampledMaximum(of: $0).quantile(0.95) { -$0 }
      }
    }

    func isCompared(_ index: Int) -> Bool { differences[index].contains { $0 != nil } }

    /// The most that a candidate may lie above the best of the others.
    func upper(_ index: Int) -> Double {
      differences[index].indices.map { other in
        guard let difference = differences[index][other] else { return .infinity }
        return difference.estimate.mean + reach(difference, criticalValues[index][other])
      }.min() ?? .infinity
    }

    /// The least that it lies above a rival, where the rival is the best.
    func lower(_ index: Int, against rival: Int) -> Double {
      guard let difference = differences[index][rival] else { return -.infinity }
      return difference.estimate.mean - reach(difference, criticalValues[rival][index])
    }

    /// The candidates of which some difference from another is below 0, as far as all pairs go at once.
    func worse() -> [Bool] {
      var pairs: [(first: Int, second: Int, difference: PairedDifference)] = []
      for first in differences.indices {
        for second in differences.indices where second > first {
          if let difference = differences[first][second] {
            pairs.append((first, second, difference))
          }
        }
      }
      var family = pairs.map(\.difference)
      SimultaneousIntervals.adjust(&family)
      var worse = [Bool](repeating: false, count: differences.count)
      for (pair, difference) in zip(pairs, family) {
        guard let interval = difference.interval else { continue }
        if interval.upperBound < 0 { worse[pair.first] = true }
        if interval.lowerBound > 0 { worse[pair.second] = true }
      }
      return worse
    }

    private func reach(_ difference: PairedDifference, _ critical: Double) -> Double {
      guard let error = difference.standardError else { return .infinity }
      // Pairs that all differ alike leave no doubt, whatever the critical value.
      return error == 0 ? 0 : critical * error
    }
  }
}
