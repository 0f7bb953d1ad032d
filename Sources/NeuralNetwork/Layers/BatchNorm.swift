// Batch normalization (Ioffe and Szegedy 2015), by PyTorch's definitions.
//
// While training by the batch's own mean and variance, else by their running averages; while frozen,
// training goes by the running averages too and leaves them as they are.
import Kernels
import PlainText

/// Batch normalization (Ioffe and Szegedy 2015) of features or channels, by PyTorch's definitions.
package struct BatchNormDescription: Sendable, Equatable {
  package var name: String?
  /// Added to the variance.
  package var epsilon: Float
  /// The share of a batch in the running statistics.
  package var momentum: Float

  package init(name: String? = nil, epsilon: Float = 1e-5, momentum: Float = 0.1) {
    self.name = name
    self.epsilon = epsilon
    self.momentum = momentum
  }
}

extension BatchNormDescription: Layer {
  package var kind: LayerKind { .batchNorm }
  package var namesElsewhere: String {
    "batchnorm batchnorm1d batchnorm2d batch_normalization bn batch_norm1d batch_norm2d"
  }
  package static let keys: [LayerKey<Self>] = [
    .name(\.name), .epsilon(\.epsilon),
    LayerKey(
      "momentum",
      .number(\.momentum, within: .zeroToOne, missing: .takes(\.momentum)),
      elsewhere: "decay"),
  ]
  package var role: LayerRole { .normalization }
  package var asDescription: LayerDescription { .batchNorm(self) }

  /// The scale, the shift and the running statistics; shapes stay.
  package func place(in layout: inout ModelLayout, at path: LayerPath) throws(NetworkError)
    -> [Int]
  {
    let shape = layout.outputShape
    let name = try layout.parameters.claim(name, kind: kind, path)
    guard epsilon > 0, epsilon.isFinite, momentum >= 0, momentum <= 1 else {
      throw .misfit(
        layer: path, "batch_norm: expected an epsilon above 0 and a momentum from 0 to 1")
    }
    let features = shape.count == 2 ? shape[1] : shape[0]
    try layout.parameters.addParameter(name + ".weight", [features], .constant(1))
    try layout.parameters.addParameter(name + ".bias", [features], .constant(0))
    try layout.parameters.addBuffer(name + ".running_mean", [features], first: 0)
    try layout.parameters.addBuffer(name + ".running_var", [features], first: 1)
    return shape
  }

  package func plan(_ placed: PlacedLayer, in builder: inout PlanBuilder) throws(NetworkError) {
    let isSequence = placed.input.count == 2
    let channels = isSequence ? placed.input[1] : placed.input[0]
    let steps = isSequence ? placed.input[0] : 1
    let pixels = isSequence ? 1 : placed.input.dropFirst().reduce(1, *)
    let output = try builder.place(placed.input.reduce(1, *))
    var statistics: BatchNormOperation.Statistics?
    if builder.mode == .training {
      let planes = Planes(
        rows: builder.rows * steps, channels: channels, inner: pixels, block: builder.block)
      statistics = .init(
        mean: try builder.arena.place(1, channels), variance: try builder.arena.place(1, channels),
        inverseDeviation: try builder.arena.place(1, channels),
        scratch: try builder.arena.place(1, planes.scratchCount))
    }
    builder.appendLearning(
      .batchNorm(
        BatchNormOperation(
          input: builder.current, output: output, steps: steps, channels: channels, pixels: pixels,
          block: builder.block, scale: placed.parameters[0], shift: placed.parameters[1],
          runningMean: placed.buffers[0], runningVariance: placed.buffers[1],
          statistics: statistics, epsilon: epsilon, momentum: momentum)),
      output: output)
  }
}

extension Learner {
  /// The first layer that would normalize a single value by itself in a training batch of so many examples;
  /// nil if there is none.
  ///
  /// Such a value comes out as 0 whatever it was: PyTorch refuses it too.
  package func layerWithoutVariance(inBatchOf rows: Int) -> LayerPath? {
    layout.layers.first { placed in
      guard placed.layer is BatchNormDescription else { return false }
      let channels = placed.input.count == 2 ? placed.input[1] : placed.input[0]
      return rows * placed.input.reduce(1, *) / channels == 1
    }?.path
  }
}

