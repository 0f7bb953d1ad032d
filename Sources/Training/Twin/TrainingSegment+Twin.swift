// The twin beside a run: the same seed, the same batches and changes, without the constraint.
import Experiments
import NeuralNetwork
import RunRecords

/// The same network beside the run, without the constraint.
///
/// It starts at step 0, or as a fork of the run, and makes its steps in lock-step with it; one that
/// starts late makes several for each of the run's until it is level.
struct Twin {
  let run: NetworkRun
  /// How many of the run's changes it has taken over.
  var takenOver: Int
  /// It has diverged, which ends it and not the run, or the run has ended.
  private(set) var ending: EndRecord.Reason?

  init(_ run: NetworkRun, takenOver: Int = 0) {
    self.run = run
    self.takenOver = takenOver
  }

  mutating func end(_ reason: EndRecord.Reason) { ending = reason }

  /// The run was extended.
  mutating func resume() { if ending != .diverged { ending = nil } }
}

extension TrainingSegment {
  /// Steps of a twin that is behind for each step of the run.
  private static let catchingUp = 4

  var isTwinBehind: Bool {
    guard let twin, twin.ending == nil else { return false }
    return twin.run.step < main.step
  }

  /// Whether there is a constraint for a twin to be without.
  private var isConstrained: Bool { learner.weights.contains(where: \.isHeld) }

  // MARK: Orders

  /// Starts the twin at step 0, or removes it.
  func setTwin(_ isOn: Bool) throws -> Outcome {
    guard isOn != (twin != nil) else {
      return .refused(isOn ? "the twin is there" : "there is no twin", isUnchanged: true)
    }
    if isOn {
      guard isConstrained else { return .refused("twin: no layer has a ceiling to be without") }
      try startTwin()
    } else if !isOn, let twin {
      if twin.ending == nil { try recordPendingSteps(of: twin) }
      self.twin = nil
      controls.hasTwin = false
      try emit(twinEvent(from: true, to: false))
    }
    return .done
  }

  func startTwin() throws {
    guard isConstrained else { return }
    twin = makeStrand().map { Twin($0) }
    controls.hasTwin = twin != nil
    try emit(twinEvent(from: false, to: twin != nil))
  }

  /// Starts the twin from the present weights; nothing while the constraint is off, since the run
  /// itself is then what the twin would be.
  func fork() throws -> Outcome {
    guard isConstrained, learner.constraint.enabled else {
      return .refused("fork: the constraint is off: the twin would be the run itself")
    }
    if let twin, twin.ending == nil { try recordPendingSteps(of: twin) }
    guard let run = makeStrand(), (try? run.follow(main)) != nil else {
      return .refused("fork: there is no memory for a twin")
    }
    run.learner.constraint.enabled = false
    twin = Twin(run, takenOver: settingsSoFar.count)
    controls.hasTwin = true
    try emit(EventRecord(step: main.step, action: .fork))
    return .done
  }

  private func twinEvent(from before: Bool, to after: Bool) -> EventRecord {
    EventRecord(step: main.step, action: .twin, from: .flag(before), value: .flag(after))
  }

  /// A network of the same experiment with the constraint off; nil if the machine has no memory for
  /// it, or the file of first weights is gone.
  private func makeStrand() -> NetworkRun? {
    var free = experiment
    free.constraint.enabled = false
    let setup = try? RunSetup(
      free, seed: seed, dataset: setup.dataset, options: options, plannedSteps: setup.plannedSteps)
    return setup.map { NetworkRun($0, free, seed: seed, isTwin: true, time: elapsed) }
  }

  // MARK: Steps

  /// The twin's steps for one of the run's.
  func advanceTwin() throws {
    for count in 0..<Self.catchingUp where isTwinBehind {
      if count > 0, mailbox.givesUp { return }
      try stepTwin()
    }
  }

  private func stepTwin() throws {
    try evaluateTwin()
    guard let twin, twin.ending == nil else { return }
    try adoptChanges()
    guard twin.run.advance(for: sinks) else { return try endTwin(.diverged) }
    if twin.run.step % options.logEvery == 0 { try logPendingSteps(of: twin.run) }
  }

  /// Takes over what the run's settings were changed to at the twin's step, except for those of the
  /// constraint.
  private func adoptChanges() throws {
    while let twin, twin.takenOver < settingsSoFar.count,
      settingsSoFar[twin.takenOver].step <= twin.run.step
    {
      try recordPendingSteps(of: twin)
      let settings = settingsSoFar[twin.takenOver].settings
      let learner = twin.run.learner
      try learner.setOptimizer(settings.optimizer)
      learner.holdsRate = settings.holdsRate ?? false
      learner.dropoutRates = settings.dropoutRates
      learner.freezesBatchNorm = settings.freezesBatchNorm
      self.twin?.takenOver += 1
    }
  }

  /// Before a change of the run's settings: a twin that is level has made the steps before it too.
  func recordPendingStepsOfLevelTwin() throws {
    guard let twin, twin.ending == nil, !isTwinBehind else { return }
    try recordPendingSteps(of: twin)
  }

  private func recordPendingSteps(of twin: Twin) throws {
    try logPendingSteps(of: twin.run)
    if let record = twin.run.takeScreenRecord(time: elapsed) { sinks.show(record) }
  }

  /// The evaluation that is due after the twin's last step.
  func evaluateTwin() throws {
    guard let twin, twin.ending == nil, twin.run.isEvaluationDue else { return }
    guard try evaluate(twin.run) else { return try endTwin(.diverged) }
  }

  private func endTwin(_ reason: EndRecord.Reason) throws {
    guard let twin, twin.ending == nil else { return }
    let reason = try close(twin.run, reason)
    self.twin?.end(reason)
    try sinks.emit(.twin(.end(twin.run.end(reason, time: elapsed))))
  }

  /// The run has ended for this reason.
  func finishTwin(_ reason: EndRecord.Reason) throws {
    try endTwin(reason == .diverged ? .stopped : reason)
  }
}
