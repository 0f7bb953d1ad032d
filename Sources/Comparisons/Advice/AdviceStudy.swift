// A study: what trials came to on validation and choices on the test part, resampling by resampling.
import RunRecords

/// All that an answer is computed from.
package struct AdviceStudy: Sendable, Equatable {
  package let design: AdviceDesign
  /// In their order, as far as they are there.
  package var resamplings: [Resampling]
  /// How the test figures of different resamplings depend on each other.
  package let testPart: TestPart

  /// What is measured on in the end.
  package enum TestPart: Sendable, Equatable {
    /// Other rows in each resampling: test rows to all the rows that the procedure saw.
    case drawn(ratio: Double)
    /// The same rows in all of them: what is said holds for these rows only.
    case fixed

    /// See `PairedDifference.overlap`.
    var overlap: Double {
      switch self {
      case .drawn(let ratio): ratio
      case .fixed: 0
      }
    }
  }

  package struct Resampling: Sendable, Equatable {
    package var trials: [TrialKey: TrialOutcome]
    /// Of each choice what its runs came to on the test part, one for each seed.
    package var scores: [TrialKey: [SeedOutcome]] = [:]
    /// What always answering the largest class, or the mean, comes to on the test part; nil if unknown.
    package var trivial: Double?

    package init(
      _ trials: [TrialKey: TrialOutcome], scores: [TrialKey: [SeedOutcome]] = [:],
      trivial: Double? = nil
    ) {
      self.trials = trials
      self.scores = scores
      self.trivial = trivial
    }
  }

  package init(_ design: AdviceDesign, testPart: TestPart, resamplings: [Resampling]) {
    self.design = design
    self.testPart = testPart
    self.resamplings = resamplings
  }

  /// What is chosen in each resampling.
  package var selections: [TrialSelection] {
    resamplings.map { TrialSelection($0.trials, design) }
  }

  // MARK: Scores

  /// The test score of a choice in a resampling: the mean over its seeds.
  ///
  /// A run that diverged scores as the trivial answer does, or where that is unknown as the worst run of
  /// the resampling; and so does a choice that could not be made because all trials diverged. Nil if it
  /// is not scored yet.
  package func score(_ key: TrialKey?, in resampling: Resampling) -> Double? {
    guard let key else { return fallback(in: resampling) }
    guard let outcomes = resampling.scores[key], !outcomes.isEmpty else { return nil }
    var sum = 0.0
    for outcome in outcomes {
      switch outcome {
      case .value(let value) where value.isFinite: sum += value
      case .value, .diverged:
        guard let value = fallback(in: resampling) else { return nil }
        sum += value
      }
    }
    return sum / Double(outcomes.count)
  }

  private func fallback(in resampling: Resampling) -> Double? {
    if let trivial = resampling.trivial { return trivial }
    let values = resampling.scores.values.joined().compactMap { outcome -> Double? in
      if case .value(let value) = outcome, value.isFinite { value } else { nil }
    }
    return design.goal == .maximize ? values.min() : values.max()
  }

  /// The scores of a choice by resampling, for those that have one.
  func scores(
    of selections: [TrialSelection], _ choice: (TrialSelection) -> TrialKey?
  ) -> [UInt64: Double] {
    var scores: [UInt64: Double] = [:]
    for (index, selection) in selections.enumerated() {
      scores[UInt64(index)] = score(choice(selection), in: resamplings[index])
    }
    return scores
  }

  /// The scores of the trivial answer by resampling.
  var trivialScores: [UInt64: Double] {
    var scores: [UInt64: Double] = [:]
    for (index, resampling) in resamplings.enumerated() {
      scores[UInt64(index)] = resampling.trivial
    }
    return scores
  }
}
