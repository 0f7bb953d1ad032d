// The sinks of a run's records: log files, which are complete, and the screen, which takes what it can.
import Basics
import RunRecords

/// Hands records to the logs and to the screen; lives on the training queue.
final class RunSinks {
  private let mailbox: RunMailbox
  private var logs: [any RecordLog]
  private let tensorBoard: TensorBoardLog?
  /// Whether records of norms are to say how weights are distributed.
  let wantsHistograms: Bool
  /// Somebody takes the records that are shown.
  let hasScreen: Bool
  /// A log that fails is shown to the user at the screen, and the run continues; without a screen
  /// it ends.
  let isInteractive: Bool
  /// The run writes files beside its logs: it is worth continuing when nobody reads its records.
  private let keepsFiles: Bool

  init(_ options: RunOptions, mailbox: RunMailbox) {
    tensorBoard = options.tensorBoard.map(TensorBoardLog.init)
    logs = options.logs.map { LogFile($0, norms: options.norms, histograms: options.histograms) }
    if let tensorBoard { logs.append(tensorBoard) }
    self.mailbox = mailbox
    hasScreen = options.publishes
    wantsHistograms = options.publishes || options.histograms
    isInteractive = options.isInteractive
    keepsFiles =
      options.savedWeights != nil || options.savedBest != nil || options.checkpoint != nil
  }

  var hasLog: Bool { !logs.isEmpty }

  /// The segment that the event files belong to, counted from 1; nil without event files.
  var tensorBoardSegment: Int? { tensorBoard?.segment }

  /// Writes a record to every log; waits for them.
  func log(_ record: Record) throws(ProgramError) {
    try forEachLog { log throws(ProgramError) in try log.write(record) }
  }

  /// Opens the records of a run resumed from a checkpoint.
  ///
  /// A log that it is appended to has its header and events; every other one starts with them.
  func open(_ header: Record, _ events: [Record], showsThem: Bool) throws(ProgramError) {
    try forEachLog { log throws(ProgramError) in
      if log.isAppended { return try log.resume(after: header, events) }
      for record in [header] + events { try log.write(record) }
    }
    if showsThem { show([header] + events) }
  }

  /// Flushes the logs to the disk; how far each of them that is a file reaches.
  func placesOnDisk() throws(ProgramError) -> [LogPlace] {
    var places: [LogPlace] = []
    try forEachLog { log throws(ProgramError) in
      if let place = try log.placeOnDisk() { places.append(place) }
    }
    return places
  }

  /// Shows the user at the screen what went wrong; the run continues.
  ///
  /// - Throws: the failure itself if there is no screen: it ends the run.
  func report(_ failure: any Error) throws {
    guard isInteractive else { throw failure }
    mailbox.report(failure)
  }

  /// Writes what has been buffered for long enough, or everything.
  func flush(all: Bool) throws(ProgramError) {
    try forEachLog { log throws(ProgramError) in all ? try log.flush() : try log.flushIfDue() }
  }

  /// Puts records before the screen, if there is one.
  func show(_ records: Record...) { show(records) }

  func show(_ records: [Record]) {
    guard hasScreen, !records.isEmpty else { return }
    let isUrgent = records.contains {
      switch $0 {
      case .header, .event, .end: true
      case .step, .norms, .evaluation, .sample, .refused, .twin, .rank: false
      }
    }
    mailbox.publish(records, isUrgent: isUrgent)
  }

  /// A record for every sink.
  func emit(_ record: Record) throws(ProgramError) {
    try log(record)
    show(record)
  }

  /// A log that fails gets no more records; the others are served first, so that each is whole.
  private func forEachLog(_ body: (any RecordLog) throws(ProgramError) -> Void) throws(ProgramError)
  {
    var failure: ProgramError?
    for index in logs.indices.reversed() {
      do throws(ProgramError) {
        try body(logs[index])
      } catch {
        logs.remove(at: index)
        failure = error
      }
    }
    guard let failure else { return }
    let continues = isInteractive || failure.isClosedPipe && (keepsFiles || !logs.isEmpty)
    guard continues else { throw failure }
    mailbox.report(failure)
  }
}
