// Reads the fields of a record from JSON: strictly what this program wrote, or leniently what others did.
import Foundation

/// A key that is not known beforehand.
struct AnyKey: CodingKey {
  let stringValue: String
  let intValue: Int? = nil
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

/// Fills the fields of a record from a JSON object.
struct FieldReader: FieldCoder {
  private let values: KeyedDecodingContainer<AnyKey>
  private let isStrict: Bool
  /// Why the object is not such a record; nil if it is.
  private(set) var failure: (any Error)?

  init(_ decoder: any Decoder) throws {
    values = try decoder.container(keyedBy: AnyKey.self)
    isStrict = decoder.readsStrictly
  }

  /// Whether there is something to read; null is nothing, but to a strict reader a wrong value.
  private func isPresent(_ key: AnyKey, _ presence: FieldPresence) -> Bool {
    guard failure == nil else { return false }
    if isStrict, presence == .always { return true }
    return !((try? values.decodeNil(forKey: key)) ?? true)
  }

  mutating func required<Value: FieldValue>(_ key: String, _ value: inout Value) {
    do {
      value = try Value.read(values, AnyKey(stringValue: key))
    } catch let error as RecordError {
      // What a later version writes is passed over, whatever else is wrong with it.
      failure = error
    } catch {
      failure = failure ?? error
    }
  }

  mutating func field<Value: FieldValue>(
    _ key: String, _ value: inout Value?, _ presence: FieldPresence, tag: ScalarTag?
  ) {
    let key = AnyKey(stringValue: key)
    value = nil
    guard isPresent(key, presence) else { return }
    // Another kind of value than expected says as little as none.
    do { value = try Value.read(values, key) } catch { if isStrict { failure = error } }
  }

  mutating func mark(_ key: String, _ isOn: inout Bool) {
    var value: Bool?
    field(key, &value, .ifAny, tag: nil)
    isOn = value ?? false
  }

  mutating func part<Part: RecordFields>(
    _ key: String, _ part: inout Part?, _ presence: FieldPresence
  ) {
    let key = AnyKey(stringValue: key)
    part = nil
    guard isPresent(key, presence) else { return }
    do { part = try values.decode(Part.self, forKey: key) } catch {
      if isStrict { failure = error }
    }
  }

  mutating func list<Part: RecordFields>(
    _ key: String, _ parts: inout [Part], _ presence: FieldPresence
  ) {
    let key = AnyKey(stringValue: key)
    parts = []
    guard isPresent(key, presence) else { return }
    do {
      parts =
        isStrict
        ? try values.decode([Part].self, forKey: key)
        : try values.decode([Attempt<Part>].self, forKey: key).compactMap(\.value)
    } catch { if isStrict { failure = error } }
  }

  mutating func named<Value: FieldValue>(
    _ key: String, _ entries: inout [(name: String, value: Value)], _ presence: FieldPresence
  ) {
    let key = AnyKey(stringValue: key)
    entries = []
    guard isPresent(key, presence) else { return }
    do {
      let object = try values.nestedContainer(keyedBy: AnyKey.self, forKey: key)
      for key in object.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
        do {
          entries.append((key.stringValue, try Value.read(object, key)))
        } catch { if isStrict { failure = error } }
      }
    } catch { if isStrict { failure = error } }
  }

  mutating func figure(_ name: inout String, _ value: inout Float, besides other: String) {
    guard failure == nil else { return }
    guard let key = values.allKeys.first(where: { $0.stringValue != other }) else {
      check(false, other, "expected a metric beside the \(other)")
      return
    }
    name = key.stringValue
    do { value = try Float.read(values, key) } catch { failure = error }
  }

  mutating func check(_ fits: Bool, _ key: String, _ problem: @autoclosure () -> String) {
    guard failure == nil, !fits else { return }
    failure = DecodingError.dataCorruptedError(
      forKey: AnyKey(stringValue: key), in: values, debugDescription: problem())
  }
}

/// A part of a list that may be none.
private struct Attempt<Part: Decodable>: Decodable {
  let value: Part?

  init(from decoder: any Decoder) throws { value = try? Part(from: decoder) }
}

extension RecordFields {
  /// Reads an object.
  ///
  /// - Throws: `DecodingError` if it lacks what it needs, `RecordError` where it is of a later kind.
  package init(from decoder: any Decoder) throws {
    var reader = try FieldReader(decoder)
    self = .blank
    code(&reader)
    if let failure = reader.failure { throw failure }
  }
}

/// Below this stands in a decoder whether only what this program writes is a record.
private let strictness = CodingUserInfoKey(rawValue: "strictness")

extension Decoder {
  fileprivate var readsStrictly: Bool {
    strictness.flatMap { userInfo[$0] as? Bool } ?? false
  }
}

extension JSONDecoder {
  /// One for records, where other programs may leave out what they have not.
  static func records(strictly isStrict: Bool) -> JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .named
    // Python writes numbers that are not finite without quotes, as JSON5 does.
    decoder.allowsJSON5 = !isStrict
    if let strictness { decoder.userInfo[strictness] = isStrict }
    return decoder
  }
}
