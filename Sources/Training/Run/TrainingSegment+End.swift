// The end of a segment: when it comes early, which weights it leaves, and what they come to on the test part.
import Datasets
import Experiments
import NeuralNetwork
import RunRecords

/// The weights of the best evaluation so far, and the step that it was made after.
struct SelectedWeights: Equatable {
  var step: Int
  var weights: LearnerWeights
}

extension TrainingSegment {
  /// Whether weights are chosen by the validation part: those at the end, or those that `--save-best` keeps.
  var selectsWeights: Bool {
    experiment.stopping?.restore == true || setup.dataset.test != nil && options.savedBest != nil
  }

  /// Takes the weights of an evaluation that is the best so far.
  func select(from run: NetworkRun) {
    guard selectsWeights, let best = run.best, best.step == run.step else { return }
    selected = SelectedWeights(step: best.step, weights: run.learner.weightValues)
  }

  /// All steps are made, or further ones are not worth making.
  var isDone: Bool { main.step >= totalSteps || stopsEarly }

  /// So many evaluations have not been better that the run ends here.
  ///
  /// It depends on records of the run alone: a resumed run ends where it would have ended. One that was
  /// extended waits anew.
  var stopsEarly: Bool {
    guard let stopping = experiment.stopping, main.step > 0, main.evaluation?.step == main.step
    else { return false }
    let extended = events.last { $0.action == .extend }?.step
    let start = max(main.best?.step ?? 0, extended ?? 0)
    return main.evaluations(since: start) >= stopping.patience
  }

  /// Whether an end for this reason is measured on the test part.
  func seesTest(_ reason: EndRecord.Reason) -> Bool {
    guard setup.dataset.test != nil, !experiment.data.parts.isSealed else { return false }
    switch reason {
    case .finished, .stopped: return true
    case .interrupted, .diverged, .failed: return false
    }
  }

  /// The end record, after the weights are put back that the run is to end with.
  ///
  /// A run that is interrupted is to go on, and one that diverged has nothing to be measured: both are
  /// left as they are.
  func endRecord(_ reason: EndRecord.Reason) -> EndRecord {
    var end = main.end(reason, time: elapsed)
    guard reason == .finished || reason == .stopped else { return end }
    if reason == .finished, main.step < totalSteps { end.early = true }
    guard let selected else {
      if seesTest(reason) { measureTest(into: &end) }
      return end
    }
    let last = learner.weightValues
    learner.setWeightValues(selected.weights)
    if experiment.stopping?.restore == true {
      weightsBeforeEnd = last
      end.restored = selected.step
      measureValidation(into: &end)
    }
    if seesTest(reason) { measureTest(into: &end) }
    // Only their file has those of the best evaluation.
    if weightsBeforeEnd == nil { learner.setWeightValues(last) }
    return end
  }

  /// The figures of the weights that were put back, as they were at their evaluation.
  private func measureValidation(into end: inout EndRecord) {
    guard end.restored != main.step,
      let (evaluation, _) = try? setup.measure(seed: seed, step: end.restored ?? 0, check: goOn)
    else { return }
    end.validationLoss = Float(evaluation.loss)
    end.validationAccuracy = evaluation.accuracy.map(Float.init)
  }

  /// Measures the test part, unless the run is to end at once.
  private func measureTest(into end: inout EndRecord) {
    guard
      let (evaluation, report) = try? setup.onTestPart?.measure(
        seed: seed, step: main.step, check: goOn)
    else { return }
    controls.testLooks += 1
    var test = EndRecord.Test()
    test.step = selected?.step ?? main.step
    test.loss = Float(evaluation.loss)
    test.accuracy = evaluation.accuracy.map(Float.init)
    test.metrics = report.metrics.map {
      Metric(name: MetricName.ofTest($0.name), value: $0.value)
    }
    test.looks = controls.testLooks > 1 ? controls.testLooks : nil
    end.test = test
  }

  private func goOn() throws(GivenUp) {
    if mailbox.givesUp { throw GivenUp() }
  }

  /// The weights of the last step again, from which a run goes on that was extended after its end.
  func takeBackRestoration() {
    guard let last = weightsBeforeEnd.take() else { return }
    learner.setWeightValues(last)
  }

  /// Carries something out with the weights of the last step, though others may have been put back.
  func withLastWeights<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard let last = weightsBeforeEnd else { return try body() }
    let restored = learner.weightValues
    learner.setWeightValues(last)
    defer { learner.setWeightValues(restored) }
    return try body()
  }
}
