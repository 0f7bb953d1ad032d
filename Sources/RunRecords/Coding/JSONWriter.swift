// Writes JSON with its keys in a stated order: JSONEncoder's order changes from run to run.
import PlainText

/// Builds one JSON text.
///
/// Numbers are the shortest text that reads back to the same value; those that
/// are not finite are the strings "NaN", "Infinity" and "-Infinity".
struct JSONWriter {
  private(set) var bytes: [UInt8] = []
  private var needsComma = false

  /// A list or an object below a key, or without one where it is an element.
  mutating func list(_ key: String?, _ elements: (inout JSONWriter) -> Void) {
    open("[", key)
    elements(&self)
    close("]")
  }

  mutating func object(_ key: String? = nil, _ fields: (inout JSONWriter) -> Void) {
    open("{", key)
    fields(&self)
    close("}")
  }

  /// A number, true, false or null.
  mutating func plain(_ text: String, _ key: String?) {
    begin(key)
    append(text)
  }

  mutating func float<Number: BinaryFloatingPoint & LosslessStringConvertible>(
    _ value: Number, _ key: String?
  ) {
    let text = NumberName.of(value)
    plain(value.isFinite ? text : "\"\(text)\"", key)
  }

  mutating func text(_ text: String, _ key: String?) {
    begin(key)
    quote(text)
  }

  mutating func endLine() { bytes.append(UInt8(ascii: "\n")) }

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

  /// A log may be printed: nothing in it is for the terminal, or hides what is there.
  private static func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isControl || scalar.isSpacingControl || scalar.isBidirectionalControl
  }

  private mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { bytes.append(contentsOf: $0) }
  }

  /// Printable ASCII that stands in quotes as it is: every key of ours, and most names.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7f && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  private mutating func quote(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    if text.utf8.allSatisfy(Self.isPlain) { append(text) } else { escape(text) }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ text: String) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": bytes.append(contentsOf: [0x5c, UInt8(ascii: scalar)])
      case "\n": bytes.append(contentsOf: "\\n".utf8)
      case _ where Self.isEscaped(scalar):
        let digits = String(scalar.value, radix: 16)
        let zeros = String(repeating: "0", count: 4 - digits.utf8.count)
        bytes.append(contentsOf: "\\u\(zeros)\(digits)".utf8)
      default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
  }
}

extension JSONWriter: FieldCoder {
  mutating func required<Value: FieldValue>(_ key: String, _ value: inout Value) {
    value.write(to: &self, key)
  }

  mutating func field<Value: FieldValue>(
    _ key: String, _ value: inout Value?, _ presence: FieldPresence, tag: ScalarTag?
  ) {
    if let value {
      value.write(to: &self, key)
    } else if presence == .orNull {
      plain("null", key)
    }
  }

  mutating func mark(_ key: String, _ isOn: inout Bool) {
    if isOn { plain("true", key) }
  }

  mutating func part<Part: RecordFields>(
    _ key: String, _ part: inout Part?, _ presence: FieldPresence
  ) {
    guard var part else { return }
    object(key) { part.code(&$0) }
  }

  mutating func list<Part: RecordFields>(
    _ key: String, _ parts: inout [Part], _ presence: FieldPresence
  ) {
    if parts.isEmpty, presence == .ifAny { return }
    list(key) { json in
      for var part in parts { json.object { part.code(&$0) } }
    }
  }

  mutating func named<Value: FieldValue>(
    _ key: String, _ entries: inout [(name: String, value: Value)], _ presence: FieldPresence
  ) {
    if entries.isEmpty, presence == .ifAny || presence == .announced { return }
    object(key) { json in
      for entry in entries { entry.value.write(to: &json, entry.name) }
    }
  }

  mutating func figure(_ name: inout String, _ value: inout Float, besides other: String) {
    value.write(to: &self, name)
  }

  mutating func check(_ fits: Bool, _ key: String, _ problem: @autoclosure () -> String) {}
}
