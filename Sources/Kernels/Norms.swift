// Sums of squares of rows, columns and whole arrays, accurate enough to be held against a limit.
//
// The rule: float32 sums of at most 16 terms a lane (256 in 16 lanes), added up in Double. The
// norm's relative error then stays under 2e-7. A single float32 accumulator drifts by 3.5e-7 at 256
// terms and by 1e-6 at 4,096: the same unit would be found over its limit again and again.
import CVectors

/// Terms added in float32, over all lanes, before the sum moves to Double.
let partialTerms = 256

/// The most terms added in one lane.
private let laneTerms = 16

/// The sum of the squares of `count` values.
///
/// Where squares overflow float32 (values beyond 1.8e19) they are added in Double, so the sum is
/// finite whenever the values are.
package func sumOfSquares(_ values: UnsafePointer<Float>, count: Int) -> Double {
  sumOfParts(count, elements: count, unit: partialTerms) { part in
    sumOfSquaresOfPart(values + part.lowerBound, count: part.count)
  }
}

/// The same on the calling thread alone.
func sumOfSquaresOfPart(_ values: UnsafePointer<Float>, count: Int) -> Double {
  let sum = maxnorm_sum_of_squares(values, count)
  return sum.isFinite ? sum : sumOfSquaresInDouble(values, count: count, stride: 1)
}

/// sums `[rows]` = the sum of squares of each row of matrix `[rows, columns]`.
package func rowSumsOfSquares(
  _ matrix: UnsafePointer<Float>, rows: Int, columns: Int, into sums: UnsafeMutablePointer<Double>
) {
  inParts(rows, elements: rows * columns) { part in
    for row in part { sums[row] = sumOfSquaresOfPart(matrix + row * columns, count: columns) }
  }
}

/// sums `[columns / group]` = the sum of squares of each `group` neighbouring columns over all rows
/// of matrix `[rows, columns]`.
package func groupedColumnSumsOfSquares(
  _ matrix: UnsafePointer<Float>, rows: Int, columns: Int, group: Int,
  into sums: UnsafeMutablePointer<Double>
) {
  precondition(columns % group == 0, "\(columns) columns in groups of \(group)")
  sums.update(repeating: 0, count: columns / group)
  inParts(columns / group, elements: rows * columns, unit: Vector.scalarCount) { units in
    withUnsafeTemporaryAllocation(of: Float.self, capacity: units.count * group) { partial in
      guard let partial = partial.baseAddress else { return }
      addColumnSumsOfSquares(
        matrix + units.lowerBound * group, rows: rows, columns: units.count * group,
        stride: columns, group: group, partial: partial, into: sums + units.lowerBound)
    }
  }
  for unit in 0..<columns / group where !sums[unit].isFinite {
    sums[unit] = 0
    for column in unit * group..<(unit + 1) * group {
      sums[unit] += sumOfSquaresInDouble(matrix + column, count: rows, stride: columns)
    }
  }
}

/// Adds the squares of neighbouring columns row by row, as memory is read fastest: at most 16 of a
/// column in float32 (`partial`, one a column), then in Double.
private func addColumnSumsOfSquares(
  _ matrix: UnsafePointer<Float>, rows: Int, columns: Int, stride: Int, group: Int,
  partial: UnsafeMutablePointer<Float>, into sums: UnsafeMutablePointer<Double>
) {
  var start = 0
  while start < rows {
    let end = min(rows, start + laneTerms)
    partial.initialize(repeating: 0, count: columns)
    while start < end {
      let first = matrix + start * stride
      // Four rows at once save three of four passes over the sums.
      if start + 4 <= end {
        @inline(__always)
        func addFour(_ lanes: Lanes) {
          let (a, b) = (lanes.load(first), lanes.load(first + stride))
          let (c, d) = (lanes.load(first + 2 * stride), lanes.load(first + 3 * stride))
          lanes.store(lanes.load(partial) + (a * a + b * b + (c * c + d * d)), partial)
        }
        forEachVector(columns, addFour)
        start += 4
      } else {
        @inline(__always)
        func addOne(_ lanes: Lanes) {
          let x = lanes.load(first)
          lanes.store(lanes.load(partial) + x * x, partial)
        }
        forEachVector(columns, addOne)
        start += 1
      }
    }
    if group == 1 {
      for column in 0..<columns { sums[column] += Double(partial[column]) }
    } else {
      for column in 0..<columns { sums[column / group] += Double(partial[column]) }
    }
  }
}

/// Whether no value is NaN or infinite.
package func allFinite(_ values: UnsafePointer<Float>, count: Int) -> Bool {
  var sum = Vector.zero
  // x·0 is 0 for every finite x and NaN for the others.
  @inline(__always)
  func body(_ lanes: Lanes) {
    sum += lanes.load(values) * 0
  }
  forEachVector(count, body)
  return sum.sum() == 0
}

private func sumOfSquaresInDouble(
  _ values: UnsafePointer<Float>, count: Int, stride: Int
) -> Double {
  var total = 0.0
  for index in 0..<count {
    let value = Double(values[index * stride])
    total += value * value
  }
  return total
}
