// Checkpoints of a running segment: when they are written, and how a run is resumed from one.
import Basics
import Datasets
import Experiments
import NeuralNetwork
import RunRecords

/// Where checkpoints of a run go.
package struct CheckpointOptions: Sendable, Equatable {
  /// The file; each checkpoint takes the place of the one before.
  package var path: String
  /// Also every this many steps, besides at the end; nil: only at the end.
  package var every: Int?

  package init(path: String, every: Int? = nil) {
    self.path = path
    self.every = every
  }
}

extension TrainingSegment {
  // MARK: Writing

  /// The checkpoint that is due after the last step; that of the end comes with the end.
  func keepIfDue() throws {
    guard let checkpoint = options.checkpoint, let every = checkpoint.every,
      main.step % every == 0, main.step < totalSteps
    else { return }
    try keep()
  }

  /// Before anything of the end is carried out or written: a run resumed from here with more
  /// steps has made no evaluation and no record that it would not have made.
  func keepAtEnd(_ reason: EndRecord.Reason) throws {
    if sinks.isInteractive || options.checkpoint != nil {
      stateAtEnd = try state()
      // What comes after it shows figures of the test part, whoever resumes from here.
      if seesTest(reason) { stateAtEnd?.testLooks = controls.testLooks + 1 }
    }
    if options.checkpoint != nil { try keep() }
  }

  /// Writes a checkpoint and reports it.
  ///
  /// The logs are on the disk before it, and it records how far they reach; its event follows it.
  /// So whatever a crash leaves of these is in order. Step records continue across the event.
  ///
  /// - Throws: `ProgramError` if it fails and there is no screen to show that on.
  func keep() throws {
    let path = checkpointPath
    do {
      try mailbox.writing(path) { try write(to: path) }
    } catch let error as ProgramError where [.checkpoint, .weights].contains(error.subject) {
      return try sinks.report(error)
    }
    try emit(checkpointEvent(path))
  }

  /// Writes a checkpoint that was asked for; one that fails ends no run that was asked from outside.
  func keepOnDemand(from source: CommandSource) throws -> Outcome {
    guard case .file = source else {
      try keep()
      return .done
    }
    let path = checkpointPath
    do {
      try mailbox.writing(path) { try write(to: path) }
    } catch let error as ProgramError where [.checkpoint, .weights].contains(error.subject) {
      return .refused("\(error)")
    }
    try emit(checkpointEvent(path))
    return .done
  }

  private func write(to path: String) throws {
    try best?.write()
    var state = try stateAtEnd ?? state()
    state.path = path
    state.data = dataChecksum
    let tensors = learner.tensors
    let count = learner.parameters.count
    try Checkpoint.write(
      state, withLastWeights { learner.state }, selected: selected?.weights, of: experiment,
      description: setup.weightsDescription,
      tensors: (Array(tensors.prefix(count)), Array(tensors.dropFirst(count))), to: path)
  }

  /// Sums the data up where checkpoints are wanted: it takes a while, which the end of a run has not.
  func prepareCheckpoints() {
    if options.checkpoint != nil { _ = dataChecksum }
  }

  private func checkpointEvent(_ path: String) -> EventRecord {
    EventRecord(step: main.step, action: .checkpoint, value: .path(path))
  }

  /// `--checkpoint`'s file, or one beside where the program was started that takes no other's place.
  private var checkpointPath: String {
    if let path = options.checkpoint?.path ?? chosenCheckpoint?.path { return path }
    let path = FileReplacement.unusedName(
      experiment.fileName, ending: "checkpoint.safetensors")
    chosenCheckpoint = (path, try? FileLock(of: path))
    return path
  }

  /// Everything but the tensors, and what is the same for all checkpoints of a run.
  private func state() throws -> RunState {
    let logs = try sinks.placesOnDisk()
    return RunState(
      seed: seed, place: main.place, learner: learner.progress, settings: learner.settings,
      changes: changes, settingsSoFar: settingsSoFar, plannedSteps: setup.plannedSteps,
      totalSteps: totalSteps, events: events, schedule: controls.schedule, hasTwin: twin != nil,
      elapsed: elapsed, selectedStep: selected?.step,
      testLooks: controls.testLooks > 0 ? controls.testLooks : nil, logs: logs,
      tensorBoardSegment: sinks.tensorBoardSegment, path: "", data: 0, threads: options.threads,
      logEvery: options.logEvery, build: buildConfiguration)
  }

  // MARK: Going on

  /// Resumes from a checkpoint instead of the start.
  ///
  /// - Throws: `ProgramError` if it is not a checkpoint of this experiment and its data.
  func resume(from checkpoint: Checkpoint) throws(ProgramError) {
    let state = checkpoint.state
    guard state.data == dataChecksum else {
      throw ProgramError(
        checkpoint: .bad, checkpoint.path,
        "expected the data it was trained on, found other examples",
        "give the data as it was")
    }
    let learned = try checkpoint.learnerState(for: learner)
    guard main.restore(from: state.place), state.learner.steps == main.step, state.elapsed >= 0,
      state.elapsed < 1e15
    else {
      throw ProgramError(
        checkpoint: .bad, checkpoint.path, "expected a place in this run, found another",
        "it is of another experiment")
    }
    do { try learner.resume(from: learned) } catch {
      throw ProgramError(
        checkpoint: .bad, checkpoint.path, "expected memory for all its tensors, found too little",
        "give the process more memory")
    }
    changes = state.changes
    settingsSoFar = state.settingsSoFar
    events = state.events
    controls.schedule = state.schedule
    controls.testLooks = state.testLooks ?? 0
    if let step = state.selectedStep {
      selected = SelectedWeights(
        step: step, weights: try checkpoint.selectedWeights(for: learner))
    }
    totalSteps = checkpoint.totalSteps(of: experiment, planned: setup.totalSteps)
    guard totalSteps >= main.step else {
      throw ProgramError(
        checkpoint: .usage, checkpoint.path,
        "expected at least the \(main.step) steps that were made, found \(totalSteps)", "give more")
    }
    resumed = state
  }

  /// Opens the records of a resumed run: what a new log must contain, then the checkpoint's event,
  /// which follows it in the log that it was written beside.
  func openResumed(from state: RunState, header: Record) throws {
    try sinks.open(header, events.map { .event($0) }, showsThem: !options.isHistoryShown)
    try sinks.emit(.event(checkpointEvent(state.path)))
    if state.totalSteps != totalSteps {
      let event = EventRecord(
        step: main.step, action: .extend, value: .steps(totalSteps), time: .now)
      events.append(event)
      try sinks.emit(.event(event))
    }
    // Its twin is not in the checkpoint.
    if state.hasTwin {
      try sinks.emit(
        .event(
          EventRecord(step: main.step, action: .twin, from: .flag(true), value: .flag(false))))
    }
  }
}

extension RunSetup {
  /// Over all examples.
  func makeDataChecksum() -> UInt64 {
    var sum = Checksum()
    for part in [train, validation] + (dataset.test.map { [$0.examples] } ?? []) {
      sum.add(part.inputs)
      switch part.targets {
      case .classes(let labels, let count, let positions):
        sum.add(labels)
        sum.add([count, positions])
      case .values(let values, let size):
        sum.add(values)
        sum.add([size])
      case .classesAndBoxes(let labels, let boxes, let count):
        sum.add(labels)
        sum.add(boxes)
        sum.add([count])
      }
    }
    return sum.value
  }
}
