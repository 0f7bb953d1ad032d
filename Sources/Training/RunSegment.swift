// One segment of a run, from a header to its end: steps, evaluations, and the records they make.
import NeuralNetwork
import RunRecords

/// A run from one initialization to its end or reset; lives on the training queue.
final class RunSegment {
  let experiment: Experiment
  let setup: RunSetup
  let learner: Learner
  let sinks: RunSinks
  let seed: UInt64
  var controls: RunControls
  var progress = RunProgress()
  /// The settings that `undo` goes back through, the latest last.
  var changes: [EventRecord] = []
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
  private var metric: (name: String, goal: Goal) = ("validation_loss", .minimize)

  /// Loads the data and builds the network.
  ///
  /// - Throws: `DatasetError` or `ExperimentError`.
  init(
    _ experiment: Experiment, seed: UInt64, options: RunOptions, exchange: RunExchange,
    sinks: RunSinks, controls: RunControls
  ) throws {
    self.experiment = experiment
    self.options = options
    self.exchange = exchange
    self.sinks = sinks
    self.seed = seed
    self.controls = controls
    setup = try RunSetup(experiment, seed: seed)
    learner = setup.learner
    let layers = learner.weights.count
    clippedTotals = Array(repeating: 0, count: layers)
    batches = BatchOrder(
      examples: setup.train.count, batch: experiment.batch, shuffles: experiment.shuffle, seed: seed
    )
    logSteps = StepAccumulator(layers: layers, time: 0)
    screenSteps = StepAccumulator(layers: layers, time: 0)
  }

  /// Trains to the end of the segment.
  ///
  /// - Throws: `LogError` where a log fails and there is no screen to go on for.
  func run() throws -> SegmentEnd {
    let header = setup.header(experiment, seed: seed, threads: options.threads)
    metric = (header.metric, header.goal)
    try sinks.emit(.header(header))
    showNorms()
    while true {
      while let item = controls.schedule.next(at: progress.step, afterEnd: false) {
        if let end = try obey(item.command, undo: item.undo) { return end }
      }
      if let end = try obeyOrders() { return end }
      if progress.step >= setup.totalSteps {
        try finish(.finished)
        return try waitAfterEnd(.finished)
      }
      if controls.isPaused && controls.singleSteps == 0 {
        try rest()
        continue
      }
      if waitsForPace() { continue }
      guard try step() else {
        try finish(.diverged)
        return try waitAfterEnd(.diverged)
      }
    }
  }

  // MARK: Steps

  /// One optimizer step and the records due after it; false where the run has diverged.
  private func step() throws -> Bool {
    if controls.isPaused { controls.singleSteps -= 1 }
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
    if progress.step % (setup.stepsPerEpoch * experiment.evaluateEvery) == 0 {
      guard try evaluate() else { return false }
    }
    if sinks.hasScreen, exchange.isNewsWanted || controls.isPaused {
      showPendingSteps()
    }
    return true
  }

  /// True where the next step is not yet due; it has then waited for that or for an order.
  private func waitsForPace() -> Bool {
    guard controls.pace > 0, !controls.isPaused else { return false }
    let wait = clock.secondsUntilDue(pace: controls.pace)
    guard wait > 0 else {
      clock.advance(pace: controls.pace)
      return false
    }
    exchange.waitForOrder(seconds: wait)
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
    let validation = learner.evaluate(setup.validation)
    let record = EvaluationRecord(
      step: progress.step, epoch: progress.epoch, trainLoss: Float(train.loss),
      trainAccuracy: train.accuracy.map { Float($0) }, validationLoss: Float(validation.loss),
      validationAccuracy: validation.accuracy.map { Float($0) })
    evaluation = record
    if let value = record.value(of: metric.name), value.isFinite,
      best.map({ metric.goal.prefers(value, to: $0.value) }) ?? true
    {
      best = .init(step: progress.step, metric: metric.name, value: value)
    }
    let norms = Record.norms(sampler.record(of: learner, step: progress.step))
    try sinks.emit(.evaluation(record))
    try sinks.emit(norms)
    if let sample = setup.sample(step: progress.step) { try sinks.emit(.sample(sample)) }
    return record.trainLoss.isFinite && record.validationLoss.isFinite && learner.isFinite
  }

  /// Writes the record of the steps since the last one, so that none spans a change.
  private func logPendingSteps() throws {
    guard logSteps.steps > 0 else { return try sinks.flush(all: false) }
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
  func finish(_ reason: EndRecord.Reason) throws {
    try recordPendingSteps()
    if evaluation?.step != progress.step, progress.step > 0, reason != .diverged {
      _ = try evaluate()
    }
    try sinks.emit(
      .end(
        EndRecord(
          step: progress.step, reason: reason, validationLoss: evaluation?.validationLoss,
          validationAccuracy: evaluation?.validationAccuracy, best: best,
          clippedTotal: clippedTotals.reduce(0, +), elapsed: rounded(clock.elapsed))))
    try sinks.flush(all: true)
  }

  // MARK: Orders

  /// Carries out the orders that came in; the end of the segment where one ends it.
  private func obeyOrders() throws -> SegmentEnd? {
    guard let orders = exchange.takeOrders() else { return nil }
    for order in orders {
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
    if let item = controls.schedule.next(at: progress.step, afterEnd: true),
      let end = try obey(item.command, undo: false)
    {
      return end
    }
    guard sinks.isInteractive else { return .leave(reason) }
    while true {
      exchange.waitForOrder(seconds: nil)
      for order in exchange.takeOrders() ?? [] {
        switch order {
        case .interrupt, .command(.stop): return .leave(reason)
        case .command(let command) where command == .reset || command.isReseed:
          if let end = try obey(command, undo: false) { return end }
        case .command: break
        }
      }
    }
  }

  /// A pause begins or ends: deadlines start anew.
  func restartPace() { clock.restartPace() }
}

extension Command {
  fileprivate var isReseed: Bool {
    if case .reseed = self { true } else { false }
  }
}
