// Orders from outside, while a segment runs and after its end.
import RunRecords

extension TrainingSegment {
  /// Carries out the orders that came in; the end of the segment where one ends it.
  func obeyOrders() throws -> SegmentEnd? {
    while let order = exchange.takeOrder() {
      switch order {
      case .interrupt:
        try keepAtEnd()
        return .leave(try finish(.interrupted))
      case .command(let command):
        if let end = try obey(command) { return end }
      }
    }
    return nil
  }

  /// After the end: repeats what a log tells of changes, extensions and resets there, or lets the person
  /// at the screen ask for them; nil where the run goes on.
  func waitAfterEnd() throws -> SegmentEnd? {
    guard let reason = ending else { return nil }
    while let item = controls.schedule.next(at: main.step, afterEnd: true) {
      if let end = try obeyAfterEnd(item.command) { return end }
      if ending == nil { return nil }
    }
    guard sinks.isInteractive else { return .leave(reason) }
    while true {
      exchange.waitForOrder(seconds: nil)
      switch exchange.takeOrder() {
      case .interrupt, .command(.stop): return .leave(reason)
      case .command(let command):
        if let end = try obeyAfterEnd(command) { return end }
        if ending == nil { return nil }
      case nil: break
      }
    }
  }

  /// What starts something is carried out after the end, and what changes the settings that an extension
  /// goes on with.
  private func obeyAfterEnd(_ command: Command) throws -> SegmentEnd? {
    switch command {
    case .reset, .reseed: return try obey(command)
    case .extend: try extend()
    case .set, .undo, .pace:
      if ending != .diverged { return try obey(command) }
    // The run as it stood before its end was written: a diverged one is not worth keeping.
    case .checkpoint: if stateAtEnd != nil { try keep() }
    case .twin, .fork, .pause, .resume, .singleStep, .stop: break
    }
    return nil
  }
}
