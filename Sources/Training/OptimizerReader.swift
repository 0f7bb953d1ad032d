// Optimizers as experiments write them: by the keys that each rule has, whichever rule it is.
import NeuralNetwork
import RunRecords

extension OptimizerSettings {
  /// What an experiment without `optimizer` learns with: Adam at 0.001 learns most things, where plain
  /// SGD at the same rate learns nothing.
  static let standard = OptimizerSettings(.adam())

  /// What every optimizer has beside the keys of its rule.
  private static let commonKeys = ["name", "learning_rate", "weight_decay", "l1"]

  init(_ document: Document?, experiment: String) throws(ExperimentError) {
    if case .text(let short) = document {
      // `optimizer: adam` is short for `optimizer: {name: adam}`.
      try self.init(.fields([.init("name", .text(short))]), experiment: experiment)
      return
    }
    func reader(_ keys: [String]) throws(ExperimentError) -> FieldReader {
      try FieldReader(
        document, experiment: experiment, path: "optimizer", keys: Self.commonKeys + keys,
        place: .optimizer)
    }
    let any = try reader(Optimizer.Name.withKeys.map(\.key))
    // What only sgd has says its name.
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
    for setting in kind.rule.settings { kind.rule.take(try fields.value(of: setting)) }
    if let conflict = kind.rule.conflict {
      throw fields.error(conflict.key, conflict.problem, conflict.hint)
    }
    self.kind = kind
  }

  /// Every key with its value.
  var document: Document {
    var fields: [Document.Field] = [
      .init("name", .text(kind.name.rawValue)), .init("learning_rate", .number(learningRate)),
    ]
    for setting in kind.rule.settings {
      let value: Document =
        switch setting.value {
        case .number(let number, _): .number(number)
        case .pair(let first, let second, _): .list([.number(first), .number(second)])
        case .flag(let flag): .flag(flag)
        }
      fields.append(.init(setting.name, value))
    }
    return .fields(
      fields + [.init("weight_decay", .number(weightDecay)), .init("l1", .number(l1))])
  }
}

extension FieldReader {
  /// A rule's setting with the value that stands there, or the one it has.
  fileprivate func value(of setting: RuleSetting) throws(ExperimentError) -> RuleSetting {
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

  private func number(_ key: String, in range: NumberRange, default: Double)
    throws(ExperimentError) -> Double
  {
    switch range {
    case .zeroOrMore: try number(key, atLeast: 0, default: `default`)
    case .aboveZero: try number(key, above: 0, default: `default`)
    case .share: try number(key, atLeast: 0, below: 1, default: `default`)
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
    }
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
