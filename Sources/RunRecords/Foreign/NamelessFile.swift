// A temporary file that has no name: what was unpacked or translated, for readers that go about in it.
import Basics
import Foundation

/// A file that is gone when nobody reads it any more.
///
/// What is appended can be read at once through another descriptor: writing moves no place of reading.
struct NamelessFile: ~Copyable {
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  /// Bytes that are in the file.
  private(set) var count = 0

  private static let piece = 1 << 20

  /// - Throws: `ProgramError` if the folder of temporary files cannot be written.
  init(for path: String) throws(ProgramError) {
    let folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    var template = Array("\(folder)/maxnorm-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw Self.failure(path) }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  /// Such a file that is open already; it is closed with this.
  init(descriptor: Int32) { self.descriptor = descriptor }

  private static func failure(_ path: String) -> ProgramError {
    ProgramError(
      .log, .unwritable, path,
      "cannot write a temporary file: \(systemMessage())",
      "set TMPDIR to a folder with room")
  }

  mutating func append(_ bytes: some Sequence<UInt8>, for path: String) throws(ProgramError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.piece { try flush(for: path) }
  }

  mutating func flush(for path: String) throws(ProgramError) {
    var rest = buffer[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress, $0.count, off_t(count))
      }
      guard written > 0 || errno == EINTR else { throw Self.failure(path) }
      rest = rest.dropFirst(max(0, written))
      count += max(0, written)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Another descriptor of it, at its start; whoever has it closes it.
  func reader() -> Int32 { fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }

  deinit { close(descriptor) }
}
