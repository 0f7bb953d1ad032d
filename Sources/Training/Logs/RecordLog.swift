// What every log of a run can do, and how its bytes reach an open file or pipe.
import Basics
import Foundation
import RunRecords

/// Takes all records of a run; lives on the training queue.
protocol RecordLog: AnyObject {
  /// Adds a record; it is written soon after.
  func write(_ record: Record) throws(ProgramError)
  /// Writes what has been buffered for long enough.
  func flushIfDue() throws(ProgramError)
  /// Writes what is buffered.
  func flush() throws(ProgramError)
  /// It holds what was logged before the checkpoint that the run was resumed from.
  var isAppended: Bool { get }
  /// It has this header already, and these events.
  func resume(after header: Record, _ events: [Record]) throws(ProgramError)
  /// Writes what is buffered and waits until the disk has it; how far the log reaches, nil for logs
  /// that are not resumed by that.
  func placeOnDisk() throws(ProgramError) -> LogPlace?
}

/// When a log writes what it has buffered.
enum LogBuffering {
  /// What a crash may take with it, while 50 writes a second cost a run nothing.
  static let longestDelay = Duration.milliseconds(20)
  static let mostBytes = 1 << 16

  /// Whether the last write is long enough ago.
  static func isDue(since last: ContinuousClock.Instant) -> Bool {
    ContinuousClock.now - last >= longestDelay
  }
}

/// Writes all of the bytes; `path` is what messages call the file.
func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(ProgramError) {
  var done = 0
  while done < bytes.count {
    let count = bytes.withUnsafeBytes { bytes in
      Foundation.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
    }
    if count < 0 {
      let code = errno
      if code == EINTR { continue }
      if code == EAGAIN {
        var descriptor = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&descriptor, 1, 1000)
        continue
      }
      throw ProgramError(
        log: path, problem: "cannot write: \(systemMessage(code))",
        hint: code == ENOSPC ? "free some space" : "check the file system",
        isClosedPipe: code == EPIPE)
    }
    done += count
  }
}
