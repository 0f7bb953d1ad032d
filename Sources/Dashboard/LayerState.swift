// What the dashboard knows about one weight tensor: its figures now and over time.
import RunRecords

/// A weight tensor of the run, in words, figures and histories.
package struct LayerState: Sendable {
  package let header: RunHeader.Layer
  /// The figures of the last step record; nil before the first.
  package var latest: StepRecord.Layer?
  /// The norm of every unit, in unit order, as last told; empty before that.
  package var norms: [Float] = []
  package var normsStep = 0
  /// Units rescaled per step, and units found over the ceiling per step, the constraint on or off.
  package var clippedPerStep = History<Reading>(wholeCapacity: 512)
  package var exceededPerStep = History<Reading>(wholeCapacity: 512)
  package var quantiles = History<NormQuantiles>(wholeCapacity: 512)
  /// Share of the layer's units at the ceiling, 0…1.
  package var atCeilingShare = History<Reading>(wholeCapacity: 512)
  package var updateRatio = History<Reading>(wholeCapacity: 512)
  /// The share of its length that a clipped unit lost, on average; 0 where none was clipped.
  package var pull = History<Reading>(wholeCapacity: 512)
  package var unchanging = UnchangingUnits()
  /// The picture of norms over time.
  package var distribution = History<NormDistribution>(recentCapacity: 192, wholeCapacity: 256)

  /// The ceiling as last told; nil where none applies.
  package var ceiling: Float?

  package init(_ header: RunHeader.Layer) {
    self.header = header
    ceiling = header.maxNorm
  }

  package var name: String { header.name }
  package var units: Int { header.units }

  mutating func take(_ layer: StepRecord.Layer, of record: StepRecord) {
    latest = layer
    ceiling = layer.maxNorm
    let steps = Float(max(1, record.steps))
    clippedPerStep.append(Float(layer.clipped) / steps, at: record.step)
    exceededPerStep.append(Float(layer.exceeded) / steps, at: record.step)
    quantiles.append(NormQuantiles(layer), at: record.step)
    atCeilingShare.append(Float(layer.atCeiling) / Float(max(1, units)), at: record.step)
    updateRatio.append(layer.updateRatio, at: record.step)
    pull.append(layer.clipped > 0 ? 1 - layer.shrinkMean : 0, at: record.step)
  }

  mutating func take(_ norms: [Float], at step: Int) {
    if step > normsStep, !self.norms.isEmpty {
      unchanging.take(norms, after: self.norms, ceiling: ceiling)
    }
    self.norms = norms
    normsStep = step
    distribution.append(NormDistribution(norms), at: step)
  }
}

/// What the constraint does to a layer.
package enum Holding: Sendable, Equatable {
  /// Units over the ceiling are scaled back.
  case active
  /// The constraint is off: norms are measured and counted, nothing is scaled.
  case observing
  /// No ceiling applies to the layer.
  case notApplied

  /// In words, for the norms panel.
  package var label: String {
    switch self {
    case .active: "active"
    case .observing: "off (observing)"
    case .notApplied: "no ceiling"
    }
  }
}
