// Lion (Chen et al. 2023, "Symbolic discovery of optimization algorithms", algorithm 2).
import Kernels
import PlainText

/// w −= rate·(sign(β₁m + (1 − β₁)g) + decay·w); m = β₂m + (1 − β₂)g.
///
/// Every weight moves by the same amount, so the rate is a tenth of Adam's or less, and the decay, which
/// is decoupled, as much larger.
package struct Lion: UpdateRule {
  package static let learningRate = 1e-4
  package static let weightDecay = 0.0
  package static let keys: [RuleKey<Self>] = [.pair("betas", \.beta1, \.beta2, .zeroToBelowOne)]

  /// The share of the momentum in the sign that is followed.
  package var beta1 = 0.9
  /// Decay of the momentum.
  package var beta2 = 0.99

  package init() {}

  package var optimizer: Optimizer { .lion(self) }
  package var states: [RuleState] { [RuleState(name: "momentum")] }

  package func update(at step: UpdateStep) -> LionUpdate {
    LionUpdate(rate: step.rate, beta1: beta1, beta2: beta2, weightDecay: step.weightDecay)
  }
}
