// Where two documents differ first, in words.
import Basics
import RunRecords

extension JSONValue {
  /// The fields of both mappings, each key once.
  func allFields(with other: JSONValue) -> [Field] {
    guard case .fields(let first) = self, case .fields(let second) = other else { return [] }
    return first + second.filter { self[$0.key] == nil }
  }

  /// Where two trees first differ, and the values there; nil if they are equal.
  package static func difference(_ first: JSONValue?, _ second: JSONValue?) -> (
    path: [String], first: String, second: String
  )? {
    if first == second { return nil }
    if case .fields = first, case .fields = second, let first, let second {
      for field in first.allFields(with: second) {
        if let inner = difference(first[field.key], second[field.key]) {
          return ([field.key] + inner.path, inner.first, inner.second)
        }
      }
      return nil
    }
    if case .list(let some) = first, case .list(let others) = second, some.count == others.count {
      for (index, pair) in zip(some, others).enumerated() {
        if let inner = difference(pair.0, pair.1) {
          return (["\(index)"] + inner.path, inner.first, inner.second)
        }
      }
      return nil
    }
    return ([], shown(first), shown(second))
  }

  private static func shown(_ value: JSONValue?) -> String {
    switch value {
    case nil: "nothing"
    case .null: "null"
    case .flag(let flag): "\(flag)"
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    case .text(let text): "'\(ProgramError.shown(text))'"
    case .list(let list): "a list of \(list.count)"
    case .fields(let fields): "the keys \(fields.map(\.key).prefix(4).joined(separator: ", "))"
    }
  }
}
