// Other frameworks' names of optimizers, constraints and their keys; ours come with the rules.
import NeuralNetwork

extension ForeignNames {
  static let constraintKeys = table([
    "constraint.max_norm": "value limit max norm",
    "constraint.enabled": "on active enable",
    "constraint.axis": "dim",
    "constraint.kind": "name type class",
  ])

  /// Keys of other rules come with the rule that has them.
  static let constraintRemarks = Dictionary(
    Constraint.Name.allCases.flatMap { name in
      Constraint(name).rule.settings.map {
        (squashed($0.name), "\(name.rawValue) has it: set constraint.kind")
      }
    }, uniquingKeysWith: { first, _ in first })

  static let constraintKinds = table([
    "max_norm": "max maxnorm_constraint clip", "unit_norm": "unit normalize weight_norm",
    "min_max_norm": "min_max minmax", "non_negative": "nonneg nonnegative positive relu",
    "spectral_norm": "spectral spectral_normalization sn",
  ])

  /// Keys of other rules come with the rules that have them.
  static let optimizerRemarks = table([
    "here it is optimizer.name": "type kind",
    "there is none here: leave it out": "amsgrad centered dampening foreach fused maximize",
  ]).merging(ruleKeys) { first, _ in first }

  private static var ruleKeys: [String: String] {
    let nouns = ["momentum": "a momentum", "betas": "betas"]
    // A falling rate is a schedule here, whatever the rule, though adagrad has its own decay.
    let keys = Optimizer.Name.withKeys.filter { $0.key != "lr_decay" }
    return Dictionary(
      keys.map { key, names in
        let have = names.count > 1 ? "have" : "has"
        return (
          squashed(key),
          "\(Optimizer.Name.list(names)) \(have) \(nouns[key] ?? "it"): set optimizer.name"
        )
      }, uniquingKeysWith: { first, _ in first })
  }

  static let optimizers = table([
    "sgd": "gd gradient_descent stochastic_gradient_descent", "rmsprop": "rms",
    "sgd with optimizer.momentum": "momentum nesterov",
  ])

  static let optimizerNameRemarks = table([
    "the optimizers here are \(Optimizer.Name.list(Optimizer.Name.allCases))":
      "adamax radam adadelta adafactor lamb lars lbfgs rprop ftrl asgd muon "
      + "sparse_adam adabelief"
  ])

  static let axisRemarks = table([
    "incoming is each unit's own weights (Keras' axis 0, dim 1 in PyTorch), outgoing PyTorch's dim 0":
      "0 1 rows columns row column in out input output",
    "here it is tensor": "all whole none global",
  ])
}
