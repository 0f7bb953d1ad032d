// Sums of squares of rows, columns and whole arrays, accurate enough to be held against a limit.
//
// The rule: float32 sums of at most 16 terms a lane (256 in 16 lanes), added up in Double. The
// norm's relative error then stays under 2e-7. A single float32 accumulator drifts by 3.5e-7 at 256
// terms and by 1e-6 at 4,096: the same unit would be found over its limit again and again.

/// Terms added in float32, over all lanes, before the sum moves to Double.
let partialTerms = 256

/// The most terms added in one lane.
private let laneTerms = 16

/// The sum of the squares of `count` values.
///
/// Where squares overflow float32 (values beyond 1.8e19) they are added in Double, so the sum is
/// finite whenever the values are.
package func sumOfSquares(_ values: UnsafePointer<Float>, count: Int) -> Double {
  var total = 0.0
  var start = 0
  while start < count {
    let terms = min(partialTerms, count - start)
    let block = values + start
    // Two vectors (four SSE registers) hide the latency of the additions.
    var a = Vector.zero
    var b = Vector.zero
    var index = 0
    while index + 16 <= terms {
      let x = block.vector(at: index)
      let y = block.vector(at: index + 8)
      a += x * x
      b += y * y
      index += 16
    }
    var sum = (a + b).doubleSum
    while index < terms {
      sum += Double(block[index]) * Double(block[index])
      index += 1
    }
    total += sum
    start += terms
  }
  return total.isFinite ? total : sumOfSquaresInDouble(values, count: count, stride: 1)
}

/// sums `[rows]` = the sum of squares of each row of matrix `[rows, columns]`.
package func rowSumsOfSquares(
  _ matrix: UnsafePointer<Float>, rows: Int, columns: Int, into sums: UnsafeMutablePointer<Double>
) {
  for row in 0..<rows { sums[row] = sumOfSquares(matrix + row * columns, count: columns) }
}

/// sums `[columns / group]` = the sum of squares of each `group` neighbouring columns over all rows
/// of matrix `[rows, columns]`.
package func groupedColumnSumsOfSquares(
  _ matrix: UnsafePointer<Float>, rows: Int, columns: Int, group: Int,
  into sums: UnsafeMutablePointer<Double>
) {
  precondition(columns % group == 0, "\(columns) columns in groups of \(group)")
  sums.update(repeating: 0, count: columns / group)
  var start = 0
  while start < rows {
    let terms = min(laneTerms, rows - start)
    let block = matrix + start * columns
    @inline(__always)
    func body(_ lanes: Lanes) {
      var sum = Vector.zero
      var row = block
      for _ in 0..<terms {
        let x = lanes.load(row)
        sum += x * x
        row += columns
      }
      if group == 1 {
        for lane in 0..<lanes.count { sums[lanes.index + lane] += Double(sum[lane]) }
      } else {
        for lane in 0..<lanes.count { sums[(lanes.index + lane) / group] += Double(sum[lane]) }
      }
    }
    forEachVector(columns, body)
    start += terms
  }
  for unit in 0..<columns / group where !sums[unit].isFinite {
    sums[unit] = 0
    for column in unit * group..<(unit + 1) * group {
      sums[unit] += sumOfSquaresInDouble(matrix + column, count: rows, stride: columns)
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
