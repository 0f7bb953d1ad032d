// Batch normalization (Ioffe and Szegedy 2015), by PyTorch's definitions.
//
// While training by the batch's own mean and variance, else by their running averages; while frozen,
// training goes by the running averages too and leaves them as they are.
import Kernels

/// A batch normalization's place in the plan.
struct BatchNormOperation {
  /// Offset of x `[N·blocks, channels, inner]`.
  let input: Int
  let output: Int
  /// Rows an example makes: the steps of a sequence.
  let blocks: Int
  let channels: Int
  /// The pixels of a channel; 1 for features.
  let inner: Int
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

  /// Mean, variance and 1/√(variance + ε) of each channel.
  struct Statistics {
    var mean, variance, inverseDeviation: Int
  }

  func forward(_ memory: Memory, rows: Int, isFrozen: Bool) {
    let x = memory.values + input
    let y = memory.values + output
    let scale = memory.parameters + scale
    let shift = memory.parameters + shift
    let rows = rows * blocks
    guard let statistics, !isFrozen else {
      return batchNormInference(
        x, rows: rows, channels: channels, inner: inner, scale: scale, shift: shift,
        runningMean: memory.buffers + runningMean,
        runningVariance: memory.buffers + runningVariance, epsilon: epsilon, into: y)
    }
    let mean = memory.values + statistics.mean
    let variance = memory.values + statistics.variance
    batchNorm(
      x, rows: rows, channels: channels, inner: inner, scale: scale, shift: shift,
      epsilon: epsilon, into: y, mean: mean,
      inverseDeviation: memory.values + statistics.inverseDeviation, variance: variance)
    updateRunningStatistics(
      mean: mean, variance: variance, count: rows * inner, channels: channels,
      momentum: momentum, runningMean: memory.buffers + runningMean,
      runningVariance: memory.buffers + runningVariance)
  }

  func backward(_ memory: Memory, _ gradients: Memory, rows: Int, isFrozen: Bool) {
    guard let statistics else { return }
    guard !isFrozen else {
      return batchNormInferenceBackward(
        memory.values + input, gradients.values + output, rows: rows * blocks,
        channels: channels, inner: inner, scale: memory.parameters + scale,
        runningMean: memory.buffers + runningMean,
        runningVariance: memory.buffers + runningVariance, epsilon: epsilon,
        into: gradients.values + input, scaleGradient: gradients.parameters + scale,
        shiftGradient: gradients.parameters + shift)
    }
    batchNormBackward(
      memory.values + input, gradients.values + output, rows: rows * blocks, channels: channels,
      inner: inner, scale: memory.parameters + scale, mean: memory.values + statistics.mean,
      inverseDeviation: memory.values + statistics.inverseDeviation,
      into: gradients.values + input, scaleGradient: gradients.parameters + scale,
      shiftGradient: gradients.parameters + shift)
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
    let output = try place(layer.input.reduce(1, *))
    var statistics: BatchNormOperation.Statistics?
    if mode == .training {
      statistics = .init(
        mean: try arena.place(1, channels), variance: try arena.place(1, channels),
        inverseDeviation: try arena.place(1, channels))
    }
    appendLearning(
      .batchNorm(
        BatchNormOperation(
          input: current, output: output, blocks: isSequence ? layer.input[0] : 1,
          channels: channels, inner: isSequence ? 1 : layer.input.dropFirst().reduce(1, *),
          scale: layer.parameters[0], shift: layer.parameters[1], runningMean: layer.buffers[0],
          runningVariance: layer.buffers[1], statistics: statistics, epsilon: norm.epsilon,
          momentum: norm.momentum)),
      output: output)
  }
}
