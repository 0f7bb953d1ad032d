// Scaling and clamping of an array, and scaling of groups of columns of a matrix.
import CVectors

/// values *= factor.
package func scale(_ values: UnsafeMutablePointer<Float>, count: Int, by factor: Float) {
  inParts(count, elements: count) { part in
    maxnorm_scale(values + part.lowerBound, part.count, factor)
  }
}

/// values = the nearest number within −limit…limit; NaN stays NaN.
package func clampValues(
  _ values: UnsafeMutablePointer<Float>, count: Int, to limit: Float
) {
  @inline(__always)
  func body(_ lanes: Lanes) {
    let x = lanes.load(values)
    lanes.store(
      x.replacing(with: limit, where: x .> limit).replacing(with: -limit, where: x .< -limit),
      values)
  }
  forEachVector(count, body)
}

/// Column j of matrix `[rows, columns]` *= factors[j].
///
/// A factor of 1 leaves the bits as they are, those of denormals too while they are flushed.
package func scaleColumns(
  _ matrix: UnsafeMutablePointer<Float>, rows: Int, columns: Int, by factors: UnsafePointer<Float>
) {
  inParts(rows, elements: rows * columns) { part in
    for row in part {
      let values = matrix + row * columns
      @inline(__always)
      func body(_ lanes: Lanes) {
        let x = lanes.load(values)
        let factor = lanes.load(factors)
        lanes.store((x * factor).replacing(with: x, where: factor .== 1), values)
      }
      forEachVector(columns, body)
    }
  }
}

/// The `group` neighbouring columns of unit j of matrix `[rows, columns]` *= factors[j].
///
/// A factor of 1 leaves the bits as they are, as in `scaleColumns`.
package func scaleGroupedColumns(
  _ matrix: UnsafeMutablePointer<Float>, rows: Int, columns: Int, group: Int,
  by factors: UnsafePointer<Float>
) {
  guard group != 1 else {
    return scaleColumns(matrix, rows: rows, columns: columns, by: factors)
  }
  precondition(columns % group == 0, "\(columns) columns in groups of \(group)")
  let units = columns / group
  for row in 0..<rows {
    for unit in 0..<units where factors[unit] != 1 {
      scale(matrix + (row * units + unit) * group, count: group, by: factors[unit])
    }
  }
}
