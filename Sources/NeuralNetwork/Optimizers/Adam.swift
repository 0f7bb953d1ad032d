// Adam (Kingma and Ba 2015): torch.optim.Adam.
import Kernels
import PlainText

/// g += decay·w; m = β₁m + (1 − β₁)g; v = β₂v + (1 − β₂)g²; w −= rate·m̂ / (√v̂ + ε), where m̂ and v̂
/// are m and v over 1 − βᵗ.
package struct Adam: UpdateRule {
  package static let learningRate = 1e-3
  package static let weightDecay = 0.0
  package static let keys: [RuleKey<Self>] = [
    .pair("betas", \.beta1, \.beta2, .zeroToBelowOne), .number("epsilon", \.epsilon, .aboveZero),
  ]

  /// Decay of the first moment.
  package var beta1 = 0.9
  /// Decay of the second moment.
  package var beta2 = 0.999
  /// Added to the root of the second moment.
  package var epsilon = 1e-8

  package init() {}

  package var optimizer: Optimizer { .adam(self) }
  /// The moments.
  package var states: [RuleState] { [RuleState(name: "first"), RuleState(name: "second")] }

  package func update(at step: UpdateStep) -> AdamUpdate {
    AdamUpdate(
      rate: step.rate, beta1: beta1, beta2: beta2, bias1: step.bias(beta1),
      bias2: step.bias(beta2), epsilon: epsilon, weightDecay: step.weightDecay, decoupled: false)
  }
}
