// A run that trains now, as a source of records.
import Dashboard
import RunRecords
import Training

/// The records of a run, behind those that it was resumed from.
struct LiveSource: RecordSource {
  static let kind = DashboardModel.Source.live
  let training: TrainingRun
  /// What came before the checkpoint that the run is resumed from.
  let history: LogHistory?

  init(run: TrainingRun, history: LogHistory?) {
    training = run
    self.history = history
  }

  var nextTime: Double? { history.flatMap { $0.isAtEnd ? nil : 0 } }
  var failure: (any Error)? {
    if case .failed(let error) = training.outcome { error } else { nil }
  }
  var isOver: Bool { false }
  var isSpent: Bool { true }
  var run: (any SteeredRun)? { self }
  var log: (any SeekableLog)? { nil }

  func take(at time: Double) -> [Record] {
    if let history, !history.isAtEnd { return history.take() }
    return training.takeNews()
  }
}

extension LiveSource: SteeredRun {
  func start() { training.start() }
  func request() { training.requestNews() }
  func send(_ command: Command) { training.send(command) }
  func stop() { training.send(.stop) }
  func interrupt() { training.interrupt() }
  var hasFinished: Bool { training.waitUntilDone(seconds: 0) }
  var writing: String? { training.writing }
  var trouble: (count: Int, text: String?) {
    let troubles = training.troubles
    return (troubles.count, troubles.last.map { "\($0)" })
  }
}
