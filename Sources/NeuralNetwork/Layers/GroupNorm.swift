// Group normalization (Wu and He 2018) of images or features, by PyTorch's definitions.
import Kernels

/// y = (x − mean) / √(variance + ε)·γ + β over the pixels of `groups` equal groups of neighbouring
/// channels: PyTorch's `GroupNorm`, with γ and β `[channels]`.
///
/// Mean and biased variance are each example's own, in training and after it. Sequences are refused: in
/// PyTorch's definition each step would see those after it.
package struct GroupNormDescription: Sendable, Equatable {
  package var name: String?
  /// Divides the number of channels; 1 is layer normalization of an image.
  package var groups: Int
  /// Added to the variance.
  package var epsilon: Float

  package init(name: String? = nil, groups: Int, epsilon: Float = 1e-5) {
    self.name = name
    self.groups = groups
    self.epsilon = epsilon
  }
}

extension GroupNormDescription: Layer {
  package var kind: LayerKind { .groupNorm }
  package var namesElsewhere: String { "group_normalization groupnormalization gn" }
  package static let keys: [LayerKey<Self>] = [
    .name(\.name),
    LayerKey(
      "groups", .integer(\.groups, atLeast: 1, missing: .isAnError),
      elsewhere: "num_groups n_groups"),
    .epsilon(\.epsilon),
  ]
  package var role: LayerRole { .normalization }
  package var asDescription: LayerDescription { .groupNorm(self) }

  package func place(in layout: inout ModelLayout, at path: LayerPath) throws(NetworkError)
    -> [Int]
  {
    let shape = layout.outputShape
    let name = try layout.parameters.claim(name, kind: kind, path)
    guard shape.count != 2 else {
      throw .misfit(
        layer: path,
        "group_norm: expected an image [channels, height, width], or features, found \(shape): "
          + "layer_norm normalizes every step of a sequence")
    }
    let channels = shape[0]
    guard groups > 0, channels % groups == 0 else {
      throw .misfit(
        layer: path,
        "group_norm: expected groups that divide its \(channels) channels, found \(groups)")
    }
    guard epsilon > 0, epsilon.isFinite else {
      throw .misfit(layer: path, "group_norm: expected an epsilon above 0, found \(epsilon)")
    }
    try layout.parameters.addParameter(name + ".weight", [channels], .constant(1))
    try layout.parameters.addParameter(name + ".bias", [channels], .constant(0))
    return shape
  }

  package func plan(_ placed: PlacedLayer, in builder: inout PlanBuilder) throws(NetworkError) {
    let planes = Planes(
      rows: 1, channels: placed.input[0], inner: placed.input.dropFirst().reduce(1, *),
      block: builder.block)
    let output = try builder.place(planes.channels * planes.inner)
    builder.appendLearning(
      .groupNorm(
        GroupNormOperation(
          input: builder.current, output: output, channels: planes.channels, pixels: planes.inner,
          block: builder.block, groups: groups, scale: placed.parameters[0],
          shift: placed.parameters[1], mean: try builder.place(planes.channels),
          inverseDeviation: try builder.place(planes.channels),
          scratch: try builder.place(planes.groupScratchCount), epsilon: epsilon)),
      output: output)
  }
}

/// A group normalization's place in the plan.
struct GroupNormOperation {
  /// Offset of x `[N, channels, pixels]`, in blocks of channels.
  let input: Int
  let output: Int
  let channels: Int
  /// The pixels of a channel; 1 for features.
  let pixels: Int
  let block: Int
  let groups: Int
  /// Offsets of γ and β `[channels]`.
  let scale: Int
  let shift: Int
  /// Offsets of mean and 1/√(variance + ε) for each channel `[N, channels]`.
  let mean: Int
  let inverseDeviation: Int
  /// Where the kernels work.
  let scratch: Int
  let epsilon: Float

  private func planes(_ rows: Int) -> Planes {
    Planes(rows: rows, channels: channels, inner: pixels, block: block)
  }

  func forward(_ memory: Memory, rows: Int) {
    groupNorm(
      memory.values + input, planes(rows), groups: groups, scale: memory.parameters + scale,
      shift: memory.parameters + shift, epsilon: epsilon, into: memory.values + output,
      mean: memory.values + mean, inverseDeviation: memory.values + inverseDeviation,
      scratch: memory.values + scratch)
  }

  func backward(_ memory: Memory, _ gradients: Memory, rows: Int) {
    groupNormBackward(
      memory.values + input, gradients.values + output, planes(rows), groups: groups,
      scale: memory.parameters + scale, mean: memory.values + mean,
      inverseDeviation: memory.values + inverseDeviation, into: gradients.values + input,
      scaleGradient: gradients.parameters + scale, shiftGradient: gradients.parameters + shift,
      scratch: memory.values + scratch)
  }
}
