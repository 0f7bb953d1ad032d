// One segment of a run, from a header to its end: when to step, when to wait, and when records are due.
import Experiments
import NeuralNetwork
import RunRecords

/// A run from one initialization to its end or reset; lives on the training queue.
final class TrainingSegment {
  let experiment: Experiment
  let setup: RunSetup
  let main: NetworkRun
  /// What trains beside the run without the constraint.
  var twin: Twin?
  let sinks: RunSinks
  let seed: UInt64
  let options: RunOptions
  var controls: RunControls
  /// The settings that `undo` goes back through, the latest last.
  var changes: [UndoableChange] = []
  /// What the settings were changed to at which steps, for a twin that catches up.
  var settingsSoFar: [SettingsAtStep] = []
  /// The changes so far, which a new log of the run starts with.
  var events: [EventRecord] = []
  /// What the run resumes from; nil: it starts here.
  var resumed: RunState?
  /// The state of the run when it ended; nil: it is running.
  var stateAtEnd: RunState?
  /// The file that a checkpoint without a name has gone to, and what keeps other runs from it.
  var chosenCheckpoint: (path: String, lock: FileLock?)?
  /// The file of the weights of the best evaluation, where it is wanted.
  let best: BestWeights?
  /// The weights of the best evaluation, where the end needs them.
  var selected: SelectedWeights?
  /// The weights of the last step, where the end has put others in their place.
  var weightsBeforeEnd: LearnerWeights?
  /// What describes them in files; nil: not asked for yet.
  var weightsMetadata: [String: String]?
  private(set) lazy var dataChecksum = setup.makeDataChecksum()
  /// Grows when the run is extended after its end.
  var totalSteps: Int
  /// A change after the end switched the constraint on or lowered r: an extension starts with it.
  var isProjectionDue = false
  let mailbox: RunMailbox
  /// The command that is being carried out; nil: none.
  var pendingCommand: PendingCommand?
  /// When it began, where it does not begin the run.
  private let time: WallTime?
  private var clock = RunClock()
  /// Why the segment has ended; nil while it is running.
  private(set) var ending: EndRecord.Reason?

  var learner: Learner { main.learner }
  var elapsed: Double { clock.elapsed }

  init(
    _ experiment: Experiment, setup: RunSetup, seed: UInt64, options: RunOptions,
    mailbox: RunMailbox,
    sinks: RunSinks, controls: RunControls, best: BestWeights? = nil, time: WallTime? = nil
  ) {
    self.experiment = experiment
    self.options = options
    self.mailbox = mailbox
    self.sinks = sinks
    self.seed = seed
    self.controls = controls
    self.best = best
    self.time = time
    self.setup = setup
    totalSteps = setup.totalSteps
    main = NetworkRun(setup, experiment, seed: seed)
  }

  /// Trains to the end of the segment.
  ///
  /// - Throws: `ProgramError` if a file fails and there is no screen to continue for; the other
  ///   logs are closed with an end record.
  func run() throws -> SegmentEnd {
    do {
      clock = RunClock(elapsed: resumed?.elapsed ?? 0)
      let header = Record.header(header)
      mailbox.note(setup.notes)
      if let resumed {
        try openResumed(from: resumed, header: header)
      } else {
        try sinks.emit(header)
        try projectInitialWeights()
      }
      if controls.hasTwin { try startTwin() }
      showNorms()
      // What the run was interrupted in: it would else be left out.
      if resumed != nil, main.isEvaluationDue, try !evaluateMain() { try finish(.diverged) }
      while true {
        if ending == nil, let end = try train() { return end }
        // Nil: extended, it continues.
        if let end = try waitAfterEnd() { return end }
      }
    } catch {
      // After the last step a file has failed, not the run.
      if ending == nil { _ = try? finish(isDone && !isTwinBehind ? .finished : .interrupted) }
      throw error
    }
  }

  private var header: RunHeader {
    var header = setup.header(experiment, seed: seed, threads: options.threads)
    header.time = resumed == nil ? time : .now
    header.origin = options.origin
    return header
  }

  /// Weights of a file may lie so far over r that the first step, which comes before its projection,
  /// would diverge; drawn ones never do, and all other runs keep the order of PyTorch and Keras.
  private func projectInitialWeights() throws {
    guard options.initialWeights != nil, let clipped = main.projectInitialWeights() else { return }
    try emit(
      EventRecord(
        step: 0, action: .constraint, from: .flag(true), value: .flag(true), clipped: clipped))
  }

