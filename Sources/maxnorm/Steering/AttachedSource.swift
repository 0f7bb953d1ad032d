// A run of another process as a source of records: its log from the end on, its past behind that, its
// norms from the file beside it, commands by the file of commands.
import Basics
import Dashboard
import Foundation
import RunRecords
import TerminalUI
import Training

/// Watches a run through its log, and steers it if it listens.
///
/// The screen is up to date at once, however long the log: the latest records are shown first,
/// while what came before is read on a separate thread; once that has caught up it replaces them.
final class AttachedSource: RecordSource, SteeredRun, WatchedRun {
  static let kind = DashboardModel.Source.attached

  private var file: RecordFile
  private let commands: CommandWriter?
  private(set) var attachment: RunAttachment
  private(set) var failure: (any Error)?
  private(set) var trouble: (count: Int, text: String?) = (0, nil)
  private var past: PastReader?
  private var norms: NormsReader
  private var life: LifeWatch
  private let console: ConsoleReader?
  /// The header, which the latest records stand behind.
  private var waiting: [Record] = []
  private var lookTime = 0.0
  private var heartbeatTime = 0.0
  private var hasMore = false

  /// Bytes at the end of a log that are shown at once, and all of a shorter one.
  private static let tailBytes = 2 << 20
  /// Seconds between two checks of the log.
  private static let interval = 0.05
  private static let heartbeatInterval = 4.0
  private static let mostAtOnce = 5000
  private static let longestTake = Duration.milliseconds(25)

  /// Begins to read a run's log, and its console where one is kept.
  ///
  /// - Throws: `RecordFileError`.
  init(_ run: LoggedRun, console: ConsoleReader?) throws {
    var commands: CommandWriter?
    var refusal: String?
    do throws(ProgramError) {
      commands = try run.openCommands()
    } catch {
      refusal =
        "this run takes no commands: it has ended, or was started with --no-steer or to be compared"
    }
    self.commands = commands
    self.console = console
    var attachment = RunAttachment(name: commands?.name ?? RunOrigin.newRunID(), refusal: refusal)
    file = try RecordFile(at: run.log, .lenient, growth: .appended)
    if let header = run.header, let size = file.size, size > Self.tailBytes {
      waiting = [.header(header)]
      file.seek(backFromEnd: Self.tailBytes)
      past = PastReader(log: run.log)
      attachment.pastShare = 0
    }
    norms = NormsReader(log: run.log)
    life = LifeWatch(run)
    self.attachment = attachment
  }

  // MARK: Records

  var nextTime: Double? { hasMore ? 0 : lookTime }

  func take(at time: Double) -> [Record] {
    beat(at: time)
    guard failure == nil, hasMore || time >= lookTime else { return [] }
    lookTime = time + Self.interval
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
    } catch {
      failure = error
    }
    life.take(records, at: time)
    if !hasMore {
      attachment.life = life.state(at: time)
      if let record = norms.next(at: time) { records.append(record) }
    }
    if let share = past?.share { attachment.pastShare = share }
    return records
  }

  func takeConsole() -> ConsoleLines? { console?.take() }

  func takeState() -> DashboardModel.Recorded? {
    guard let past, let (state, position) = past.take() else { return nil }
    // What came since is read again behind it.
    file.seek(to: position)
    self.past = nil
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
