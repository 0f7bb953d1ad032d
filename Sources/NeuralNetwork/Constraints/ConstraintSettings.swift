// The constraint's settings, and what it found and did in a step.

/// Which values of a weight tensor form one unit's vector.
package enum ConstraintAxis: String, Sendable, CaseIterable, Codable {
  /// Each row of `[out, in]`: a unit's incoming weights, as in the papers.
  case incoming
  /// Each column of `[out, in]`: what `param.norm(2, dim=0)` measures on PyTorch's layout.
  case outgoing
  /// The whole tensor.
  case tensor
}

/// The constraint of all layers.
package struct ConstraintSettings: Sendable, Equatable {
  /// The rule, with the settings that are its own.
  package let kind: Constraint
  /// r for all layers without their own; nil: only those with their own have one, or the rule has none.
  package var maxNorm: Float?
  /// Which values of a tensor form one unit.
  package var axis: ConstraintAxis
  /// Off means observe: units over their ceiling are counted, and left alone.
  package var enabled: Bool

  /// Fills in what the rule determines: r if it is always the same, the axis if there is no choice.
  package init(
    _ kind: Constraint = .maxNorm(), maxNorm: Float? = nil, axis: ConstraintAxis = .incoming,
    enabled: Bool = true
  ) {
    self.kind = kind
    let rule = type(of: kind.rule)
    switch rule.ceiling {
    case .key(_, let standard): self.maxNorm = maxNorm ?? standard
    case .fixed(let ceiling): self.maxNorm = ceiling
    case .none: self.maxNorm = nil
    }
    self.axis = rule.hasAxis ? axis : .tensor
    self.enabled = enabled
  }

  /// Whether r can be changed to `ceiling`.
  package func allows(_ ceiling: Float) -> Bool {
    guard case .key = type(of: kind.rule).ceiling else { return false }
    return Self.isValid(ceiling) && kind.rule.conflict(with: ceiling) == nil
  }

  /// Whether a layer of this ceiling is held, while the constraint is on.
  package func holds(_ override: MaxNormOverride) -> Bool {
    if case .none = type(of: kind.rule).ceiling { return override != .none }
    return override.ceiling(global: maxNorm) != nil
  }

  /// Whether `ceiling` can be one.
  package static func isValid(_ ceiling: Float) -> Bool {
    ceiling > 0 && ceiling.isFinite
  }
}

/// As checkpoints hold it; those of before the other rules know max-norm alone.
extension ConstraintSettings: Codable {
  private enum CodingKeys: String, CodingKey { case kind, maxNorm, axis, enabled }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(kind.name, forKey: .kind)
    try values.encodeIfPresent(maxNorm, forKey: .maxNorm)
    try values.encode(axis, forKey: .axis)
    try values.encode(enabled, forKey: .enabled)
    try kind.rule.encode(to: encoder)
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let name = try values.decodeIfPresent(Constraint.Name.self, forKey: .kind)
    var kind = Constraint(name ?? .maxNorm)
    kind.rule = try type(of: kind.rule).init(from: decoder)
    self.kind = kind
    maxNorm = try values.decodeIfPresent(Float.self, forKey: .maxNorm)
    axis = try values.decode(ConstraintAxis.self, forKey: .axis)
    enabled = try values.decode(Bool.self, forKey: .enabled)
  }
}

/// What the constraint found and did on one weight tensor in one step.
package struct ConstraintOutcome: Sendable, Equatable {
  /// Units out of bounds before projection, whether the constraint is on or off.
  package var exceeded = 0
  /// Units brought back.
  package var clipped = 0
  /// The sum of new over former norm of the units brought back; divided by `clipped`, their mean shrink.
  package var shrinkSum = 0.0
  /// ‖update‖ / ‖w‖ of the optimizer's update, before projection; w as it was before the update.
  package var updateRatio = 0.0
}

/// A weight tensor that can be constrained.
package struct WeightTensor: Sendable, Equatable {
  /// The layer's name where it has one weight, else layer and tensor: `lstm.weight_ih_l0`.
  package var name: String
  /// The layer's kind in an experiment: `dense`.
  package var kind: String
  /// The tensor's name in its layer: `weight`.
  package var tensor: String
  /// PyTorch's layout: `[out, in]`, `[out, in, height, width]`.
  package var shape: [Int]
  /// How many units the axis makes of it.
  package var units: Int
  /// Which values of the tensor form one unit: a `ConstraintAxis`, or the dimensions as Keras counts them.
  package var axis: String
  /// The ceiling in effect, on or off; nil: it has none.
  package var maxNorm: Float?
  /// Whether the constraint, on or off, is about this tensor at all.
  package var isHeld: Bool
}
