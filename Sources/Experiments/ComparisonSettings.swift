// The `compare` key of an experiment: the arms that answer its question, and over how many seeds.
import Basics
import RunRecords

/// A comparison that ships with an experiment.
package struct ComparisonSettings: Sendable, Equatable {
  /// At least two.
  package var arms: [ArmSettings]
  /// Runs of each arm.
  package var seeds: Int
  /// The arm that the others are measured against; nil: `none`, or the first.
  package var baseline: String?
  /// Within which an arm counts as good as the baseline; nil: the standard one of the metric.
  package var margin: Margin?
}

/// One arm: what it starts from, and the keys that it sets.
package struct ArmSettings: Sendable, Equatable {
  package var name: String
  /// The regularizers that the experiment is brought to, in words; nil: it stays as it is written.
  package var from: String?
  /// Key paths with their values, as `--set` takes them.
  package var settings: [JSONValue.Field]

  package init(name: String, from: String? = nil, settings: [JSONValue.Field] = []) {
    self.name = name
    self.from = from
    self.settings = settings
  }
}

extension ComparisonSettings {
  static let defaultSeeds = 10

  init?(_ document: JSONValue?, experiment: String) throws(ProgramError) {
    guard let document, !document.isNone else { return nil }
    let fields = try FieldReader(
      document, experiment: experiment, path: "compare",
      keys: ["arms", "seeds", "baseline", "margin"])
    seeds = try fields.integer("seeds", atLeast: 1, default: Self.defaultSeeds)
    baseline = fields.has("baseline") ? try fields.text("baseline") : nil
    margin = try fields.margin()
    switch fields["arms"] {
    case .list(let names):
      arms = []
      for name in names {
        guard case .text(let text) = name, Regularizer.set(text) != nil else {
          throw fields.error("arms", expected: ArmSettings.words, found: name)
        }
        arms.append(ArmSettings(name: text, from: text))
      }
    case .fields(let entries):
      arms = []
      for entry in entries {
        arms.append(try ArmSettings(entry.key, entry.value, experiment: experiment))
      }
    case let other:
      throw fields.error(
        "arms", expected: "a list of names, or a mapping of names to settings",
        found: other ?? .null)
    }
    let names = arms.map(\.name)
    guard names.count >= 2, Set(names).count == names.count else {
      throw fields.error(
        "arms", "expected at least two different arms, found \(names.joined(separator: ", "))")
    }
    if let baseline, !names.contains(baseline) {
      throw fields.error(
        "baseline", "expected one of \(names.joined(separator: ", ")); found '\(baseline)'")
    }
  }

  var document: JSONValue {
    var fields: [JSONValue.Field] = [
      .init("arms", .fields(arms.map { .init($0.name, $0.document) })),
      .init("seeds", .integer(seeds)),
    ]
    if let baseline { fields.append(.init("baseline", .text(baseline))) }
    if let margin { fields.append(.init("margin", margin.document)) }
    return .fields(fields)
  }
}

extension FieldReader {
  /// The key `margin`; nil if it is absent.
  ///
  /// - Throws: `ProgramError` if it is not a valid margin.
  func margin() throws(ProgramError) -> Margin? {
    guard let value = self["margin"] else { return nil }
    guard let margin = Margin(value) else {
      throw error("margin", expected: Margin.expected, found: value)
    }
    return margin
  }
}

extension ArmSettings {
  fileprivate static let words =
    "none, or \(Regularizer.allCases.map(\.rawValue).joined(separator: ", ")), joined by '+'"

  fileprivate init(
    _ name: String, _ document: JSONValue, experiment: String
  ) throws(ProgramError) {
    func bad(_ key: String, _ expected: String, _ found: JSONValue) -> ProgramError {
      ProgramError(
        experiment: experiment, path: "compare.arms.\(name)\(key)",
        problem: "expected \(expected), found \(found.kindAndText)", hint: "")
    }
    switch document {
    case .text(let words) where Regularizer.set(words) != nil:
      self.init(name: name, from: words)
    case .fields(let fields):
      let from = fields.first { $0.key == "from" }?.value
      if let from, from.string.flatMap(Regularizer.set) == nil {
        throw bad(".from", Self.words, from)
      }
      self.init(
        name: name, from: from?.string, settings: fields.filter { $0.key != "from" })
    case .null: self.init(name: name)
    default: throw bad("", "a mapping of keys to values, or \(Self.words)", document)
    }
  }

  fileprivate var document: JSONValue {
    .fields((from.map { [.init("from", .text($0))] } ?? []) + settings)
  }

  /// Reads `NAME:KEY=VALUE,KEY=VALUE`; `from=none` among them says what it starts from, and without any
  /// the name itself may.
  ///
  /// - Throws: `ProgramError` if it is written otherwise.
  package init(argument: String) throws(ProgramError) {
    func bad(_ problem: String) -> ProgramError {
      ProgramError(
        experiment: argument, path: "--arm", problem: problem,
        hint: "for example --arm 'r2:constraint.max_norm=2,from=dropout+max-norm'")
    }
    let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = parts.first, !name.isEmpty else {
      throw bad("expected NAME:KEY=VALUE,..., found no name")
    }
    self.init(name: String(name))
    if parts.count == 1 {
      guard Regularizer.set(self.name) != nil else {
        throw bad("expected settings behind the name, found none")
      }
      from = self.name
      return
    }
    for assignment in Self.split(parts[1]) {
      let sides = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2, !sides[0].isEmpty else {
        throw bad("expected KEY=VALUE, found '\(assignment)'")
      }
      if sides[0] == "from" {
        guard Regularizer.set(String(sides[1])) != nil else {
          throw bad("expected \(Self.words) after from=, found '\(sides[1])'")
        }
        from = String(sides[1])
      } else {
        settings.append(
          .init(String(sides[0]), try JSONValue(yamlValue: String(sides[1]), name: argument)))
      }
    }
  }

  /// Splits at commas outside of brackets and quotes.
  private static func split(_ text: Substring) -> [String] {
    var parts: [String] = []
    var part = ""
    var depth = 0
    var quote: Character?
    for character in text {
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      } else if "[{".contains(character) {
        depth += 1
      } else if "]}".contains(character) {
        depth -= 1
      }
      if character == ",", depth <= 0, quote == nil {
        parts.append(part)
        part = ""
      } else {
        part.append(character)
      }
    }
    return (parts + [part]).filter { !$0.isEmpty }
  }
}
