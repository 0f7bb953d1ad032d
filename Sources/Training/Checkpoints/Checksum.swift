// A checksum that detects altered files; not a defence against forgers.

/// 64 bits over words and bytes in their order.
///
/// Each word is mixed in by steps that can be taken back, so that a change of one word, whichever,
/// always changes the sum.
struct Checksum: Equatable {
  private(set) var value: UInt64 = 0x6d61_786e_6f72_6d31

  private mutating func add(_ word: UInt64) {
    value = (value ^ word) &* 0x9e37_79b9_7f4a_7c15
    value ^= value >> 29
  }

  /// Adds the bytes of plain values, and how many there are.
  mutating func add<Value: BitwiseCopyable>(_ values: [Value]) {
    values.withUnsafeBytes { bytes in
      let words = bytes.count / 8
      for index in 0..<words {
        add(bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
      }
      var rest: UInt64 = 0
      for index in 8 * words..<bytes.count { rest = rest << 8 | UInt64(bytes[index]) }
      add(rest)
      add(UInt64(bytes.count))
    }
  }

  mutating func add(_ text: String) { add(Array(text.utf8)) }

  /// The sum as text.
  var text: String { String(value, radix: 16) }
}
