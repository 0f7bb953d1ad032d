// Merges optimizer steps into one step record; every sink has its own.
import NeuralNetwork
import RunRecords

/// What the steps since the last record add up to.
///
/// Losses and gradient norms are kept as mean, minimum and maximum, so that no spike is lost however
/// many steps a record covers. Adding a step allocates nothing.
struct StepAccumulator: Equatable, Codable {
  private(set) var steps = 0
  private var examples = 0
  private var lossSum = 0.0
  private var lossMin = Float.infinity
  private var lossMax = -Float.infinity
  private var lossIsNaN = false
  private var gradientNormSum = 0.0
  private var gradientNormMax: Float = 0
  private var layers: [LayerCounts]
  private var learningRate = 0.0
  private var startedAt: Double

  private struct LayerCounts: Equatable, Codable {
    var exceeded = 0
    var clipped = 0
    var shrinkSum = 0.0
  }

  /// Starts at `time`, in seconds of the run without pauses.
  init(layers: Int, time: Double) {
    self.layers = Array(repeating: LayerCounts(), count: layers)
    startedAt = time
  }

  /// Adds the step that `learner` has just made on `count` examples.
  mutating func add(_ outcome: StepOutcome, of learner: Learner, examples count: Int) {
    steps += 1
    learningRate = learner.lastLearningRate
    examples += count
    lossSum += outcome.loss
    // min and max would skip NaN; a record must show it.
    if outcome.loss.isNaN { lossIsNaN = true }
    lossMin = Swift.min(lossMin, Float(outcome.loss))
    lossMax = Swift.max(lossMax, Float(outcome.loss))
    gradientNormSum += outcome.gradientNorm
    gradientNormMax =
      outcome.gradientNorm.isNaN ? .nan : Swift.max(gradientNormMax, Float(outcome.gradientNorm))
    for index in layers.indices {
      let counts = learner.constraintOutcome(index)
      layers[index].exceeded += counts.exceeded
      layers[index].clipped += counts.clipped
      layers[index].shrinkSum += counts.shrinkSum
    }
  }

  /// How many layers it counts for.
  var layerCount: Int { layers.count }

  /// Forgets the steps that nobody wants a record of.
  mutating func clear(time: Double) {
    self = StepAccumulator(layers: layers.count, time: time)
  }

  /// The record of the steps added since the last one, and an empty accumulator.
  ///
  /// Norms are sampled now. `clippedTotals` counts from the start, one a layer; `time` is in seconds
  /// without pauses.
  mutating func take(
    from learner: Learner, sampler: inout NormSampler, progress: RunProgress, clippedTotals: [Int],
    time: Double
  ) -> StepRecord {
    let count = Double(max(steps, 1))
    let weights = learner.weights
    let rate = Double(examples) / max(time - startedAt, 1e-9)
    let record = StepRecord(progress.step) { record in
      record.epoch = progress.epoch
      record.steps = steps
      record.loss = Float(lossSum / count)
      record.lossMin = lossIsNaN ? .nan : lossMin
      record.lossMax = lossIsNaN ? .nan : lossMax
      record.learningRate = Float(learningRate)
      record.gradientNorm = Float(gradientNormSum / count)
      record.gradientNormMax = gradientNormMax
      record.constraint = .init(
        enabled: learner.constraint.enabled, maxNorm: learner.constraint.maxNorm)
      record.layers = layers.indices.map { index in
        let (counts, weight) = (layers[index], weights[index])
        let norms = sampler.quantiles(of: index, in: learner)
        return StepRecord.Layer(weight.name, maxNorm: weight.maxNorm) {
          ($0.normMin, $0.normMax) = (norms.minimum, norms.maximum)
          ($0.normP25, $0.normMedian, $0.normP75) = (norms.p25, norms.median, norms.p75)
          $0.atCeiling = weight.maxNorm.map { sampler.atCeiling($0) } ?? 0
          ($0.exceeded, $0.clipped) = (counts.exceeded, counts.clipped)
          $0.clippedTotal = clippedTotals[index]
          $0.shrinkMean = counts.clipped == 0 ? 1 : Float(counts.shrinkSum / Double(counts.clipped))
          $0.updateRatio = Float(learner.constraintOutcome(index).updateRatio)
        }
      }
      record.examplesPerSecond = Double(Float(rate))
      record.elapsed = rounded(time)
    }
    clear(time: time)
    return record
  }
}

/// Where a run stands.
struct RunProgress: Equatable, Codable {
  /// Optimizer steps completed.
  var step = 0
  /// Counts from 1.
  var epoch = 1

  /// One more step is completed.
  mutating func advance(stepsPerEpoch: Int) {
    step += 1
    epoch = (step - 1) / stepsPerEpoch + 1
  }
}

/// Seconds to the microsecond: more digits would be noise in a log.
func rounded(_ seconds: Double) -> Double { (seconds * 1e6).rounded() / 1e6 }

/// Samples unit norms and their quantiles without allocating anew.
struct NormSampler {
  private var norms: [Float] = []
  private var sorted: [Float] = []

  /// The quantiles of a tensor's unit norms, interpolated linearly as numpy does.
  mutating func quantiles(of tensor: Int, in learner: Learner) -> UnitNormQuantiles {
    learner.unitNorms(tensor, into: &norms)
    sorted.removeAll(keepingCapacity: true)
    sorted.append(contentsOf: norms)
    Quantile.sort(&sorted)
    return UnitNormQuantiles(
      minimum: Quantile.of(sorted, 0), p25: Quantile.of(sorted, 0.25),
      median: Quantile.of(sorted, 0.5), p75: Quantile.of(sorted, 0.75),
      maximum: Quantile.of(sorted, 1))
  }

  /// The units of the tensor sampled last whose norm is at least r·(1−1e-5).
  func atCeiling(_ ceiling: Float) -> Int {
    let limit = ceiling * (1 - 1e-5)
    return norms.reduce(0) { $1 >= limit ? $0 + 1 : $0 }
  }

  /// Every unit's norm, all tensors.
  mutating func record(of learner: Learner, step: Int) -> NormsRecord {
    NormsRecord(
      step: step,
      layers: learner.weights.enumerated().map { index, weight in
        learner.unitNorms(index, into: &norms)
        return .init(name: weight.name, norms: norms)
      })
  }
}

/// Minimum, quartiles and maximum.
struct UnitNormQuantiles: Equatable {
  var minimum, p25, median, p75, maximum: Float
}
