// A weight tensor under its constraint: its values, its units, and what measures and scales them.
import Kernels

/// Space for the largest tensor.
package struct UnitScratch {
  /// Two for each unit.
  let sums: UnsafeMutablePointer<Double>
  /// One for each unit.
  let factors: UnsafeMutablePointer<Float>
  /// Two vectors of its matrix's columns, and two of its rows.
  let vectors: UnsafeMutablePointer<Float>
}

/// The share of r by which a unit may lie over it without being touched: float32 projects no closer.
let constraintTolerance = 1e-6

/// A weight tensor with all that a constraint needs of it.
package struct WeightMemory {
  let place: WeightPlace
  let values: UnsafeMutablePointer<Float>
  let axis: ConstraintAxis
  let scratch: UnitScratch
  /// What the rule keeps of the tensor from step to step.
  let state: UnsafeMutablePointer<Float>

  /// PyTorch's matrix of the tensor: outputs by everything else.
  var matrix: WeightMatrix { place.matrix }

  /// Brings each unit with a norm n over `upper` or under `lower` to rate·bound + (1 − rate)·n.
  func projectNorms(from lower: Double, to upper: Double, rate: Double, projects: Bool)
    -> ConstraintOutcome
  {
    var outcome = ConstraintOutcome()
    place.sumSquares(values, axis: axis, into: scratch.sums)
    let (least, most) = (lower * (1 - constraintTolerance), upper * (1 + constraintTolerance))
    for unit in 0..<place.unitCount(along: axis) {
      scratch.factors[unit] = 1
      let norm = scratch.sums[unit].squareRoot()
      guard norm.isFinite, norm > 0, norm > most || norm < least else { continue }
      outcome.exceeded += 1
      guard projects else { continue }
      let factor = rate * (norm > most ? upper : lower) / norm + (1 - rate)
      outcome.clipped += 1
      outcome.shrinkSum += factor
      scratch.factors[unit] = Float(factor)
    }
    if outcome.clipped > 0 { place.scaleUnits(values, axis: axis, by: scratch.factors) }
    return outcome
  }
}

extension WeightPlace {
  /// PyTorch's matrix of the tensor: outputs by everything else.
  ///
  /// A transposed convolution `[in, out, kh, kw]` has its outputs behind its inputs.
  package var matrix: WeightMatrix {
    unitColumns == 0
      ? WeightMatrix(blocks: 1, rows: rows, width: columns)
      : WeightMatrix(blocks: rows, rows: columns / unitColumns, width: unitColumns)
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
    case .strided(let units): scale(values, units: units, by: factors)
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
    case .strided(let units): sumsOfSquares(values, of: units, into: sums)
    }
  }
}
