// Writes records to a file or a pipe, buffered, as JSON lines or CSV.
import Basics
import Foundation
import RunRecords

extension ProgramError {
  /// A log that could not be written; `isUsage`: its name was wrong, rather than the file or the disk.
  init(
    log path: String, problem: String, hint: String, isClosedPipe: Bool = false,
    isUsage: Bool = false
  ) {
    self.init(.log, isUsage ? .usage : .unwritable, path, problem, hint)
    self.isClosedPipe = isClosedPipe
  }
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
  /// Bytes of the file that stay: what was logged before the checkpoint that the run was resumed from.
  package var kept = 0
  /// Bytes behind them, of steps that are made again.
  package var cutOff = 0
  /// The file where it was made when it was opened; nil if it was there.
  private var made: FileIdentity?

  /// It is a file in which commands can be answered: CSV has no row for that.
  package var takesAnswers: Bool {
    var status = stat()
    return format == .jsonLines && self != .standardOutput && fstat(descriptor, &status) == 0
      && status.st_mode & S_IFMT == S_IFREG
  }

  /// Standard output, as JSON lines.
  package static let standardOutput = LogDestination(
    descriptor: STDOUT_FILENO, path: "standard output", format: .jsonLines)

  private init(descriptor: Int32, path: String, format: Format) {
    self.descriptor = descriptor
    self.path = path
    self.format = format
  }

  /// Opens a file whose extension gives its format; '-' is standard output.
  ///
  /// A log that a checkpoint was written beside, according to its `places`, is resumed there.
  ///
  /// - Throws: `ProgramError` if it cannot be written, or is not empty and must not be replaced.
  package init(
    opening path: String, overwrite: Bool, places: [LogPlace] = []
  ) throws(ProgramError) {
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
      throw ProgramError(
        log: path, problem: "expected a name ending in .jsonl or .csv, found another",
        hint: "the ending says the format", isUsage: true)
    }
    // At its end, wherever that is: what rotates logs may copy this one and then cut it short.
    let flags = O_WRONLY | O_APPEND | O_CLOEXEC
    var descriptor = open(path, flags | O_CREAT | O_EXCL, 0o666)
    let isNew = descriptor >= 0
    if !isNew, errno == EEXIST { descriptor = open(path, flags | O_CREAT, 0o666) }
    guard descriptor >= 0 else {
      throw ProgramError(
        log: path, problem: "cannot write: \(systemMessage(errno))", hint: "check the path")
    }
    var status = stat()
    let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    if isFile, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      throw ProgramError(
        log: path, problem: "expected a log that nobody writes to, found another run at it",
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
          throw ProgramError(
            log: path,
            problem: "expected the log that the checkpoint was written beside, found another",
            hint: "choose another name or give --overwrite")
        }
        throw ProgramError(
          log: path, problem: "expected a new file, found one of \(status.st_size) bytes",
          hint: "choose another name or give --overwrite")
      }
    }
    self.init(descriptor: descriptor, path: path, format: format)
    made = isNew ? FileIdentity(status) : nil
  }

  /// Removes a file that was made for a run which then had nothing to write into it.
  func removeIfUnused() {
    var status = stat()
    guard let made, lstat(path, &status) == 0, status.st_size == 0, FileIdentity(status) == made
    else { return }
    // The log file may have closed it, and another run have opened it since.
    var held = stat()
    let isOurs = fstat(descriptor, &held) == 0 && FileIdentity(held) == made
    let other = isOurs ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    if isOurs || other >= 0 && flock(other, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
    if other >= 0 { close(other) }
  }
}

/// What identifies a file among others of the same name.
struct FileIdentity: Sendable, Equatable {
  let device: UInt64
  let inode: UInt64

