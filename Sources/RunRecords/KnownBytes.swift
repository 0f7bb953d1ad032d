// Bytes of a file by which another one in its place is known.
import Foundation

/// Bytes that were read somewhere in a file.
struct KnownBytes {
  var bytes: [UInt8] = []
  var offset = 0

  /// Whether they are still there.
  func isUnchanged(in descriptor: Int32) -> Bool {
    guard !bytes.isEmpty else { return true }
    var found = [UInt8](repeating: 0, count: bytes.count)
    let count = pread(descriptor, &found, found.count, off_t(offset))
    return count == bytes.count && found == bytes
  }
}
