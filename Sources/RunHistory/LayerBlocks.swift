// Blocks of layers, and what there is to say of one in a line.
import RunRecords

/// Layers whose names agree up to a number: a block of a network.
package struct LayerBlock: Sendable, Equatable {
  /// Without what all layers' names have in front: `layers.7`.
  package let name: String
  /// Indices into the segment's layers, in ascending order.
  package internal(set) var layers: [Int] = []
  /// What each of them is called within the block: `self_attn.q_proj`.
  var names: [String] = []

  /// The last parts of these names, if they are still distinct: `q_proj`.
  var shortNames: [String] {
    let short = names.map { $0.split(separator: ".").last.map(String.init) ?? $0 }
    return Set(short).count == Set(names).count ? short : names
  }

  init(name: String) { self.name = name }
}

/// What there is to say of a block in a line.
package struct LayerBlockSummary: Sendable, Equatable {
  /// Units of its layers, and of those whose units at the ceiling are known.
  package var units = 0
  package var countedUnits = 0
  /// Nil if no record says.
  package var atCeiling: Int?
  /// The largest norm of all; NaN where one is no number.
  package var largest: Float?
  /// Units rescaled per step, and found over the ceiling, as last told.
  package var clippedPerStep: Float?
  package var exceededPerStep: Float?
  package var clippedTotal: Int?

  /// The share of units at the ceiling, 0…1; nil if it is unknown.
  package var shareAtCeiling: Double? {
    guard let atCeiling, countedUnits > 0 else { return nil }
    return Double(atCeiling) / Double(countedUnits)
  }
}

extension RunSegment {
  /// A block's layers taken together.
  package func summary(of block: LayerBlock) -> LayerBlockSummary {
    var summary = LayerBlockSummary()
    for index in block.layers where layers.indices.contains(index) {
      let units = layers[index].units
      summary.units &+= units
      guard let latest = layers[index].latest else { continue }
      if let norm = latest.normMax {
        let isLarger = norm.isNaN || norm > summary.largest ?? -.infinity
        if summary.largest?.isNaN != true, isLarger { summary.largest = norm }
      }
      guard layers[index].ceiling != nil else { continue }
      if let count = latest.atCeiling {
        summary.atCeiling = (summary.atCeiling ?? 0) &+ count
        summary.countedUnits &+= units
      }
      summary.add(layers[index].clippedPerStep.last?.entry.last, to: \.clippedPerStep)
      summary.add(layers[index].exceededPerStep.last?.entry.last, to: \.exceededPerStep)
      if let total = latest.clippedTotal {
        summary.clippedTotal = (summary.clippedTotal ?? 0) &+ total
      }
    }
    return summary
  }
}

extension LayerBlockSummary {
  fileprivate mutating func add(_ value: Float?, to sum: WritableKeyPath<Self, Float?>) {
    if let value { self[keyPath: sum] = (self[keyPath: sum] ?? 0) + value }
  }
}
