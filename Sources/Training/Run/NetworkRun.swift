// One network on its way through a segment, the main run's or its twin's: its steps, and what the
// records say of them.
import Basics
import Experiments
import NeuralNetwork
import RunRecords

/// What was under way is not wanted any more, because the run is to end.
struct GivenUp: Error {}

/// A learner with its batches, counts and measurements; lives on the training queue.
final class NetworkRun {
  let setup: RunSetup
  let isTwin: Bool
  private(set) var progress = RunProgress()
  /// Units rescaled since the start, one count a weight tensor.
  var clippedTotals: [Int]
  private(set) var evaluation: EvaluationRecord?
  private(set) var best: EndRecord.Best?
  private let seed: UInt64
  private let evaluateEvery: Int
  private let metric: (name: String, goal: Goal)
  private var batches: BatchOrder
  private var sampler = NormSampler()
  private var logSteps: StepAccumulator
  private var screenSteps: StepAccumulator

  var learner: Learner { setup.learner }
  var step: Int { progress.step }

  /// Starts at step 0; `time` is that of the segment, in seconds without pauses.
  init(
    _ setup: RunSetup, _ experiment: Experiment, seed: UInt64, isTwin: Bool = false,
    time: Double = 0
  ) {
    self.setup = setup
    self.isTwin = isTwin
    self.seed = seed
    evaluateEvery = experiment.evaluateEvery
    metric = setup.dataset.metric(loss: experiment.objective.loss)
    let layers = setup.learner.weights.count
    clippedTotals = Array(repeating: 0, count: layers)
    batches = BatchOrder(
      examples: setup.train.count, batch: experiment.batch, shuffles: experiment.shuffle,
      inStreams: setup.dataset.isOneText, seed: seed)
    logSteps = StepAccumulator(layers: layers, time: time)
    screenSteps = StepAccumulator(layers: layers, time: time)
  }

  /// Takes over the state of another run of the same experiment and seed.
  ///
  /// - Throws: if there is no memory for its optimizer's states.
  func follow(_ other: NetworkRun) throws(NetworkError) {
    try learner.resume(from: other.learner.state)
    progress = other.progress
    clippedTotals = other.clippedTotals
    evaluation = other.evaluation
    best = other.best
    batches = other.batches
  }

  /// What a checkpoint keeps beside the learner's state.
  var place: Snapshot {
    Snapshot(
      progress: progress, batches: batches.place, clippedTotals: clippedTotals,
      evaluation: evaluation, best: best, pending: logSteps)
  }

  /// Resumes where a run of the same experiment and seed stood; false if it cannot have stood
  /// there.
  func restore(from place: Snapshot) -> Bool {
    guard place.progress.step >= 0, place.progress.epoch >= 1,
      place.clippedTotals.count == clippedTotals.count,
      place.pending.layerCount == clippedTotals.count, batches.restore(from: place.batches)
    else { return false }
    progress = place.progress
    clippedTotals = place.clippedTotals
    evaluation = place.evaluation
    best = place.best
    logSteps = place.pending
    return true
  }

  /// Where a run stands between two steps, apart from its learner.
  struct Snapshot: Equatable {
    var progress: RunProgress
    var batches: BatchOrder.Bookmark
    var clippedTotals: [Int]
    var evaluation: EvaluationRecord?
    var best: EndRecord.Best?
    /// The steps that the next record of the log covers.
    var pending: StepAccumulator
  }

  // MARK: Steps

  /// One optimizer step, counted for the sinks there are; false if the run has diverged.
  func advance(for sinks: RunSinks) -> Bool {
    if batches.isAtStart { learner.forgetState() }
    let indices = batches.next()
    let outcome = learner.step(setup.train, indices: indices)
    progress.advance(stepsPerEpoch: setup.stepsPerEpoch)
    for index in clippedTotals.indices {
      clippedTotals[index] += learner.constraintOutcome(index).clipped
    }
    // Without a log too: a checkpoint of this run may be resumed with one.
    logSteps.add(outcome, of: learner, examples: indices.count)
    if sinks.hasScreen { screenSteps.add(outcome, of: learner, examples: indices.count) }
    return outcome.loss.isFinite && outcome.gradientNorm.isFinite
  }

  /// Projects at once, after a change of the constraint; returns how many units were clipped.
  func project() -> Int {
    let clipped = learner.project()
    for index in clipped.indices { clippedTotals[index] += clipped[index] }
    return clipped.reduce(0, +)
  }

