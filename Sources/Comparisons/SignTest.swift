// Pairs compared by order alone, where a run that diverged has no figure but is worse than any.
import Foundation
import RunRecords

/// What the order within pairs says of two arms, runs that diverged included.
///
/// The exact sign test: of n pairs that differ, each is as likely to fall one way as the other where the
/// arms are alike. Pairs that are equal say nothing; two that diverged are equal.
package struct SignTest: Sendable, Equatable {
  /// Pairs in which the first arm is better.
  package private(set) var better = 0
  /// Pairs in which it is worse.
  package private(set) var worse = 0
  package private(set) var equal = 0

  /// Seeds of both arms.
  package var pairs: Int { better + worse + equal }

  /// Outcomes by seed; only seeds of both arms count.
  package init(
    of first: [UInt64: SeedOutcome], against second: [UInt64: SeedOutcome], goal: Goal
  ) {
    for (seed, outcome) in first {
      guard let other = second[seed] else { continue }
      switch (outcome, other) {
      case (.value(let value), .value(let otherValue)) where value == otherValue: equal += 1
      case (.value(let value), .value(let otherValue)):
        if (value > otherValue) == (goal == .maximize) { better += 1 } else { worse += 1 }
      case (.value, .diverged): better += 1
      case (.diverged, .value): worse += 1
      case (.diverged, .diverged): equal += 1
      }
    }
  }

  /// The two-sided p value; 1 if no pair differs.
  package var probability: Double {
    let count = better + worse
    let fewer = min(better, worse)
    // In logarithms: binomials of thousands of pairs exceed a Double.
    let tail = (0...fewer).reduce(0.0) { sum, k in
      sum
        + exp(
          lgamma(Double(count + 1)) - lgamma(Double(k + 1)) - lgamma(Double(count - k + 1))
            - Double(count) * M_LN2)
    }
    return min(1, 2 * tail)
  }
}

/// What the run of a seed came to.
package enum SeedOutcome: Sendable, Equatable {
  /// The metric at the end.
  case value(Double)
  /// Loss or weights were no longer finite.
  case diverged
}
