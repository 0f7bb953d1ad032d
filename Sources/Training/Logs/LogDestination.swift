// Where a log goes: a file that is opened and locked before the run starts, or standard output.
import Basics
import Foundation

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
        log: path, problem: "cannot write: \(systemMessage())", hint: "check the path")
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
