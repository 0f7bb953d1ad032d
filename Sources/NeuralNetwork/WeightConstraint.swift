// The max-norm constraint on one weight tensor (Srivastava et al. 2014, section 5.1).
import Kernels

/// Space for the sums and factors of the units of the largest tensor.
struct UnitScratch {
  let sums: UnsafeMutablePointer<Double>
  let factors: UnsafeMutablePointer<Float>
}

/// How far a unit may lie over its ceiling without being touched: float32 projects no closer.
let constraintTolerance = 1e-6

extension WeightPlace {
  /// Counts the units with n > r·(1 + 1e-6) and, if `projects`, scales each by r/n.
  ///
  /// All other units stay bit for bit as they are, those with a norm that is not finite too.
  func constrain(
    _ values: UnsafeMutablePointer<Float>, axis: ConstraintAxis, ceiling: Float, projects: Bool,
    scratch: UnitScratch
  ) -> ConstraintOutcome {
    var outcome = ConstraintOutcome()
    let r = Double(ceiling)
    let limit = r * (1 + constraintTolerance)
    let squaredLimit = limit * limit
    let form = units(along: axis)
    if case .rows = form {
      projectRows(
        values, rows: rows, columns: columns, to: projects ? r : nil, over: squaredLimit,
        into: scratch.sums)
    } else {
      sumSquares(values, axis: axis, into: scratch.sums)
    }
    for unit in 0..<unitCount(along: axis) {
      scratch.factors[unit] = 1
      let sum = scratch.sums[unit]
      guard sum > squaredLimit, sum.isFinite else { continue }
      outcome.exceeded += 1
      guard projects else { continue }
      let factor = r / sum.squareRoot()
      outcome.clipped += 1
      outcome.shrinkSum += factor
      scratch.factors[unit] = Float(factor)
    }
    // Rows were scaled while they were at hand.
    if case .rows = form { return outcome }
    if outcome.clipped > 0 { scaleUnits(values, axis: axis, by: scratch.factors) }
    return outcome
  }

  /// Scales each unit by its factor; those with a factor of 1 stay bit for bit as they are.
  func scaleUnits(
    _ values: UnsafeMutablePointer<Float>, axis: ConstraintAxis,
    by factors: UnsafePointer<Float>
  ) {
    switch units(along: axis) {
    case .rows:
      for row in 0..<rows where factors[row] != 1 {
        scale(values + row * columns, count: columns, by: factors[row])
      }
    case .columns(let group):
      scaleGroupedColumns(values, rows: rows, columns: columns, group: group, by: factors)
    case .whole: scale(values, count: rows * columns, by: factors[0])
    }
  }

  /// sums `[units]` = the squared norm of each unit.
  func sumSquares(
    _ values: UnsafePointer<Float>, axis: ConstraintAxis, into sums: UnsafeMutablePointer<Double>
  ) {
    switch units(along: axis) {
    case .rows: rowSumsOfSquares(values, rows: rows, columns: columns, into: sums)
    case .columns(let group):
      groupedColumnSumsOfSquares(values, rows: rows, columns: columns, group: group, into: sums)
    case .whole: sums[0] = sumOfSquares(values, count: rows * columns)
    }
  }
}
