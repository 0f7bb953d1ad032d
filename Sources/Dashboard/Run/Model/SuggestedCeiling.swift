// A ceiling from the norms as they are: which r to begin with, and why there may be none to suggest.
import RunHistory
import RunRecords

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
    if let pageLayer { return ObservedNorms([pageLayer]) }
    return gatheredNorms ?? ObservedNorms(constrainedLayers)
  }

  /// Of more layers than these, norms are gathered when they are told, not in each frame.
  private static let mostGathered = 32

  /// Gathers the norms of many layers anew, where records may have changed them.
  mutating func gatherNorms(after records: [Record]) {
    guard let segment, segment.layers.count > Self.mostGathered else {
      gatheredNorms = nil
      return
    }
    let isChanged = records.contains {
      switch $0 {
      case .header, .norms, .event, .rank: true
      case .step, .evaluation, .sample, .end, .refused, .twin: false
      }
    }
    if isChanged { gatheredNorms = ObservedNorms(constrainedLayers) }
  }

  private var constrainedLayers: [LayerState] {
    guard let segment, segment.settings.maxNorm != nil || takesFirstCeiling else { return [] }
    return segment.layers.filter { $0.ceiling == segment.settings.maxNorm }
  }

  /// The ceiling that `a` sets, and what it would hold; nil before the first norms.
  package var suggestion: HeldShare? { suggestion(observedNorms) }

  private func suggestion(_ norms: ObservedNorms) -> HeldShare? {
    guard let ceiling = norms.ceiling(holding: Self.suggestedShare) else { return nil }
    return HeldShare(ceiling: ceiling, held: norms.held(at: ceiling), units: norms.count)
  }

  /// Why there is no ceiling to suggest; nil if there is one.
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
    // Nobody would see a change of less than two per cent.
    if abs(suggestion.ceiling - ceiling) <= ceiling * 0.02 {
      return "r is \(Wording.norm(ceiling)) already, about as suggested"
    }
    return nil
  }
}
