// What each command does to a running segment, and the event that tells of it.
import NeuralNetwork
import RunRecords

extension TrainingSegment {
  /// Carries out a command between two steps.
  ///
  /// A command that changes nothing makes no event. Returns the end of the segment where the command
  /// ends it.
  func obey(_ command: Command) throws -> SegmentEnd? {
    switch command {
    case .set(let setting, let layer, let value): try change(setting, of: layer, to: value)
    case .undo: try undo()
    case .pause, .resume:
      let pauses = command == .pause
      guard pauses != controls.isPaused else { return nil }
      controls.isPaused = pauses
      controls.singleSteps = 0
      restartPace()
      try emit(EventRecord(step: main.step, action: pauses ? .pause : .resume))
    case .singleStep:
      if controls.isPaused { controls.singleSteps += 1 }
    case .pace(let pace):
      controls.pace = max(pace, 0)
      restartPace()
    case .checkpoint: try keep()
    case .twin(let isOn): try setTwin(isOn)
    case .fork: try fork()
    // It acts after the end alone.
    case .extend: break
    case .reset:
      try emit(EventRecord(step: main.step, action: .reset))
      return .restart(seed: seed)
    case .reseed(let newSeed):
      try emit(
        EventRecord(
          step: main.step, action: .reseed, from: .seed(seed), value: .seed(newSeed)))
      return .restart(seed: newSeed)
    case .stop:
      try keepAtEnd()
      try emit(EventRecord(step: main.step, action: .stop))
      return .leave(try finish(.stopped))
    }
    return nil
  }
}
