// The settings of optimizers and constraints in an experiment: read and shown by their kind of value.
import Basics
import NeuralNetwork
import PlainText
import RunRecords

extension RuleSetting {
  /// The key with its value.
  var field: JSONValue.Field {
    let document: JSONValue =
      switch value {
      case .number(let number, _): .number(number)
      case .pair(let first, let second, _): .list([.number(first), .number(second)])
      case .flag(let flag): .flag(flag)
      }
    return .init(name, document)
  }
}

extension FieldReader {
  /// A rule's setting with the value that stands there, or the one it has.
  func value(of setting: RuleSetting) throws(ProgramError) -> RuleSetting {
    let value: RuleSetting.Value
    switch setting.value {
    case .flag(let flag): value = .flag(try self.flag(setting.name, default: flag))
    case .number(let number, let range):
      value = .number(try self.number(setting.name, in: range, default: number), range)
    case .pair(_, _, let range):
      guard let found = self[setting.name] else { return setting }
      guard case .list(let numbers) = found, numbers.count == 2, let one = numbers[0].double,
        let other = numbers[1].double, range.contains(one), range.contains(other)
      else {
        throw error(setting.name, expected: "two numbers \(range.longText)", found: found)
      }
      value = .pair(one, other, range)
    }
    return RuleSetting(name: setting.name, value: value)
  }

  /// A number in a range; a missing one without a default is an error.
  func number(_ key: String, in range: NumberRange, default: Double?)
    throws(ProgramError) -> Double
  {
    switch range {
    case .zeroOrMore: try number(key, atLeast: 0, default: `default`)
    case .aboveZero: try number(key, above: 0, default: `default`)
    case .share: try number(key, atLeast: 0, below: 1, default: `default`)
    case .partOrAll: try number(key, above: 0, atMost: 1, default: `default`)
    case .zeroToOne: try number(key, atLeast: 0, atMost: 1, default: `default`)
    }
  }
}

extension NumberRange {
  /// Behind "numbers", in an error.
  fileprivate var longText: String {
    switch self {
    case .zeroOrMore: "of at least 0"
    case .aboveZero: "above 0"
    case .share: "of at least 0 and below 1"
    case .partOrAll: "above 0 and at most 1"
    case .zeroToOne: "of at least 0 and at most 1"
    }
  }
}
