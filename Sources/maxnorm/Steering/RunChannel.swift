// How a run that is watched is reached: through the files beside its log, on this file system or over ssh.
import Basics
import Dashboard
import Foundation
import RunRecords
import Training

/// What a viewer has of a run of another process.
protocol RunChannel: AnyObject {
  /// What its header says, as far as there is one yet.
  var header: RunHeader? { get }
  /// Bytes of the log when the watching began.
  var size: Int { get }
  /// Bytes at the end of a log that are shown at once, and all of a shorter one.
  var tailBytes: Int { get }
  /// Seconds since the last record then.
  var silenceBefore: Double { get }
  /// How often the log was found to be another one, or shorter than before, by who does not read it.
  var restarts: Int { get }

  /// Opens the log from a place on; nil if it cannot be reached now.
  ///
  /// - Throws: `ProgramError` if it cannot be read.
  func open(from start: LogStart) throws(ProgramError) -> RecordFile?

  /// The latest norms; nil if they are those of the last call, or none are there.
  func nextNorms(at time: Double) -> Record?

  /// What is known of its process and host.
  var life: RunAttachment.Life { get }

  /// Opens the way for commands, under ids `NAME.NUMBER`: with a name of their own, or one that several
  /// programs share; what a name has changed an undo of the same name takes back.
  ///
  /// - Throws: `ProgramError` if nobody listens.
  func openCommands(as name: String?) throws(ProgramError) -> CommandWriter

  /// Looks after what lies between.
  func advance(at time: Double)

  /// What is printed beside the log, if that is kept and can be reached.
  func openConsole() -> ConsoleReader?
}

extension RunChannel {
  func openConsole() -> ConsoleReader? { nil }

  /// The end of the log, of about so many bytes, or all of a shorter one; nil if it cannot be reached.
  ///
  /// - Throws: `ProgramError` if it cannot be read.
  func openEnd(bytes: Int) throws(ProgramError) -> RecordFile? {
    try open(from: size > bytes ? .middle(offset: size - bytes) : .beginning)
  }
}

/// A run whose files this host sees.
final class LocalChannel: RunChannel {
  let header: RunHeader?
  let size: Int
  let tailBytes = 2 << 20
  let silenceBefore: Double
  /// The reader of the log finds that out itself.
  let restarts = 0
  private let run: LoggedRun
  private var norms: NormsReader

  init(_ run: LoggedRun) {
    self.run = run
    header = run.header
    norms = NormsReader(log: run.log)
    var status = stat()
    let isThere = stat(run.log, &status) == 0
    size = isThere ? Int(status.st_size) : 0
    let changed = isThere ? Double(status.st_mtim.tv_sec) : 0
    silenceBefore = max(0, Date().timeIntervalSince1970 - changed)
  }

  func openConsole() -> ConsoleReader? { ConsoleReader(log: run.log) }

  func open(from start: LogStart) throws(ProgramError) -> RecordFile? {
    var file = try RecordFile(at: run.log, .lenient, growth: .appended)
    switch start {
    case .beginning: break
    case .line(let position): file.seek(to: position)
    // A line that is longer than that is shown whole.
    case .middle(let offset): file.seek(backFromEnd: max(0, (file.size ?? 0) - offset))
    }
    return file
  }

  func nextNorms(at time: Double) -> Record? { norms.next(at: time) }

  var life: RunAttachment.Life {
    let origin = header?.origin
    let isHere = (run.entry?.host ?? origin?.host) == ThisProcess.host
    guard isHere else { return .living }
    if let entry = run.entry, !entry.isOfThisBoot { return .hostRestarted }
    guard let pid = run.entry?.pid ?? origin?.pid else { return .living }
    let start = ThisProcess.start(of: pid)
    let expected = run.entry?.processStart
    if start != nil, expected == nil || start == expected { return .living }
    let runID = run.runID
    let entry = RunRegistry.user?.entries().first { $0.runID == runID }
    return .gone(status: entry?.exitStatus)
  }

  func openCommands(as name: String?) throws(ProgramError) -> CommandWriter {
    CommandWriter(
      to: try CommandFileOutlet(besideLog: run.log), runID: run.runID, name: name)
  }

  func advance(at time: Double) {}
}
