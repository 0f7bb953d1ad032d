// The records of the log that a run resumes, for the screen: its curves start at the beginning.
import RunRecords
import Training

/// Emits the part of a log before the checkpoint that the run was resumed from, a piece at a time.
final class LogHistory {
  private var file: RecordFile
  private(set) var isAtEnd = false

  /// More records than a frame can use: a long log must not hold up the keys.
  private static let mostAtOnce = 2000

  /// Nil if the log is not JSON lines, or the run does not resume it.
  ///
  /// - Throws: `ProgramError`.
  init?(of log: LogDestination) throws {
    guard log.kept > 0, log.format == .jsonLines else { return nil }
    file = try RecordFile(at: log.path, .strict, upTo: log.kept)
  }

  /// The next records; a line that is not a record ends them, for the run does not depend on them.
  func take() -> [Record] {
    var records: [Record] = []
    while !isAtEnd, records.count < Self.mostAtOnce {
      guard let record = try? file.next() else {
        isAtEnd = true
        break
      }
      records.append(record)
    }
    return records
  }
}
