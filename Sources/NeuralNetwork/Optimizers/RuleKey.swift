// The settings of an optimizer as keys: what experiments read, show and check without knowing the rule.

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

/// The numbers that a setting can be.
package enum NumberRange: Sendable, Equatable {
  case zeroOrMore
  case aboveZero
  /// From 0 to below 1.
  case share

  package func contains(_ number: Double) -> Bool {
    switch self {
    case .zeroOrMore: number.isFinite && number >= 0
    case .aboveZero: number.isFinite && number > 0
    case .share: number >= 0 && number < 1
    }
  }

  /// For messages.
  package var text: String {
    switch self {
    case .zeroOrMore: "0 or more"
    case .aboveZero: "above 0"
    case .share: "from 0 to below 1"
    }
  }
}
