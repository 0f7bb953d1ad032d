// What each constraint says of itself: its settings, what r is, and its projection.

/// A rule that weights are brought to after every update, with the settings that are its own.
///
/// It leaves units of zeros and units with a norm that is not finite as they are, bit for bit, and so
/// every unit that is within its bounds.
package protocol ConstraintRule: KeyedRule {
  /// What r is.
  static var ceiling: CeilingMeaning { get }
  /// Whether `axis` says what a unit is; otherwise it is the whole tensor.
  static var hasAxis: Bool { get }
  /// Whether first weights far over r are brought to it, as no update would bring them.
  static var projectsInitialWeights: Bool { get }

  /// The rule as a case of the enumeration.
  var constraint: Constraint { get }
  /// Why r cannot have this value, which is above 0 and finite; nil if it can.
  func conflict(with ceiling: Float) -> RuleConflict?
  /// How many numbers the rule keeps of a tensor from step to step.
  func stateCount(of weight: WeightPlace, axis: ConstraintAxis) -> Int
  /// Counts the units out of bounds and, if `projects`, brings them into them.
  ///
  /// `ceiling` is r; rules without one leave it alone.
  func constrain(_ weight: WeightMemory, ceiling: Float, projects: Bool) -> ConstraintOutcome
  /// norms `[units]` = what records call each unit's norm, from the weights as they stand; the rule's
  /// state stays what it is.
  func measure(_ weight: WeightMemory, into norms: UnsafeMutablePointer<Double>)
}

extension ConstraintRule {
  package func conflict(with ceiling: Float) -> RuleConflict? { nil }

  package func stateCount(of weight: WeightPlace, axis: ConstraintAxis) -> Int { 0 }

  /// The L2 norm.
  package func measure(_ weight: WeightMemory, into norms: UnsafeMutablePointer<Double>) {
    weight.place.sumSquares(weight.values, axis: weight.axis, into: norms)
    for unit in 0..<weight.place.unitCount(along: weight.axis) {
      norms[unit] = norms[unit].squareRoot()
    }
  }
}

/// What r is to a constraint.
package enum CeilingMeaning: Sendable, Equatable {
  /// A number that an experiment gives under this key, a layer as `max_norm`, and keys of the screen
  /// change. Without it only layers with their own are held; `nil`: no number where nobody gives one.
  case key(String, Float?)
  /// Always this whole number.
  case fixed(Float)
  /// There is no such norm.
  case none
}

extension ConstraintSettings {
  /// Where what the rule keeps of each weight tensor begins, and behind the last one their sum.
  func stateOffsets(of parameters: ParameterTable) -> [Int] {
    parameters.weights.reduce(into: [0]) { offsets, weight in
      offsets.append((offsets.last ?? 0) + kind.rule.stateCount(of: weight, axis: axis))
    }
  }
}
