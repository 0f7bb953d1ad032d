// Characters from the bytes of UTF-8, one by one: strictly, since what is damaged is nothing.

/// Puts the bytes of one character together.
struct UTF8Assembler: Sendable {
  private var value: UInt32 = 0
  private var missing = 0
  /// What the next byte may be; after some first bytes not all that continue a character.
  private var allowed: ClosedRange<UInt8> = 0x80...0xBF

  enum Outcome {
    /// More bytes belong to the character.
    case more
    case whole(Unicode.Scalar)
    /// The byte does not continue the character, which is invalid; it may begin something else.
    case broken
  }

  /// Takes the first byte of a character beyond ASCII; false if none begins so.
  mutating func begin(_ byte: UInt8) -> Bool {
    allowed = 0x80...0xBF
    switch byte {
    case 0xC2...0xDF: (value, missing) = (UInt32(byte & 0x1F), 1)
    case 0xE0...0xEF:
      (value, missing) = (UInt32(byte & 0x0F), 2)
      // Neither in more bytes than needed nor half of a pair of UTF-16.
      if byte == 0xE0 { allowed = 0xA0...0xBF }
      if byte == 0xED { allowed = 0x80...0x9F }
    case 0xF0...0xF4:
      (value, missing) = (UInt32(byte & 0x07), 3)
      if byte == 0xF0 { allowed = 0x90...0xBF }
      if byte == 0xF4 { allowed = 0x80...0x8F }
    default: return false
    }
    return true
  }

  /// Takes a further byte.
  mutating func take(_ byte: UInt8) -> Outcome {
    guard allowed.contains(byte) else { return .broken }
    allowed = 0x80...0xBF
    value = value << 6 | UInt32(byte & 0x3F)
    missing -= 1
    guard missing == 0 else { return .more }
    return Unicode.Scalar(value).map(Outcome.whole) ?? .broken
  }
}
