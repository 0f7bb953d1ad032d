// The framing of TensorBoard's event files: lengths and checksums around each entry.
import Basics
import Foundation

/// The entries of an event file, one after the other.
struct EventFrames: ~Copyable {
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var start = 0
  private var offset = 0
  /// Why the entries end before the file does; nil if they do not.
  private(set) var damage: String?

  private static let piece = 1 << 20
  /// An entry of that size is none: a length that is damaged asks for anything.
  private static let longest = 1 << 28

  init(_ path: String) throws(ProgramError) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .cannotOpen(path: path, reason: systemMessage())
    }
  }

  deinit { close(descriptor) }

  mutating func next() -> ArraySlice<UInt8>? {
    guard damage == nil, fill(12) else { return nil }
    let head = buffer[start..<start + 12]
    let length = Self.number(head.prefix(8))
    let check = EventFrame.masked(CyclicChecksum.crc32C(head.prefix(8)))
    guard UInt64(check) == Self.number(head.suffix(4)) else {
      damage = "damaged at byte \(offset)"
      return nil
    }
    guard length <= UInt64(Self.longest), fill(16 + Int(length)) else {
      damage = "cut at byte \(offset)"
      return nil
    }
    let entry = buffer[start + 12..<start + 12 + Int(length)]
    let end = buffer[start + 12 + Int(length)..<start + 16 + Int(length)]
    guard UInt64(EventFrame.masked(CyclicChecksum.crc32C(entry))) == Self.number(end) else {
      damage = "damaged at byte \(offset)"
      return nil
    }
    start += 16 + Int(length)
    offset += 16 + Int(length)
    return entry
  }

  /// Whether so many bytes stand behind the start; fewer than an entry's head at the end are damage too.
  private mutating func fill(_ count: Int) -> Bool {
    while buffer.count - start < count {
      if start > 0 {
        buffer.removeFirst(start)
        start = 0
      }
      var chunk = [UInt8](repeating: 0, count: Self.piece)
      let read = Foundation.read(descriptor, &chunk, chunk.count)
      guard read > 0 else {
        if count == 12, !buffer.isEmpty { damage = "cut at byte \(offset)" }
        return false
      }
      buffer += chunk[..<read]
    }
    return true
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
