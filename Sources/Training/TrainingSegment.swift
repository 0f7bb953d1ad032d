// One segment of a run, from a header to its end: steps, evaluations, and the records they make.
import NeuralNetwork
import RunRecords

/// A run from one initialization to its end or reset; lives on the training queue.
final class TrainingSegment {
  let experiment: Experiment
  let setup: RunSetup
  let learner: Learner
  let sinks: RunSinks
  let seed: UInt64
  var controls: RunControls
  var progress = RunProgress()
  /// The settings that `undo` goes back through, the latest last.
  var changes: [SettingChange] = []
  /// Units rescaled since the start, one count a weight tensor.
  var clippedTotals: [Int]
  private let options: RunOptions
  private let exchange: RunExchange
  private var clock = RunClock()
  private var batches: BatchOrder
  private var sampler = NormSampler()
  private var logSteps: StepAccumulator
  private var screenSteps: StepAccumulator
  private var evaluation: EvaluationRecord?
  private var best: EndRecord.Best?
  private var hasEnded = false
  private var metric: (name: String, goal: Goal) = ("validation_loss", .minimize)

  init(
    _ experiment: Experiment, setup: RunSetup, seed: UInt64, options: RunOptions,
    exchange: RunExchange,
    sinks: RunSinks, controls: RunControls
  ) {
    self.experiment = experiment
    self.options = options
    self.exchange = exchange
    self.sinks = sinks
    self.seed = seed
    self.controls = controls
    self.setup = setup
    learner = setup.learner
    let layers = learner.weights.count
    clippedTotals = Array(repeating: 0, count: layers)
    batches = BatchOrder(
      examples: setup.train.count, batch: experiment.batch, shuffles: experiment.shuffle,
      inStreams: setup.dataset.isOneText, seed: seed)
    logSteps = StepAccumulator(layers: layers, time: 0)
    screenSteps = StepAccumulator(layers: layers, time: 0)
  }

  /// Trains to the end of the segment.
  ///
  /// - Throws: `LogError` where a log fails and there is no screen to go on for; the other logs are
  ///   closed with an end record.
  func run() throws -> SegmentEnd {
    do {
      return try train()
    } catch let error as LogError {
      if !hasEnded { _ = try? finish(.interrupted) }
      throw error
    }
  }

  private func train() throws -> SegmentEnd {
    clock = RunClock()
    let header = setup.header(experiment, seed: seed, threads: options.threads)
    metric = (header.metric, header.goal)
    try sinks.emit(.header(header))
    showNorms()
    while true {
      while let item = controls.schedule.next(at: progress.step, afterEnd: false) {
        let end = try obey(item.command, undo: item.undo)
        // A recorded stop ends the segment; whether to leave is up to the person at the screen.
        if case .leave(let reason) = end { return try waitAfterEnd(reason) }
        if let end { return end }
      }
      if let end = try obeyOrders() { return end }
      if progress.step >= setup.totalSteps {
        return try waitAfterEnd(try finish(.finished))
      }
      if controls.isPaused && controls.singleSteps == 0 {
        try rest()
        continue
      }
      if try waitsForPace() { continue }
      guard try step() else {
        return try waitAfterEnd(try finish(.diverged))
      }
    }
  }

  // MARK: Steps

  /// One optimizer step and the records due after it; false where the run has diverged.
  private func step() throws -> Bool {
    if controls.isPaused { controls.singleSteps -= 1 }
    if batches.isAtStart { learner.forgetState() }
    let indices = batches.next()
    let outcome = learner.step(setup.train, indices: indices)
    progress.step += 1
    progress.epoch = (progress.step - 1) / setup.stepsPerEpoch + 1
    for index in clippedTotals.indices {
      clippedTotals[index] += learner.constraintOutcome(index).clipped
    }
    if sinks.hasLog { logSteps.add(outcome, of: learner, examples: indices.count) }
    if sinks.hasScreen { screenSteps.add(outcome, of: learner, examples: indices.count) }
    guard outcome.loss.isFinite, outcome.gradientNorm.isFinite else { return false }
    if progress.step % options.logEvery == 0 { try logPendingSteps() }
    // Before the evaluation, which is news too and would answer the screen in their place.
    if sinks.hasScreen, exchange.isNewsWanted || controls.isPaused { showPendingSteps() }
    try sinks.flush(all: false)
    let (epochs, rest) = progress.step.quotientAndRemainder(dividingBy: setup.stepsPerEpoch)
    guard rest == 0, epochs % experiment.evaluateEvery == 0 else { return true }
    return try evaluate()
  }

  /// True where the next step is not yet due; it has then waited for that or for an order.
  private func waitsForPace() throws -> Bool {
    guard controls.pace > 0, !controls.isPaused else { return false }
    let wait = clock.secondsUntilDue
    guard wait > 0 else {
      clock.advance(pace: controls.pace)
      return false
    }
    try sinks.flush(all: false)
    exchange.waitForOrder(seconds: min(wait, 1))
    return true
  }

  /// Waits for an order while paused.
  private func rest() throws {
    try sinks.flush(all: true)
    clock.pause()
    exchange.waitForOrder(seconds: nil)
    clock.resume()
  }

