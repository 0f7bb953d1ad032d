// Stochastic gradient descent, with momentum and Nesterov's form of it: torch.optim.SGD.
import Kernels
import PlainText

/// g += decay·w; v = momentum·v + g; w −= rate·v, or with Nesterov w −= rate·(g + momentum·v).
package struct SGD: UpdateRule {
  package static let learningRate = 1e-3
  package static let weightDecay = 0.0
  package static let keys: [RuleKey<Self>] = [
    .number("momentum", \.momentum, .zeroToBelowOne), .flag("nesterov", \.nesterov),
  ]

  /// The share of the last update that goes into the next; 0: no momentum.
  package var momentum = 0.0
  /// Takes effect with momentum.
  package var nesterov = false

  package init() {}

  package init(momentum: Double, nesterov: Bool = false) {
    self.momentum = momentum
    self.nesterov = nesterov
  }

  package var optimizer: Optimizer { .sgd(self) }
  /// The velocity.
  package var states: [RuleState] { [RuleState(name: "first")] }
  package var stateCount: Int { momentum == 0 ? 0 : 1 }

  package var conflict: RuleConflict? {
    guard nesterov, momentum == 0 else { return nil }
    return RuleConflict(
      key: "nesterov", problem: "expected a momentum above 0, found 0",
      hint: "set optimizer.momentum")
  }

  package func update(at step: UpdateStep) -> SGDUpdate {
    SGDUpdate(
      rate: step.rate, momentum: momentum, nesterov: nesterov, weightDecay: step.weightDecay)
  }
}
