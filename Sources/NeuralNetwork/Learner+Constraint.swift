// The learner's weight tensors against their ceilings: every step, on demand, and for the record.
import Kernels

extension Learner {
  /// The constrainable weight tensors in model order, with the ceilings now in effect.
  package var weights: [WeightTensor] {
    layout.parameters.weights.indices.map { index in
      let name = layout.parameters.weightNames[index]
      return WeightTensor(
        name: name.isOnlyOne ? name.layer : "\(name.layer).\(name.tensor)", kind: name.kind,
        tensor: name.tensor, shape: name.shape,
        units: layout.parameters.weights[index].unitCount(along: constraint.axis),
        axis: constraint.axis,
        maxNorm: ceilings[index])
    }
  }

  /// What the last step found on a tensor (an index of `weights`).
  package func constraintOutcome(_ tensor: Int) -> ConstraintOutcome {
    outcomes[tensor]
  }

  /// Projects now, for a constraint that was switched on or a ceiling that was lowered; returns
  /// how many units were clipped for each of `weights`.
  ///
  /// While the constraint is off it does nothing. Outcomes of the last step stay.
  package func project() -> [Int] {
    let mode = flushDenormals()
    defer { restore(mode) }
    return layout.parameters.weights.indices.map { index in
      constraint.enabled ? constrain(index).clipped : 0
    }
  }

  /// The norm of each unit of a tensor (an index of `weights`) as it stands now.
  ///
  /// `norms` keeps its storage where its size fits already.
  package func unitNorms(_ tensor: Int, into norms: inout [Float]) {
    let place = layout.parameters.weights[tensor]
    let units = place.unitCount(along: constraint.axis)
    place.sumSquares(values.base + place.offset, axis: constraint.axis, into: unitSums.base)
    if norms.count != units { norms = Array(repeating: 0, count: units) }
    for unit in 0..<units { norms[unit] = Float(unitSums.base[unit].squareRoot()) }
  }

  /// After an update: counts the units over their ceilings and, if the constraint is on, scales
  /// them back.
  func applyConstraint() {
    for index in 0..<layout.parameters.weights.count {
      let ratio = outcomes[index].updateRatio
      outcomes[index] = constrain(index)
      outcomes[index].updateRatio = ratio
    }
  }

  private func constrain(_ index: Int) -> ConstraintOutcome {
    guard let ceiling = ceilings[index] else { return ConstraintOutcome() }
    let place = layout.parameters.weights[index]
    return place.constrain(
      values.base + place.offset, axis: constraint.axis, ceiling: ceiling,
      projects: constraint.enabled,
      scratch: UnitScratch(sums: unitSums.base, factors: unitFactors.base))
  }

  func updateCeilings() {
    ceilings = ceilingOverrides.map { $0.ceiling(global: constraint.maxNorm) }
    for case let ceiling? in ceilings {
      precondition(ConstraintSettings.isValid(ceiling), "max-norm \(ceiling)")
    }
  }
}
