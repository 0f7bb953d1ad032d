// What the dashboard knows about one weight tensor: its figures now and over time.
import RunRecords

/// A weight tensor of the run, in words, figures and histories.
package struct LayerState: Sendable {
  package internal(set) var header: RunHeader.Layer
  /// The name without what all layers' names have in front.
  package let shownName: String
  /// Shorter names that are still distinct from the other layers', the longest first.
  package let shorterNames: [String]
  /// The block that it is in; nil if there is none.
  package internal(set) var block: BlockPlace?
  /// The figures of the last step record; nil before the first.
  package var latest: StepRecord.Layer?
  /// The latest norm of every unit, in unit order; empty before the first.
  package var norms: [Float] = []
  /// What was told in their place; nil if they are listed.
  package private(set) var digest: NormDigest?
  package var normsStep = 0
  /// Units rescaled per step, and units found over the ceiling per step, the constraint on or off.
  package var clippedPerStep = History<Reading>(wholeCapacity: 512)
  package var exceededPerStep = History<Reading>(wholeCapacity: 512)
  package var quantiles = History<NormQuantiles>(wholeCapacity: 512)
  /// Share of the layer's units at the ceiling, 0…1.
  package var atCeilingShare = History<Reading>(wholeCapacity: 512)
  package var updateRatio = History<Reading>(wholeCapacity: 512)
  /// The share of its length that a clipped unit lost, on average; 0 if none was clipped.
  package var pull = History<Reading>(wholeCapacity: 512)
  package var unchanging = UnchangingUnits()
  /// The picture of norms over time.
  package var distribution = History<NormDistribution>(recentCapacity: 192, wholeCapacity: 256)
  /// The picture of weights over time; empty where records do not tell of them.
  package var weights = History<WeightDistribution>(recentCapacity: 96, wholeCapacity: 128)

  /// The latest ceiling; nil if none applies.
  package var ceiling: Float?
  /// Which norms are at it.
  package let band: CeilingBand

  /// Where a layer is in a block of the network.
  package struct BlockPlace: Sendable, Equatable {
    /// An index into the segment's blocks.
    package let index: Int
    /// What it is called there: `self_attn.q_proj`.
    package let name: String
    /// The same as short as it is still distinct: `q_proj`.
    package let shortName: String
  }

  package init(
    _ header: RunHeader.Layer, shownName: String? = nil, shorterNames: [String] = [],
    band: CeilingBand = .usual
  ) {
    self.band = band
    self.header = header
    self.shownName = shownName ?? header.name
    self.shorterNames = shorterNames
    ceiling = header.maxNorm
  }

  package var name: String { header.name }
  /// The number of its units; 0 if no record says.
  package var units: Int { header.units ?? digest?.units ?? norms.count }

  /// The number of its units in words.
  package var unitsText: String { units > 0 ? String(units) : "?" }

  /// The share of its units at the ceiling, 0…1; nil if it is unknown.
  package var shareAtCeiling: Double? {
    guard let count = latest?.atCeiling, units > 0 else { return nil }
    return Double(count) / Double(units)
  }

  mutating func apply(_ layer: StepRecord.Layer, of record: StepRecord) {
    latest = layer
    ceiling = layer.maxNorm
    let step = record.step
    if let steps = record.steps.map({ Float(max(1, $0)) }) {
      clippedPerStep.append(layer.clipped.map { Float($0) / steps }, at: step)
      exceededPerStep.append(layer.exceeded.map { Float($0) / steps }, at: step)
    }
    if let norms = NormQuantiles(layer) { quantiles.append(norms, at: step) }
    atCeilingShare.append(shareAtCeiling.map { Float($0) }, at: step)
    updateRatio.append(layer.updateRatio, at: step)
    let pull: Float? = layer.clipped == 0 ? 0 : layer.shrinkMean.map { 1 - $0 }
    self.pull.append(pull, at: step)
  }

  mutating func apply(_ norms: [Float], at step: Int) {
    if step > normsStep, !self.norms.isEmpty {
      unchanging.apply(norms, after: self.norms, ceiling: ceiling, band)
    }
    self.norms = norms
    digest = nil
    normsStep = step
    distribution.append(NormDistribution(norms), at: step)
  }

  mutating func apply(_ digest: NormDigest, at step: Int) {
    norms = []
    self.digest = digest
    normsStep = step
    distribution.append(NormDistribution(digest), at: step)
  }

  mutating func apply(_ histogram: WeightHistogram, at step: Int) {
    weights.append(WeightDistribution(histogram), at: step)
  }
}

/// What the constraint does to a layer.
package enum ConstraintEffect: Sendable, Equatable {
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
