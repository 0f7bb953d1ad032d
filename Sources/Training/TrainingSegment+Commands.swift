// What each command does to a running segment, and the event that tells of it.
import NeuralNetwork
import RunRecords

/// A change of a setting that can be taken back.
struct SettingChange {
  var action: EventRecord.Action
  var before: EventRecord.Value
  /// The learning rate at the schedule's start, as it was before.
  var startRate: Double
}

extension TrainingSegment {
  /// Carries out a command between two steps.
  ///
  /// A command that changes nothing makes no event. Returns the end of the segment where the command
  /// ends it.
  func obey(_ command: Command, undo: Bool) throws -> SegmentEnd? {
    switch command {
    case .constraint(let enabled):
      try change(.constraint, to: .flag(enabled), undo: undo)
    case .maxNorm(let ceiling):
      try change(.maxNorm, to: .number(ceiling), undo: undo)
    case .learningRate(let rate):
      try change(.learningRate, to: .number(rate), undo: undo)
    case .undo:
      guard let last = changes.last else { return nil }
      try change(last.action, to: value(before: last), undo: true)
    case .pause, .resume:
      let pauses = command == .pause
      guard pauses != controls.isPaused else { return nil }
      controls.isPaused = pauses
      controls.singleSteps = 0
      restartPace()
      try emit(EventRecord(step: progress.step, action: pauses ? .pause : .resume))
    case .singleStep:
      if controls.isPaused { controls.singleSteps += 1 }
    case .pace(let pace):
      controls.pace = max(pace, 0)
      restartPace()
    case .reset:
      try emit(EventRecord(step: progress.step, action: .reset))
      return .restart(seed: seed)
    case .reseed(let newSeed):
      try emit(
        EventRecord(
          step: progress.step, action: .reseed, from: .seed(seed), value: .seed(newSeed)))
      return .restart(seed: newSeed)
    case .stop:
      try emit(EventRecord(step: progress.step, action: .stop))
      return .leave(try finish(.stopped))
    }
    return nil
  }

  private func change(
    _ action: EventRecord.Action, to value: EventRecord.Value, undo: Bool
  ) throws {
    let before = setting(action)
    guard before != value, Self.isValid(value) else { return }
    // A schedule that has come to 0 stays there.
    if action == .learningRate, learner.learningRate == 0 { return }
    let startRate = learner.optimizer.learningRate
    var event = EventRecord(
      step: progress.step, action: action, from: before, value: value, undo: undo)
    // The pending steps belong to the old setting: they are recorded before it changes.
    try recordPendingSteps()
    set(action, to: value)
    if projects(action, from: before) {
      let clipped = learner.project()
      for index in clipped.indices { clippedTotals[index] += clipped[index] }
      event.clipped = clipped.reduce(0, +)
    }
    if undo {
      // A recorded undo took back the change that a person's next one must not find again.
      if let last = changes.last, last.action == action, self.value(before: last) == value {
        changes.removeLast()
      }
    } else if let before {
      changes.append(SettingChange(action: action, before: before, startRate: startRate))
    }
    try emit(event)
  }

  /// What takes a change back now: a learning rate returns to its schedule, not to where that was then.
  private func value(before change: SettingChange) -> EventRecord.Value {
    change.action == .learningRate
      ? .number(Float(learner.learningRate(startingAt: change.startRate))) : change.before
  }

  private func setting(_ action: EventRecord.Action) -> EventRecord.Value? {
    switch action {
    case .constraint: .flag(learner.constraint.enabled)
    case .maxNorm: learner.constraint.maxNorm.map { .number($0) }
    case .learningRate: .number(Float(learner.learningRate))
    default: nil
    }
  }

  private func set(_ action: EventRecord.Action, to value: EventRecord.Value) {
    switch (action, value) {
    case (.constraint, .flag(let enabled)):
      learner.constraint.enabled = enabled
    case (.maxNorm, .number(let ceiling)):
      learner.constraint.maxNorm = ceiling
    case (.learningRate, .number(let rate)):
      // The number a person would write: 0.1 as a Float is 0.10000000149 as a Double.
      learner.setLearningRate(Double(rate.description) ?? Double(rate))
    default: break
    }
  }

  /// No setting takes a number that is not above 0 and finite.
  private static func isValid(_ value: EventRecord.Value) -> Bool {
    guard case .number(let number) = value else { return true }
    return number > 0 && number.isFinite
  }

  /// Switching on, or lowering r, projects at that moment; while off nothing is scaled.
  private func projects(_ action: EventRecord.Action, from before: EventRecord.Value?) -> Bool {
    guard learner.constraint.enabled else { return false }
    switch action {
    case .constraint: return true
    case .maxNorm:
      guard case .number(let former) = before, let now = learner.constraint.maxNorm else {
        return true
      }
      return now < former
    default: return false
    }
  }
}
