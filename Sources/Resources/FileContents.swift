// Reading a whole file, with the system's reason where it cannot be read.
import Foundation

/// A file that cannot be read.
package struct UnreadableFile: Error, Equatable {
  /// What the system says: "No such file or directory", "Is a directory".
  package var reason: String
}

/// The bytes of a file; Foundation's own readers keep the reason of a failure to themselves.
package func fileContents(_ path: String) throws(UnreadableFile) -> [UInt8] {
  func failure() -> UnreadableFile { UnreadableFile(reason: String(cString: strerror(errno))) }
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw failure() }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &chunk, chunk.count)
    if count < 0 {
      if errno == EINTR { continue }
      throw failure()
    }
    if count == 0 { return bytes }
    bytes += chunk[..<count]
  }
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
