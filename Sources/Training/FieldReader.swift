// Reads the keys of one mapping of an experiment, and says exactly what is wrong with them.
import RunRecords

/// One mapping with its key path; every key must be known.
struct FieldReader {
  let experiment: String
  let path: String
  private let fields: [Document.Field]

  /// Takes a mapping, or none where the key is missing.
  init(
    _ document: Document?, experiment: String, path: String, keys: [String]
  ) throws(ExperimentError) {
    self.experiment = experiment
    self.path = path
    switch document {
    case .fields(let fields): self.fields = fields
    case nil: fields = []
    case .some(let other):
      throw ExperimentError(
        experiment: experiment, path: path,
        problem: "expected a mapping, found \(other.kindAndText)",
        hint: keys.isEmpty ? "it takes no keys" : "its keys are \(keys.joined(separator: ", "))")
    }
    var seen: Set<String> = []
    for field in fields {
      guard keys.contains(field.key) else {
        let near = nearest(field.key, among: keys).map { "did you mean \($0)?" }
        throw error(
          field.key,
          keys.isEmpty
            ? "expected no key, found one"
            : "expected one of \(keys.joined(separator: ", ")); found an unknown key",
          near ?? "remove it")
      }
      guard seen.insert(field.key).inserted else {
        throw error(field.key, "expected the key once, found it again", "remove one")
      }
    }
  }

  subscript(key: String) -> Document? {
    fields.first { $0.key == key }.map(\.value)
  }

  /// True where the key is there.
  func has(_ key: String) -> Bool { self[key] != nil }

  func error(_ key: String, _ problem: String, _ hint: String = "") -> ExperimentError {
    ExperimentError(
      experiment: experiment, path: path.isEmpty ? key : "\(path).\(key)", problem: problem,
      hint: hint)
  }

  func error(_ key: String, expected: String, found: Document) -> ExperimentError {
    error(key, "expected \(expected), found \(found.kindAndText)")
  }

  func integer(_ key: String, atLeast minimum: Int, default: Int? = nil) throws(ExperimentError)
    -> Int
  {
    let expected = "a whole number of at least \(minimum)"
    guard let value = self[key] else {
      if let `default` { return `default` }
      throw error(key, "expected \(expected), found no such key", "add it")
    }
    guard case .integer(let integer) = value, integer >= minimum else {
      throw error(key, expected: expected, found: value)
    }
    return integer
  }

  /// A number in `range`; `above` excludes its lower bound.
  func number(
    _ key: String, atLeast minimum: Double? = nil, above: Double? = nil,
    atMost maximum: Double? = nil, below: Double? = nil, default: Double? = nil
  ) throws(ExperimentError) -> Double {
    var expected = "a number"
    if let minimum { expected += " of at least \(Self.text(minimum))" }
    if let above { expected += " above \(Self.text(above))" }
    if let maximum { expected += " and at most \(Self.text(maximum))" }
    if let below { expected += " and below \(Self.text(below))" }
    guard let value = self[key] else {
      if let `default` { return `default` }
      throw error(key, "expected \(expected), found no such key", "add it")
    }
    guard let number = value.double, Float(number).isFinite, number >= minimum ?? number,
      number <= maximum ?? number, number < below ?? .infinity,
      above.map({ Float(number) > Float($0) }) ?? true
    else { throw error(key, expected: expected, found: value) }
    return number
  }

  func flag(_ key: String, default: Bool) throws(ExperimentError) -> Bool {
    guard let value = self[key] else { return `default` }
    guard case .flag(let flag) = value else {
      throw error(key, expected: "true or false", found: value)
    }
    return flag
  }

  func text(_ key: String, default: String? = nil) throws(ExperimentError) -> String {
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

  /// One of a few words.
  func choice(_ key: String, _ words: [String], default: String? = nil) throws(ExperimentError)
    -> String
  {
    let word = try text(key, default: `default`)
    guard words.contains(word) else {
      let near = nearest(word, among: words).map { "did you mean \($0)?" } ?? ""
      throw error(key, "expected one of \(words.joined(separator: ", ")); found '\(word)'", near)
    }
    return word
  }

  private static func text(_ number: Double) -> String {
    number == number.rounded() ? String(Int(number)) : String(number)
  }
}

extension Document {
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
