// Rows of a data set brought together as one batch.

/// output `[count, copied]` = the rows of matrix `[rows, columns]` that `indices` names.
///
/// Of each row `copied` columns from `columnOffset` on, nil for all that follow it.
package func gatherRows(
  _ matrix: UnsafePointer<Float>, rows: Int, columns: Int,
  columnOffset: Int = 0, copied: Int? = nil,
  indices: UnsafePointer<Int32>, count: Int, into output: UnsafeMutablePointer<Float>
) {
  let copied = copied ?? columns - columnOffset
  precondition(
    columnOffset >= 0 && copied >= 0 && columnOffset + copied <= columns,
    "\(copied) columns from \(columnOffset) on of \(columns)")
  for position in 0..<count {
    let row = Int(indices[position])
    precondition(row >= 0 && row < rows, "row \(row) of \(rows)")
    (output + position * copied).update(
      from: matrix + row * columns + columnOffset, count: copied)
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
