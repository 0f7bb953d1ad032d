// The rule that weights are held to: what r is to it, and the words for it.
import RunRecords

/// The constraint's rule, as experiments call it.
package enum ConstraintKind: String, Sendable, CaseIterable {
  case maxNorm = "max_norm"
  case unitNorm = "unit_norm"
  case minMaxNorm = "min_max_norm"
  case nonNegative = "non_negative"
  case spectralNorm = "spectral_norm"

  /// The rule of a resolved experiment; max-norm where it does not say.
  init(_ constraint: ExperimentSummary.Constraint) {
    self = constraint.kind.flatMap(Self.init(rawValue:)) ?? .maxNorm
  }

  /// The norm that a ceiling r limits; nil for kinds without a ceiling.
  func ceiling(_ constraint: ExperimentSummary.Constraint) -> Float? {
    switch self {
    case .maxNorm, .spectralNorm: constraint.maxNorm
    case .minMaxNorm: constraint.maximum
    case .unitNorm: 1
    case .nonNegative: nil
    }
  }

  /// Whether a ceiling says which layers it is for; without one it is for all.
  var hasCeiling: Bool {
    switch self {
    case .maxNorm, .minMaxNorm, .unitNorm, .spectralNorm: true
    case .nonNegative: false
    }
  }

  /// In front of the switch in the header: "r" and "1.50".
  package func state(
    _ settings: RunSegment.Settings, _ constraint: ExperimentSummary.Constraint
  ) -> (name: String, value: String) {
    let r = settings.maxNorm.map(Wording.norm) ?? "per layer"
    switch self {
    case .maxNorm: return ("r", r)
    case .unitNorm: return ("norm", "1")
    case .minMaxNorm:
      let least = constraint.minimum.map(Wording.norm) ?? "0"
      return ("norm", "\(least) to \(r)")
    case .nonNegative: return ("weights", ">= 0")
    case .spectralNorm: return ("spectral r", r)
    }
  }

  /// Why r cannot be changed; nil if it can.
  package var refusalOfCeiling: String? {
    switch self {
    case .maxNorm, .minMaxNorm, .spectralNorm: nil
    case .unitNorm: "under unit_norm r is always 1"
    case .nonNegative: "non_negative has no r to change"
    }
  }

  /// Why r cannot be `ceiling`, which is above 0; nil if it can.
  package func refusal(of ceiling: Float, _ constraint: ExperimentSummary.Constraint) -> String? {
    switch self {
    case .maxNorm, .unitNorm, .nonNegative, .spectralNorm: return nil
    case .minMaxNorm:
      guard let least = constraint.minimum, ceiling < least else { return nil }
      return "r cannot be below the minimum of \(Wording.norm(least))"
    }
  }

  /// Why no r is suggested; nil if one can be.
  package var refusalOfSuggestion: String? {
    switch self {
    case .maxNorm: nil
    case .unitNorm, .nonNegative: refusalOfCeiling
    case .minMaxNorm: "min_max_norm holds from both sides: no r is suggested for it"
    case .spectralNorm: "spectral_norm has one norm a layer: no r is suggested for it"
    }
  }

  /// What the panels of norms and of clipping are about; nil: what stands in the glossary.
  package var explanation: Explanation? {
    switch self {
    case .maxNorm: nil
    case .unitNorm:
      Explanation(
        term: "unit norm",
        brief: [
          "every unit is brought to length 1 after a step; clipped: those that were off",
          "every unit has length 1",
        ],
        full: "After every optimizer step each unit is scaled to length 1: only its direction is"
          + " learned. Exceeded are units found off 1, clipped those scaled.")
    case .minMaxNorm:
      Explanation(
        term: "min-max norm",
        brief: [
          "units over the maximum or under the minimum are brought back; clipped: those",
          "norms between a minimum and r",
        ],
        full: "After every optimizer step units longer than r are shortened and units shorter than"
          + " the minimum lengthened, by the part of the way that the rate says. Exceeded are both."
      )
    case .nonNegative:
      Explanation(
        term: "non-negative",
        brief: [
          "weights below 0 become 0 after a step; clipped: units that had any",
          "weights below 0 become 0",
        ],
        full: "After every optimizer step weights below 0 are set to 0. There is no ceiling on"
          + " norms. Exceeded are units with a weight below 0, clipped those it was taken from.")
    case .spectralNorm:
      Explanation(
        term: "spectral norm",
        brief: [
          "norm: the largest factor by which a layer's weights lengthen a vector; at most r",
          "norm: the largest singular value",
        ],
        full: "The largest singular value of a layer's weight matrix: the largest factor by which"
          + " it lengthens an input. Where it exceeds r the whole matrix is scaled by r over it.")
    }
  }
}

extension RunSegment {
  /// The rule of the run.
  package var constraintKind: ConstraintKind { ConstraintKind(header.summary.constraint) }

  /// Whether the constraint, on or off, is about a layer.
  package func isHeld(_ layer: LayerState) -> Bool {
    layer.ceiling != nil || !constraintKind.hasCeiling
  }
}
