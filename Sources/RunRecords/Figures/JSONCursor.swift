// Goes over the bytes of a JSON text without building values: what is not asked for is passed over.

/// A place in the bytes of a JSON text.
///
/// Lenient as its readers are: a text that is no JSON gives nothing, never a trap.
struct JSONCursor {
  let bytes: UnsafeBufferPointer<UInt8>
  private(set) var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The next byte that is no space; 0 at the end.
  mutating func peek() -> UInt8 {
    while position < bytes.count {
      let byte = bytes[position]
      guard byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d else { return byte }
      position += 1
    }
    return 0
  }

  /// Passes over a byte that stands next; false if another one does.
  mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    position += 1
    return true
  }

  /// What stands between the quotes of a text, escapes as they are; nil if there is no text.
  mutating func string() -> Range<Int>? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return start..<position - 1
      case UInt8(ascii: "\\"): position += 2
      default: position += 1
      }
    }
    return nil
  }

  /// Passes over a value of any kind; false if there is none.
  mutating func skipValue() -> Bool {
    switch peek() {
    case UInt8(ascii: "\""): return string() != nil
    case UInt8(ascii: "{"), UInt8(ascii: "["): return skipNested()
    case 0: return false
    default:
      let start = position
      skipToken()
      return position > start
    }
  }

  /// Brackets are counted, not paired: whoever reads the line as a record finds out.
  private mutating func skipNested() -> Bool {
    var depth = 0
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        guard string() != nil else { return false }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
      position += 1
      if depth == 0 { return true }
    }
    return false
  }

  private mutating func skipToken() {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ":"), 0x20, 0x09,
        0x0a, 0x0d, UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["):
        return
      default: position += 1
      }
    }
  }

  /// The number that stands next, NaN and infinities with or without quotes among them; nil where
  /// another value does, which is passed over.
  mutating func number() -> Double? {
    switch peek() {
    case UInt8(ascii: "\""):
      guard let text = string() else { return nil }
      return notFinite(text)
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      _ = skipNested()
      return nil
    default:
      let start = position
      skipToken()
      let token = start..<position
      return DecimalNumber.value(of: bytes[token]) ?? notFinite(token)
    }
  }

  private func notFinite(_ range: Range<Int>) -> Double? {
    guard (3...9).contains(range.count) else { return nil }
    switch text(range) {
    case "NaN", "nan": return .nan
    case "Infinity", "inf": return .infinity
    case "-Infinity", "-inf": return -Double.infinity
    default: return nil
    }
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// Calls for each key of an object with the range of its name; `visit` takes the value, or leaves it
  /// to be passed over.
  ///
  /// - Returns: false if this is no whole object.
  mutating func object(_ visit: (inout JSONCursor, Range<Int>) -> Void) -> Bool {
    guard take(UInt8(ascii: "{")) else { return false }
    if take(UInt8(ascii: "}")) { return true }
    while true {
      guard let key = string(), take(UInt8(ascii: ":")) else { return false }
      let before = position
      visit(&self, key)
      if position == before, !skipValue() { return false }
      if take(UInt8(ascii: "}")) { return true }
      guard take(UInt8(ascii: ",")) else { return false }
    }
  }

  /// Calls for each element of a list, which `visit` has to take.
  mutating func list(_ visit: (inout JSONCursor) -> Void) -> Bool {
    guard take(UInt8(ascii: "[")) else { return false }
    if take(UInt8(ascii: "]")) { return true }
    while true {
      let before = position
      visit(&self)
      if position == before, !skipValue() { return false }
      if take(UInt8(ascii: "]")) { return true }
      guard take(UInt8(ascii: ",")) else { return false }
    }
  }
}

/// Decimal numbers as JSON and CSV have them.
enum DecimalNumber {
  /// Powers of ten that a Double holds exactly.
  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The number that the bytes spell; nil if they spell none.
  static func value(of bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
    var (digits, count, exponent) = (UInt64(0), 0, 0)
    var index = bytes.startIndex
    let end = bytes.endIndex
    guard index < end else { return nil }
    let isNegative = bytes[index] == UInt8(ascii: "-")
    if isNegative || bytes[index] == UInt8(ascii: "+") { index += 1 }
    let first = index
    var point: Int?
    while index < end {
      let byte = bytes[index]
      if byte == UInt8(ascii: "."), point == nil {
        point = index
      } else if (0x30...0x39).contains(byte) {
        // Beyond what an exact product takes the slow way is the right one.
        guard count < 19 else { return slowly(bytes) }
        digits = digits * 10 + UInt64(byte - 0x30)
        count += 1
        if point != nil { exponent -= 1 }
      } else {
        break
      }
      index += 1
    }
    guard count > 0, index > first else { return nil }
    if index < end {
      guard bytes[index] | 0x20 == UInt8(ascii: "e") else { return nil }
      index += 1
      guard index < end else { return nil }
      let isDown = bytes[index] == UInt8(ascii: "-")
      if isDown || bytes[index] == UInt8(ascii: "+") { index += 1 }
      guard index < end else { return nil }
      var power = 0
      while index < end {
        guard (0x30...0x39).contains(bytes[index]) else { return nil }
        power = min(9999, power * 10 + Int(bytes[index] - 0x30))
        index += 1
      }
      exponent += isDown ? -power : power
    }
    guard digits < 1 << 53, (-22...22).contains(exponent) else { return slowly(bytes) }
    let value =
      exponent < 0 ? Double(digits) / powers[-exponent] : Double(digits) * powers[exponent]
    return isNegative ? -value : value
  }

  private static func slowly(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
    bytes.count < 400 ? Double(String(decoding: bytes, as: UTF8.self)) : nil
  }
}
