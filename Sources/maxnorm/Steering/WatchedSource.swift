// What `maxnorm watch` shows: a command's console from its start, and its run from the first record on.
import Dashboard
import Foundation
import RunRecords
import TerminalUI

/// A command without records at first, then the run that it has become.
final class WatchedSource: RecordSource, SteeredRun, WatchedRun {
  static let kind = DashboardModel.Source.attached

  private let command: WatchedCommand
  private let console: ConsoleReader?
  private var source: AttachedSource?
  private(set) var failure: (any Error)?
  private var remarks: [String] = []
  /// The last remark on a run that does not begin; it changes with how far the command has come.
  private var toldDelay: String?
  private var lookTime = 0.0
  private var remarkTime = 0.0
  /// When the log appeared.
  private var logTime: Double?

  private static let interval = 0.05
  private static let remarkInterval = 0.5
  /// How long after its log a run may create its file of commands, in seconds.
  private static let commandTime = 1.0

  /// The command has ended without becoming a run.
  struct NoRun: Error {}

  init(_ command: WatchedCommand) {
    self.command = command
    console = ConsoleReader(log: command.log)
  }

  // MARK: Records

  var nextTime: Double? {
    min(remarkTime, source.map { $0.nextTime ?? remarkTime } ?? lookTime)
  }

  func take(at time: Double) -> [Record] {
    remark(at: time)
    if source == nil, failure == nil, time >= lookTime {
      lookTime = time + Self.interval
      do { try look(at: time) } catch { failure = error }
    }
    return source?.take(at: time) ?? []
  }

  /// Looks whether the run has begun.
  private func look(at time: Double) throws {
    // In this order: a command may begin a run just before it ends.
    let isRunning = command.isRunning
    guard command.hasLog else {
      if !isRunning { throw NoRun() }
      return
    }
    let channel = LocalChannel(try LoggedRun(log: command.log, nil))
    let begun = logTime ?? time
    logTime = begun
    let listens = (try? channel.openCommands(as: nil)) != nil
    guard listens || !isRunning || time - begun > Self.commandTime else { return }
    source = try AttachedSource(channel, console: console)
  }

  private func remark(at time: Double) {
    guard time >= remarkTime else { return }
    remarkTime = time + Self.remarkInterval
    if source != nil {
      let troubles = command.troubles
      remarks += troubles.filter { !remarks.contains($0) }
    } else if let delay = command.delay, delay != toldDelay {
      toldDelay = delay
      remarks.append(delay)
    }
  }

  // MARK: What it is to the dashboard

  var attachment: RunAttachment {
    var attachment =
      source?.attachment ?? RunAttachment(name: "", refusal: "the run has not begun")
    attachment.remarks = remarks
    return attachment
  }

  func takeState() -> DashboardModel.Recorded? { source?.takeState() }
  func takeConsole() -> ConsoleLines? { console?.take() }

  var run: (any SteeredRun)? { self }
  var log: (any SeekableLog)? { nil }
  var watched: (any WatchedRun)? { self }
  var isOver: Bool { false }
  var isSpent: Bool { source?.isSpent ?? false }
  var trouble: (count: Int, text: String?) { source?.trouble ?? (0, nil) }

  func start() { console?.start(isExpected: true) }
  func request() {}
  func send(_ command: Command) { source?.send(command) }
  /// The run continues: only the watching ends.
  func stop() {
    source?.stop()
    console?.stop()
  }
  func interrupt() { stop() }
  var hasFinished: Bool { true }
  var writing: String? { nil }
}
