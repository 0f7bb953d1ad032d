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
        throw error(setting.name, expected: "two numbers \(range.boundsText)", found: found)
      }
      value = .pair(one, other, range)
    }
    return RuleSetting(name: setting.name, value: value)
  }

  /// A number in a range; a missing one without a default is an error.
  func number(_ key: String, in range: NumberRange, default: Double?)
    throws(ProgramError) -> Double
  {
    let bounds = range.bounds
    return try number(
      key, atLeast: bounds.atLeast, above: bounds.above, atMost: bounds.atMost, below: bounds.below,
      default: `default`)
  }
}
