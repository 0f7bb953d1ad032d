// The max-norm constraint's settings, and what it found and did in a step.

/// Which values of a weight tensor form one unit's vector.
package enum ConstraintAxis: String, Sendable, CaseIterable, Codable {
  /// Each row of `[out, in]`: a unit's incoming weights, as in the papers.
  case incoming
  /// Each column of `[out, in]`: what `param.norm(2, dim=0)` measures on PyTorch's layout.
  case outgoing
  /// The whole tensor.
  case tensor
}

/// The global max-norm constraint.
package struct ConstraintSettings: Sendable, Equatable, Codable {
  /// The ceiling r for all layers without their own; nil: only those with their own have one.
  package var maxNorm: Float?
  /// Which values of a tensor form one unit.
  package var axis: ConstraintAxis
  /// Off means observe: units over their ceiling are counted, and left alone.
  package var enabled: Bool

  package init(maxNorm: Float? = nil, axis: ConstraintAxis = .incoming, enabled: Bool = true) {
    self.maxNorm = maxNorm
    self.axis = axis
    self.enabled = enabled
  }

  /// Whether `ceiling` can be one.
  package static func isValid(_ ceiling: Float) -> Bool {
    ceiling > 0 && ceiling.isFinite
  }
}

/// What the constraint found and did on one weight tensor in one step.
package struct ConstraintOutcome: Sendable, Equatable {
  /// Units over the ceiling before projection, whether the constraint is on or off.
  package var exceeded = 0
  /// Units scaled back.
  package var clipped = 0
  /// The sum of r/n over the units scaled back; divided by `clipped`, their mean shrink.
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
  /// Which values of a tensor form one unit.
  package var axis: ConstraintAxis
  /// The ceiling in effect, on or off; nil: never constrained.
  package var maxNorm: Float?
}
