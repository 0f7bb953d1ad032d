// The log of a run that a cluster makes, read as it grows.
import Basics
import RunRecords

/// A log that is written on another machine.
final class LogFollower {
  private var file: RecordFile
  /// How the run ended; nil while it is running.
  private(set) var end: EndRecord.Reason?

  private static let mostAtOnce = 2000

  init(_ path: String) throws(ProgramError) {
    file = try RecordFile(at: path, .strict, growth: .appended)
    file.leaveOut(["norms", "sample"])
  }

  /// What has been written since.
  func take() throws(ProgramError) -> [Record] {
    var records: [Record] = []
    while records.count < Self.mostAtOnce, let record = try file.next() {
      switch record {
      case .header: end = nil
      case .end(let record): end = record.reason
      case .step, .norms, .evaluation, .sample, .event, .refused, .twin, .rank: break
      }
      records.append(record)
    }
    return records
  }
}
