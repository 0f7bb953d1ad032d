// Every unit of length 1: keras.constraints.UnitNorm without its epsilon.

/// w ← w / ‖w‖.
package struct UnitNorm: ConstraintRule {
  package static let keys: [RuleKey<Self>] = []
  package static let ceiling = CeilingMeaning.fixed(1)
  package static let hasAxis = true
  package static let projectsInitialWeights = false

  package init() {}

  package var constraint: Constraint { .unitNorm(self) }

  package func constrain(_ weight: WeightMemory, ceiling: Float, projects: Bool)
    -> ConstraintOutcome
  {
    weight.projectNorms(from: Double(ceiling), to: Double(ceiling), rate: 1, projects: projects)
  }
}
