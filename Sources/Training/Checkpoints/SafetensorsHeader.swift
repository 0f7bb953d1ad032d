// The header of a safetensors file: JSON of one fixed form, checked before anything is allocated.
import Basics

/// What the header says of one tensor.
struct SafetensorsEntry: Equatable {
  var name: String
  var type: String
  var shape: [Int]
  /// Where its bytes lie, counted from the end of the header.
  var range: Range<Int>

  /// The bytes of one number, where the type is known.
  static func size(of type: String) -> Int? {
    switch type {
    case "BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2", "F8_E8M0": 1
    case "U16", "I16", "F16", "BF16": 2
    case "U32", "I32", "F32": 4
    case "U64", "I64", "F64", "C64": 8
    default: nil
    }
  }
}

/// A header that is not what the format says: what was expected, and what was found.
struct SafetensorsProblem: Error, Equatable {
  var text: String
}

/// The header's content.
struct SafetensorsHeader: Equatable {
  var metadata: [String: String] = [:]
  /// In the order of their data.
  var entries: [SafetensorsEntry] = []

  /// Reads and checks a header whose tensors must fill `dataSize` bytes without holes or overlaps.
  ///
  /// The form is fixed, so nothing here recurses: JSON nested more deeply is an error at once.
  init(_ bytes: [UInt8], dataSize: Int) throws(SafetensorsProblem) {
    var scanner = SafetensorsScanner(bytes)
    var names: Set<String> = []
    try scanner.object { (scanner, name) throws(SafetensorsProblem) in
      guard names.insert(name).inserted else {
        throw scanner.problem("each name once", "'\(ProgramError.shown(name))' again")
      }
      guard name != SafetensorsFile.metadataKey else {
        try scanner.object { (scanner, key) throws(SafetensorsProblem) in
          metadata[key] = try scanner.string()
        }
        return
      }
      entries.append(try scanner.entry(name: name))
    }
    try scanner.end()
    try checkRanges(dataSize: dataSize)
  }

  private mutating func checkRanges(dataSize: Int) throws(SafetensorsProblem) {
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var end = 0
    for entry in entries {
      func problem(_ expected: String, _ found: String) -> SafetensorsProblem {
        SafetensorsProblem(
          text: "tensor '\(ProgramError.shown(entry.name))': expected \(expected), found \(found)")
      }
      guard entry.range.lowerBound == end else {
        throw problem("data from byte \(end) on", "data from byte \(entry.range.lowerBound) on")
      }
      end = entry.range.upperBound
      guard let size = SafetensorsEntry.size(of: entry.type) else { continue }
      var bytes = size
      for length in entry.shape {
        let (product, overflow) = bytes.multipliedReportingOverflow(by: length)
        guard !overflow else { throw problem("a shape that fits memory", "\(entry.shape)") }
        bytes = product
      }
      guard bytes == entry.range.count else {
        throw problem(
          "\(bytes) bytes for \(entry.type) of shape \(entry.shape)", "\(entry.range.count)")
      }
    }
    guard end == dataSize else {
      throw SafetensorsProblem(text: "expected \(end) bytes of data, found \(dataSize)")
    }
  }
}

/// Reads the JSON of a header from its bytes.
private struct SafetensorsScanner {
  private let bytes: [UInt8]
  private var position = 0

  /// More dimensions than any tensor has.
  private static let mostDimensions = 64

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func problem(_ expected: String, _ found: String? = nil) -> SafetensorsProblem {
    var found = found
    if found == nil {
      found =
        position < bytes.count
        ? "'\(ProgramError.shown(String(decoding: [bytes[position]], as: UTF8.self)))'" : "its end"
    }
    return SafetensorsProblem(
      text: "header, byte \(position): expected \(expected), found \(found ?? "")")
  }

  /// Reads an object, calling `value` at the value of each key.
  mutating func object(
    _ value: (inout SafetensorsScanner, String) throws(SafetensorsProblem) -> Void
  ) throws(SafetensorsProblem) {
    try take("{")
    if takes("}") { return }
    repeat {
      let key = try string()
      try take(":")
      try value(&self, key)
    } while takes(",")
    try take("}")
  }

  /// Reads what stands at a tensor's name.
  mutating func entry(name: String) throws(SafetensorsProblem) -> SafetensorsEntry {
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    try object { (scanner, key) throws(SafetensorsProblem) in
      switch key {
      case "dtype" where type == nil: type = try scanner.string()
      case "shape" where shape == nil: shape = try scanner.integers(atMost: Self.mostDimensions)
      case "data_offsets" where offsets == nil: offsets = try scanner.integers(atMost: 2)
      default:
        throw scanner.problem(
          "dtype, shape and data_offsets once each", "'\(ProgramError.shown(key))'")
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2, offsets[0] <= offsets[1] else {
      throw problem(
        "dtype, shape and two data_offsets that ascend", "others at '\(ProgramError.shown(name))'")
    }
    return SafetensorsEntry(name: name, type: type, shape: shape, range: offsets[0]..<offsets[1])
  }

  private mutating func integers(atMost most: Int) throws(SafetensorsProblem) -> [Int] {
    try take("[")
    var values: [Int] = []
    if takes("]") { return values }
    repeat {
      guard values.count < most else { throw problem("at most \(most) numbers", "more") }
      values.append(try integer())
    } while takes(",")
    try take("]")
    return values
  }

  /// A whole number of at least 0.
  private mutating func integer() throws(SafetensorsProblem) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < bytes.count, case let digit = bytes[position], (0x30...0x39).contains(digit) {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carried) = product.addingReportingOverflow(Int(digit - 0x30))
      guard !overflow, !carried else { throw problem("a number that fits 64 bits", "a larger one") }
      value = sum
      position += 1
    }
    guard position > start else { throw problem("a whole number of at least 0") }
    return value
  }

  mutating func string() throws(SafetensorsProblem) -> String {
    try take("\"")
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw problem("text in UTF-8", "other bytes")
        }
        return string
      case UInt8(ascii: "\\"): text += try escape().utf8
      case 0..<0x20: throw problem("text without control characters", "byte \(byte)")
      default: text.append(byte)
      }
    }
    throw problem("'\"'")
  }

  /// What follows a backslash.
  private mutating func escape() throws(SafetensorsProblem) -> String {
    guard position < bytes.count else { throw problem("an escape") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      return String(UnicodeScalar(byte))
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let first = try codeUnit()
      guard UTF16.isLeadSurrogate(first) else {
        guard let scalar = UnicodeScalar(first) else { throw problem("a whole character", "half") }
        return String(scalar)
      }
      guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
        bytes[position + 1] == UInt8(ascii: "u")
      else { throw problem("the second half of a character") }
      position += 2
      let second = try codeUnit()
      guard UTF16.isTrailSurrogate(second) else { throw problem("a whole character", "half") }
      return String(decoding: [first, second], as: UTF16.self)
    default: throw problem("an escape", "another character")
    }
  }

  private mutating func codeUnit() throws(SafetensorsProblem) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard position < bytes.count,
        let digit = Character(UnicodeScalar(bytes[position])).hexDigitValue
      else { throw problem("4 hexadecimal digits") }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  /// Checks that nothing follows but the padding.
  mutating func end() throws(SafetensorsProblem) {
    skipSpace()
    guard position == bytes.count else { throw problem("its end") }
  }

  private mutating func take(_ character: Unicode.Scalar) throws(SafetensorsProblem) {
    guard takes(character) else { throw problem("'\(character)'") }
  }

  private mutating func takes(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
  }
}
