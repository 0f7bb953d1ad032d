// Reading a whole file within bounds, with the reason where it cannot be read.
import Basics
import Foundation

/// A file that cannot be read.
package struct UnreadableFile: Error, Equatable {
  /// What the system says, "No such file or directory", or what is wrong: "it is a device".
  package var reason: String
  /// The file is there and open to us, but no such file can be read here: a device, a pipe where
  /// none may be, more than the bound.
  package var isUnsuitable = false

  package init(reason: String, isUnsuitable: Bool = false) {
    self.reason = reason
    self.isUnsuitable = isUnsuitable
  }
}

/// What a reader of whole files takes: a device never ends, a pipe may never begin.
package struct FileBounds: Sendable, Equatable {
  /// A pipe is read to its end, as a shell's `<(command)` makes one.
  package var takesPipes: Bool
  /// No more bytes are read; a larger file is an error.
  package var mostBytes: Int

  package init(takesPipes: Bool, mostBytes: Int) {
    self.takesPipes = takesPipes
    self.mostBytes = mostBytes
  }

  /// What a user writes once and the program reads at every start: it must not wait for a pipe.
  package static let settings = FileBounds(takesPipes: false, mostBytes: 1 << 20)
  /// A text that the command line names.
  package static let document = FileBounds(takesPipes: true, mostBytes: 1 << 24)
}

/// How long a pipe may be without a writer, in milliseconds.
private let longestWait: Int32 = 500

/// The bytes of a file; Foundation's own readers do not report why they failed.
///
/// Never waits long for the other end of a pipe to be opened, never reads a device.
package func fileContents(
  _ path: String, within bounds: FileBounds
) throws(UnreadableFile) -> [UInt8] {
  func failure() -> UnreadableFile { UnreadableFile(reason: systemMessage()) }
  func unsuitable(_ reason: String) -> UnreadableFile {
    UnreadableFile(reason: reason, isUnsuitable: true)
  }
  // Opening a pipe would else wait for a writer, and a terminal could become ours.
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
  guard descriptor >= 0 else { throw failure() }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else { throw failure() }
  let type = status.st_mode & S_IFMT
  let isPipe = type == S_IFIFO
  switch type {
  case S_IFREG, S_IFDIR: break
  case S_IFIFO where bounds.takesPipes: break
  case S_IFIFO: throw unsuitable("it is a pipe")
  default: throw unsuitable("it is a device")
  }
  let tooLarge = unsuitable("it is larger than \(sizeText(bounds.mostBytes))")
  guard type != S_IFREG || Int(status.st_size) <= bounds.mostBytes else { throw tooLarge }
  var bytes: [UInt8] = []
  var hasWaited = false
  bytes.reserveCapacity(min(max(0, Int(status.st_size)), bounds.mostBytes))
  var chunk = [UInt8](repeating: 0, count: 1 << 18)
  while true {
    let count = read(descriptor, &chunk, chunk.count)
    if count < 0 {
      if errno == EAGAIN, isPipe {
        var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&ready, 1, -1)
      } else if errno != EINTR {
        throw failure()
      }
      continue
    }
    guard count > 0 else {
      guard isPipe, bytes.isEmpty else { return bytes }
      // Whoever is to write may only be about to open it.
      guard !hasWaited else { throw unsuitable("nobody writes into this pipe") }
      hasWaited = true
      var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      _ = poll(&ready, 1, longestWait)
      continue
    }
    guard count <= bounds.mostBytes - bytes.count else { throw tooLarge }
    bytes += chunk[..<count]
  }
}

/// A number of bytes in the largest unit that it has whole: "16 MB".
private func sizeText(_ bytes: Int) -> String {
  for (shift, unit) in [(30, "GB"), (20, "MB"), (10, "kB")] where bytes >> shift > 0 {
    return "\(bytes >> shift) \(unit)"
  }
  return "\(bytes) bytes"
}

/// A path as a person wrote it, with `~/` in front as the home.
///
/// A shell does that itself, but not behind `=`, in quotes or in a file.
package func expandingHome(_ path: String) -> String {
  guard path == "~" || path.hasPrefix("~/"),
    let home = ProcessInfo.processInfo.environment["HOME"], !home.isEmpty
  else { return path }
  return home + path.dropFirst()
}
