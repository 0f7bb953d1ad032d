// A bias added to every row, and its gradient: the sums of the columns.

/// matrix `[rows, columns]` += bias `[columns]` in every row.
package func addBias(
  _ bias: UnsafePointer<Float>, to matrix: UnsafeMutablePointer<Float>, rows: Int, columns: Int
) {
  inParts(rows, elements: rows * columns) { part in
    for row in part { add(bias, to: matrix + row * columns, count: columns) }
  }
}

/// values += terms.
@inline(__always)
func add(_ terms: UnsafePointer<Float>, to values: UnsafeMutablePointer<Float>, count: Int) {
  @inline(__always)
  func body(_ lanes: Lanes) {
    lanes.store(lanes.load(values) + lanes.load(terms), values)
  }
  forEachVector(count, body)
}

/// sums `[columns]` = the sum over the rows of matrix `[rows, columns]`.
package func columnSums(
  _ matrix: UnsafePointer<Float>, rows: Int, columns: Int, into sums: UnsafeMutablePointer<Float>
) {
  sums.update(repeating: 0, count: columns)
  for row in 0..<rows {
    let values = matrix + row * columns
    @inline(__always)
    func body(_ lanes: Lanes) {
      lanes.store(lanes.load(sums) + lanes.load(values), sums)
    }
    forEachVector(columns, body)
  }
}
