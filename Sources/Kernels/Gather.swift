// Rows of a data set brought together as one batch.

/// output `[count, columns]` = the rows of matrix `[rows, columns]` that `indices` names.
package func gatherRows(
  _ matrix: UnsafePointer<Float>, rows: Int, columns: Int,
  indices: UnsafePointer<Int32>, count: Int, into output: UnsafeMutablePointer<Float>
) {
  for position in 0..<count {
    let row = Int(indices[position])
    precondition(row >= 0 && row < rows, "row \(row) of \(rows)")
    (output + position * columns).update(from: matrix + row * columns, count: columns)
  }
}

/// output `[count]` = the labels that `indices` names.
package func gatherLabels(
  _ labels: UnsafePointer<Int32>, rows: Int, indices: UnsafePointer<Int32>, count: Int,
  into output: UnsafeMutablePointer<Int32>
) {
  for position in 0..<count {
    let row = Int(indices[position])
    precondition(row >= 0 && row < rows, "row \(row) of \(rows)")
    output[position] = labels[row]
  }
}
