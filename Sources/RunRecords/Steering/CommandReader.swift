// What counts of the bytes in a file of commands: whole lines, not too long, not too many, each once.

/// Turns bytes into requests to a run; knows nothing of files and clocks.
package struct CommandReader: Sendable {
  /// What a line comes to.
  package enum Item: Sendable, Equatable {
    case command(Command, id: String?, expires: WallTime?)
    /// A viewer's heartbeat.
    case watch
    /// What the log reports of a line that is not carried out.
    case refusal(RefusedRecord)
  }

  /// A longer line is not a command.
  package static let longestLine = 1 << 16
  /// Of the lines of a second only the first count.
  package static let mostLinesPerSecond = 100
  private static let mostKnownIDs = 4096

  private let runID: String
  /// The line that has begun, as long as it is not too long.
  private var line: [UInt8] = []
  private var state: LineState
  /// When the present second began, and the lines of it.
  private var second = (start: -1.0, lines: 0)
  /// The ids that have acted, the oldest first.
  private var ids: [String] = []
  private var knownIDs: Set<String> = []

  private enum LineState {
    case taken
    /// Ignored: it began before anybody listened.
    case skipped
    case tooLong
  }

  /// A reader for a run; the file may begin in the middle of a line.
  package init(runID: String, beginsInLine: Bool = false) {
    self.runID = runID
    state = beginsInLine ? .skipped : .taken
  }

  /// Takes the next bytes; `seconds` is any clock that never goes back, `now` the one on the wall.
  package mutating func take(
    _ bytes: some Sequence<UInt8>, seconds: Double, now: WallTime
  ) -> [Item] {
    var items: [Item] = []
    for byte in bytes {
      guard byte == UInt8(ascii: "\n") else {
        append(byte)
        continue
      }
      if let item = endLine(seconds, now) { items.append(item) }
      line.removeAll(keepingCapacity: line.capacity <= 4096)
      state = .taken
    }
    return items
  }

  private mutating func append(_ byte: UInt8) {
    guard state == .taken else { return }
    line.append(byte)
    guard line.count > Self.longestLine else { return }
    state = .tooLong
    line = []
  }

  private mutating func endLine(_ seconds: Double, _ now: WallTime) -> Item? {
    if state == .skipped { return nil }
    if state == .taken, line.allSatisfy({ [0x20, 0x09, 0x0d].contains($0) }) { return nil }
    if seconds - second.start >= 1 || second.start < 0 { second = (seconds, 0) }
    second.lines += 1
    if second.lines == Self.mostLinesPerSecond + 1 {
      return .refusal(
        RefusedRecord(
          "expected \(Self.mostLinesPerSecond) lines a second at most, found more: the rest of this "
            + "second's are passed over"))
    }
    guard second.lines <= Self.mostLinesPerSecond else { return nil }
    guard state == .taken else {
      return .refusal(
        RefusedRecord("expected a line of \(Self.longestLine) bytes at most, found a longer one"))
    }
    return item(now)
  }

  private mutating func item(_ now: WallTime) -> Item? {
    let request: CommandRequest
    do throws(RefusedRecord) {
      request = try CommandRequest(line: line)
    } catch {
      // Even what is refused is answered once.
      return error.id.map { learn($0) } ?? true ? .refusal(error) : nil
    }
    if let id = request.id, !learn(id) { return nil }
    if let problem = problem(of: request, now) {
      return request.wish == .watch ? nil : .refusal(RefusedRecord(problem, id: request.id))
    }
    switch request.wish {
    case .watch: return .watch
    case .command(let command):
      return .command(command, id: request.id, expires: request.expires)
    }
  }

  private func problem(of request: CommandRequest, _ now: WallTime) -> String? {
    if let other = request.runID, other != runID {
      return "run_id: expected \(runID), found \(other): the command is for another run"
    }
    return request.expires.flatMap { Self.problem(ofExpiry: $0, now) }
  }

  /// Why a command is worth nothing any more; nil if it still is.
  package static func problem(ofExpiry expires: WallTime, _ now: WallTime) -> String? {
    expires.milliseconds < now.milliseconds
      ? "expires: the command was worth something until \(expires.text)" : nil
  }

  /// False if it is known already.
  private mutating func learn(_ id: String) -> Bool {
    guard knownIDs.insert(id).inserted else { return false }
    ids.append(id)
    if ids.count > Self.mostKnownIDs {
      // All at once from time to time, rather than one from the front each time.
      let old = ids.prefix(Self.mostKnownIDs / 4)
      knownIDs.subtract(old)
      ids.removeFirst(old.count)
    }
    return true
  }
}
