// The file of commands beside a log: made or taken over by a run, kept open, removed at its end.
import Basics
import Foundation
import Synchronization

/// The open file that a run listens to.
///
/// It is never opened again: what another file of its name holds is nobody's command.
package final class CommandFile: Sendable {
  /// Why a run cannot listen.
  package struct Unusable: Error, CustomStringConvertible {
    package var path: String
    package var problem: String
    package var description: String {
      "steering: \(path): \(problem): the run goes on and takes no commands"
    }
  }

  package let path: String
  private let identity: FileIdentity
  /// Negative once it is closed.
  private let descriptor: Mutex<Int32>
  /// Where commands begin: what stood there before was for another run.
  let start: Int
  /// The bytes before end in the middle of a line.
  let beginsInLine: Bool

  /// The name of the file beside a log.
  package static func path(besideLog log: String) -> String { log + ".commands" }

  /// Makes the file, or takes over one that this user left there.
  ///
  /// - Throws: `Unusable` if something else has the name.
  package init(besideLog log: String) throws(Unusable) {
    path = Self.path(besideLog: log)
    let flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    var opened = open(path, O_RDWR | O_CREAT | O_EXCL | flags, 0o600)
    if opened < 0, errno == EEXIST { opened = open(path, O_RDWR | flags) }
    guard opened >= 0 else {
      throw Unusable(
        path: path, problem: "expected a file of this user's or none: \(systemMessage())")
    }
    var status = stat()
    guard fstat(opened, &status) == 0, Self.isUsable(status) else {
      close(opened)
      throw Unusable(
        path: path,
        problem: "expected a regular file of this user's that nobody else may write, found another")
    }
    identity = FileIdentity(status)
    start = Int(status.st_size)
    var last = UInt8(ascii: "\n")
    beginsInLine =
      start > 0 && pread(opened, &last, 1, off_t(start - 1)) == 1 && last != UInt8(ascii: "\n")
    descriptor = Mutex(opened)
  }

  deinit { remove() }

  /// A regular file of this user's, under one name, which neither group nor others may write.
  private static func isUsable(_ status: stat) -> Bool {
    status.st_mode & S_IFMT == S_IFREG && status.st_uid == geteuid() && status.st_nlink == 1
      && status.st_mode & (S_IWGRP | S_IWOTH) == 0
  }

  /// The bytes behind an offset, at most `count`; the offset of a file that was cut short moves to
  /// its end.
  func read(from offset: inout Int, atMost count: Int) -> [UInt8] {
    descriptor.withLock { descriptor in
      var status = stat()
      guard descriptor >= 0, fstat(descriptor, &status) == 0 else { return [] }
      offset = min(offset, Int(status.st_size))
      let count = min(count, Int(status.st_size) - offset)
      guard count > 0 else { return [] }
      var bytes = [UInt8](repeating: 0, count: count)
      let read = pread(descriptor, &bytes, count, off_t(offset))
      guard read > 0 else { return [] }
      offset += read
      return Array(bytes.prefix(read))
    }
  }

  /// Closes the file and removes it, if its name still is this file's.
  package func remove() {
    descriptor.withLock { descriptor in
      guard descriptor >= 0 else { return }
      var status = stat()
      if lstat(path, &status) == 0, FileIdentity(status) == identity { unlink(path) }
      close(descriptor)
      descriptor = -1
    }
  }
}
