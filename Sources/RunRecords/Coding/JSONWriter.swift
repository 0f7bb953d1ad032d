// Writes JSON with its keys in a stated order: JSONEncoder's order changes from run to run.

/// Something that writes itself as the fields of a JSON object.
protocol JSONObject {
  func write(to json: inout JSONWriter)
}

/// Builds one JSON text.
///
/// Numbers are the shortest text that reads back to the same value; those that
/// are not finite are the strings "NaN", "Infinity" and "-Infinity".
struct JSONWriter {
  private(set) var bytes: [UInt8] = []
  private var needsComma = false

  mutating func object(_ key: String? = nil, _ fields: (inout JSONWriter) -> Void) {
    open("{", key)
    fields(&self)
    close("}")
  }

  mutating func list<Element>(
    _ key: String, _ elements: [Element], _ fields: (inout JSONWriter, Element) -> Void
  ) {
    open("[", key)
    for element in elements { object { json in fields(&json, element) } }
    close("]")
  }

  mutating func field(_ key: String, _ value: Int) { write(String(value), key) }
  mutating func field(_ key: String, _ value: UInt64) { write(String(value), key) }
  mutating func field(_ key: String, _ value: Bool) { write(value ? "true" : "false", key) }
  mutating func field(_ key: String, _ value: Float) { write(Self.text(value), key) }
  mutating func field(_ key: String, _ value: Float?) { write(value.map(Self.text) ?? "null", key) }
  mutating func field(_ key: String, _ value: Double) { write(Self.text(value), key) }

  mutating func field(_ key: String, _ value: String) {
    begin(key)
    quote(value)
  }

  mutating func field(_ key: String, _ values: [Int]) {
    open("[", key)
    for value in values { write(String(value), nil) }
    close("]")
  }

  mutating func field(_ key: String, _ values: [Float]) {
    open("[", key)
    for value in values { write(Self.text(value), nil) }
    close("]")
  }

  mutating func field(_ key: String, _ values: [Double]) {
    open("[", key)
    for value in values { write(Self.text(value), nil) }
    close("]")
  }

  mutating func field(_ key: String?, _ value: Document) {
    switch value {
    case .null: write("null", key)
    case .flag(let flag): write(flag ? "true" : "false", key)
    case .integer(let integer): write(String(integer), key)
    case .number(let number): write(Self.text(number), key)
    case .text(let text):
      begin(key)
      quote(text)
    case .list(let values):
      open("[", key)
      for value in values { field(nil, value) }
      close("]")
    case .fields(let fields):
      open("{", key)
      for entry in fields { field(entry.key, entry.value) }
      close("}")
    }
  }

  mutating func field(_ key: String, _ value: EventRecord.Value) {
    switch value {
    case .flag(let flag): field(key, flag)
    case .number(let number): field(key, number)
    case .seed(let seed): field(key, seed)
    case .steps(let steps): field(key, steps)
    case .path(let path): field(key, path)
    }
  }

  /// The shortest text that reads back to the same value, or the name of a non-finite one in quotes.
  static func text<Number: BinaryFloatingPoint & LosslessStringConvertible>(_ value: Number)
    -> String
  {
    if value.isFinite { return value.description }
    return value.isNaN ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\""
  }

  private mutating func write(_ text: String, _ key: String?) {
    begin(key)
    bytes.append(contentsOf: text.utf8)
  }

  private mutating func open(_ bracket: Unicode.Scalar, _ key: String?) {
    begin(key)
    bytes.append(UInt8(ascii: bracket))
    needsComma = false
  }

  private mutating func close(_ bracket: Unicode.Scalar) {
    bytes.append(UInt8(ascii: bracket))
    needsComma = true
  }

  private mutating func begin(_ key: String?) {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
    guard let key else { return }
    quote(key)
    bytes.append(UInt8(ascii: ":"))
  }

  /// What a terminal obeys, or what turns around the order of what is shown: a log may be printed.
  private static func isCommand(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  private mutating func quote(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": bytes.append(contentsOf: [0x5c, UInt8(ascii: scalar)])
      case "\n": bytes.append(contentsOf: "\\n".utf8)
      case _ where Self.isCommand(scalar):
        let digits = String(scalar.value, radix: 16)
        let zeros = String(repeating: "0", count: 4 - digits.utf8.count)
        bytes.append(contentsOf: "\\u\(zeros)\(digits)".utf8)
      default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
