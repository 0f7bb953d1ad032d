// How the weights follow the gradient: the rule, and the settings that all rules have.
import PlainText

/// An optimizer with all its settings.
package struct OptimizerSettings: Sendable, Equatable {
  /// The rule, with the settings that are its own.
  package var kind: Optimizer
  /// Scales every update.
  package var learningRate: Double
  /// L2 on all parameters, added to the gradient or taken from the weights as the rule says.
  package var weightDecay: Double
  /// L1: the loss gets this times the sum of all parameters' sizes, and gradients their share of it
  /// before they are measured and clipped; the recorded loss is that of the data alone.
  package var l1: Double = 0

  /// The rule's defaults, unless given.
  package init(_ kind: Optimizer, learningRate: Double? = nil, weightDecay: Double? = nil) {
    self.kind = kind
    let rule = type(of: kind.rule)
    self.learningRate = learningRate ?? rule.learningRate
    self.weightDecay = weightDecay ?? rule.weightDecay
  }

  /// SGD's and RMSprop's; nil if the rule has none, and setting it then does nothing.
  ///
  /// Adam's first moment is not one: its bias is corrected for a decay that stays as it is.
  package var momentum: Double? {
    get {
      guard case .number(let momentum, _) = kind.rule.setting("momentum")?.value else { return nil }
      return momentum
    }
    set {
      guard let newValue, case .number(_, let range) = kind.rule.setting("momentum")?.value
      else { return }
      kind.rule.apply(RuleSetting(name: "momentum", value: .number(newValue, range)))
    }
  }

  /// How many states the rule keeps of every parameter.
  var stateCount: Int { kind.rule.stateCount }

  /// Throws where a value lies outside its range.
  ///
  /// The learning rate may be 0 here: a schedule may end there.
  package func check() throws(NetworkError) {
    func require(_ key: String, _ value: Double, _ range: NumberRange) throws(NetworkError) {
      guard range.contains(value) else {
        throw .optimizer(key: key, value: value, expected: range.text)
      }
    }
    try require("learning_rate", learningRate, .zeroOrMore)
    try require("weight_decay", weightDecay, .zeroOrMore)
    try require("l1", l1, .zeroOrMore)
    for setting in kind.rule.settings {
      switch setting.value {
      case .number(let number, let range): try require(setting.name, number, range)
      case .pair(let first, let second, let range):
        try require(setting.name, first, range)
        try require(setting.name, second, range)
      case .flag: break
      }
    }
  }
}

/// As checkpoints hold it: the rule's name and settings beside those that all rules have.
extension OptimizerSettings: Codable {
  private enum CodingKeys: String, CodingKey { case kind, learningRate, weightDecay, l1 }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(kind.name, forKey: .kind)
    try values.encode(learningRate, forKey: .learningRate)
    try values.encode(weightDecay, forKey: .weightDecay)
    try values.encode(l1, forKey: .l1)
    try kind.rule.encode(to: encoder)
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    kind = Optimizer(try values.decode(Optimizer.Name.self, forKey: .kind))
    learningRate = try values.decode(Double.self, forKey: .learningRate)
    weightDecay = try values.decode(Double.self, forKey: .weightDecay)
    l1 = try values.decode(Double.self, forKey: .l1)
    // Former checkpoints hold the settings of all rules, under the same names.
    kind.rule = try type(of: kind.rule).init(from: decoder)
  }
}