  init(_ status: stat) { (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino)) }
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
  /// Where in the file the buffer will go, and the last line that was added.
  private var written: Int
  private var lastLine: [UInt8] = []
  /// What a log of the present segment starts with: its header, and the changes of settings up to where
  /// the buffer starts, and up to now.
  private var opening: [UInt8] = []
  private var openingNow: [UInt8] = []
  /// The buffer starts with a header.
  private var beginsSegment = false

  init(_ destination: LogDestination) {
    self.destination = destination
    written = destination.kept
    buffer.reserveCapacity(LogBuffering.mostBytes)
  }

  deinit {
    if destination != .standardOutput { close(destination.descriptor) }
  }

  /// Appends a record; what is written is at most 20 ms or 64 kB behind, and always whole lines.
  func write(_ record: Record) throws(ProgramError) {
    let line = line(of: record)
    if case .header = record, buffer.isEmpty, !line.isEmpty { beginsSegment = true }
    remember(record, line)
    buffer += line
    if buffer.count >= LogBuffering.mostBytes { try flush() } else { try flushIfDue() }
  }

  private func line(of record: Record) -> [UInt8] {
    switch destination.format {
    case .jsonLines: record.line
    case .csv: Array(csv.rows(for: record).utf8)
    }
  }

  private func remember(_ record: Record, _ line: [UInt8]) {
    if !line.isEmpty { lastLine = line }
    switch record {
    // The names of a table's columns come with the first header alone.
    case .header: openingNow = line.isEmpty ? openingNow.firstLine : line
    case .event(let event) where event.isKept: openingNow += line
    case .event, .step, .norms, .evaluation, .sample, .end, .refused, .twin: break
    }
  }

  /// Writes the buffer where the last time is long enough ago.
  func flushIfDue() throws(ProgramError) {
    guard !buffer.isEmpty, ContinuousClock.now - flushedAt >= LogBuffering.longestDelay else {
      return
    }
    try flush()
  }

  /// Writes the buffer now.
  func flush() throws(ProgramError) {
    flushedAt = ContinuousClock.now
    guard hasWritten || !buffer.isEmpty else { return }
    // An old log makes room only now that there is something to put in its place.
    if !hasWritten {
      hasWritten = true
      // A pipe or device has no length, and refuses: that is not a failure. Standard output belongs
      // to the caller, who may append to it.
      if destination != .standardOutput {
        _ = ftruncate(destination.descriptor, off_t(destination.kept))
      }
    } else {
      startAgainIfCut()
    }
    defer {
      buffer.removeAll(keepingCapacity: true)
      (opening, beginsSegment) = (openingNow, false)
    }
    try writeAll(buffer, to: destination.descriptor, path: destination.path)
    written = offset ?? written + buffer.count
  }

  /// Where the last write has ended in the file; nil if that has no places.
  private var offset: Int? {
    let offset = lseek(destination.descriptor, 0, SEEK_CUR)
    return offset >= 0 ? Int(offset) : nil
  }

  /// Begins the log anew if the file was cut short, as log rotation does.
  ///
  /// The copy that was taken ends as a log may; this file would otherwise begin in the middle of
  /// one.
  private func startAgainIfCut() {
    guard let size = fileSize, let offset, size < offset else { return }
    if destination == .standardOutput {
      // The caller's file: nothing of it is taken away. The shell's other commands write at its end
      // too; from the old place it would begin with zeros.
      _ = lseek(destination.descriptor, 0, SEEK_END)
    } else if size > 0 {
      // What is left may end in a torn line.
      _ = ftruncate(destination.descriptor, off_t(endOfLastLine(before: size)))
    }
    if buffer.isEmpty { lastLine = opening.lastLine }
    if !beginsSegment { buffer = opening + buffer }
  }

  /// The size of the file in bytes; nil if it is not a regular file.
  private var fileSize: Int? {
    var status = stat()
    guard fstat(destination.descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return Int(status.st_size)
  }

  /// Where the last whole line ends.
  private func endOfLastLine(before size: Int) -> Int {
    // The log's own descriptor is for writing.
    let reader = open("/proc/self/fd/\(destination.descriptor)", O_RDONLY | O_CLOEXEC)
    guard reader >= 0 else { return 0 }
    defer { close(reader) }
    var end = size
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while end > 0 {
      let start = max(0, end - bytes.count)
      let count = pread(reader, &bytes, end - start, off_t(start))
      guard count == end - start else { return 0 }
      if let index = bytes[..<count].lastIndex(of: UInt8(ascii: "\n")) { return start + index + 1 }
      end = start
    }
    return 0
  }

  // MARK: Checkpoints

  /// The file holds what was logged before the checkpoint that the run was resumed from.
  var isAppended: Bool { destination.kept > 0 }

  /// The file has this header and these events already.
  func resume(after header: Record, _ events: [Record]) {
    for record in [header] + events { remember(record, line(of: record)) }
    opening = openingNow
  }

  /// Writes the buffer and waits until the disk has it; how far the file reaches, nil if it is not
  /// a file that can be resumed.
  func placeOnDisk() throws(ProgramError) -> LogPlace? {
    try flush()
    guard destination != .standardOutput, fileSize != nil, !lastLine.isEmpty else { return nil }
    // If the file system cannot say, the checkpoint is worth having all the same.
    _ = fsync(destination.descriptor)
    var sum = Checksum()
    sum.add(lastLine)
    return LogPlace(bytes: written, lineBytes: lastLine.count, lineChecksum: sum.value)
  }
}

extension EventRecord {
  /// A log that begins in the middle of a run describes it all the same.
  var isKept: Bool { action.isSetting || action == .extend }
}

extension [UInt8] {
  /// Its first line with the line feed.
  fileprivate var firstLine: [UInt8] {
    Array(prefix { $0 != UInt8(ascii: "\n") }) + [UInt8(ascii: "\n")]
  }

  /// Its last line with the line feed.
  fileprivate var lastLine: [UInt8] {
    let end = dropLast().lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return Array(self[end...])
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
