// The step record: what the optimizer steps since the last one did, and where the norms stand.

/// What happened in the `steps` optimizer steps that end at `step`.
package struct StepRecord: Sendable, Equatable {
  /// The number of optimizer steps completed.
  package var step: Int
  /// Counts from 1.
  package var epoch: Int
  /// How many steps this record covers.
  package var steps: Int
  /// Mean, minimum and maximum of the batch losses.
  package var loss: Float
  /// The smallest batch loss.
  package var lossMin: Float
  /// The largest batch loss; NaN where one was NaN.
  package var lossMax: Float
  /// Of the last of the steps.
  package var learningRate: Float
  /// Mean and maximum of the L2 norm over all gradients.
  package var gradientNorm: Float
  /// The largest of the steps.
  package var gradientNormMax: Float
  /// As it was during all of the steps.
  package var constraint: ConstraintState
  /// In the order of the header's layers.
  package var layers: [Layer]
  /// Over the steps, pauses left out.
  package var examplesPerSecond: Double
  /// Seconds since the start, without pauses.
  package var elapsed: Double

  /// The constraint's switch and its global ceiling.
  package struct ConstraintState: Sendable, Equatable, Codable {
    /// False while observing: norms are measured and counted, nothing is scaled.
    package var enabled: Bool
    /// The global ceiling r; nil where only layers with their own are constrained.
    package var maxNorm: Float?

    package init(enabled: Bool, maxNorm: Float?) {
      self.enabled = enabled
      self.maxNorm = maxNorm
    }

    enum CodingKeys: String, CodingKey {
      case enabled
      case maxNorm = "max_norm"
    }
  }

  /// One weight tensor: its unit norms after the projection at this step, and counts over the steps.
  package struct Layer: Sendable, Equatable {
    package var name: String
    /// The ceiling; nil where none applies.
    package var maxNorm: Float?
    /// The smallest unit norm.
    package var normMin: Float
    /// The norm that a quarter of the units is below, interpolated linearly.
    package var normP25: Float
    /// The norm that half of the units is below.
    package var normMedian: Float
    /// The norm that three quarters of the units are below.
    package var normP75: Float
    /// The largest unit norm.
    package var normMax: Float
    /// Units with a norm of at least r·(1−1e-5), constraint on or off.
    package var atCeiling: Int
    /// Units found over r before projection, summed over the steps, constraint on or off.
    package var exceeded: Int
    /// Units rescaled, summed over the steps; 0 while the constraint is off.
    package var clipped: Int
    /// Units rescaled since the start, those clipped by events included.
    package var clippedTotal: Int
    /// Mean of r/n over the clipped units; 1 where none was clipped.
    package var shrinkMean: Float
    /// Length of the last optimizer update, before the projection, over that of the weights.
    package var updateRatio: Float

    package init(
      name: String, maxNorm: Float?, normMin: Float, normP25: Float, normMedian: Float,
      normP75: Float, normMax: Float, atCeiling: Int, exceeded: Int, clipped: Int,
      clippedTotal: Int, shrinkMean: Float, updateRatio: Float
    ) {
      self.name = name
      self.maxNorm = maxNorm
      self.normMin = normMin
      self.normP25 = normP25
      self.normMedian = normMedian
      self.normP75 = normP75
      self.normMax = normMax
      self.atCeiling = atCeiling
      self.exceeded = exceeded
      self.clipped = clipped
      self.clippedTotal = clippedTotal
      self.shrinkMean = shrinkMean
      self.updateRatio = updateRatio
    }
  }

  package init(
    step: Int, epoch: Int, steps: Int, loss: Float, lossMin: Float, lossMax: Float,
    learningRate: Float, gradientNorm: Float, gradientNormMax: Float, constraint: ConstraintState,
    layers: [Layer], examplesPerSecond: Double, elapsed: Double
  ) {
    self.step = step
    self.epoch = epoch
    self.steps = steps
    self.loss = loss
    self.lossMin = lossMin
    self.lossMax = lossMax
    self.learningRate = learningRate
    self.gradientNorm = gradientNorm
    self.gradientNormMax = gradientNormMax
    self.constraint = constraint
    self.layers = layers
    self.examplesPerSecond = examplesPerSecond
    self.elapsed = elapsed
  }
}

extension StepRecord: JSONObject, Decodable {
  func write(to json: inout JSONWriter) {
    json.field("step", step)
    json.field("epoch", epoch)
    json.field("steps", steps)
    json.field("loss", loss)
    json.field("loss_min", lossMin)
    json.field("loss_max", lossMax)
    json.field("learning_rate", learningRate)
    json.field("gradient_norm", gradientNorm)
    json.field("gradient_norm_max", gradientNormMax)
    json.object("constraint") { json in
      json.field("enabled", constraint.enabled)
      json.field("max_norm", constraint.maxNorm)
    }
    json.list("layers", layers) { json, layer in
      json.field("name", layer.name)
      json.field("max_norm", layer.maxNorm)
      json.field("norm_min", layer.normMin)
      json.field("norm_p25", layer.normP25)
      json.field("norm_median", layer.normMedian)
      json.field("norm_p75", layer.normP75)
      json.field("norm_max", layer.normMax)
      json.field("at_ceiling", layer.atCeiling)
      json.field("exceeded", layer.exceeded)
      json.field("clipped", layer.clipped)
      json.field("clipped_total", layer.clippedTotal)
      json.field("shrink_mean", layer.shrinkMean)
      json.field("update_ratio", layer.updateRatio)
    }
    json.field("examples_per_second", examplesPerSecond)
    json.field("elapsed", elapsed)
  }

  enum CodingKeys: String, CodingKey {
    case step, epoch, steps, loss, constraint, layers, elapsed
    case lossMin = "loss_min"
    case lossMax = "loss_max"
    case learningRate = "learning_rate"
    case gradientNorm = "gradient_norm"
    case gradientNormMax = "gradient_norm_max"
    case examplesPerSecond = "examples_per_second"
  }
}

extension StepRecord.Layer: Decodable {
  enum CodingKeys: String, CodingKey {
    case name, exceeded, clipped
    case maxNorm = "max_norm"
    case normMin = "norm_min"
    case normP25 = "norm_p25"
    case normMedian = "norm_median"
    case normP75 = "norm_p75"
    case normMax = "norm_max"
    case atCeiling = "at_ceiling"
    case clippedTotal = "clipped_total"
    case shrinkMean = "shrink_mean"
    case updateRatio = "update_ratio"
  }
}
