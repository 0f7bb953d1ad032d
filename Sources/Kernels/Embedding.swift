// Vectors looked up by token, and the gradient of their table.

/// output `[count, size]` = the table's rows that the tokens name.
///
/// Tokens are whole numbers stored as Float, within the table's rows (the caller sees to that).
package func embed(
  _ tokens: UnsafePointer<Float>, table: UnsafePointer<Float>, count: Int, size: Int,
  into output: UnsafeMutablePointer<Float>
) {
  for position in 0..<count {
    (output + position * size).update(from: table + Int(tokens[position]) * size, count: size)
  }
}

/// tableGradient `[vocabulary, size]` = for each token the sum of the gradients
/// `[count, size]` at its places, in their order; 0 if it has none.
package func embedBackward(
  _ tokens: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, count: Int, size: Int,
  vocabulary: Int, into tableGradient: UnsafeMutablePointer<Float>
) {
  tableGradient.update(repeating: 0, count: vocabulary * size)
  for position in 0..<count {
    let gradient = outputGradient + position * size
    let sums = tableGradient + Int(tokens[position]) * size
    @inline(__always)
    func body(_ lanes: Lanes) {
      lanes.store(lanes.load(sums) + lanes.load(gradient), sums)
    }
    forEachVector(size, body)
  }
}