/// A batch normalization's place in the plan.
struct BatchNormOperation {
  /// Offset of x `[N·steps, channels, pixels]`, in blocks of channels.
  let input: Int
  let output: Int
  /// Of a sequence; 1 otherwise.
  let steps: Int
  let channels: Int
  /// The pixels of a channel; 1 for features.
  let pixels: Int
  let block: Int
  /// Offsets of γ and β `[channels]`.
  let scale: Int
  let shift: Int
  /// Offsets of the running mean and variance among the buffers.
  let runningMean: Int
  let runningVariance: Int
  /// Offsets of the batch's statistics among the values; nil: by running averages.
  let statistics: Statistics?
  let epsilon: Float
  let momentum: Float
  /// A ReLU follows, which is done at once.
  var isRectified = false

  /// Mean, variance and 1/√(variance + ε) of each channel.
  struct Statistics {
    var mean, variance, inverseDeviation: Int
    /// Where the kernels work.
    var scratch: Int
  }

  private func planes(_ rows: Int) -> Planes {
    Planes(rows: rows * steps, channels: channels, inner: pixels, block: block)
  }

  func forward(_ memory: Memory, rows: Int, isFrozen: Bool) {
    let x = memory.values + input
    let y = memory.values + output
    let scale = memory.parameters + scale
    let shift = memory.parameters + shift
    let planes = planes(rows)
    guard let statistics, !isFrozen else {
      return batchNormInference(
        x, planes, scale: scale, shift: shift, runningMean: memory.buffers + runningMean,
        runningVariance: memory.buffers + runningVariance, epsilon: epsilon,
        rectified: isRectified, into: y)
    }
    let mean = memory.values + statistics.mean
    let variance = memory.values + statistics.variance
    batchNorm(
      x, planes, scale: scale, shift: shift, epsilon: epsilon, rectified: isRectified, into: y,
      mean: mean, inverseDeviation: memory.values + statistics.inverseDeviation,
      variance: variance, scratch: memory.values + statistics.scratch)
    updateRunningStatistics(
      mean: mean, variance: variance, count: planes.rows * pixels, channels: channels,
      momentum: momentum, runningMean: memory.buffers + runningMean,
      runningVariance: memory.buffers + runningVariance)
  }

  func backward(_ memory: Memory, _ gradients: Memory, rows: Int, isFrozen: Bool) {
    guard let statistics else { return }
    guard !isFrozen else {
      return batchNormInferenceBackward(
        memory.values + input, gradients.values + output, planes(rows),
        scale: memory.parameters + scale, shift: memory.parameters + shift,
        runningMean: memory.buffers + runningMean,
        runningVariance: memory.buffers + runningVariance, epsilon: epsilon,
        rectified: isRectified, into: gradients.values + input,
        scaleGradient: gradients.parameters + scale, shiftGradient: gradients.parameters + shift,
        scratch: memory.values + statistics.scratch)
    }
    batchNormBackward(
      memory.values + input, gradients.values + output, planes(rows),
      scale: memory.parameters + scale, shift: memory.parameters + shift,
      mean: memory.values + statistics.mean,
      inverseDeviation: memory.values + statistics.inverseDeviation, rectified: isRectified,
      into: gradients.values + input, scaleGradient: gradients.parameters + scale,
      shiftGradient: gradients.parameters + shift, scratch: memory.values + statistics.scratch)
  }
}

extension PlanBuilder {
  /// Lets a batch normalization that was just added do the ReLU that follows; false if none was.
  mutating func rectifyBatchNorm() -> Bool {
    guard case .batchNorm(var norm)? = operations.last, !norm.isRectified else { return false }
    norm.isRectified = true
    operations[operations.count - 1] = .batchNorm(norm)
    return true
  }
}
