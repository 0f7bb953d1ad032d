// The projection onto the ball of a norm, for units that are rows; what decides which units are over.
import CVectors

/// Whether a unit with this sum of squares is over the limit.
///
/// One whose norm is not finite never is: it could not be brought back.
@inlinable @inline(__always)
package func exceeds(_ sumOfSquares: Double, _ squaredLimit: Double) -> Bool {
  sumOfSquares > squaredLimit && sumOfSquares.isFinite
}

/// Scales each row of matrix `[rows, columns]` whose sum of squares `exceeds` the limit to length
/// `ceiling` (nil: none); sums `[rows]` = the sum of squares of each row before.
///
/// A row is scaled while it is still in the nearest cache.
package func projectRows(
  _ matrix: UnsafeMutablePointer<Float>, rows: Int, columns: Int, to ceiling: Double?,
  over squaredLimit: Double, into sums: UnsafeMutablePointer<Double>
) {
  inParts(rows, elements: rows * columns) { part in
    for row in part {
      let values = matrix + row * columns
      let sum = sumOfSquaresOfPart(values, count: columns)
      sums[row] = sum
      guard let ceiling, exceeds(sum, squaredLimit) else { continue }
      maxnorm_scale(values, columns, Float(ceiling / sum.squareRoot()))
    }
  }
}