  // MARK: Records

  /// Measures, and hands on what was measured; false where a loss is not finite.
  private func evaluate() throws -> Bool {
    let train = learner.evaluate(setup.train, first: 10_000)
    let (validation, report) = setup.measure(seed: seed, step: progress.step)
    let record = EvaluationRecord(
      step: progress.step, epoch: progress.epoch, trainLoss: Float(train.loss),
      trainAccuracy: train.accuracy.map { Float($0) }, validationLoss: Float(validation.loss),
      validationAccuracy: validation.accuracy.map { Float($0) }, metrics: report.metrics)
    evaluation = record
    if let value = record.value(of: metric.name), value.isFinite,
      best.map({ metric.goal.prefers(value, to: $0.value) }) ?? true
    {
      best = .init(step: progress.step, metric: metric.name, value: value)
    }
    let norms = Record.norms(sampler.record(of: learner, step: progress.step))
    try sinks.emit(.evaluation(record))
    try sinks.emit(norms)
    for sample in report.samples {
      try sinks.emit(
        .sample(
          SampleRecord(step: progress.step, title: sample.title, content: sample.content)))
    }
    return record.trainLoss.isFinite && record.validationLoss.isFinite && learner.isFinite
  }

  /// Writes the record of the steps since the last one, so that none spans a change.
  private func logPendingSteps() throws {
    guard logSteps.steps > 0 else { return }
    try sinks.log(
      .step(
        logSteps.take(
          from: learner, sampler: &sampler, progress: progress, clippedTotals: clippedTotals,
          time: clock.elapsed)))
  }

  private func showPendingSteps() {
    guard screenSteps.steps > 0 else { return }
    sinks.show(
      .step(
        screenSteps.take(
          from: learner, sampler: &sampler, progress: progress, clippedTotals: clippedTotals,
          time: clock.elapsed)),
      .norms(sampler.record(of: learner, step: progress.step)))
  }

  /// Records the steps since the last record, for every sink.
  func recordPendingSteps() throws {
    try logPendingSteps()
    showPendingSteps()
  }

  private func showNorms() {
    if sinks.hasScreen { sinks.show(.norms(sampler.record(of: learner, step: progress.step))) }
  }

  /// Puts an event into every sink, after the steps it follows.
  ///
  /// A pause changes nothing that is computed, so the log's records go on across it: `--events`,
  /// which leaves pauses out, then gives the same records.
  func emit(_ event: EventRecord) throws {
    if event.action == .pause || event.action == .resume {
      showPendingSteps()
    } else {
      try recordPendingSteps()
    }
    try sinks.emit(.event(event))
    if event.clipped != nil { showNorms() }
  }

  /// Closes the segment: pending steps, a last evaluation, the end record.
  ///
  /// Returns the reason, which the last evaluation may turn into `diverged`. A signal does not wait
  /// for an evaluation.
  @discardableResult
  func finish(_ reason: EndRecord.Reason) throws -> EndRecord.Reason {
    var reason = reason
    controls.isPaused = false
    controls.singleSteps = 0
    try recordPendingSteps()
    let isDue = evaluation?.step != progress.step && progress.step > 0
    if isDue, reason == .finished || reason == .stopped {
      let isFinite = try evaluate()
      if reason == .finished, !isFinite { reason = .diverged }
    }
    hasEnded = true
    try sinks.emit(
      .end(
        EndRecord(
          step: progress.step, reason: reason, validationLoss: evaluation?.validationLoss,
          validationAccuracy: evaluation?.validationAccuracy, best: best,
          clippedTotal: clippedTotals.reduce(0, +), elapsed: rounded(clock.elapsed))))
    try sinks.flush(all: true)
    return reason
  }

  // MARK: Orders

  /// Carries out the orders that came in; the end of the segment where one ends it.
  private func obeyOrders() throws -> SegmentEnd? {
    while let order = exchange.takeOrder() {
      switch order {
      case .interrupt:
        try finish(.interrupted)
        return .leave(.interrupted)
      case .command(let command):
        if let end = try obey(command, undo: false) { return end }
      }
    }
    return nil
  }

  /// After the end: repeats a recorded reset, or lets the person at the screen ask for one.
  private func waitAfterEnd(_ reason: EndRecord.Reason) throws -> SegmentEnd {
    if let item = controls.schedule.next(at: progress.step, afterEnd: true), item.command.restarts,
      let end = try obey(item.command, undo: false)
    {
      return end
    }
    guard sinks.isInteractive else { return .leave(reason) }
    while true {
      exchange.waitForOrder(seconds: nil)
      switch exchange.takeOrder() {
      case .interrupt, .command(.stop): return .leave(reason)
      case .command(let command) where command.restarts:
        if let end = try obey(command, undo: false) { return end }
      case .command, nil: break
      }
    }
  }

  /// A pause ended or the pace changed: the next step is due now.
  func restartPace() { clock.restartPace() }
}

extension Command {
  /// Starts a new segment.
  fileprivate var restarts: Bool {
    switch self {
    case .reset, .reseed: true
    default: false
    }
  }
}
