// How the weights follow the gradient: the optimizers and their settings, with PyTorch's defaults.

/// An optimizer by name, with all settings any of them has; those of the others lie idle.
package struct OptimizerSettings: Sendable, Equatable, Codable {
  /// The rules of torch.optim that are built.
  package enum Kind: String, Sendable, CaseIterable, Codable {
    case sgd, adam, adamw, rmsprop

    /// Adam's first moment is not one: its bias is corrected for a decay that stays as it is.
    package var hasMomentum: Bool { self == .sgd || self == .rmsprop }
  }

  /// The rule; changing it clears its state.
  package var kind: Kind
  /// Scales every update.
  package var learningRate: Double
  /// SGD's and RMSprop's; 0 is none.
  package var momentum: Double = 0
  /// SGD's; takes effect with momentum.
  package var nesterov = false
  /// L2 on all parameters, added to the gradient; AdamW takes it from the weights instead.
  package var weightDecay: Double
  /// L1: the loss gets this times the sum of all parameters' sizes, and gradients their share of it
  /// before they are measured and clipped; the recorded loss is that of the data alone.
  package var l1: Double = 0
  /// Adam's decay of the first moment.
  package var beta1: Double = 0.9
  /// Adam's decay of the second moment.
  package var beta2: Double = 0.999
  /// Added to the root of the second moment (Adam, RMSprop).
  package var epsilon: Double = 1e-8
  /// RMSprop's decay of the mean square.
  package var alpha: Double = 0.99

  /// The defaults of `torch.optim`, unless told otherwise.
  package init(_ kind: Kind, learningRate: Double? = nil, weightDecay: Double? = nil) {
    self.kind = kind
    switch kind {
    case .sgd, .adam, .adamw: self.learningRate = learningRate ?? 1e-3
    case .rmsprop: self.learningRate = learningRate ?? 1e-2
    }
    self.weightDecay = weightDecay ?? (kind == .adamw ? 1e-2 : 0)
  }

  /// Throws where a value lies outside its range; PyTorch's ranges.
  ///
  /// The learning rate may be 0 here: a schedule may end there.
  package func check() throws(NetworkError) {
    func require(_ key: String, _ value: Double, _ allowed: Bool, _ range: String)
      throws(NetworkError)
    {
      guard value.isFinite, allowed else {
        throw .optimizer(key: key, value: value, expected: range)
      }
    }
    try require("learning_rate", learningRate, learningRate >= 0, "0 or more")
    try require("momentum", momentum, momentum >= 0, "0 or more")
    try require("weight_decay", weightDecay, weightDecay >= 0, "0 or more")
    try require("l1", l1, l1 >= 0, "0 or more")
    try require("betas", beta1, beta1 >= 0 && beta1 < 1, "from 0 to below 1")
    try require("betas", beta2, beta2 >= 0 && beta2 < 1, "from 0 to below 1")
    try require("epsilon", epsilon, epsilon >= 0, "0 or more")
    try require("alpha", alpha, alpha >= 0, "0 or more")
  }
}
