// Scaling of an array, and of single columns of a matrix.

/// values *= factor.
package func scale(_ values: UnsafeMutablePointer<Float>, count: Int, by factor: Float) {
  forEachVector(count) { lanes in lanes.store(lanes.load(values) * factor, values) }
}

/// Column j of matrix `[rows, columns]` *= factors[j]; a factor of 1 leaves the bits as they are.
package func scaleColumns(
  _ matrix: UnsafeMutablePointer<Float>, rows: Int, columns: Int, by factors: UnsafePointer<Float>
) {
  for row in 0..<rows {
    let values = matrix + row * columns
    forEachVector(columns) { lanes in
      lanes.store(lanes.load(values) * lanes.load(factors), values)
    }
  }
}
