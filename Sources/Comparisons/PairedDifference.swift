// The difference between two arms, pair by pair, and the interval it lies in together with others.

/// The difference between two arms over seeds that both of them ran.
///
/// Pairs of a seed share data, initial weights and order, so that most of what differs between seeds
/// falls out. See Student's paired t test. Where pairs are resamplings of the same rows, they are not
/// independent, and the variance is corrected for that (Nadeau and Bengio 2003).
package struct PairedDifference: Sendable, Equatable {
  /// First minus second, by seed, or by the number of the resampling.
  let bySeed: [UInt64: Double]
  /// Mean and deviation of `bySeed`.
  package let estimate: Estimate
  /// How many standard errors the 95 % interval reaches to either side; nil for a single pair.
  ///
  /// Student's for a single difference, larger for one of several: see `SimultaneousIntervals`.
  package internal(set) var criticalValue: Double?
  /// What the variance of the mean is larger by than 1/pairs, in units of the pairs' variance.
  ///
  /// Test rows to training rows for resamplings of the same rows, which share most of them; 0 for pairs
  /// that are independent, or that are all measured on the same rows.
  package let overlap: Double

  /// Takes the values of each seed; nil if no seed stands in both.
  package init?(
    of first: [UInt64: Double], over second: [UInt64: Double], overlap: Double = 0
  ) {
    self.overlap = overlap
    var bySeed: [UInt64: Double] = [:]
    for (seed, value) in first {
      if let other = second[seed] { bySeed[seed] = value - other }
    }
    // In the order of the seeds: a sum's last digit depends on the order.
    guard let estimate = Estimate(bySeed.sorted { $0.key < $1.key }.map(\.value)) else {
      return nil
    }
    self.bySeed = bySeed
    self.estimate = estimate
    if estimate.count > 1 {
      criticalValue = StudentT(degreesOfFreedom: estimate.count - 1).critical(0.05)
    }
  }

  /// The standard error of the mean difference; nil for a single pair.
  package var standardError: Double? {
    // Without overlap to the last digit what it was before resamplings.
    guard overlap > 0 else { return estimate.standardError }
    return estimate.standardDeviation.map {
      $0 * (1 / Double(estimate.count) + overlap).squareRoot()
    }
  }

  /// Half the width of the 95 % interval; nil for a single pair.
  package var halfWidth: Double? {
    criticalValue.flatMap { critical in standardError.map { critical * $0 } }
  }

  /// The 95 % interval; nil for a single pair.
  package var interval: ClosedRange<Double>? {
    halfWidth.map { (estimate.mean - $0)...(estimate.mean + $0) }
  }

  /// Whether the 95 % interval leaves out 0; nil for a single pair.
  package var isSignificant: Bool? { interval.map { !$0.contains(0) } }

  /// The two-sided p value of Student's paired t test, uncorrected; nil for a single pair or if all
  /// pairs have the same difference.
  package var probability: Double? {
    guard let error = standardError, error > 0 else { return nil }
    return StudentT(degreesOfFreedom: estimate.count - 1).twoSided(estimate.mean / error)
  }
}
