// Orders from outside, while a segment runs and after its end.
import RunRecords

extension TrainingSegment {
  /// Carries out the orders that came in; the end of the segment where one ends it.
  func performOrders() throws -> SegmentEnd? {
    try tellRefusals()
    while let order = mailbox.takeOrder() {
      switch order {
      case .interrupt:
        try keepAtEnd(.interrupted)
        return .leave(try finish(.interrupted))
      case .command(let command, let source):
        if let end = try perform(command, from: source) { return end }
      }
    }
    return nil
  }

  /// Tells the log of lines of the file of commands that are not obeyed.
  func tellRefusals() throws {
    for record in mailbox.takeRefusals() { try refuse(record) }
  }

  /// Steps that were asked for from outside while paused, and that will not be made one by one.
  func refuseSteps() throws {
    defer { controls.askedSteps = [] }
    for id in controls.askedSteps { try refuse(RefusedRecord("step: the run goes on", id: id)) }
  }

  /// Commands from outside that come too late for the run are answered all the same.
  func refuseOrders() throws {
    try tellRefusals()
    try refuseSteps()
    while let order = mailbox.takeOrder() {
      guard case .command(_, .file(let id, _)) = order else { continue }
      try refuse(RefusedRecord("the run has come to its end", id: id))
    }
  }

  /// Ends a run that is loading the data of another seed, as it was asked to.
  ///
  /// A stop from outside is answered by its event, as between two steps; what came before it is refused,
  /// since there are neither data nor a network that it could change.
  func endWhileLoading() throws -> EndRecord.Reason {
    let reason = mailbox.endWanted ?? .interrupted
    try tellRefusals()
    while let order = mailbox.takeOrder() {
      guard case .command(let command, .file(let id, let expires)) = order else { continue }
      guard command == .stop, reason == .stopped else {
        try refuse(RefusedRecord("the run ends while it is loading other data", id: id))
        continue
      }
      pendingCommand = PendingCommand(command: .stop, source: .file(id: id, expires: expires))
      defer { pendingCommand = nil }
      try emit(EventRecord(step: main.step, action: .stop))
      break
    }
    return try finish(reason)
  }

  /// After the end: repeats a log's changes, extensions and resets there, or lets the user at the
  /// screen ask for them; nil if the run continues.
  func waitAfterEnd() throws -> SegmentEnd? {
    guard let reason = ending else { return nil }
    while let item = controls.schedule.next(at: main.step, afterEnd: true) {
      if let end = try performAfterEnd(item.command) { return end }
      if ending == nil { return nil }
    }
    guard sinks.isInteractive else { return .leave(reason) }
    while true {
      mailbox.waitForOrder(seconds: nil)
      try tellRefusals()
      switch mailbox.takeOrder() {
      case .interrupt, .command(.stop, .program): return .leave(reason)
      case .command(let command, let source):
        if let end = try performAfterEnd(command, from: source) { return end }
        if ending == nil { return nil }
      case nil: break
      }
    }
  }

  /// After the end, only commands that start something are carried out, and those that change
  /// settings for an extension.
  private func performAfterEnd(
    _ command: Command, from source: CommandSource = .program
  ) throws -> SegmentEnd? {
    switch command {
    case .reset, .reseed: return try perform(command, from: source)
    case .extend: try extend()
    case .set, .undo, .undoChange, .pace:
      if ending != .diverged { return try perform(command, from: source) }
    // The run as it stood before its end was written: a diverged one is not worth keeping.
    case .checkpoint: if stateAtEnd != nil { return try perform(command, from: source) }
    case .twin, .fork, .pause, .resume, .singleStep, .stop: break
    }
    if case .file(let id, _) = source, command != .extend {
      try refuse(RefusedRecord("the run has ended", id: id))
    }
    return nil
  }
}
