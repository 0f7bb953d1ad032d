// What the runs of a study came to, read from their logs' digests.
import Basics
import Comparisons
import Experiments
import Foundation
import RunRecords

/// Reads the stages of a study.
struct AdviceReading {
  let plan: AdvicePlan

  /// The trials of a stage by resampling.
  func trials(_ state: ComparisonState) -> [[TrialKey: TrialOutcome]] {
    var resamplings = [[TrialKey: TrialOutcome]](
      repeating: [:], count: plan.design.resamplings)
    for run in state.runs where run.phase == .ended || run.phase == .kept {
      let place = TrialPlace(seed: run.seed, from: plan.base.seed)
      guard resamplings.indices.contains(place.resampling) else { continue }
      let key = TrialKey(arm: run.arm, number: place.number)
      resamplings[place.resampling][key] = TrialOutcome(run.digest)
    }
    return resamplings
  }

  /// The whole study, its choices scored as far as the last stage is.
  func study(
    _ trials: [[TrialKey: TrialOutcome]], scores state: ComparisonState
  ) -> AdviceStudy {
    let runs = state.runs.filter { $0.phase == .ended || $0.phase == .kept }
    let names = TestNames(runs, plan.design)
    var resamplings = trials.map { AdviceStudy.Resampling($0) }
    for run in runs {
      let place = TrialPlace(seed: run.seed, from: plan.base.seed)
      guard resamplings.indices.contains(place.resampling) else { continue }
      let key = TrialKey(arm: run.arm, number: place.number)
      resamplings[place.resampling].scores[key, default: []].append(
        names.outcome(of: run.digest))
      if let trivial = names.trivial(in: run.digest) {
        resamplings[place.resampling].trivial = trivial
      }
    }
    let design = AdviceDesign(
      arms: plan.design.arms, trials: plan.design.trials,
      resamplings: plan.design.resamplings, metric: plan.design.metric,
      testMetric: names.metric, goal: plan.design.goal)
    let ratio = Resampling(runs.map(\.digest))?.counts.ratio
    return AdviceStudy(
      design, testPart: ratio.map { .drawn(ratio: $0) } ?? .fixed, resamplings: resamplings)
  }

  /// The rows of the first resampling.
  func rows(_ state: ComparisonState) -> AdviceAnswer.Rows? {
    state.runs.lazy.compactMap(\.digest.header).first.map {
      AdviceAnswer.Rows(
        train: $0.trainExamples ?? 0, validation: $0.validationExamples ?? 0,
        test: $0.testExamples ?? 0)
    }
  }
}

/// What choices are scored by, and the trivial answer to it.
private struct TestNames {
  let metric: String
  private let trivial: [String]

  /// Errors in the target's unit are read before standardized losses where both are there; they improve
  /// alike.
  init(_ runs: [ComparisonState.Run], _ design: AdviceDesign) {
    let tests = runs.lazy.compactMap(\.digest.test)
    let hasError = tests.contains { $0.value(of: "test_rmse") != nil }
    metric = design.testMetric == "test_loss" && hasError ? "test_rmse" : design.testMetric
    trivial =
      switch metric {
      case "test_accuracy": ["test_largest_class_accuracy"]
      case "test_rmse": ["test_baseline_rmse", "test_last_value_rmse"]
      default: []
      }
  }

  func outcome(of digest: RunDigest) -> SeedOutcome {
    guard digest.end == .finished, let value = digest.test?.value(of: metric),
      value.isFinite
    else { return .diverged }
    return .value(Double(asWritten: value))
  }

  func trivial(in digest: RunDigest) -> Double? {
    guard let test = digest.test else { return nil }
    return trivial.lazy.compactMap { test.value(of: $0) }.first { $0.isFinite }
      .map { Double(asWritten: $0) }
  }
}

extension TrialOutcome {
  /// What a run came to on validation, with the weights that it ends with.
  init(_ digest: RunDigest) {
    let summary = digest.header?.summary.sweep
    let settings = zip(summary?.keys ?? [], summary?.values ?? []).map { TrialSetting($0, $1) }
    guard digest.end == .finished, let value = digest.result(onTest: false), value.isFinite
    else {
      self.init(.diverged, settings: settings)
      return
    }
    // Weights that were put back have the figures of their evaluation.
    let loss = (digest.isRestored ? digest.best : digest.last)?.validationLoss
    self.init(
      .value(Double(asWritten: value)), loss: loss.map { Double(asWritten: $0) },
      settings: settings)
  }
}
