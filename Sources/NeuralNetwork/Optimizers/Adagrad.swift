// Adagrad (Duchi, Hazan and Singer 2011): torch.optim.Adagrad.
import Kernels
import PlainText

/// g += decay·w; s += g²; w −= rate / (1 + (t − 1)·lr_decay)·g / (√s + ε) at step t.
package struct Adagrad: UpdateRule {
  package static let learningRate = 1e-2
  package static let weightDecay = 0.0
  package static let keys: [RuleKey<Self>] = [
    .number("lr_decay", \.rateDecay, .zeroOrMore),
    .number("initial_accumulator_value", \.initialSum, .zeroOrMore),
    .number("epsilon", \.epsilon, .aboveZero),
  ]

  /// By how much of the rate each step's is a smaller part of it.
  package var rateDecay = 0.0
  /// What the sum of squares starts from.
  package var initialSum = 0.0
  /// Added to the root of the sum.
  package var epsilon = 1e-10

  package init() {}

  package var optimizer: Optimizer { .adagrad(self) }
  package var states: [RuleState] { [RuleState(name: "sum", initial: Float(initialSum))] }

  package func update(at step: UpdateStep) -> AdagradUpdate {
    AdagradUpdate(
      rate: step.rate / (1 + Double(step.number - 1) * rateDecay), epsilon: epsilon,
      weightDecay: step.weightDecay)
  }
}
