// Layer normalization (Ba, Kiros and Hinton 2016) over features, by PyTorch's definitions.
import Kernels

/// y = (x − mean) / √(variance + ε)·γ + β over the features of an example, or of each step of a sequence:
/// PyTorch's `LayerNorm` over the last dimension, with γ and β `[features]`.
///
/// Mean and biased variance are each example's own, in training and after it. Images are refused:
/// their channels are not the last dimension, and `group_norm` with one group is what is meant.
package struct LayerNormDescription: Sendable, Equatable {
  package var name: String?
  /// Added to the variance.
  package var epsilon: Float

  package init(name: String? = nil, epsilon: Float = 1e-5) {
    self.name = name
    self.epsilon = epsilon
  }
}

extension LayerNormDescription: Layer {
  package var kind: LayerKind { .layerNorm }
  package var namesElsewhere: String { "layer_normalization layernormalization ln" }
  package static let keys: [LayerKey<Self>] = [.name(\.name), .epsilon(\.epsilon)]
  package var role: LayerRole { .normalization }
  package var asDescription: LayerDescription { .layerNorm(self) }

  package func place(in layout: inout ModelLayout, at path: LayerPath) throws(NetworkError)
    -> [Int]
  {
    let shape = layout.outputShape
    let name = try layout.parameters.claim(name, kind: kind, path)
    guard shape.count < 3 else {
      throw .misfit(
        layer: path,
        "layer_norm: expected features, or a sequence [steps, features], found \(shape): "
          + "group_norm with groups: 1 normalizes images")
    }
    guard epsilon > 0, epsilon.isFinite else {
      throw .misfit(layer: path, "layer_norm: expected an epsilon above 0, found \(epsilon)")
    }
    let features = shape[shape.count - 1]
    try layout.parameters.addParameter(name + ".weight", [features], .constant(1))
    try layout.parameters.addParameter(name + ".bias", [features], .constant(0))
    return shape
  }

  package func plan(_ placed: PlacedLayer, in builder: inout PlanBuilder) throws(NetworkError) {
    let steps = placed.input.count == 2 ? placed.input[0] : 1
    let features = placed.input[placed.input.count - 1]
    let output = try builder.place(steps * features)
    builder.appendLearning(
      .layerNorm(
        LayerNormOperation(
          input: builder.current, output: output, steps: steps, features: features,
          scale: placed.parameters[0], shift: placed.parameters[1],
          mean: try builder.place(steps), inverseDeviation: try builder.place(steps),
          scratch: builder.mode == .training
            ? try builder.arena.place(1, layerNormScratchCount(columns: features)) : nil,
          epsilon: epsilon)),
      output: output)
  }
}

/// A layer normalization's place in the plan.
struct LayerNormOperation {
  /// Offset of x `[N, steps, features]`.
  let input: Int
  let output: Int
  /// Of a sequence; 1 otherwise.
  let steps: Int
  let features: Int
  /// Offsets of γ and β `[features]`.
  let scale: Int
  let shift: Int
  /// Offsets of each step's mean and 1/√(variance + ε) `[N, steps]`.
  let mean: Int
  let inverseDeviation: Int
  /// Where the backward pass works; nil in inference.
  let scratch: Int?
  let epsilon: Float

  func forward(_ memory: Memory, rows: Int) {
    layerNorm(
      memory.values + input, rows: rows * steps, columns: features,
      scale: memory.parameters + scale, shift: memory.parameters + shift, epsilon: epsilon,
      into: memory.values + output, mean: memory.values + mean,
      inverseDeviation: memory.values + inverseDeviation)
  }

  func backward(_ memory: Memory, _ gradients: Memory, rows: Int) {
    guard let scratch else { return }
    layerNormBackward(
      memory.values + input, gradients.values + output, rows: rows * steps, columns: features,
      scale: memory.parameters + scale, mean: memory.values + mean,
      inverseDeviation: memory.values + inverseDeviation, into: gradients.values + input,
      scaleGradient: gradients.parameters + scale, shiftGradient: gradients.parameters + shift,
      scratch: memory.values + scratch)
  }
}
