// Writes records to a file or a pipe, buffered, as JSON lines or CSV.
import Foundation
import RunRecords

/// A log that could not be written.
package struct LogError: Error, Equatable, CustomStringConvertible {
  /// The file, or what stands for it.
  package var path: String
  /// What was expected or tried, and what came instead.
  package var problem: String
  /// What to try.
  package var hint: String
  /// The reader of a pipe went away: the quiet end of `| head`.
  package var isClosedPipe = false
  /// The name was wrong, rather than the file or the disk.
  package var isUsage = false
  package var description: String { "log: \(path): \(problem): \(hint)" }
}

/// Where records go: an open file descriptor, its name and its format.
///
/// It is opened before the run starts, so that a bad path is an error at once.
package struct LogDestination: Sendable, Equatable {
  /// How records are written.
  package enum Format: Sendable, Equatable { case jsonLines, csv }

  /// Open for writing; the process closes it by ending.
  package let descriptor: Int32
  /// What messages call it.
  package let path: String
  /// Told by the name's ending.
  package let format: Format

  /// Standard output, as JSON lines.
  package static let standardOutput = LogDestination(
    descriptor: STDOUT_FILENO, path: "standard output", format: .jsonLines)

  private init(descriptor: Int32, path: String, format: Format) {
    self.descriptor = descriptor
    self.path = path
    self.format = format
  }

  /// Opens a file whose ending says its format; '-' is standard output.
  ///
  /// - Throws: `LogError` where it cannot be written, or holds something and must not be replaced.
  package init(opening path: String, overwrite: Bool) throws(LogError) {
    guard path != "-" else {
      self = .standardOutput
      return
    }
    let format: Format
    switch URL(fileURLWithPath: path).pathExtension.lowercased() {
    case "jsonl": format = .jsonLines
    case "csv": format = .csv
    // A device such as /dev/full has no ending.
    case _ where path.hasPrefix("/dev/"): format = .jsonLines
    default:
      throw LogError(
        path: path, problem: "expected a name ending in .jsonl or .csv, found another",
        hint: "the ending says the format", isUsage: true)
    }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw LogError(
        path: path, problem: "cannot write: \(systemMessage(errno))", hint: "check the path")
    }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 {
      guard overwrite else {
        close(descriptor)
        throw LogError(
          path: path, problem: "expected a new file, found one of \(status.st_size) bytes",
          hint: "choose another name or give --overwrite")
      }
    }
    self.init(descriptor: descriptor, path: path, format: format)
  }
}

/// The text of a system error.
func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }

/// Writes records to a destination; lives on the training queue.
final class LogFile {
  private let destination: LogDestination
  private var buffer: [UInt8] = []
  private var csv = CSVRows()
  private var flushedAt = ContinuousClock.now
  private var hasWritten = false

  init(_ destination: LogDestination) {
    self.destination = destination
    buffer.reserveCapacity(1 << 16)
  }

  /// What a crash may take with it, while 50 writes a second cost a run nothing.
  private static let longestDelay = Duration.milliseconds(20)

  /// Appends a record; what is written is at most 20 ms or 64 kB behind, and always whole lines.
  func write(_ record: Record) throws(LogError) {
    switch destination.format {
    case .jsonLines: buffer += record.line
    case .csv: buffer += csv.rows(for: record).utf8
    }
    if buffer.count >= 1 << 16 { try flush() } else { try flushIfDue() }
  }

  /// Writes the buffer where the last time is long enough ago.
  func flushIfDue() throws(LogError) {
    if !buffer.isEmpty, ContinuousClock.now - flushedAt >= Self.longestDelay { try flush() }
  }

  /// Writes the buffer now.
  func flush() throws(LogError) {
    flushedAt = ContinuousClock.now
    // An old log makes room only now that there is something to put in its place.
    if !hasWritten {
      hasWritten = true
      // A pipe or device has no length, and refuses: that is no failure. Standard output is the
      // caller's, who may append to it.
      if destination != .standardOutput { _ = ftruncate(destination.descriptor, 0) }
    }
    var written = 0
    while written < buffer.count {
      let count = buffer.withUnsafeBytes { bytes in
        Foundation.write(
          destination.descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0 {
        let code = errno
        if code == EINTR { continue }
        if code == EAGAIN {
          var descriptor = pollfd(fd: destination.descriptor, events: Int16(POLLOUT), revents: 0)
          _ = poll(&descriptor, 1, 1000)
          continue
        }
        buffer.removeAll()
        throw LogError(
          path: destination.path, problem: "cannot write: \(systemMessage(code))",
          hint: code == ENOSPC ? "free some space" : "check the file system",
          isClosedPipe: code == EPIPE)
      }
      written += count
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
