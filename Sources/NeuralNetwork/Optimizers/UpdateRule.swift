// What each optimizer says of itself: its defaults, keys, states and formula.
import Kernels

/// A rule by which weights follow gradients, with the settings that are its own.
package protocol UpdateRule: KeyedRule {
  associatedtype Update: TensorUpdate

  /// The learning rate where nobody gives one.
  static var learningRate: Double { get }
  /// The weight decay where nobody gives one.
  static var weightDecay: Double { get }

  /// The rule as a case of the enumeration.
  var optimizer: Optimizer { get }
  /// All states that the rule may keep of a parameter. Where not all settings need all of them, those
  /// that all need come first.
  var states: [RuleState] { get }
  /// How many of `states` these settings need, from the first on.
  var stateCount: Int { get }
  /// The formula with its numbers at one step.
  func update(at step: UpdateStep) -> Update
}

extension UpdateRule {
  package var stateCount: Int { states.count }
}

/// A state that a rule keeps of every parameter, such as the velocity: as many numbers as it has.
package struct RuleState: Sendable, Equatable {
  /// What checkpoints call it.
  package var name: String
  /// What it is before the first step.
  package var initial: Float = 0
}

/// What a step brings to every formula.
package struct UpdateStep: Sendable {
  /// Optimizer steps with this rule, the present one included.
  var number: Int
  /// The learning rate, by the schedule.
  var rate: Double
  /// L2 on all parameters.
  var weightDecay: Double

  /// 1 − βᵗ: what a mean that started at 0, with decay β, has come to at step t.
  func bias(_ beta: Double) -> Double {
    1 - power(beta, number)
  }

  /// base to a whole power, by repeated squaring.
  private func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    var square = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
