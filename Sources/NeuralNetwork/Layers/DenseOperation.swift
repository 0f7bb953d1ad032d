// The fully connected layer: y = x·Wᵀ + b. Letters: N examples, D inputs, O outputs.
import Kernels

/// A dense layer's place in the plan.
struct DenseOperation {
  /// Offset of x `[N, D]` and, in the gradient arena, of dx.
  let input: Int
  /// Offset of y `[N, O]` and of dy.
  let output: Int
  let inputSize: Int
  let outputSize: Int
  /// Offset of W `[O, D]` among the parameters, and of dW.
  let weight: Int
  /// Offset of b `[O]`, if it has one.
  let bias: Int?
  /// Whether anything before it learns.
  let needsInputGradient: Bool

  func forward(_ memory: Memory, rows: Int) {
    let y = memory.values + output
    matrixProduct(
      .secondTransposed, rows: rows, columns: outputSize, inner: inputSize,
      memory.values + input, memory.parameters + weight, into: y)
    if let bias { addBias(memory.parameters + bias, to: y, rows: rows, columns: outputSize) }
  }

  /// dW = dyᵀ·x, db = the sum of dy over the batch, dx = dy·W.
  func backward(_ memory: Memory, _ gradients: Memory, rows: Int) {
    let dy = gradients.values + output
    matrixProduct(
      .firstTransposed, rows: outputSize, columns: inputSize, inner: rows,
      dy, memory.values + input, into: gradients.parameters + weight)
    if let bias {
      columnSums(dy, rows: rows, columns: outputSize, into: gradients.parameters + bias)
    }
    if needsInputGradient {
      matrixProduct(
        .plain, rows: rows, columns: inputSize, inner: outputSize,
        dy, memory.parameters + weight, into: gradients.values + input)
    }
  }
}
