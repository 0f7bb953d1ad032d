// The fully connected layer: y = x·Wᵀ + b. Letters: N examples, P steps, D inputs, O outputs.
import Kernels

/// A dense layer's place in the plan.
struct DenseOperation {
  /// Offset of x `[N, P, D]` and, in the gradient arena, of dx.
  let input: Int
  /// Offset of y `[N, P, O]` and of dy.
  let output: Int
  /// Steps of a sequence; 1 where an example is no sequence.
  let positions: Int
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
      .secondTransposed, rows: rows * positions, columns: outputSize, inner: inputSize,
      memory.values + input, memory.parameters + weight, into: y)
    if let bias {
      addBias(memory.parameters + bias, to: y, rows: rows * positions, columns: outputSize)
    }
  }

  /// dW = dyᵀ·x, db = the sum of dy over the batch, dx = dy·W.
  func backward(_ memory: Memory, _ gradients: Memory, rows: Int) {
    let dy = gradients.values + output
    let rows = rows * positions
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

extension PlanBuilder {
  mutating func add(_ dense: DenseDescription, _ layer: PlacedLayer) throws(NetworkError) {
    let output = try place(layer.output.reduce(1, *))
    let positions = layer.input.count == 2 ? layer.input[0] : 1
    appendLearning(
      .dense(
        DenseOperation(
          input: current, output: output, positions: positions,
          inputSize: layer.input.reduce(1, *) / positions, outputSize: dense.units,
          weight: layer.parameters[0], bias: dense.bias ? layer.parameters[1] : nil,
          needsInputGradient: learns)),
      output: output)
  }
}
