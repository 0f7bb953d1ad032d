// AdamW (Loshchilov and Hutter 2019): Adam with decoupled weight decay, torch.optim.AdamW.
import Kernels
import PlainText

/// Adam on the gradient alone; the decay goes straight from the weights: w −= rate·decay·w.
package struct AdamW: UpdateRule {
  package static let learningRate = 1e-3
  package static let weightDecay = 1e-2
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

  package var optimizer: Optimizer { .adamw(self) }
  /// The moments.
  package var states: [RuleState] { [RuleState(name: "first"), RuleState(name: "second")] }

  package func update(at step: UpdateStep) -> AdamUpdate {
    AdamUpdate(
      rate: step.rate, beta1: beta1, beta2: beta2, bias1: step.bias(beta1),
      bias2: step.bias(beta2), epsilon: epsilon, weightDecay: step.weightDecay, decoupled: true)
  }
}
