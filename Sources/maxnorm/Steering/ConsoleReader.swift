// Reads what a watched command writes to its console, off the main thread.
import Basics
import Dispatch
import Foundation
import Synchronization
import TerminalUI

/// Polls the file beside a log, `LOG.out`, and has its last lines ready.
final class ConsoleReader: Sendable {
  private let path: String
  private let file: ConsoleFile
  private let queue = DispatchQueue(label: "console", qos: .utility)
  private let isToStop = DispatchSemaphore(value: 0)
  /// What has not been taken yet.
  private let news = Mutex<ConsoleLines?>(nil)

  /// Seconds between two looks.
  private static let interval = 0.1
  /// Of what was written before, or faster than anyone could read, the last part is enough.
  private static let mostBytes = 1 << 18

  static func path(besideLog log: String) -> String { log + ".out" }

  /// Nil if no console is kept beside a log.
  init?(log: String) {
    path = Self.path(besideLog: log)
    guard let file = ConsoleFile(path) else { return nil }
    self.file = file
  }

  /// Begins to read; to be called once signals are watched, because this thread must not take them.
  ///
  /// A console in which nothing has been printed counts only if it is expected.
  func start(isExpected: Bool) { queue.async { [self] in follow(isExpected) } }

  /// What the console shows, if that is new since the last call.
  func take() -> ConsoleLines? {
    news.withLock { news in
      defer { news = nil }
      return news
    }
  }

  func stop() { isToStop.signal() }

  /// The last lines of a console that has been read to its end.
  static func lastLines(besideLog log: String, _ count: Int) -> [String] {
    guard let file = ConsoleFile(path(besideLog: log)) else { return [] }
    var text = ConsoleText()
    var offset = 0
    text.take(file.read(from: &offset, atMost: mostBytes).bytes)
    return text.lines.lines.filter { !$0.isEmpty }.suffix(count)
  }

  private func follow(_ isExpected: Bool) {
    var file = file
    var text = ConsoleText()
    var offset = 0
    if isExpected { publish(text) }
    repeat {
      // The file may be moved away and begun anew under the same name.
      if file.isReplaced(at: path), let next = ConsoleFile(path) {
        (file, text, offset) = (next, ConsoleText(), 0)
      }
      let (bytes, isCut) = file.read(from: &offset, atMost: Self.mostBytes)
      if isCut { text = ConsoleText() }
      if !bytes.isEmpty {
        text.take(bytes)
        publish(text)
      }
    } while isToStop.wait(timeout: .now() + Self.interval) == .timedOut
  }

  private func publish(_ text: ConsoleText) {
    let lines = text.lines
    news.withLock { $0 = lines }
  }
}

/// The open file of a console.
private final class ConsoleFile: Sendable {
  private let descriptor: Int32
  private let identity: (device: dev_t, inode: ino_t)

  /// Opens a regular file of this user; nil if there is none.
  init?(_ path: String) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_uid == geteuid()
    else {
      if descriptor >= 0 { close(descriptor) }
      return nil
    }
    identity = (status.st_dev, status.st_ino)
  }

  deinit { close(descriptor) }

  /// Whether another file has its name.
  func isReplaced(at path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && (status.st_dev, status.st_ino) != identity
  }

  /// What was written since; of more than `most` bytes the last part, from the start of a line.
  ///
  /// `isCut` says that what was read earlier does not lead up to it.
  func read(from offset: inout Int, atMost most: Int) -> (bytes: [UInt8], isCut: Bool) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return ([], false) }
    let size = Int(status.st_size)
    var isCut = size < offset
    if isCut { offset = 0 }
    guard size > offset else { return ([], isCut) }
    let skips = size - offset > most
    if skips { (offset, isCut) = (size - most, true) }
    let count = size - offset
    let start = offset
    var bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, pread(descriptor, buffer.baseAddress, count, off_t(start)))
    }
    offset += bytes.count
    if skips, let end = bytes.firstIndex(of: UInt8(ascii: "\n")) { bytes.removeFirst(end + 1) }
    return (bytes, isCut)
  }
}
