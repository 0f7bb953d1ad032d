// No unit longer than r and none shorter than a minimum: keras.constraints.MinMaxNorm without its epsilon.
import PlainText

/// w ← w·(rate·clip(‖w‖, min, r) + (1 − rate)·‖w‖) / ‖w‖.
package struct MinMaxNorm: ConstraintRule {
  package static let keys: [RuleKey<Self>] = [
    .number("min", \.minimum, .zeroOrMore), .number("rate", \.rate, .aboveZeroToOne),
  ]
  package static let ceiling = CeilingMeaning.key("max", 1)
  package static let hasAxis = true
  package static let projectsInitialWeights = false

  /// The least norm of a unit.
  package var minimum = 0.0
  /// The part of the way to its bound that a unit goes at a step.
  package var rate = 1.0

  package init() {}

  package init(minimum: Double, rate: Double = 1) {
    self.minimum = minimum
    self.rate = rate
  }

  package var constraint: Constraint { .minMaxNorm(self) }

  package func conflict(with ceiling: Float) -> RuleConflict? {
    guard ceiling < Float(minimum) else { return nil }
    return RuleConflict(
      key: "min", problem: "expected at most the maximum of \(ceiling), found \(Float(minimum))",
      hint: "lower it, or raise constraint.max")
  }

  package func constrain(_ weight: WeightMemory, ceiling: Float, projects: Bool)
    -> ConstraintOutcome
  {
    weight.projectNorms(from: minimum, to: Double(ceiling), rate: rate, projects: projects)
  }
}
