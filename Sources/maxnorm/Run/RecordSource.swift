// What feeds the dashboard: a live run or a recorded one.
import Dashboard
import RunRecords
import Training

/// A source of records that takes commands.
///
/// Times are seconds since the dashboard's start.
protocol RecordSource {
  static var kind: DashboardModel.Source { get }
  /// When to ask again though nothing wakes the dashboard; nil: never.
  var nextTime: Double? { get }
  /// The last trouble that did not end the run, and how many there were.
  var trouble: (count: Int, text: String?) { get }
  /// What ended the run before its end.
  var failure: (any Error)? { get }
  /// What becomes readable when there is more, beside the waker; nil: nothing.
  var descriptor: Int32? { get }
  /// Whether nothing will come any more, and whether nothing is there now.
  var isOver: Bool { get }
  var isSpent: Bool { get }
  /// Where a replay stands; nil for a run.
  var place: ReplayPlace? { get }
  /// Whether a replay wants to keep what its records made of the model.
  var wantsState: Bool { get }

  func start()
  func request()
  mutating func take(at time: Double) -> [Record]
  func send(_ command: Command)
  mutating func hold(_ holds: Bool, at time: Double)
  mutating func setSpeed(_ speed: Double, at time: Double)
  func keep(_ state: DashboardModel.Recorded)
  /// Goes elsewhere in a replay; what the records had made of the model there where that lies behind.
  func jump(_ jump: ReplayJump, at time: Double) -> DashboardModel.Recorded?
  func stop()
  func interrupt()
  /// Whether nothing is left to wait for after `stop` or `interrupt`: the logs are complete.
  var hasFinished: Bool { get }
  /// The file that is being written; nil: none.
  var writing: String? { get }
}

/// A run that trains now.
struct LiveSource: RecordSource {
  static let kind = DashboardModel.Source.live
  let run: TrainingRun
  /// What the run goes on from, which comes before its own records.
  let history: LogHistory?

  var nextTime: Double? { history.flatMap { $0.isAtEnd ? nil : 0 } }
  var trouble: (count: Int, text: String?) {
    let troubles = run.troubles
    return (troubles.count, troubles.last.map { "\($0)" })
  }
  var failure: (any Error)? {
    if case .failed(let error) = run.outcome { error } else { nil }
  }

  var descriptor: Int32? { nil }
  var isOver: Bool { false }
  var isSpent: Bool { true }
  var place: ReplayPlace? { nil }
  var wantsState: Bool { false }

  func start() { run.start() }
  func request() { run.requestNews() }
  func take(at time: Double) -> [Record] {
    if let history, !history.isAtEnd { return history.take() }
    return run.takeNews()
  }
  func send(_ command: Command) { run.send(command) }
  func hold(_ holds: Bool, at time: Double) {}
  func setSpeed(_ speed: Double, at time: Double) {}
  func keep(_ state: DashboardModel.Recorded) {}
  func jump(_ jump: ReplayJump, at time: Double) -> DashboardModel.Recorded? { nil }
  func stop() { run.send(.stop) }
  func interrupt() { run.interrupt() }
  var hasFinished: Bool { run.waitUntilDone(seconds: 0) }
  var writing: String? { run.writing }
}
