// The settings of optimizers and constraints as keys: read, shown and checked without knowing the rule.
import PlainText

/// An optimizer or a constraint, with the settings that are its own.
///
/// Coding, as checkpoints do it, is of these settings alone; the enumeration of the rules adds the name.
package protocol KeyedRule: Sendable, Equatable, Codable {
  /// The settings as keys of an experiment, in the order that they are shown in.
  static var keys: [RuleKey<Self>] { get }

  /// Every setting at its default.
  init()

  /// Settings that do not go together; nil if they do.
  var conflict: RuleConflict? { get }
}

extension KeyedRule {
  package var conflict: RuleConflict? { nil }

  /// The settings by key, with their present values.
  package var settings: [RuleSetting] { Self.keys.map { $0.setting(of: self) } }

  /// The setting of a key; nil if the rule has no such key.
  package func setting(_ name: String) -> RuleSetting? {
    Self.keys.first { $0.name == name }?.setting(of: self)
  }

  /// Takes over a setting with its value; nothing where the rule has no such key.
  package mutating func apply(_ setting: RuleSetting) {
    Self.keys.first { $0.name == setting.name }?.set(setting.value, of: &self)
  }
}

/// Settings of a rule that do not go together.
package struct RuleConflict: Sendable, Equatable {
  /// The key at fault.
  package var key: String
  /// What was expected and found.
  package var problem: String
  /// What to try.
  package var hint: String
}

/// A key of a rule: where its value is, and which values it takes.
package struct RuleKey<Rule>: Sendable {
  typealias Place<Value> = any WritableKeyPath<Rule, Value> & Sendable

  private enum Kind: Sendable {
    case number(Place<Double>, NumberRange)
    case pair(Place<Double>, Place<Double>, NumberRange)
    case flag(Place<Bool>)
  }

  /// As experiments write it.
  package let name: String
  private let kind: Kind

  static func number(_ name: String, _ place: Place<Double>, _ range: NumberRange) -> Self {
    Self(name: name, kind: .number(place, range))
  }

  static func pair(
    _ name: String, _ first: Place<Double>, _ second: Place<Double>, _ range: NumberRange
  ) -> Self {
    Self(name: name, kind: .pair(first, second, range))
  }

  static func flag(_ name: String, _ place: Place<Bool>) -> Self {
    Self(name: name, kind: .flag(place))
  }

  func setting(of rule: Rule) -> RuleSetting {
    let value: RuleSetting.Value =
      switch kind {
      case .number(let place, let range): .number(rule[keyPath: place], range)
      case .pair(let first, let second, let range):
        .pair(rule[keyPath: first], rule[keyPath: second], range)
      case .flag(let place): .flag(rule[keyPath: place])
      }
    return RuleSetting(name: name, value: value)
  }

  func set(_ value: RuleSetting.Value, of rule: inout Rule) {
    switch (kind, value) {
    case (.number(let place, _), .number(let number, _)): rule[keyPath: place] = number
    case (.pair(let first, let second, _), .pair(let one, let other, _)):
      rule[keyPath: first] = one
      rule[keyPath: second] = other
    case (.flag(let place), .flag(let flag)): rule[keyPath: place] = flag
    case (.number, _), (.pair, _), (.flag, _):
      preconditionFailure("\(name) of another kind than \(value)")
    }
  }
}

/// A setting of a rule, with its value.
package struct RuleSetting: Sendable, Equatable {
  package enum Value: Sendable, Equatable {
    case number(Double, NumberRange)
    /// Two numbers in a list.
    case pair(Double, Double, NumberRange)
    case flag(Bool)
  }

  /// Its key in an experiment.
  package var name: String
  package var value: Value

  package init(name: String, value: Value) {
    self.name = name
    self.value = value
  }
}
