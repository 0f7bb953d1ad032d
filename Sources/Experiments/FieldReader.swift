// Reads the keys of one mapping of an experiment, and says exactly what is wrong with them.
import Basics
import Resources
import RunRecords

/// One mapping with its key path; every key must be known.
///
/// A key without a value (`null`, `~`, nothing) is as good as missing.
struct FieldReader {
  let experiment: String
  let path: String
  private let fields: [JSONValue.Field]

  /// Takes a mapping, or none where the key is missing.
  init(
    _ document: JSONValue?, experiment: String, path: String, keys: [String],
    place: ForeignNames.Context = .other
  ) throws(ProgramError) {
    self.experiment = experiment
    self.path = path
    switch document {
    case .fields(let fields): self.fields = fields
    case nil, .null: fields = []
    case .some(let other):
      throw ProgramError(
        experiment: experiment, path: path,
        problem: "expected a mapping, found \(other.kindAndText)",
        hint: keys.isEmpty ? "it takes no keys" : "its keys are \(keys.joined(separator: ", "))")
    }
    var seen: Set<String> = []
    for field in fields {
      guard keys.contains(field.key) else {
        throw error(
          field.key,
          keys.isEmpty
            ? "expected no key, found one"
            : "expected one of \(keys.joined(separator: ", ")); found an unknown key",
          ForeignNames.hint(for: field.key, at: place, among: keys) ?? "remove it")
      }
      guard seen.insert(field.key).inserted else {
        throw error(field.key, "expected the key once, found it again", "remove one")
      }
    }
  }

  /// What stands below a key; nil if it is missing or null, which is the same.
  subscript(key: String) -> JSONValue? {
    fields.first { $0.key == key && $0.value != .null }.map(\.value)
  }

  /// Whether the key is null, for keys to which null is a value.
  func isNull(_ key: String) -> Bool { fields.contains { $0.key == key && $0.value == .null } }

  /// True if the key is there.
  func has(_ key: String) -> Bool { self[key] != nil }

  func error(_ key: String, _ problem: String, _ hint: String = "") -> ProgramError {
    ProgramError(
      experiment: experiment, path: path.isEmpty ? key : "\(path).\(key)", problem: problem,
      hint: hint)
  }

  func error(_ key: String, expected: String, found: JSONValue) -> ProgramError {
    error(key, "expected \(expected), found \(found.kindAndText)")
  }

  /// A whole number, however it is written: 8, 8.0 or 0.8e1.
  func integer(_ key: String, atLeast minimum: Int, default: Int? = nil) throws(ProgramError)
    -> Int
  {
    let expected = "a whole number of at least \(minimum)"
    guard let value = self[key] else {
      if let `default` { return `default` }
      throw error(key, "expected \(expected), found no such key", "add it")
    }
    if `default` == 0, value.isNone { return 0 }
    guard let integer = value.whole, integer >= minimum else {
      let isTooLarge = value.double.map { $0 > 9e18 } ?? false
      throw error(
        key, expected: isTooLarge ? expected + " and at most \(Int.max)" : expected, found: value)
    }
    return integer
  }

  /// The same where there may be none.
  func integerIfAny(_ key: String, atLeast minimum: Int) throws(ProgramError) -> Int? {
    guard let value = self[key], !value.isNone else { return nil }
    return try integer(key, atLeast: minimum)
  }

  /// The largest number that weights and losses can hold.
  static let largest = Double(Float.greatestFiniteMagnitude)

  /// A number in `range`; `above` excludes its lower bound.
  func number(
    _ key: String, atLeast minimum: Double? = nil, above: Double? = nil,
    atMost maximum: Double? = nil, below: Double? = nil, default: Double? = nil
  ) throws(ProgramError) -> Double {
    func expected(_ value: JSONValue?) -> String {
      var bounds: [String] = []
      if let minimum { bounds.append("of at least \(Self.text(minimum))") }
      if let above {
        // A number so small above 0 that a Float would make it 0.
        let isTooSmall = value?.double.map { $0 > 0 && Float($0) == 0 } ?? false
        bounds.append(
          isTooSmall && above == 0
            ? "of at least \(Float.leastNonzeroMagnitude)" : "above \(Self.text(above))")
      }
      if let maximum { bounds.append("at most \(Self.text(maximum))") }
      if let below { bounds.append("below \(Self.text(below))") }
      if maximum == nil, below == nil, let number = value?.double, abs(number) > Self.largest {
        let limit = number > 0 ? "at most" : "at least -"
        bounds.append("\(limit)\(number > 0 ? " " : "")\(Float.greatestFiniteMagnitude)")
      }
      return (["a number"] + [bounds.joined(separator: " and ")]).filter { !$0.isEmpty }
        .joined(separator: " ")
    }
    guard let value = self[key] else {
      if let `default` { return `default` }
      throw error(key, "expected \(expected(nil)), found no such key", "add it")
    }
    if `default` == 0, value.isNone { return 0 }
    guard let number = value.double, Float(number).isFinite, number >= minimum ?? number,
      number <= maximum ?? number, number < below ?? .infinity,
      above.map({ Float(number) > Float($0) }) ?? true
    else { throw error(key, expected: expected(value), found: value) }
    return number
  }

  func flag(_ key: String, default: Bool) throws(ProgramError) -> Bool {
    guard let value = self[key] else { return `default` }
    guard case .flag(let flag) = value else {
      throw error(key, expected: "true or false", found: value)
    }
    return flag
  }

  func text(_ key: String, default: String? = nil) throws(ProgramError) -> String {
    guard let value = self[key] else {
      if let `default` { return `default` }
      throw error(key, "expected text, found no such key", "add it")
    }
    switch value {
    case .text(let text): return text
    // A name such as 2024 is text that looks like a number.
    case .integer(let integer): return String(integer)
    default: throw error(key, expected: "text", found: value)
    }
  }

  /// A file or folder; `~/` is the home.
  func path(_ key: String) throws(ProgramError) -> String {
    let path = try text(key)
    guard !path.isEmpty else { throw error(key, expected: "a path", found: .text("")) }
    return expandingHome(path)
  }

  /// The same where there may be none.
  func pathIfAny(_ key: String) throws(ProgramError) -> String? {
    guard let value = self[key], !value.isNone else { return nil }
    return try path(key)
  }

  /// One of a few words.
  func choice(
    _ key: String, _ words: [String], default: String? = nil, place: ForeignNames.Context = .other
  ) throws(ProgramError) -> String {
    let word = try text(key, default: `default`)
    guard words.contains(word) else {
      throw error(
        key, "expected one of \(words.joined(separator: ", ")); found '\(word)'",
        ForeignNames.hint(for: word, at: place, among: words) ?? "")
    }
    return word
  }

  private static func text(_ number: Double) -> String {
    number == number.rounded() ? String(Int(number)) : String(number)
  }
}

extension JSONValue {
  /// The value in a few words, for messages.
  var kindAndText: String {
    switch self {
    case .null: "nothing"
    case .flag(let flag): "\(flag)"
    case .integer(let integer): "\(integer)"
    case .number(let number): "\(number)"
    case .text(let text): "'\(text)'"
    case .list(let values): "a list of \(values.count)"
    case .fields(let fields):
      "a mapping with \(fields.isEmpty ? "no key" : fields.map(\.key).joined(separator: ", "))"
    }
  }
}
