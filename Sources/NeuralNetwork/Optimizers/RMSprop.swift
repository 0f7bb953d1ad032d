// RMSprop (Hinton 2012), not centred: torch.optim.RMSprop.
import Kernels
import PlainText

/// g += decay·w; s = αs + (1 − α)g²; u = g / (√s + ε); with momentum b = momentum·b + u and
/// w −= rate·b, else w −= rate·u.
package struct RMSprop: UpdateRule {
  package static let learningRate = 1e-2
  package static let weightDecay = 0.0
  package static let keys: [RuleKey<Self>] = [
    .number("momentum", \.momentum, .zeroToBelowOne), .number("alpha", \.alpha, .zeroToBelowOne),
    .number("epsilon", \.epsilon, .aboveZero),
  ]

  /// The share of the last update that goes into the next; 0: no momentum.
  package var momentum = 0.0
  /// Decay of the mean square.
  package var alpha = 0.99
  /// Added to the root of the mean square.
  package var epsilon = 1e-8

  package init() {}

  package var optimizer: Optimizer { .rmsprop(self) }
  /// The mean square and, with momentum, the velocity; checkpoints have long called them so.
  package var states: [RuleState] { [RuleState(name: "second"), RuleState(name: "first")] }
  package var stateCount: Int { momentum == 0 ? 1 : 2 }

  package func update(at step: UpdateStep) -> RMSpropUpdate {
    RMSpropUpdate(
      rate: step.rate, alpha: alpha, epsilon: epsilon, momentum: momentum,
      weightDecay: step.weightDecay)
  }
}
