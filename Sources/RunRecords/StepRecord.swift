// The step record: what the optimizer steps since the last one did, and where the norms stand.

/// What happened in the `steps` optimizer steps that end at `step`.
///
/// This program writes all of it; nil is what another one did not measure.
package struct StepRecord: Sendable, Equatable {
  /// The number of optimizer steps completed.
  package var step: Int
  /// Counts from 1.
  package var epoch: Int?
  /// How many steps this record covers.
  package var steps: Int?
  /// The mean of the batch losses.
  package var loss: Float?
  /// The smallest batch loss.
  package var lossMin: Float?
  /// The largest batch loss; NaN where one was NaN.
  package var lossMax: Float?
  /// Of the last of the steps.
  package var learningRate: Float?
  /// The mean of the L2 norm over all gradients.
  package var gradientNorm: Float?
  /// The largest of the steps.
  package var gradientNormMax: Float?
  /// As it was during all of the steps.
  package var constraint: ConstraintState?
  /// In the order of the header's layers, some perhaps missing.
  package var layers: [Layer] = []
  /// Over the steps, pauses left out.
  package var examplesPerSecond: Double?
  /// Seconds since the start, without pauses.
  package var elapsed: Double?
  /// Figures that other programs measure in steps, sorted by name.
  package var metrics: [Metric] = []

  /// The constraint's switch and its global ceiling.
  package struct ConstraintState: Sendable, Equatable {
    /// False while observing: norms are measured and counted, nothing is scaled.
    package var enabled: Bool?
    /// The global ceiling r; nil if only layers with their own are constrained.
    package var maxNorm: Float?

    package init(enabled: Bool?, maxNorm: Float?) {
      self.enabled = enabled
      self.maxNorm = maxNorm
    }
  }

  /// One weight tensor: its unit norms after the projection at this step, and counts over the steps.
  package struct Layer: Sendable, Equatable {
    package var name: String
    /// The ceiling; nil if none applies.
    package var maxNorm: Float?
    /// The smallest unit norm.
    package var normMin: Float?
    /// The norm that a quarter of the units is below, interpolated linearly.
    package var normP25: Float?
    /// The norm that half of the units is below.
    package var normMedian: Float?
    /// The norm that three quarters of the units are below.
    package var normP75: Float?
    /// The largest unit norm.
    package var normMax: Float?
    /// Units with a norm of at least r·(1−1e-5), constraint on or off.
    package var atCeiling: Int?
    /// Units found over r before projection, summed over the steps, constraint on or off.
    package var exceeded: Int?
    /// Units rescaled, summed over the steps; 0 while the constraint is off.
    package var clipped: Int?
    /// Units rescaled since the start, those clipped by events included.
    package var clippedTotal: Int?
    /// Mean of r/n over the clipped units; 1 if none was clipped.
    package var shrinkMean: Float?
    /// Length of the last optimizer update, before the projection, over that of the weights.
    package var updateRatio: Float?

    /// A layer whose figures `measure` fills in.
    package init(_ name: String, maxNorm: Float? = nil, _ measure: (inout Layer) -> Void = { _ in })
    {
      self.name = name
      self.maxNorm = maxNorm
      measure(&self)
    }
  }

  /// A record whose figures `measure` fills in.
  package init(_ step: Int, _ measure: (inout StepRecord) -> Void = { _ in }) {
    self.step = step
    measure(&self)
  }
}

extension StepRecord: RecordFields {
  static var blank: StepRecord { StepRecord(0) }

  mutating func code(_ fields: inout some FieldCoder) {
    fields.required("step", &step)
    fields.field("epoch", &epoch, tag: .value("training/epoch"))
    fields.field("steps", &steps)
    fields.field("loss", &loss, tag: .value("loss/batches"))
    fields.field("loss_min", &lossMin, tag: .value("loss/batches_min"))
    fields.field("loss_max", &lossMax, tag: .value("loss/batches_max"))
    fields.field("learning_rate", &learningRate, tag: .value("training/learning_rate"))
    fields.field("gradient_norm", &gradientNorm, tag: .value("training/gradient_norm"))
    fields.field("gradient_norm_max", &gradientNormMax, tag: .value("training/gradient_norm_max"))
    fields.part("constraint", &constraint, .always)
    fields.list("layers", &layers, .always)
    fields.field(
      "examples_per_second", &examplesPerSecond, tag: .value("training/examples_per_second"))
    fields.field("elapsed", &elapsed)
    fields.metrics("metrics", &metrics, .ifAny)
  }
}

extension StepRecord.ConstraintState: RecordFields {
  static var blank: Self { Self(enabled: nil, maxNorm: nil) }

  mutating func code(_ fields: inout some FieldCoder) {
    fields.field("enabled", &enabled, tag: .value("constraint/enabled"))
    fields.field("max_norm", &maxNorm, .orNull, tag: .value("constraint/max_norm"))
  }
}

extension StepRecord.Layer: RecordFields {
  static var blank: Self { Self("") }

  mutating func code(_ fields: inout some FieldCoder) {
    fields.required("name", &name)
    fields.field("max_norm", &maxNorm, .orNull, tag: .ceiling("norms/*/ceiling"))
    fields.field("norm_min", &normMin, tag: .value("norms/*/min"))
    fields.field("norm_p25", &normP25, tag: .value("norms/*/p25"))
    fields.field("norm_median", &normMedian, tag: .value("norms/*/median"))
    fields.field("norm_p75", &normP75, tag: .value("norms/*/p75"))
    fields.field("norm_max", &normMax, tag: .value("norms/*/max"))
    fields.field("at_ceiling", &atCeiling, tag: .shareOfUnits("at_ceiling/*"))
    fields.field("exceeded", &exceeded, tag: .shareOfUnitsPerStep("clipping/*/exceeded_rate"))
    fields.field("clipped", &clipped, tag: .shareOfUnitsPerStep("clipping/*/clipped_rate"))
    fields.field("clipped_total", &clippedTotal, tag: .underCeiling("clipping/*/clipped_total"))
    fields.field("shrink_mean", &shrinkMean, tag: .underCeiling("clipping/*/shrink_mean"))
    fields.field("update_ratio", &updateRatio, tag: .value("update_ratio/*"))
  }
}
