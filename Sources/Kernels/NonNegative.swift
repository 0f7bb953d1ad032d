// Weights below 0 set to 0, unit by unit, and what is left of each unit's norm.

/// Sets the values below 0 of each row of matrix `[rows, columns]` to 0 if `clamps`.
///
/// kept `[rows]` = the part of the row's norm that is left without them; NaN for rows without one, and
/// for those with a norm that is not finite, which stay as they are.
package func clampNegativeRows(
  _ matrix: UnsafeMutablePointer<Float>, rows: Int, columns: Int, clamps: Bool,
  into kept: UnsafeMutablePointer<Double>
) {
  inParts(rows, elements: rows * columns) { part in
    for row in part {
      let values = matrix + row * columns
      let squares = NegativeSquares(values, count: columns)
      kept[row] = squares.kept
      guard clamps, !kept[row].isNaN else { continue }
      clampNegatives(values, count: columns)
    }
  }
}

/// The same for the `group` neighbouring columns of each unit of matrix `[rows, columns]`; kept
/// `[columns / group]`.
package func clampNegativeColumns(
  _ matrix: UnsafeMutablePointer<Float>, rows: Int, columns: Int, group: Int, clamps: Bool,
  into kept: UnsafeMutablePointer<Double>
) {
  precondition(columns % group == 0, "\(columns) columns in groups of \(group)")
  inParts(columns / group, elements: rows * columns) { units in
    for unit in units {
      var squares = NegativeSquares()
      for row in 0..<rows {
        squares.add(NegativeSquares(matrix + row * columns + unit * group, count: group))
      }
      kept[unit] = squares.kept
      guard clamps, !kept[unit].isNaN else { continue }
      for row in 0..<rows { clampNegatives(matrix + row * columns + unit * group, count: group) }
    }
  }
}

private func clampNegatives(_ values: UnsafeMutablePointer<Float>, count: Int) {
  @inline(__always)
  func body(_ lanes: Lanes) {
    let x = lanes.load(values)
    lanes.store(x.replacing(with: 0, where: x .< 0), values)
  }
  forEachVector(count, body)
}

/// Sums of squares of values above and below 0, and whether there are any below.
private struct NegativeSquares {
  var above = 0.0
  var below = 0.0
  var hasNegatives = false

  /// What is left of the norm without the values below 0; NaN if none are, or the norm is not
  /// finite.
  var kept: Double {
    guard hasNegatives, (above + below).isFinite else { return .nan }
    // Squares may be too small for any sum, though not the values.
    return above + below == 0 ? 0 : (above / (above + below)).squareRoot()
  }

  init() {}

  init(_ values: UnsafePointer<Float>, count: Int) {
    var least = Vector.zero
    var start = 0
    while start < count {
      let terms = min(partialTerms, count - start)
      var (up, down) = (Vector.zero, Vector.zero)
      let first = start
      @inline(__always)
      func body(_ part: Lanes) {
        let x = Lanes(index: first &+ part.index, count: part.count).load(values)
        let negative = x.replacing(with: 0, where: x .>= 0)
        let positive = x.replacing(with: 0, where: x .< 0)
        least = pointwiseMin(least, negative)
        down += negative * negative
        up += positive * positive
      }
      forEachVector(terms, body)
      above += up.doubleSum
      below += down.doubleSum
      start += terms
    }
    hasNegatives = least.min() < 0
    if !(above + below).isFinite { addInDouble(values, count: count) }
  }

  /// Squares beyond float32 are finite in Double wherever the values are.
  private mutating func addInDouble(_ values: UnsafePointer<Float>, count: Int) {
    (above, below) = (0, 0)
    for index in 0..<count {
      let value = Double(values[index])
      if value < 0 { below += value * value } else { above += value * value }
    }
  }

  mutating func add(_ other: NegativeSquares) {
    above += other.above
    below += other.below
    hasNegatives = hasNegatives || other.hasNegatives
  }
}
