// What to train with in the end: the selection repeated on all rows, and how far its choices agree.
import Foundation
import RunRecords

/// The arm to take and its settings, from choices on all rows.
///
/// In each resampling of all rows into training and validation the best trial of each arm is chosen. The
/// settings are the medians of what was chosen, so that one lucky split does not decide.
package struct Recommendation: Sendable, Equatable {
  /// The arm that is best on validation among those with max-norm where that helps, otherwise among
  /// those without.
  package let arm: String
  /// Its settings, a key each.
  package let settings: [Spread]
  /// The arm with max-norm that is best on validation; nil without one.
  package let armWithMaxNorm: String?
  /// The r that were chosen in it.
  package let ceiling: Spread?

  /// The values of a key that were chosen, one for each resampling.
  package struct Spread: Sendable, Equatable {
    package let key: String
    /// In ascending order, never empty.
    package let values: [Double]

    package init?(_ key: String, _ values: [Double]) {
      guard !values.isEmpty else { return nil }
      self.key = key
      self.values = values.sorted()
    }

    /// Of an even number the geometric mean of the two in the middle, in three digits.
    package var median: Double {
      let (low, high) = (values[(values.count - 1) / 2], values[values.count / 2])
      guard low > 0, low < high else { return low }
      // Read back from its text, so that it is the number that a person would write.
      let middle = Double(String(format: "%.3g", (low * high).squareRoot())) ?? low
      return values.allSatisfy { $0 == $0.rounded() } ? middle.rounded() : middle
    }

    package var range: ClosedRange<Double> { values[0]...values[values.count - 1] }

    /// The middle half of the choices spans more than a factor of 4, half of the range that is tried on a
    /// logarithmic scale: the rows say little about the value.
    package var isWide: Bool {
      let (low, high) = (values[values.count / 4], values[(3 * values.count - 1) / 4])
      return low > 0 && high / low > Self.wideRatio
    }

    private static let wideRatio = 4.0
  }

  /// The key of r.
  package static let ceilingKey = "constraint.max_norm"

  /// Takes the trials of each resampling of all rows; nil if no arm has a choice in any.
  package init?(
    _ resamplings: [[TrialKey: TrialOutcome]], _ design: AdviceDesign, helps: Bool
  ) {
    let choices = resamplings.map { trials -> [String: TrialOutcome] in
      TrialSelection(trials, design).ofArm.compactMapValues { trials[$0] }
    }
    func best(_ role: AdviceDesign.Role) -> String? {
      let arms = design.arms.filter { $0.role == role }
      let ranked = arms.enumerated().compactMap { place, arm -> (name: String, rank: Rank)? in
        let values = choices.compactMap { $0[arm.name]?.figure }
        guard let estimate = Estimate(values) else { return nil }
        let sign: Double = design.goal == .maximize ? -1 : 1
        return (
          arm.name,
          Rank(missing: choices.count - values.count, mean: sign * estimate.mean, place: place)
        )
      }
      return ranked.min { $0.rank < $1.rank }?.name
    }
    func spreads(_ arm: String) -> [Spread] {
      let chosen = choices.compactMap { $0[arm] }
      return (chosen.first?.settings ?? []).compactMap { setting in
        Spread(
          setting.key,
          chosen.compactMap { trial in trial.settings.first { $0.key == setting.key }?.value })
      }
    }
    let with = best(.with)
    guard let arm = helps ? with ?? best(.without) : best(.without) ?? with else { return nil }
    self.arm = arm
    settings = spreads(arm)
    armWithMaxNorm = with
    ceiling = with.flatMap { spreads($0).first { $0.key == Self.ceilingKey } }
  }

  /// First the arms that have a choice everywhere, then by the mean, then in their order.
  private struct Rank: Comparable {
    var missing: Int
    var mean: Double
    var place: Int

    static func < (first: Rank, second: Rank) -> Bool {
      (first.missing, first.mean, first.place) < (second.missing, second.mean, second.place)
    }
  }
}

extension TrialOutcome {
  /// Nil for a trial that diverged.
  fileprivate var figure: Double? {
    if case .value(let value) = outcome, value.isFinite { value } else { nil }
  }
}
