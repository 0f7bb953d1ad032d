// What feeds the dashboard: records from anywhere, the run behind them, a log that can be moved about in.
import Dashboard
import RunRecords
import TerminalUI

/// Where records come from.
///
/// Times are seconds since the dashboard's start.
protocol RecordSource {
  static var kind: DashboardModel.Source { get }
  /// When to ask again though nothing wakes the dashboard; nil: never.
  var nextTime: Double? { get }
  /// What ended the records before their end.
  var failure: (any Error)? { get }
  /// Whether nothing will come any more, and whether nothing is there now.
  var isOver: Bool { get }
  var isSpent: Bool { get }
  mutating func take(at time: Double) -> [Record]

  /// The run that makes the records; nil if it made them long ago.
  var run: (any SteeredRun)? { get }
  /// The log that the records come from; nil for a run.
  var log: (any SeekableLog)? { get }
  /// What is known of a run of another process; nil for other sources.
  var watched: (any WatchedRun)? { get }
}

/// A run that has not been made yet: it takes commands, and writes files itself.
protocol SteeredRun {
  func start()
  /// Asks for the records that have come up since the last time.
  func request()
  func send(_ command: Command)
  func stop()
  func interrupt()
  /// Whether nothing is left to wait for after `stop` or `interrupt`: the logs are complete.
  var hasFinished: Bool { get }
  /// The file that is being written; nil: none.
  var writing: String? { get }
  /// The last trouble that did not end the run, and how many there were.
  var trouble: (count: Int, text: String?) { get }
}

/// A run of another process, whose records come from its log.
protocol WatchedRun {
  /// How it stands with it.
  var attachment: RunAttachment { get }
  /// What all records so far have made of the model, where that is known only now.
  func takeState() -> DashboardModel.Recorded?
  /// What its console has, where it has one that is kept and there is something new.
  func takeConsole() -> ConsoleLines?
}

/// A recorded run that can be held, sped up, and moved about in.
protocol SeekableLog {
  /// Where the replay stands.
  var place: ReplayPlace { get }
  /// What becomes readable when there is more, beside the waker; nil: nothing.
  var descriptor: Int32? { get }
  /// Whether it would keep what its records have made of the model by now, to go back there quickly.
  var wantsState: Bool { get }

  func hold(_ holds: Bool, at time: Double)
  func setSpeed(_ speed: Double, at time: Double)
  func keep(_ state: DashboardModel.Recorded)
  /// Goes elsewhere; what the records had made of the model there where that lies behind.
  func jump(_ jump: ReplayJump, at time: Double) -> DashboardModel.Recorded?
}

extension RecordSource {
  var watched: (any WatchedRun)? { nil }
  /// Whether nothing is left to wait for once the run was asked to end.
  var hasFinished: Bool { run?.hasFinished ?? true }
  /// The last trouble of the run; nil: no trouble.
  var trouble: String? { run?.trouble.text }
}
