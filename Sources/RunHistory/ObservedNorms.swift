// The norms of units as they are, and how many of them a ceiling would hold.
import RunRecords

/// The latest norms of the units of one layer or of several.
package struct ObservedNorms: Sendable {
  private var lists: [Sample]
  private var digests: [NormDigest]
  private let band: CeilingBand
  private var distribution: NormDistribution?
  /// Units with a finite norm.
  package let count: Int

  /// The norms of a layer, or of every so many units of it.
  private struct Sample {
    var norms: [Float]
    var unitsEach = 1.0
  }

  /// Of more units than these, every so many are counted: the share that a ceiling would hold is told in
  /// whole per cent.
  private static let mostCounted = 1 << 18

  package init(_ layers: [LayerState]) {
    let listed = layers.reduce(0) { $0 + $1.norms.count }
    let stride = max(1, listed / Self.mostCounted)
    lists = layers.compactMap { layer in
      guard stride > 1 else { return layer.norms.isEmpty ? nil : Sample(norms: layer.norms) }
      let norms = Swift.stride(from: 0, to: layer.norms.count, by: stride).map { layer.norms[$0] }
      let each = Double(layer.norms.count) / Double(max(1, norms.count))
      return norms.isEmpty ? nil : Sample(norms: norms, unitsEach: each)
    }
    digests = layers.compactMap(\.digest)
    band = layers.first?.band ?? .usual
    var count = 0
    for case let entry? in layers.map(\.distribution.last?.entry) {
      count += entry.count
      if distribution == nil { distribution = entry } else { distribution?.merge(entry) }
    }
    self.count = count
  }

  package var isEmpty: Bool { count == 0 }

  /// How many units a ceiling would hold: those that reach it.
  package func held(at ceiling: Float) -> Int {
    let limit = band.lower(ceiling)
    let ofDigests = digests.reduce(0) { $0 + $1.held(at: limit) }
    return lists.reduce(ofDigests) { sum, sample in
      let count = sample.norms.withUnsafeBufferPointer { norms in
        // 32 bits wide, as the norms are: compared many at a time.
        var held: Int32 = 0
        for norm in norms { held &+= norm >= limit && norm < .infinity ? 1 : 0 }
        return Int(held)
      }
      return sum + Int((Double(count) * sample.unitsEach).rounded())
    }
  }

  /// The ceiling that limits about this share of the units, to three digits; nil if that is not
  /// above 0.
  ///
  /// Rounded down, so that units with equal norms are all at the ceiling and do not miss it by a
  /// hair.
  package func ceiling(holding share: Float) -> Float? {
    guard let norm = distribution?.norm(exceededBy: share), norm > 0, norm.isFinite else {
      return nil
    }
    var scale = 1.0
    while Double(norm) * scale < 100 { scale *= 10 }
    while Double(norm) * scale >= 1000 { scale /= 10 }
    // A norm that is a round number itself must not fall to the number below.
    let digits = (Double(norm) * scale * (1 + 1e-6)).rounded(.down)
    return Float(digits / scale)
  }

  /// The table's rows, the highest ceiling first; one for each ceiling.
  package func table(_ shares: [Float] = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9]) -> [HeldShare] {
    var rows: [HeldShare] = []
    for share in shares {
      guard let ceiling = ceiling(holding: share), rows.last?.ceiling != ceiling else { continue }
      rows.append(HeldShare(ceiling: ceiling, held: held(at: ceiling), units: count))
    }
    return rows
  }
}

/// How many units a ceiling would hold.
package struct HeldShare: Sendable, Equatable {
  package var ceiling: Float
  package var held: Int
  package var units: Int

  package init(ceiling: Float, held: Int, units: Int) {
    self.ceiling = ceiling
    self.held = held
    self.units = units
  }

  package var share: Double { units > 0 ? Double(held) / Double(units) : 0 }
}
