// One of TensorBoard's event files, from its name to its last byte.
import Basics
import Foundation

/// Writes an event file, buffered; lives on the training queue.
final class EventFile {
  private let path: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var flushedAt = ContinuousClock.now

  /// Opens a file that `create` has made.
  init(at path: String) throws(ProgramError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure(path, errno) }
  }

  deinit { close(descriptor) }

  /// Adds bytes; what is written is at most 20 ms or 64 kB behind, and always whole entries.
  func append(_ bytes: [UInt8]) throws(ProgramError) {
    buffer += bytes
    if buffer.count >= LogBuffering.mostBytes { try flush() } else { try flushIfDue() }
  }

  func flushIfDue() throws(ProgramError) {
    if !buffer.isEmpty, LogBuffering.isDue(since: flushedAt) { try flush() }
  }

  func flush() throws(ProgramError) {
    flushedAt = ContinuousClock.now
    defer { buffer.removeAll(keepingCapacity: true) }
    try writeAll(buffer, to: descriptor, path: path)
  }

  /// Waits until the disk has what was written.
  func synchronize() { _ = fsync(descriptor) }

  // MARK: Names

  /// What TensorBoard knows its files by.
  private static let prefix = "events.out.tfevents."

  /// The event files of a folder that hold something, in the order in which TensorBoard reads them.
  static func names(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { name in
      var status = stat()
      return name.hasPrefix(prefix) && stat("\(folder)/\(name)", &status) == 0
        && status.st_mode & S_IFMT == S_IFREG && status.st_size > 0
    }.sorted()
  }

  /// Makes a new event file, empty, and its folder if need be; returns its path.
  static func create(in folder: String) throws(ProgramError) -> String {
    try makeFolder(folder)
    // TensorBoard reads in the order of names, and never goes back.
    let last = names(in: folder).last.flatMap { Int($0.dropFirst(prefix.count).prefix(10)) }
    let seconds = max(Int(Date().timeIntervalSince1970), (last ?? 0) + 1)
    var number = 0
    let host = ThisProcess.host.replacing("/", with: "_")
    while true {
      let time = String(repeating: "0", count: max(0, 10 - "\(seconds)".count)) + "\(seconds)"
      let path = "\(folder)/\(prefix)\(time).\(host).\(getpid()).\(number)"
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 {
        close(descriptor)
        return path
      }
      guard errno == EEXIST else { throw failure(path, errno) }
      number += 1
    }
  }

  private static func makeFolder(_ folder: String) throws(ProgramError) {
    var path = folder.hasPrefix("/") ? "" : "."
    for part in folder.split(separator: "/") {
      path += "/\(part)"
      guard mkdir(path, 0o777) != 0, errno != EEXIST else { continue }
      // Before the next call has its own: a folder that is there may refuse to be made again.
      let code = errno
      guard access(path, F_OK) == 0 else { throw failure(folder, code) }
    }
  }

  private static func failure(_ path: String, _ code: Int32) -> ProgramError {
    ProgramError(
      log: path, problem: "cannot write: \(systemMessage(code))",
      hint: code == ENOSPC ? "free some space" : "check the path")
  }
}
