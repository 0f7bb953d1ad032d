// Max-norm (Srivastava et al. 2014, section 5.1): no unit longer than r.
import Kernels

/// w ← w·r / ‖w‖ where ‖w‖ > r (1 + `constraintTolerance`).
package struct MaxNorm: ConstraintRule {
  package static let keys: [RuleKey<Self>] = []
  package static let ceiling = CeilingMeaning.key("max_norm", nil)
  package static let hasAxis = true
  package static let projectsInitialWeights = true

  package init() {}

  package var constraint: Constraint { .maxNorm(self) }

  package func constrain(_ weight: WeightMemory, ceiling: Float, projects: Bool)
    -> ConstraintOutcome
  {
    let (place, scratch) = (weight.place, weight.scratch)
    var outcome = ConstraintOutcome()
    let r = Double(ceiling)
    let limit = r * (1 + constraintTolerance)
    let squaredLimit = limit * limit
    let form = place.units(along: weight.axis)
    if case .rows = form {
      projectRows(
        weight.values, rows: place.rows, columns: place.columns, to: projects ? r : nil,
        over: squaredLimit, into: scratch.sums)
    } else {
      place.sumSquares(weight.values, axis: weight.axis, into: scratch.sums)
    }
    for unit in 0..<place.unitCount(along: weight.axis) {
      scratch.factors[unit] = 1
      let sum = scratch.sums[unit]
      guard exceeds(sum, squaredLimit) else { continue }
      outcome.exceeded += 1
      guard projects else { continue }
      let factor = r / sum.squareRoot()
      outcome.clipped += 1
      outcome.shrinkSum += factor
      scratch.factors[unit] = Float(factor)
    }
    // `projectRows` has scaled the rows already.
    if case .rows = form { return outcome }
    if outcome.clipped > 0 {
      place.scaleUnits(weight.values, axis: weight.axis, by: scratch.factors)
    }
    return outcome
  }
}
