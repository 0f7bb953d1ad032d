// NAdam (Dozat 2016, "Incorporating Nesterov momentum into Adam"): torch.optim.NAdam.
import Kernels
import PlainText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// m and v as Adam's; w −= rate·((1 − μₜ)·g / (1 − Πₜ) + μₜ₊₁·m / (1 − Πₜ₊₁)) / (√v̂ + ε), where
/// μₜ = β₁(1 − 0.96^(t·momentum_decay) / 2) and Πₜ = μ₁·…·μₜ.
package struct NAdam: UpdateRule {
  package static let learningRate = 2e-3
  package static let weightDecay = 0.0
  package static let keys: [RuleKey<Self>] = [
    .pair("betas", \.beta1, \.beta2, .zeroToBelowOne), .number("epsilon", \.epsilon, .aboveZero),
    .number("momentum_decay", \.momentumDecay, .zeroOrMore),
    .flag("decoupled_weight_decay", \.decouples),
  ]

  /// Decay of the first moment.
  package var beta1 = 0.9
  /// Decay of the second moment.
  package var beta2 = 0.999
  /// Added to the root of the second moment.
  package var epsilon = 1e-8
  /// How fast μ rises from about half of β₁ to β₁.
  package var momentumDecay = 4e-3
  /// The weight decay goes straight from the weights, as AdamW's.
  package var decouples = false

  package init() {}

  package var optimizer: Optimizer { .nadam(self) }
  /// The moments.
  package var states: [RuleState] { [RuleState(name: "first"), RuleState(name: "second")] }

  package func update(at step: UpdateStep) -> NAdamUpdate {
    let (mu, next) = (momentum(at: step.number), momentum(at: step.number + 1))
    let product = momentumProduct(through: step.number)
    return NAdamUpdate(
      rate: step.rate, gradientRate: step.rate * (1 - mu) / (1 - product),
      momentRate: step.rate * next / (1 - product * next), beta1: beta1, beta2: beta2,
      bias2: step.bias(beta2), epsilon: epsilon, weightDecay: step.weightDecay,
      decoupled: decouples)
  }

  /// μₜ.
  func momentum(at step: Int) -> Double {
    beta1 * (1 - 0.5 * pow(0.96, Double(step) * momentumDecay))
  }

  /// Πₜ without a state: β₁ᵗ·∏(1 − qⁱ/2) with q = 0.96^momentum_decay.
  ///
  /// The product's logarithm is −Σₖ (½)ᵏ/k·Σᵢ qᵏⁱ, and the inner sum, over i from 1 to t, geometric;
  /// what 50 terms leave of it is below 10⁻¹⁵ of it.
  func momentumProduct(through step: Int) -> Double {
    let (rate, steps) = (momentumDecay * log(0.96), Double(step))
    var logarithm = steps * log(beta1)
    // Long before that 1 − Π is 1.
    guard logarithm > -50 else { return 0 }
    var half = 1.0
    for k in 1...50 {
      let exponent = Double(k) * rate
      let sum = exponent == 0 ? steps : exp(exponent) * expm1(exponent * steps) / expm1(exponent)
      half /= 2
      logarithm -= half / Double(k) * sum
    }
    return exp(logarithm)
  }
}
