// A ceiling from the norms as they are: how many units each r would hold, and which r to begin with.
import RunRecords

/// The norms of units as last told, of one layer or of several.
package struct ObservedNorms: Sendable {
  private var lists: [[Float]]
  private var distribution: NormDistribution?
  /// Units with a finite norm.
  package let count: Int

  init(_ layers: [LayerState]) {
    lists = layers.map(\.norms).filter { !$0.isEmpty }
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
    let limit = ceiling * (1 - 1e-5)
    return lists.reduce(0) { sum, norms in
      sum
        + norms.withUnsafeBufferPointer { norms in
          // 32 bits wide, as the norms are: compared many at a time.
          var held: Int32 = 0
          for norm in norms { held &+= norm >= limit && norm < .infinity ? 1 : 0 }
          return Int(held)
        }
    }
  }

  /// The ceiling that holds about this share of the units, to three digits; nil where there is none
  /// above 0.
  ///
  /// Rounded down, so that units that are all alike are held and not missed by a hair.
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

  package var share: Double { units > 0 ? Double(held) / Double(units) : 0 }
}

extension DashboardModel {
  /// The share of the units that the suggested ceiling holds.
  ///
  /// The constraint is there for the units that run away, so that most should be free of it; a ceiling
  /// that holds the largest quarter acts at once and leaves the median unit alone. That is where to
  /// begin, not where validation loss is least. Srivastava et al. (2014) name 3 to 4 as typical, for
  /// nets far larger than those that ship here: the right r depends on the layers' width and on how
  /// they are initialized, which the norms know and a constant does not.
  package static let suggestedShare: Float = 0.25

  /// The norms of all units that the global ceiling goes for; on a layer's own page those of the
  /// layer.
  package var observedNorms: ObservedNorms {
    ObservedNorms(pageLayer.map { [$0] } ?? constrainedLayers)
  }

  private var constrainedLayers: [LayerState] {
    guard let segment, let ceiling = segment.settings.maxNorm else { return [] }
    return segment.layers.filter { $0.ceiling == ceiling }
  }

  /// The ceiling that `a` sets, and what it would hold; nil before the first norms.
  package var suggestion: HeldShare? { suggestion(observedNorms) }

  private func suggestion(_ norms: ObservedNorms) -> HeldShare? {
    guard let ceiling = norms.ceiling(holding: Self.suggestedShare) else { return nil }
    return HeldShare(ceiling: ceiling, held: norms.held(at: ceiling), units: norms.count)
  }

  /// Why there is no ceiling to suggest; nil where there is one.
  var refusalOfSuggestion: String? {
    if let refusal = segment?.constraintKind.refusalOfSuggestion { return refusal }
    let norms = observedNorms
    guard let suggestion = suggestion(norms) else {
      return "no norms told yet: they come with the next evaluation"
    }
    guard let ceiling = wanted(ceilingSetting)?.number else { return nil }
    if wantsConstraint {
      let held = norms.held(at: ceiling)
      let share = Double(held) / Double(max(1, suggestion.units))
      if share >= Double(Self.suggestedShare) {
        return "r \(Wording.norm(ceiling)) already holds \(Wording.part(held, suggestion.units)):"
          + " \(keys.name(of: .constraint)) shows how far they would grow"
      }
    }
    // Two per cent are less than anybody would see.
    if abs(suggestion.ceiling - ceiling) <= ceiling * 0.02 {
      return "r is \(Wording.norm(ceiling)) already, about as suggested"
    }
    return nil
  }
}
