// A step record's numbers as scalars of an event file.

/// The tags of step records, made once a run.
struct StepScalars: Sendable {
  private typealias Tag = TensorBoardEntry.ScalarTag

  private let loss = Tag("loss/batches")
  private let lossMin = Tag("loss/batches_min")
  private let lossMax = Tag("loss/batches_max")
  private let learningRate = Tag("training/learning_rate")
  private let gradientNorm = Tag("training/gradient_norm")
  private let gradientNormMax = Tag("training/gradient_norm_max")
  private let examplesPerSecond = Tag("training/examples_per_second")
  private let epoch = Tag("training/epoch")
  private let isEnabled = Tag("constraint/enabled")
  private let maxNorm = Tag("constraint/max_norm")
  private let layers: [Layer]

  private struct Layer: Sendable {
    let units: Float
    let maxNorm: Tag
    let normMin: Tag
    let normP25: Tag
    let normMedian: Tag
    let normP75: Tag
    let normMax: Tag
    let atCeiling: Tag
    let exceeded: Tag
    let clipped: Tag
    let clippedTotal: Tag
    let shrinkMean: Tag
    let updateRatio: Tag

    init(_ layer: RunHeader.Layer) {
      let name = layer.name
      units = Float(max(layer.units, 1))
      maxNorm = Tag("norms/\(name)/ceiling")
      normMin = Tag("norms/\(name)/min")
      normP25 = Tag("norms/\(name)/p25")
      normMedian = Tag("norms/\(name)/median")
      normP75 = Tag("norms/\(name)/p75")
      normMax = Tag("norms/\(name)/max")
      atCeiling = Tag("at_ceiling/\(name)")
      exceeded = Tag("clipping/\(name)/exceeded_rate")
      clipped = Tag("clipping/\(name)/clipped_rate")
      clippedTotal = Tag("clipping/\(name)/clipped_total")
      shrinkMean = Tag("clipping/\(name)/shrink_mean")
      updateRatio = Tag("update_ratio/\(name)")
    }
  }

  init(_ header: RunHeader) { layers = header.layers.map(Layer.init) }

  func add(_ record: StepRecord, to entry: inout TensorBoardEntry) {
    entry.scalar(loss, record.loss)
    entry.scalar(lossMin, record.lossMin)
    entry.scalar(lossMax, record.lossMax)
    entry.scalar(learningRate, record.learningRate)
    entry.scalar(gradientNorm, record.gradientNorm)
    entry.scalar(gradientNormMax, record.gradientNormMax)
    entry.scalar(examplesPerSecond, Float(record.examplesPerSecond))
    entry.scalar(epoch, Float(record.epoch))
    entry.scalar(isEnabled, record.constraint.enabled ? 1 : 0)
    if let ceiling = record.constraint.maxNorm { entry.scalar(maxNorm, ceiling) }
    let steps = Float(max(record.steps, 1))
    for (tags, layer) in zip(layers, record.layers) {
      entry.scalar(tags.normMin, layer.normMin)
      entry.scalar(tags.normP25, layer.normP25)
      entry.scalar(tags.normMedian, layer.normMedian)
      entry.scalar(tags.normP75, layer.normP75)
      entry.scalar(tags.normMax, layer.normMax)
      entry.scalar(tags.updateRatio, layer.updateRatio)
      guard let ceiling = layer.maxNorm else { continue }
      entry.scalar(tags.maxNorm, ceiling)
      // Shares of the units, of each step where steps are counted over.
      entry.scalar(tags.atCeiling, Float(layer.atCeiling) / tags.units)
      entry.scalar(tags.exceeded, Float(layer.exceeded) / steps / tags.units)
      entry.scalar(tags.clipped, Float(layer.clipped) / steps / tags.units)
      entry.scalar(tags.clippedTotal, Float(layer.clippedTotal))
      entry.scalar(tags.shrinkMean, layer.shrinkMean)
    }
  }
}
