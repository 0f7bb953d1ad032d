// The fully connected layer: y = x·Wᵀ + b. Letters: N examples, P steps, D inputs, O outputs.
import Kernels

/// A fully connected layer: y = x·Wᵀ + b with W `[units, in]`, as PyTorch's `Linear`.
///
/// Images are flattened first; in a sequence it works on every step. A name is `[A-Za-z0-9_]+` and
/// unique in the model; nil: the kind and its ordinal (`dense1`).
package struct DenseDescription: Sendable, Equatable {
  package var name: String?
  /// Outputs of the layer.
  package var units: Int
  /// Adds a learnt value to every output.
  package var bias: Bool
  /// Whose ceiling the weights have.
  package var maxNorm: MaxNormOverride
  /// What a unit of the weights is; nil: what the constraint says for all.
  package var axes: UnitAxes?

  package init(
    name: String? = nil, units: Int, bias: Bool = true, maxNorm: MaxNormOverride = .inherit,
    axes: UnitAxes? = nil
  ) {
    self.name = name
    self.units = units
    self.bias = bias
    self.maxNorm = maxNorm
    self.axes = axes
  }
}

extension DenseDescription: Layer {
  package var kind: LayerKind { .dense }
  package var namesElsewhere: String { "linear fc fully_connected full inner_product affine" }
  package static let keys: [LayerKey<Self>] = [
    .name(\.name), .size("units", \.units),
    LayerKey("bias", .flag(\.bias), elsewhere: "use_bias fit_intercept"), .maxNorm(\.maxNorm),
    .axis(\.axes),
  ]
  package var role: LayerRole { .dense }
  package var asDescription: LayerDescription { .dense(self) }

  package func place(in layout: inout ModelLayout, at path: LayerPath) throws(NetworkError)
    -> [Int]
  {
    let shape = layout.outputShape
    let name = try layout.parameters.claim(name, kind: kind, path)
    guard units > 0 else { throw .units(layer: path, units) }
    let isSequence = shape.count == 2
    let inputs = isSequence ? shape[1] : try ModelLayout.size(of: shape)
    let bound = InitialValues.uniform(bound: 1 / Float(inputs).squareRoot())
    try layout.parameters.addWeight(
      WeightName(
        layer: name, kind: kind, tensor: "weight", shape: [units, inputs], isOnlyOne: true,
        override: maxNorm, axes: axes), bound, path)
    if bias { try layout.parameters.addParameter(name + ".bias", [units], bound) }
    return isSequence ? [shape[0], units] : [units]
  }

  package func plan(_ placed: PlacedLayer, in builder: inout PlanBuilder) throws(NetworkError) {
    try builder.reorder(placed.input)
    let output = try builder.place(placed.output.reduce(1, *))
    let positions = placed.input.count == 2 ? placed.input[0] : 1
    let inputSize = placed.input.reduce(1, *) / positions
    let first = builder.products.count
    builder.addProduct(.secondTransposed, columns: units, depth: inputSize, hasBias: bias)
    if builder.mode == .training {
      builder.addProduct(.firstTransposed, columns: inputSize, depth: units)
      if builder.learns { builder.addProduct(.plain, columns: inputSize, depth: units) }
    }
    builder.appendLearning(
      .dense(
        DenseOperation(
          input: builder.current, output: output, positions: positions, outputSize: units,
          weight: placed.parameters[0], bias: bias ? placed.parameters[1] : nil,
          needsInputGradient: builder.learns, product: first)),
      output: output)
  }
}

/// A dense layer's place in the plan.
struct DenseOperation {
  /// Offset of x `[N, P, D]` and, in the gradient arena, of dx.
  let input: Int
  /// Offset of y `[N, P, O]` and of dy.
  let output: Int
  /// Steps of a sequence; 1 if an example is not a sequence.
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
