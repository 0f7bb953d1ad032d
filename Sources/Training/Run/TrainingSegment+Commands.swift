// What each command does to a running segment, and the event that records it.
import NeuralNetwork
import RunRecords

/// A command that is being carried out, and whether an event has answered it.
struct PendingCommand {
  var command: Command
  var source: CommandSource
  var isAnswered = false

  /// Whether an event is what the command has brought about; `stop` may write a checkpoint first.
  func isAnswered(by event: EventRecord) -> Bool {
    command == .undo ? event.undo : event.action == command.action
  }
}

extension TrainingSegment {
  /// Carries out a command between two steps.
  ///
  /// A command that changes nothing makes no event; where it came from outside it is refused. Returns
  /// the end of the segment where the command ends it.
  func perform(_ command: Command, from source: CommandSource = .program) throws -> SegmentEnd? {
    pendingCommand = PendingCommand(command: command, source: source)
    defer { pendingCommand = nil }
    if case .file(let id, let expires?) = source,
      let problem = CommandReader.problem(ofExpiry: expires, .now)
    {
      try refuse(RefusedRecord(problem, id: id))
      return nil
    }
    switch try carryOut(command, from: source) {
    case .done: break
    case .ended(let end): return end
    case .refused(let reason, let isUnchanged):
      guard case .file(let id, _) = source else { break }
      try refuse(RefusedRecord(reason, id: id, isUnchanged: isUnchanged))
    }
    return nil
  }

  /// What a command has come to.
  enum Outcome {
    case done
    case ended(SegmentEnd)
    /// Nothing has changed; `isUnchanged` where it is as the command wants it.
    case refused(String, isUnchanged: Bool = false)
  }

  private func carryOut(_ command: Command, from source: CommandSource) throws -> Outcome {
    switch command {
    case .set(let setting, let layer, let value):
      return try change(setting, of: layer, to: value)
    case .undo: return try undo(by: source.asker)
    case .undoChange(let setting, let layer): return try undo(setting, of: layer)
    case .pause, .resume:
      let pauses = command == .pause
      guard pauses != controls.isPaused else {
        return .refused(pauses ? "it is paused already" : "it is not paused", isUnchanged: true)
      }
      controls.isPaused = pauses
      controls.singleSteps = 0
      try refuseSteps()
      restartPace()
      try emit(EventRecord(step: main.step, action: pauses ? .pause : .resume, time: .now))
    case .singleStep:
      guard controls.isPaused else { return .refused("step: expected a paused run, found another") }
      controls.singleSteps += 1
      if case .file(let id, _) = source { controls.askedSteps.append(id) }
    case .pace(let pace):
      let before = controls.pace
      controls.pace = max(pace, 0)
      restartPace()
      guard case .file = source else { break }
      try emit(
        EventRecord(
          step: main.step, action: .pace, from: .number(Float(before)), value: .number(Float(pace)))
      )
    case .checkpoint: return try keepOnDemand(from: source)
    case .twin(let isOn): return try setTwin(isOn)
    case .fork: return try fork()
    // It acts after the end alone.
    case .extend: break
    case .reset:
      try emit(EventRecord(step: main.step, action: .reset))
      return .ended(.restart(seed: seed))
    case .reseed(let newSeed):
      try emit(
        EventRecord(
          step: main.step, action: .reseed, from: .seed(seed), value: .seed(newSeed)))
      return .ended(.restart(seed: newSeed))
    case .stop:
      try keepAtEnd(.stopped)
      try emit(EventRecord(step: main.step, action: .stop))
      return .ended(.leave(try finish(.stopped)))
    }
    return .done
  }

  /// Answers a command that is not carried out.
  func refuse(_ record: RefusedRecord) throws {
    try sinks.log(.refused(record))
    try sinks.flush(all: true)
  }

  /// Tells of a step that was made while paused because a command from outside asked for it.
  func answerSingleStep() throws {
    guard !controls.askedSteps.isEmpty else { return }
    let id = controls.askedSteps.removeFirst()
    pendingCommand = PendingCommand(command: .singleStep, source: .file(id: id, expires: nil))
    defer { pendingCommand = nil }
    try emit(EventRecord(step: main.step, action: .step))
  }
}
