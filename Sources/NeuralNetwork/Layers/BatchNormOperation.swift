// Batch normalization (Ioffe and Szegedy 2015), by PyTorch's definitions.
//
// While training by the batch's own mean and variance, else by their running averages; while frozen,
// training goes by the running averages too and leaves them as they are.
import Kernels

/// A batch normalization's place in the plan.
struct BatchNormOperation {
  /// Offset of x `[N·steps, channels, pixels]`, in blocks of channels.
  let input: Int
  let output: Int
  /// Of a sequence; 1 for all else.
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

extension ModelLayout {
  /// The parameters and running statistics of a batch normalization; shapes stay.
  mutating func add(_ norm: BatchNormDescription, _ path: LayerPath)
    throws(NetworkError)
  {
    let name = try parameters.claim(norm.name, kind: "batch_norm", path)
    guard norm.epsilon > 0, norm.epsilon.isFinite, norm.momentum >= 0, norm.momentum <= 1 else {
      throw .misfit(
        layer: path, "batch_norm: expected an epsilon above 0 and a momentum from 0 to 1")
    }
    let features = outputShape.count == 2 ? outputShape[1] : outputShape[0]
    try parameters.addParameter(name + ".weight", [features], .constant(1))
    try parameters.addParameter(name + ".bias", [features], .constant(0))
    for buffer in ["running_mean", "running_var"] {
      try parameters.addBuffer("\(name).\(buffer)", [features])
    }
  }
}

extension PlanBuilder {
  mutating func add(_ norm: BatchNormDescription, _ layer: PlacedLayer) throws(NetworkError) {
    let isSequence = layer.input.count == 2
    let channels = isSequence ? layer.input[1] : layer.input[0]
    let steps = isSequence ? layer.input[0] : 1
    let pixels = isSequence ? 1 : layer.input.dropFirst().reduce(1, *)
    let output = try place(layer.input.reduce(1, *))
    var statistics: BatchNormOperation.Statistics?
    if mode == .training {
      statistics = .init(
        mean: try arena.place(1, channels), variance: try arena.place(1, channels),
        inverseDeviation: try arena.place(1, channels),
        scratch: try arena.place(
          1,
          Planes(rows: rows * steps, channels: channels, inner: pixels, block: block).scratchCount))
    }
    appendLearning(
      .batchNorm(
        BatchNormOperation(
          input: current, output: output, steps: steps, channels: channels, pixels: pixels,
          block: block, scale: layer.parameters[0], shift: layer.parameters[1],
          runningMean: layer.buffers[0],
          runningVariance: layer.buffers[1], statistics: statistics, epsilon: norm.epsilon,
          momentum: norm.momentum)),
      output: output)
  }

  /// Lets a batch normalization that was just added do the ReLU that follows; false where none was.
  mutating func rectifyBatchNorm() -> Bool {
    guard case .batchNorm(var norm)? = operations.last, !norm.isRectified else { return false }
    norm.isRectified = true
    operations[operations.count - 1] = .batchNorm(norm)
    return true
  }
}
