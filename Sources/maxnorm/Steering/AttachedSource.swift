// A run of another process as a source of records: its log from the end on, its past behind that, its
// norms, and commands on their way to it.
import Basics
import Dashboard
import RunRecords
import TerminalUI

/// Watches a run through its log, and steers it if it listens.
///
/// The screen is up to date at once, however long the log: the latest records are shown first,
/// while what came before is read on a separate thread; once that has caught up it replaces them.
final class AttachedSource: RecordSource, SteeredRun, WatchedRun {
  static let kind = DashboardModel.Source.attached

  private let channel: any RunChannel
  private var file: RecordFile
  private let commands: CommandWriter?
  private(set) var attachment: RunAttachment
  private(set) var failure: (any Error)?
  private(set) var trouble: (count: Int, text: String?) = (0, nil)
  private var past: PastReader?
  private var life: LivenessMonitor
  private let console: ConsoleReader?
  /// The header, which the latest records stand behind.
  private var waiting: [Record] = []
  private var restarts = 0
  private var lookTime = 0.0
  private var heartbeatTime = 0.0
  private var hasMore = false

  /// Seconds between two looks at the log, and behind one that found something.
  private static let interval = 0.05
  private static let shortInterval = 0.005
  private static let heartbeatInterval = 4.0
  private static let mostAtOnce = 5000
  private static let longestTake = Duration.milliseconds(25)

  /// Begins to read a run's log, and to steer it if it listens; the console is shown beside it.
  ///
  /// - Throws: `ProgramError` if the log cannot be read.
  init(_ channel: any RunChannel, console: ConsoleReader?) throws(ProgramError) {
    var commands: CommandWriter?
    var refusal: String?
    do throws(ProgramError) {
      commands = try channel.openCommands(as: nil)
    } catch {
      refusal =
        "this run takes no commands: it has ended, or was started with --no-steer or to be compared"
    }
    self.channel = channel
    self.commands = commands
    self.console = console
    attachment = RunAttachment(name: commands?.name ?? RunOrigin.newRunID(), refusal: refusal)
    life = LivenessMonitor(silenceBefore: channel.silenceBefore)
    let bytes = channel.header == nil ? Int.max : channel.tailBytes
    guard let file = try channel.openEnd(bytes: bytes) else {
      throw ProgramError("attach: the log cannot be reached any more", .temporary)
    }
    self.file = file
    guard channel.size > bytes, let header = channel.header else { return }
    waiting = [.header(header)]
    try readPast()
  }

  // MARK: Records

  var nextTime: Double? { hasMore ? 0 : lookTime }

  func take(at time: Double) -> [Record] {
    channel.advance(at: time)
    beat(at: time)
    guard failure == nil, hasMore || time >= lookTime else { return [] }
    var records = waiting
    waiting = []
    do {
      let deadline = ContinuousClock.now + Self.longestTake
      hasMore = true
      while records.count < Self.mostAtOnce, ContinuousClock.now < deadline {
        guard let record = try file.next() else {
          hasMore = false
          break
        }
        // One is made up where the tail begins without.
        if past != nil, case .header(let header) = record, header.program == nil { continue }
        records.append(record)
      }
      if !hasMore { try openAgain() }
    } catch {
      failure = error
    }
    // A pipe holds little: what is coming in is to be seen as soon as it is here.
    lookTime = time + (records.isEmpty ? Self.interval : Self.shortInterval)
    past?.move(goal: file.position.offset)
    life.take(records, at: time)
    if !hasMore {
      attachment.life = life.state(at: time, channel.life)
      if let record = channel.nextNorms(at: time) { records.append(record) }
    }
    if let share = past?.share { attachment.pastShare = share }
    return records
  }

  func takeConsole() -> ConsoleLines? { console?.take() }
  /// Goes on from where a log broke off, or from the beginning of another one, once it can be reached.
  private func openAgain() throws(ProgramError) {
    if channel.restarts != restarts {
      guard let file = try channel.open(from: .beginning) else { return }
      self.file = file
      restarts = channel.restarts
      past?.cancel()
      past = nil
      attachment.pastShare = nil
    } else if file.isAtEnd {
      guard let file = try channel.open(from: file.place) else { return }
      self.file = file
    }
    if past?.isBroken == true { try readPast() }
  }

  private func readPast() throws(ProgramError) {
    guard let file = try channel.open(from: .beginning) else { return }
    past = PastReader(file, upTo: channel.size)
    attachment.pastShare = 0
  }

  func takeState() -> DashboardModel.Recorded? {
    // What has come since follows from the same file.
    guard let state = past?.take(replacing: &file) else { return nil }
    past = nil
    attachment.pastShare = nil
    hasMore = true
    return state
  }

  // MARK: Commands

  func send(_ command: Command) {
    guard let commands else { return }
    do throws(ProgramError) {
      try commands.append(.command(command))
    } catch {
      trouble = (trouble.count + 1, error.description)
    }
  }

  private func beat(at time: Double) {
    guard let commands, time >= heartbeatTime, life.isOpen else { return }
    heartbeatTime = time + Self.heartbeatInterval
    if commands.isHeard {
      _ = try? commands.append(.watch)
    } else {
      attachment.refusal = "the run takes no more commands"
    }
  }

  // MARK: What it is to the dashboard

  var run: (any SteeredRun)? { self }
  var log: (any SeekableLog)? { nil }
  var watched: (any WatchedRun)? { self }
  var isOver: Bool { false }
  var isSpent: Bool { !hasMore && past == nil }

  // A run that was detached has such a file too, mostly empty.
  func start() { console?.start(isExpected: false) }
  func request() {}
  /// The run continues: only the watching ends.
  func stop() {
    past?.cancel()
    console?.stop()
  }
  func interrupt() { stop() }
  var hasFinished: Bool { true }
  var writing: String? { nil }
}