  /// Trains until an order ends the segment; nil if it has come to its end.
  private func train() throws -> SegmentEnd? {
    while true {
      while let item = controls.schedule.next(
        at: main.step, afterEnd: false, beforeEvaluation: main.isEvaluationDue)
      {
        let end = try perform(item.command)
        // A recorded stop ends the segment; whether to leave is up to the person at the screen.
        if case .leave = end { return nil }
        if let end { return end }
      }
      if let end = try performOrders() { return end }
      if isDone, !isTwinBehind {
        try keepAtEnd(.finished)
        try finish(.finished)
        return nil
      }
      if controls.isPaused && controls.singleSteps == 0 {
        try rest()
        continue
      }
      if main.isEvaluationDue {
        // An order has broken it off, or comes before it in the log that is repeated.
        guard try evaluateMain() else {
          try finish(.diverged)
          return nil
        }
        if !main.isEvaluationDue { try keepIfDue() }
        continue
      }
      if isDone {
        try letTwinFinish()
        continue
      }
      if try waitsForPace() { continue }
      guard try step() else {
        try finish(.diverged)
        return nil
      }
      // The checkpoint of the end is written instead, or that after the evaluation.
      if mailbox.givesUp || main.isEvaluationDue { continue }
      try keepIfDue()
    }
  }

  // MARK: Steps

  /// One optimizer step and the records due after it; false if the run has diverged.
  private func step() throws -> Bool {
    if controls.isPaused { controls.singleSteps -= 1 }
    guard main.advance(for: sinks) else { return false }
    if main.step % options.logEvery == 0 { try logPendingSteps(of: main) }
    // An evaluation is news too and would answer the screen in place of the steps.
    let isWanted = sinks.hasScreen && (mailbox.isNewsWanted || controls.isPaused)
    try advanceTwin()
    if isWanted { showPendingSteps() }
    try sinks.flush(all: false)
    mailbox.leaveUnitNorms { main.norms(withHistograms: true) }
    if controls.isPaused { try answerSingleStep() }
    return try evaluateMain()
  }

  /// The evaluation that is due after the last step, then the twin's; false if the run has diverged.
  ///
  /// It is still due afterwards where an order comes before it.
  private func evaluateMain() throws -> Bool {
    guard main.isEvaluationDue else {
      try evaluateTwin()
      return true
    }
    if controls.schedule.hasItemBeforeEvaluation(at: main.step) { return true }
    let isFinite = try evaluate(main, untilOrder: true)
    if !main.isEvaluationDue { try evaluateTwin() }
    return isFinite
  }

  /// The run has made its steps and waits for a twin that started late.
  private func letTwinFinish() throws {
    if controls.isPaused { controls.singleSteps -= 1 }
    let isWanted = sinks.hasScreen && (mailbox.isNewsWanted || controls.isPaused)
    try advanceTwin()
    if isWanted { showPendingSteps() }
    try evaluateTwin()
    if controls.isPaused { try answerSingleStep() }
    try sinks.flush(all: false)
  }

  /// True if the next step is not yet due; it has then waited for that or for an order.
  private func waitsForPace() throws -> Bool {
    guard controls.pace > 0, !controls.isPaused else { return false }
    let wait = clock.secondsUntilDue
    guard wait > 0 else {
      clock.advance(pace: controls.pace)
      return false
    }
    try sinks.flush(all: false)
    mailbox.waitForOrder(seconds: min(wait, 1))
    return true
  }

  /// Waits for an order while paused.
  private func rest() throws {
    try sinks.flush(all: true)
    mailbox.leaveUnitNorms { main.norms(withHistograms: true) }
    clock.pause()
    mailbox.waitForOrder(seconds: nil)
    clock.resume()
  }

  // MARK: The end

  /// Closes the segment: pending steps, a last evaluation, the end record; the twin's come first.
  ///
  /// Returns the reason, which the last evaluation may turn into `diverged`. A signal does not wait
  /// for an evaluation.
  @discardableResult
  func finish(_ reason: EndRecord.Reason) throws -> EndRecord.Reason {
    controls.isPaused = false
    controls.singleSteps = 0
    try finishTwin(reason)
    let reason = try close(main, reason)
    ending = reason
    if !sinks.isInteractive { try refuseOrders() }
    try sinks.emit(.end(endRecord(reason)))
    if weightsBeforeEnd != nil { showNorms() }
    if reason == .finished { tellOfBaseline() }
    try sinks.flush(all: true)
    clock.pause()
    return reason
  }

  /// A run that learned nothing needs a note if nobody is looking at its curves.
  private func tellOfBaseline() {
    guard !sinks.isInteractive, let evaluation = main.evaluation,
      let baseline = TrivialBaseline(unbeatenIn: evaluation)
    else { return }
    mailbox.note(["the run is \(baseline.sentence)"])
  }

  /// Trains as many steps again as were planned, from where the run has ended.
  ///
  /// A schedule continues as it would have: a cosine stays at its end. What was changed after the
  /// end holds from here on.
  func extend() throws {
    guard let ending, ending != .diverged else { return }
    let (total, overflow) = main.step.addingReportingOverflow(setup.totalSteps)
    guard !overflow else { return }
    self.ending = nil
    stateAtEnd = nil
    takeBackRestoration()
    totalSteps = total
    clock.resume()
    restartPace()
    twin?.resume()
    var event = EventRecord(step: main.step, action: .extend, value: .steps(total), time: .now)
    if isProjectionDue { event.clipped = main.project() }
    isProjectionDue = false
    try emit(event)
  }

  /// A pause ended or the pace changed: the next step is due now.
  func restartPace() { clock.restartPace() }
}
