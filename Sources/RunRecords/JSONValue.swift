// A tree of plain values, as YAML and JSON hold them; keys keep their order.

/// A value of a YAML or JSON document.
package indirect enum JSONValue: Sendable, Equatable {
  case null
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case fields([Field])

  /// A key with its value.
  package struct Field: Sendable, Equatable {
    /// Unique within its mapping.
    package var key: String
    /// What stands below the key.
    package var value: JSONValue

    package init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// The value under a key; nil if it is missing or this is not a mapping.
  package subscript(key: String) -> JSONValue? {
    guard case .fields(let fields) = self else { return nil }
    return fields.first { $0.key == key }?.value
  }

  /// The number, whether written with a fraction or without.
  package var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The whole number, however it is written: 8, 8.0 or 0.8e1; nil for others, and beyond Int.
  package var whole: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  /// Whether it says that there is nothing: `null`, `~`, no value at all, or `none`.
  package var isNone: Bool {
    switch self {
    case .null: true
    case .text(let text): text.lowercased() == "none"
    default: false
    }
  }

  /// The text of a text value.
  package var string: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }
}

extension JSONValue: Decodable {
  /// Reads any JSON value.
  ///
  /// The order of keys is not kept by the decoder; they come sorted.
  package init(from decoder: any Decoder) throws {
    if let values = try? decoder.container(keyedBy: AnyKey.self) {
      self = .fields(
        try values.allKeys.sorted { $0.stringValue < $1.stringValue }.map {
          Field($0.stringValue, try values.decode(JSONValue.self, forKey: $0))
        })
      return
    }
    if var values = try? decoder.unkeyedContainer() {
      var list: [JSONValue] = []
      while !values.isAtEnd { list.append(try values.decode(JSONValue.self)) }
      self = .list(list)
      return
    }
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let flag = try? value.decode(Bool.self) {
      self = .flag(flag)
    } else if let integer = try? value.decode(Int.self) {
      self = .integer(integer)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else {
      self = .number(try value.decode(Double.self))
    }
  }
}

extension JSONValue: FieldValue, Emptyable {
  package init() { self = .null }
  package var isEmpty: Bool { self == .null }

  func write(to json: inout JSONWriter, _ key: String?) {
    switch self {
    case .null: json.plain("null", key)
    case .flag(let flag): flag.write(to: &json, key)
    case .integer(let integer): integer.write(to: &json, key)
    case .number(let number): number.write(to: &json, key)
    case .text(let text): text.write(to: &json, key)
    case .list(let values): values.write(to: &json, key)
    case .fields(let fields):
      json.object(key) { json in
        for field in fields { field.value.write(to: &json, field.key) }
      }
    }
  }

  var cell: String {
    switch self {
    case .null: ""
    case .flag(let flag): "\(flag)"
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    case .text(let text): text
    case .list(let values): values.map(\.cell).joined(separator: ", ")
    case .fields(let fields):
      fields.map { "\($0.key): \($0.value.cell)" }.joined(separator: ", ")
    }
  }
}

extension JSONValue {
  /// The value as JSON on one line, keys in order.
  package var json: String {
    var writer = JSONWriter()
    write(to: &writer, nil)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
