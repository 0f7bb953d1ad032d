// Writes records to a file or a pipe, buffered, as JSON lines or CSV.
import Basics
import Foundation
import RunRecords

/// Writes records to a destination; lives on the training queue.
final class LogFile: RecordLog {
  private let destination: LogDestination
  private let norms: NormsDetail
  private let histograms: Bool
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

  init(_ destination: LogDestination, norms: NormsDetail = .full, histograms: Bool = false) {
    self.destination = destination
    self.norms = norms
    self.histograms = histograms
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
    case .jsonLines: record.told(norms, histograms: histograms)?.line ?? []
    case .csv: Array(csv.rows(for: record).utf8)
    }
  }

  private func remember(_ record: Record, _ line: [UInt8]) {
    if !line.isEmpty { lastLine = line }
    switch record {
    // The names of a table's columns come with the first header alone.
    case .header: openingNow = line.isEmpty ? openingNow.firstLine : line
    case .event(let event) where event.isKept: openingNow += line
    case .event, .step, .norms, .evaluation, .sample, .end, .refused, .twin, .rank: break
    }
  }

  /// Writes the buffer where the last time is long enough ago.
  func flushIfDue() throws(ProgramError) {
    if !buffer.isEmpty, LogBuffering.isDue(since: flushedAt) { try flush() }
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
