// No weight below 0: keras.constraints.NonNeg.
import Kernels

/// w ← w where w ≥ 0, else 0.
package struct NonNegative: ConstraintRule {
  package static let keys: [RuleKey<Self>] = []
  package static let ceiling = CeilingMeaning.none
  package static let hasAxis = true
  package static let projectsInitialWeights = false

  package init() {}

  package var constraint: Constraint { .nonNegative(self) }

  /// A unit is out of bounds with any weight below 0; its shrink is what its norm keeps.
  package func constrain(_ weight: WeightMemory, ceiling: Float, projects: Bool)
    -> ConstraintOutcome
  {
    let kept = weight.scratch.sums
    switch weight.place.units(along: weight.axis) {
    case .rows:
      clampNegativeRows(
        weight.values, rows: weight.place.rows, columns: weight.place.columns,
        clamps: projects, into: kept)
    case .columns(let group):
      clampNegativeColumns(
        weight.values, rows: weight.place.rows, columns: weight.place.columns, group: group,
        clamps: projects, into: kept)
    case .whole:
      clampNegativeRows(
        weight.values, rows: 1, columns: weight.place.rows * weight.place.columns,
        clamps: projects, into: kept)
    case .strided(let units):
      clampNegatives(weight.values, units: units, clamps: projects, into: kept)
    }
    var outcome = ConstraintOutcome()
    for unit in 0..<weight.place.unitCount(along: weight.axis) where !kept[unit].isNaN {
      outcome.exceeded += 1
      guard projects else { continue }
      outcome.clipped += 1
      outcome.shrinkSum += kept[unit]
    }
    return outcome
  }
}
