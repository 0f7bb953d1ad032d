// Optimizers as experiments write them: by the keys that each rule has, whichever rule it is.
import Basics
import NeuralNetwork
import RunRecords

extension OptimizerSettings {
  /// What an experiment without `optimizer` learns with: Adam at 0.001 learns most things, where plain
  /// SGD at the same rate learns nothing.
  static let standard = OptimizerSettings(.adam())

  /// What every optimizer has beside the keys of its rule.
  private static let commonKeys = ["name", "learning_rate", "weight_decay", "l1"]

  init(_ document: JSONValue?, experiment: String) throws(ProgramError) {
    if case .text(let short) = document {
      // `optimizer: adam` is short for `optimizer: {name: adam}`.
      try self.init(.fields([.init("name", .text(short))]), experiment: experiment)
      return
    }
    func reader(_ keys: [String]) throws(ProgramError) -> FieldReader {
      try FieldReader(
        document, experiment: experiment, path: "optimizer", keys: Self.commonKeys + keys,
        place: .optimizer)
    }
    let any = try reader(Optimizer.Name.withKeys.map(\.key))
    // Without a name, a setting that SGD has means SGD.
    let isPlain = SGD.keys.contains { any.has($0.name) }
    let standard = isPlain ? Optimizer.Name.sgd : Self.standard.kind.name
    let text = try any.choice(
      "name", Optimizer.Name.allCases.map(\.rawValue), default: standard.rawValue,
      place: .optimizerName)
    var kind = Optimizer(Optimizer.Name(rawValue: text) ?? standard)
    // A key of another optimizer would do nothing: that is an error too.
    let fields = try reader(kind.rule.settings.map(\.name))
    self.init(kind)
    learningRate = try fields.number("learning_rate", above: 0, default: learningRate)
    weightDecay = try fields.number("weight_decay", atLeast: 0, default: weightDecay)
    l1 = try fields.number("l1", atLeast: 0, default: 0)
    for setting in kind.rule.settings { kind.rule.apply(try fields.value(of: setting)) }
    if let conflict = kind.rule.conflict {
      throw fields.error(conflict.key, conflict.problem, conflict.hint)
    }
    self.kind = kind
  }

  /// Every key with its value.
  var document: JSONValue {
    var fields: [JSONValue.Field] = [
      .init("name", .text(kind.name.rawValue)), .init("learning_rate", .number(learningRate)),
    ]
    fields += kind.rule.settings.map(\.field)
    return .fields(
      fields + [.init("weight_decay", .number(weightDecay)), .init("l1", .number(l1))])
  }
}

extension Optimizer.Name {
  /// The keys of all rules, each once with the optimizers that have it, both in the order of the rules.
  static var withKeys: [(key: String, names: [Self])] {
    var all: [(key: String, names: [Self])] = []
    for name in allCases {
      for setting in Optimizer(name).rule.settings {
        if let index = all.firstIndex(where: { $0.key == setting.name }) {
          all[index].names.append(name)
        } else {
          all.append((setting.name, [name]))
        }
      }
    }
    return all
  }

  /// "sgd, adam and rmsprop".
  static func list(_ names: [Self]) -> String {
    let words = names.map(\.rawValue)
    guard words.count > 1, let last = words.last else { return words.joined() }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }
}