  /// Brings first weights far over their ceilings to them; returns how many units were clipped, or nil
  /// where none lies so far.
  func projectInitialWeights() -> Int? {
    guard let clipped = learner.projectInitialWeights(over: 10) else { return nil }
    for index in clipped.indices { clippedTotals[index] += clipped[index] }
    return clipped.reduce(0, +)
  }

  // MARK: Records

  /// The record of the steps since the last one, for the logs; nil if there were none.
  func takeLogRecord(time: Double) -> Record? { take(\.logSteps, time: time) }

  /// Without a log they are dropped.
  func forgetLogSteps(time: Double) { logSteps.clear(time: time) }

  /// The same as `takeLogRecord`, for the screen.
  func takeScreenRecord(time: Double) -> Record? { take(\.screenSteps, time: time) }

  private func take(
    _ steps: ReferenceWritableKeyPath<NetworkRun, StepAccumulator>, time: Double
  ) -> Record? {
    guard self[keyPath: steps].steps > 0 else { return nil }
    let record = self[keyPath: steps].take(
      from: learner, sampler: &sampler, progress: progress, clippedTotals: clippedTotals,
      time: time)
    return isTwin ? .twin(.step(record)) : .step(record)
  }

  /// Every unit's norm as it stands now, and if wanted how weights are distributed.
  func norms(withHistograms: Bool = false) -> Record {
    var record = sampler.record(of: learner, step: step)
    if withHistograms {
      record.histograms = learner.weights.enumerated().map { index, weight in
        NormsRecord.Histogram(
          name: weight.name,
          histogram: WeightHistogram(
            learner.distribution(ofWeights: index, parts: WeightHistogram.mostParts)))
      }
    }
    return isTwin ? .twin(.norms(record)) : .norms(record)
  }

  /// An evaluation should be made now, and has not been.
  var isEvaluationDue: Bool {
    let (epochs, rest) = step.quotientAndRemainder(dividingBy: setup.stepsPerEpoch)
    return rest == 0 && epochs % evaluateEvery == 0 && isUnevaluated
  }

  /// Evaluations that were due after a step, up to the present one.
  func evaluations(since step: Int) -> Int {
    let (interval, overflow) = setup.stepsPerEpoch.multipliedReportingOverflow(by: evaluateEvery)
    return overflow ? 0 : self.step / interval - step / interval
  }

  /// The last step has not been evaluated.
  var isUnevaluated: Bool { step > 0 && evaluation?.step != step }

  /// Evaluates; returns the record, and what the task has to show.
  ///
  /// `check` is called between batches; if it throws there was no evaluation.
  func evaluate(
    check: () throws(GivenUp) -> Void
  ) throws(GivenUp) -> (record: Record, samples: [TaskReport.Sample]) {
    let train = try learner.evaluate(setup.train, first: 10_000, check: check)
    let (validation, report) = try setup.measure(seed: seed, step: step, check: check)
    let record = EvaluationRecord(step) {
      $0.epoch = progress.epoch
      $0.trainLoss = Float(train.loss)
      $0.trainAccuracy = train.accuracy.map(Float.init)
      $0.validationLoss = Float(validation.loss)
      $0.validationAccuracy = validation.accuracy.map(Float.init)
      $0.metrics = report.metrics
    }
    evaluation = record
    if let value = record.value(of: metric.name), metric.goal.isBest(value, after: best?.value) {
      best = .init(step: step, metric: metric.name, value: value)
    }
    return (isTwin ? .twin(.evaluation(record)) : .evaluation(record), report.samples)
  }

  /// Whether the last evaluation and all weights are finite numbers.
  var isFinite: Bool {
    guard let evaluation else { return learner.isFinite }
    let losses = [evaluation.trainLoss, evaluation.validationLoss]
    return losses.allSatisfy { $0?.isFinite ?? true } && learner.isFinite
  }

  /// The end record.
  func end(_ reason: EndRecord.Reason, time: Double) -> EndRecord {
    EndRecord(step, reason) {
      $0.validationLoss = evaluation?.validationLoss
      $0.validationAccuracy = evaluation?.validationAccuracy
      $0.best = best
      $0.clippedTotal = clippedTotals.reduce(0, +)
      $0.elapsed = rounded(time)
    }
  }
}

extension WeightHistogram {
  fileprivate init(_ counts: Learner.WeightCounts) {
    self.init(
      low: counts.low, high: counts.high, counts: counts.counts,
      nonFinite: counts.nonFinite > 0 ? counts.nonFinite : nil)
  }
}
