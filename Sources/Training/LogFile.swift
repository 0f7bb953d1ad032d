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
/// It is opened before the run starts, so that a bad path is an error at once, and a file is locked: two
/// runs that write to one would tear each other's lines.
package struct LogDestination: Sendable, Equatable {
  /// How records are written.
  package enum Format: Sendable, Equatable { case jsonLines, csv }

  /// Open for writing; the log file closes it.
  package let descriptor: Int32
  /// What messages call it.
  package let path: String
  /// Told by the name's ending.
  package let format: Format
  /// Bytes of the file that stay: what was logged before the checkpoint that the run goes on from.
  package var kept = 0
  /// Bytes behind them, of steps that are made again.
  package var cutOff = 0

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
  /// A log that a checkpoint was written beside, which its `places` tell, is gone on with from there.
  ///
  /// - Throws: `LogError` where it cannot be written, or holds something and must not be replaced.
  package init(
    opening path: String, overwrite: Bool, places: [LogPlace] = []
  ) throws(LogError) {
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
    let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    if isFile, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      throw LogError(
        path: path, problem: "expected a log that nobody writes to, found another run at it",
        hint: "wait for its end or choose another name")
    }
    if isFile, status.st_size > 0 {
      if let place = places.first(where: { $0.lies(in: path) }) {
        self.init(descriptor: descriptor, path: path, format: format)
        kept = place.bytes
        cutOff = Int(status.st_size) - place.bytes
        return
      }
      guard overwrite else {
        close(descriptor)
        guard places.isEmpty else {
          throw LogError(
            path: path,
            problem: "expected the log that the checkpoint was written beside, found another",
            hint: "choose another name or give --overwrite")
        }
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
final class LogFile: RecordLog {
  private let destination: LogDestination
  private var buffer: [UInt8] = []
  private var csv = CSVRows()
  private var flushedAt = ContinuousClock.now
  private var hasWritten = false
  /// Bytes of the file up to where the buffer starts, and the last line that was added.
  private var written: Int
  private var lastLine: [UInt8] = []

  init(_ destination: LogDestination) {
    self.destination = destination
    written = destination.kept
    buffer.reserveCapacity(LogBuffering.mostBytes)
  }

  deinit {
    if destination != .standardOutput { close(destination.descriptor) }
  }

  /// Appends a record; what is written is at most 20 ms or 64 kB behind, and always whole lines.
  func write(_ record: Record) throws(LogError) {
    let line =
      switch destination.format {
      case .jsonLines: record.line
      case .csv: Array(csv.rows(for: record).utf8)
      }
    if !line.isEmpty { lastLine = line }
    buffer += line
    if buffer.count >= LogBuffering.mostBytes { try flush() } else { try flushIfDue() }
  }

  /// Writes the buffer where the last time is long enough ago.
  func flushIfDue() throws(LogError) {
    guard !buffer.isEmpty, ContinuousClock.now - flushedAt >= LogBuffering.longestDelay else {
      return
    }
    try flush()
  }

  /// Writes the buffer now.
  func flush() throws(LogError) {
    flushedAt = ContinuousClock.now
    // An old log makes room only now that there is something to put in its place.
    if !hasWritten {
      hasWritten = true
      // A pipe or device has no length, and refuses: that is no failure. Standard output is the
      // caller's, who may append to it.
      if destination != .standardOutput {
        _ = ftruncate(destination.descriptor, off_t(destination.kept))
        _ = lseek(destination.descriptor, off_t(destination.kept), SEEK_SET)
      }
    }
    defer { buffer.removeAll(keepingCapacity: true) }
    try writeAll(buffer, to: destination.descriptor, path: destination.path)
    written += buffer.count
  }

  // MARK: Checkpoints

  /// The file holds what was logged before the checkpoint that the run goes on from.
  var isAppended: Bool { destination.kept > 0 }

  /// The file has this header already.
  func goOn(after header: Record) { _ = csv.rows(for: header) }

  /// Writes the buffer and waits until the disk has it; how far the file reaches, nil where it is none
  /// that could be gone on with.
  func placeOnDisk() throws(LogError) -> LogPlace? {
    try flush()
    var status = stat()
    guard destination != .standardOutput, fstat(destination.descriptor, &status) == 0,
      status.st_mode & S_IFMT == S_IFREG, !lastLine.isEmpty
    else { return nil }
    // Where a file system cannot tell, the checkpoint is worth having all the same.
    _ = fsync(destination.descriptor)
    var sum = Checksum()
    sum.add(lastLine)
    return LogPlace(bytes: written, lineBytes: lastLine.count, lineChecksum: sum.value)
  }
}

extension LogPlace {
  /// Whether a file holds the line that this place is the end of.
  fileprivate func lies(in path: String) -> Bool {
    guard lineBytes > 0, lineBytes <= bytes, lineBytes < 1 << 30 else { return false }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var line = [UInt8](repeating: 0, count: lineBytes)
    var done = 0
    while done < lineBytes {
      let count = line.withUnsafeMutableBytes { memory in
        pread(
          descriptor, memory.baseAddress.map { $0 + done }, lineBytes - done,
          off_t(bytes - lineBytes + done))
      }
      guard count > 0 else { return false }
      done += count
    }
    var sum = Checksum()
    sum.add(line)
    return sum.value == lineChecksum
  }
}
