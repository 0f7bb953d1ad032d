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
  let outputSize: Int
  /// Offset of W `[O, D]` among the parameters, and of dW.
  let weight: Int
  /// Offset of b `[O]`, if it has one.
  let bias: Int?
  /// Whether anything before it learns.
  let needsInputGradient: Bool
  /// The first of the plan's products x·Wᵀ + b, and for training dyᵀ·x and dy·W.
  let product: Int

  func forward(_ memory: Memory, _ products: [PreparedProduct], rows: Int) {
    products[product](
      memory.values + input, memory.parameters + weight,
      bias: bias.map { UnsafePointer(memory.parameters + $0) }, into: memory.values + output,
      batch: rows * positions)
  }

  /// dW = dyᵀ·x, db = the sum of dy over the batch, dx = dy·W.
  func backward(
    _ memory: Memory, _ gradients: Memory, _ products: [PreparedProduct], rows: Int
  ) {
    let dy = gradients.values + output
    let rows = rows * positions
    products[product + 1](
      dy, memory.values + input, into: gradients.parameters + weight, batch: rows)
    if let bias {
      columnSums(dy, rows: rows, columns: outputSize, into: gradients.parameters + bias)
    }
    if needsInputGradient {
      products[product + 2](
        dy, memory.parameters + weight, into: gradients.values + input, batch: rows)
    }
  }
}

extension ModelLayout {
  /// The parameters of a dense layer, and its outputs.
  mutating func add(_ dense: DenseDescription, _ path: LayerPath)
    throws(NetworkError) -> [Int]
  {
    let name = try parameters.claim(dense.name, kind: "dense", path)
    guard dense.units > 0 else { throw .units(layer: path, dense.units) }
    let isSequence = outputShape.count == 2
    let inputs = isSequence ? outputShape[1] : try Self.size(of: outputShape)
    let bound = InitialValues.uniform(bound: 1 / Float(inputs).squareRoot())
    try parameters.addWeight(
      WeightName(
        layer: name, kind: "dense", tensor: "weight", shape: [dense.units, inputs],
        isOnlyOne: true, override: dense.maxNorm), bound, path)
    if dense.bias { try parameters.addParameter(name + ".bias", [dense.units], bound) }
    return isSequence ? [outputShape[0], dense.units] : [dense.units]
  }
}

extension PlanBuilder {
  mutating func add(_ dense: DenseDescription, _ layer: PlacedLayer) throws(NetworkError) {
    try reorder(layer.input)
    let output = try place(layer.output.reduce(1, *))
    let positions = layer.input.count == 2 ? layer.input[0] : 1
    let inputSize = layer.input.reduce(1, *) / positions
    let first = products.count
    addProduct(.secondTransposed, columns: dense.units, depth: inputSize, hasBias: dense.bias)
    if mode == .training {
      addProduct(.firstTransposed, columns: inputSize, depth: dense.units)
      if learns { addProduct(.plain, columns: inputSize, depth: dense.units) }
    }
    appendLearning(
      .dense(
        DenseOperation(
          input: current, output: output, positions: positions,
          outputSize: dense.units, weight: layer.parameters[0],
          bias: dense.bias ? layer.parameters[1] : nil, needsInputGradient: learns,
          product: first)),
      output: output)
  }
}
