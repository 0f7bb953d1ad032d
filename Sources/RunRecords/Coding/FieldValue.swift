// What may stand in a field of a record: as JSON, as a cell of a table, as a point of a curve.
import PlainText

/// A value of a field.
protocol FieldValue: Decodable {
  /// Appends it to a JSON text; nil: as an element of a list.
  func write(to json: inout JSONWriter, _ key: String?)

  /// It as the cell of a table.
  var cell: String { get }

  /// Its value as a point of a curve; nil if it is not a number.
  var scalar: Float? { get }

  /// Reads it where a value stands below the key.
  ///
  /// - Throws: `DecodingError` if it is of another kind.
  static func read(_ values: KeyedDecodingContainer<AnyKey>, _ key: AnyKey) throws -> Self
}

extension FieldValue {
  var scalar: Float? { nil }

  static func read(_ values: KeyedDecodingContainer<AnyKey>, _ key: AnyKey) throws -> Self {
    try values.decode(Self.self, forKey: key)
  }
}

extension Int: FieldValue {
  func write(to json: inout JSONWriter, _ key: String?) { json.plain(description, key) }
  var cell: String { description }
  var scalar: Float? { Float(self) }
}

extension UInt64: FieldValue {
  func write(to json: inout JSONWriter, _ key: String?) { json.plain(description, key) }
  var cell: String { description }
  var scalar: Float? { Float(self) }
}

extension Bool: FieldValue {
  func write(to json: inout JSONWriter, _ key: String?) { json.plain(description, key) }
  var cell: String { description }
  var scalar: Float? { self ? 1 : 0 }
}

extension Float: FieldValue {
  func write(to json: inout JSONWriter, _ key: String?) { json.float(self, key) }
  var cell: String { NumberName.of(self) }
  var scalar: Float? { self }

  /// Other programs write more digits, and exponents beyond a Float's.
  static func read(_ values: KeyedDecodingContainer<AnyKey>, _ key: AnyKey) throws -> Float {
    do {
      return try values.decode(Float.self, forKey: key)
    } catch {
      guard let number = try? values.decode(Double.self, forKey: key) else { throw error }
      return Float(number)
    }
  }
}

extension Double: FieldValue {
  func write(to json: inout JSONWriter, _ key: String?) { json.float(self, key) }
  var cell: String { NumberName.of(self) }
  var scalar: Float? { Float(self) }
}

extension String: FieldValue {
  func write(to json: inout JSONWriter, _ key: String?) { json.text(self, key) }
  var cell: String { self }
}

extension Array: FieldValue where Element: FieldValue {
  func write(to json: inout JSONWriter, _ key: String?) {
    json.list(key) { json in
      for element in self { element.write(to: &json, nil) }
    }
  }
  var cell: String { map(\.cell).joined(separator: " ") }
}

/// A word out of a few.
protocol FieldWord: FieldValue, RawRepresentable where RawValue == String {}

extension FieldWord {
  func write(to json: inout JSONWriter, _ key: String?) { json.text(rawValue, key) }
  var cell: String { rawValue }
}
