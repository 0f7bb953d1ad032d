// What several runs say of one figure: its mean, and how much runs differ.

/// Mean and standard deviation of a figure over runs.
package struct Estimate: Sendable, Equatable {
  /// At least 1.
  package let count: Int
  package let mean: Double
  /// With n - 1 in the denominator; nil for a single value.
  package let standardDeviation: Double?

  /// Nil for no values.
  package init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    count = values.count
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    guard values.count > 1 else {
      standardDeviation = nil
      return
    }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / Double(values.count - 1)).squareRoot()
    // Runs that all ended alike: what rounding leaves of their mean is no spread.
    let rounding = 1e-12 * (values.map(abs).max() ?? 0)
    standardDeviation = deviation > rounding || !deviation.isFinite ? deviation : 0
  }

  /// The standard error of the mean; nil for a single value.
  package var standardError: Double? {
    standardDeviation.map { $0 / Double(count).squareRoot() }
  }

  /// Half the width of the 95 % interval around the mean, by Student's t; nil for a single value.
  package var halfWidth: Double? {
    standardError.map { StudentT(degreesOfFreedom: count - 1).critical(0.05) * $0 }
  }
}

/// The difference between two arms over seeds that both of them ran.
///
/// Pairs of a seed share data, initial weights and order, so that most of what differs between seeds
/// falls out. See Student's paired t test.
package struct PairedDifference: Sendable, Equatable {
  /// First minus second.
  package let estimate: Estimate

  /// Takes the values of each seed; nil where no seed stands in both.
  package init?(of first: [UInt64: Double], over second: [UInt64: Double]) {
    let seeds = first.keys.filter { second[$0] != nil }.sorted()
    let differences = seeds.compactMap { seed in
      first[seed].flatMap { value in second[seed].map { value - $0 } }
    }
    guard let estimate = Estimate(differences) else { return nil }
    self.estimate = estimate
  }

  /// The 95 % interval; nil for a single pair.
  package var interval: ClosedRange<Double>? {
    estimate.halfWidth.map { (estimate.mean - $0)...(estimate.mean + $0) }
  }

  /// Whether the 95 % interval leaves out 0; nil for a single pair.
  package var isSignificant: Bool? { interval.map { !$0.contains(0) } }

  /// The two-sided p value of Student's paired t test; nil for a single pair or where all pairs differ
  /// alike.
  package var probability: Double? {
    guard let error = estimate.standardError, error > 0 else { return nil }
    return StudentT(degreesOfFreedom: estimate.count - 1).twoSided(estimate.mean / error)
  }
}
