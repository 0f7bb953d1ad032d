// The settings of experiments by their keys, to distinguish what was run.
import RunRecords

/// Flat keys of an experiment, `model.fc1.units` or `model.dropout1`, with their values as text.
package enum ExperimentKeys {
  /// Every value of a tree by the path that leads there, in the order of the tree.
  package static func flat(
    _ document: JSONValue, leavingOut names: Set<String> = []
  ) -> [(String, String)] {
    var result: [(String, String)] = []
    collect(document, "", 0, names, &result)
    // The splits of a resampling make a sample, as seeds do.
    return names.isEmpty ? result : result.filter { $0.0 != "data.resample.split" }
  }

  /// What makes no difference to what is measured, or says which run it is.
  package static let identity: Set<String> = [
    "seed", "pace", "title", "description", "name", "arm", "sweep", "compare", "comparison",
  ]

  /// A part of an experiment on one line, without what is switched off: "sgd, learning_rate 0.02,
  /// momentum 0.9".
  package static func line(_ document: JSONValue?) -> String {
    guard let document else { return "" }
    let flat = flat(document)
    // What a thing is called stands for itself, and first.
    let names = flat.filter { ["source", "name", ""].contains($0.0) }.map(\.1)
    let others = flat.filter { key, value in
      guard !["source", "name", ""].contains(key) else { return false }
      return key == "enabled" ? value == "false" : !["0", "false", "none"].contains(value)
    }
    return (names + others.map { "\($0.0) \($0.1)" }).joined(separator: ", ")
  }

  private static func collect(
    _ document: JSONValue, _ path: String, _ depth: Int, _ names: Set<String>,
    _ result: inout [(String, String)]
  ) {
    // A damaged log may nest without end.
    guard depth < 16 else { return }
    func below(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    switch document {
    case .fields(let fields):
      for field in fields where depth > 0 || !names.contains(field.key) {
        collect(field.value, below(field.key), depth + 1, names, &result)
      }
    case .list(let list) where list.allSatisfy({ $0.double != nil }):
      let numbers = list.compactMap(\.double).map { SweepTable.text($0) }
      result.append((path, "[\(numbers.joined(separator: ", "))]"))
    case .list(let list):
      // A layer goes by its name, or by its kind and its number among those: where an arm has one
      // more, the others keep their keys.
      var counts: [String: Int] = [:]
      for (index, item) in list.enumerated() {
        switch item {
        case .fields(let fields) where fields.count == 1:
          let (kind, value) = (fields[0].key, fields[0].value)
          counts[kind, default: 0] += 1
          let name = value["name"]?.string
          collect(
            name == nil ? value : value.without("name"),
            below(name ?? "\(kind)\(counts[kind] ?? 1)"), depth + 1, names, &result)
        case .text(let kind):
          counts[kind, default: 0] += 1
          result.append((below("\(kind)\(counts[kind] ?? 1)"), "yes"))
        default: collect(item, below("\(index + 1)"), depth + 1, names, &result)
        }
      }
    case .null: result.append((path, "none"))
    case .text(let text): result.append((path, text))
    case .number(let number): result.append((path, SweepTable.text(number)))
    default: result.append((path, document.json))
    }
  }
}

extension JSONValue {
  /// A mapping without a key.
  fileprivate func without(_ key: String) -> JSONValue {
    guard case .fields(let fields) = self else { return self }
    return .fields(fields.filter { $0.key != key })
  }
}
