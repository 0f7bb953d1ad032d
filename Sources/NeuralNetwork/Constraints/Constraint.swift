// The constraints: an enumeration of the rules that weights are held to.
//
// Each rule is a file beside this one. Whatever must know all of them is here, and nowhere else.

/// A rule with its own settings.
package enum Constraint: Sendable, Equatable {
  case maxNorm(MaxNorm = MaxNorm())
  case unitNorm(UnitNorm = UnitNorm())
  case minMaxNorm(MinMaxNorm = MinMaxNorm())
  case nonNegative(NonNegative = NonNegative())
  case spectralNorm(SpectralNorm = SpectralNorm())

  /// What experiments call the rules.
  package enum Name: String, Sendable, CaseIterable, Codable {
    case maxNorm = "max_norm"
    case unitNorm = "unit_norm"
    case minMaxNorm = "min_max_norm"
    case nonNegative = "non_negative"
    case spectralNorm = "spectral_norm"
  }

  /// The rule of this name with its defaults.
  package init(_ name: Name) {
    switch name {
    case .maxNorm: self = .maxNorm()
    case .unitNorm: self = .unitNorm()
    case .minMaxNorm: self = .minMaxNorm()
    case .nonNegative: self = .nonNegative()
    case .spectralNorm: self = .spectralNorm()
    }
  }

  package var name: Name {
    switch self {
    case .maxNorm: .maxNorm
    case .unitNorm: .unitNorm
    case .minMaxNorm: .minMaxNorm
    case .nonNegative: .nonNegative
    case .spectralNorm: .spectralNorm
    }
  }

  /// What it says of itself.
  package var rule: any ConstraintRule {
    get {
      switch self {
      case .maxNorm(let rule): rule
      case .unitNorm(let rule): rule
      case .minMaxNorm(let rule): rule
      case .nonNegative(let rule): rule
      case .spectralNorm(let rule): rule
      }
    }
    set { self = newValue.constraint }
  }

  /// `ConstraintRule.constrain`; a switch and not `rule`, so that a step allocates nothing.
  func constrain(_ weight: WeightMemory, ceiling: Float, projects: Bool) -> ConstraintOutcome {
    switch self {
    case .maxNorm(let rule): rule.constrain(weight, ceiling: ceiling, projects: projects)
    case .unitNorm(let rule): rule.constrain(weight, ceiling: ceiling, projects: projects)
    case .minMaxNorm(let rule): rule.constrain(weight, ceiling: ceiling, projects: projects)
    case .nonNegative(let rule): rule.constrain(weight, ceiling: ceiling, projects: projects)
    case .spectralNorm(let rule): rule.constrain(weight, ceiling: ceiling, projects: projects)
    }
  }

  /// `ConstraintRule.measure`.
  func measure(_ weight: WeightMemory, into norms: UnsafeMutablePointer<Double>) {
    switch self {
    case .maxNorm(let rule): rule.measure(weight, into: norms)
    case .unitNorm(let rule): rule.measure(weight, into: norms)
    case .minMaxNorm(let rule): rule.measure(weight, into: norms)
    case .nonNegative(let rule): rule.measure(weight, into: norms)
    case .spectralNorm(let rule): rule.measure(weight, into: norms)
    }
  }
}
