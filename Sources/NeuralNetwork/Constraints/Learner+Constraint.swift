// The learner's weight tensors against their ceilings: every step, on demand, and for the record.
import Kernels

extension Learner {
  /// The constrainable weight tensors in model order, with the ceilings now in effect.
  package var weights: [WeightTensor] {
    layout.parameters.weights.indices.map { index in
      let name = layout.parameters.weightNames[index]
      return WeightTensor(
        name: name.isOnlyOne ? name.layer : "\(name.layer).\(name.tensor)",
        kind: name.kind.rawValue,
        tensor: name.tensor, shape: name.shape,
        units: layout.parameters.weights[index].unitCount(along: constraint.axis),
        axis: name.axis ?? constraint.axis.rawValue, maxNorm: ceilings[index],
        isHeld: constraint.holds(ceilingOverrides[index]))
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

  /// Projects initial weights to their ceilings if one of them is over `factor` times its own;
  /// returns how many units were clipped for each of `weights`, or nil if none is that long.
  ///
  /// An update of weights that large diverges before the projection behind it. While the constraint
  /// is off, or its rule leaves initial weights alone, this does nothing.
  package func projectInitialWeights(over factor: Float) -> [Int]? {
    let mode = flushDenormals()
    defer { restore(mode) }
    let indices = layout.parameters.weights.indices
    guard constraint.enabled, type(of: constraint.kind.rule).projectsInitialWeights,
      indices.contains(where: { hasUnit(index: $0, over: factor) })
    else { return nil }
    let clipped = indices.map { constrain($0, projects: false).exceeded }
    for index in indices { shrinkLargest(index) }
    for index in indices { _ = constrain(index) }
    return clipped
  }

  private func hasUnit(index: Int, over factor: Float) -> Bool {
    guard let ceiling = ceilings[index] else { return false }
    let place = layout.parameters.weights[index]
    place.sumSquares(values.base + place.offset, axis: constraint.axis, into: unitSums.base)
    let limit = Double(factor) * Double(ceiling)
    return (0..<place.unitCount(along: constraint.axis)).contains {
      unitSums.base[$0] > limit * limit && unitSums.base[$0].isFinite
    }
  }

  /// Scales units whose factor no Float holds in two steps, to about their ceiling.
  private func shrinkLargest(_ index: Int) {
    guard let ceiling = ceilings[index] else { return }
    let place = layout.parameters.weights[index]
    let tensor = values.base + place.offset
    place.sumSquares(tensor, axis: constraint.axis, into: unitSums.base)
    for unit in 0..<place.unitCount(along: constraint.axis) {
      let factor = Double(ceiling) / unitSums.base[unit].squareRoot()
      let isTooSmall = factor < 1e-30 && unitSums.base[unit].isFinite
      unitFactors.base[unit] = isTooSmall ? Float(factor.squareRoot()) : 1
    }
    for _ in 0..<2 { place.scaleUnits(tensor, axis: constraint.axis, by: unitFactors.base) }
  }

  /// The norm of each unit of a tensor (an index of `weights`) as it stands now.
  ///
  /// `norms` keeps its storage where its size fits already.
  package func unitNorms(_ tensor: Int, into norms: inout [Float]) {
    let units = layout.parameters.weights[tensor].unitCount(along: constraint.axis)
    constraint.kind.measure(memory(tensor), into: unitSums.base)
    if norms.count != units { norms = Array(repeating: 0, count: units) }
    for unit in 0..<units { norms[unit] = Float(unitSums.base[unit]) }
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

  private func constrain(_ index: Int, projects: Bool = true) -> ConstraintOutcome {
    guard isHeld[index] else { return ConstraintOutcome() }
    return constraint.kind.constrain(
      memory(index), ceiling: ceilings[index] ?? .infinity,
      projects: projects && constraint.enabled)
  }

  private func memory(_ index: Int) -> WeightMemory {
    let place = layout.parameters.weights[index]
    return WeightMemory(
      place: place, values: values.base + place.offset, axis: constraint.axis,
      scratch: UnitScratch(
        sums: unitSums.base, factors: unitFactors.base, vectors: singularVectors.base),
      state: constraintState.base + constraintStateOffsets[index])
  }

  func updateCeilings() {
    ceilings = ceilingOverrides.map { $0.ceiling(global: constraint.maxNorm) }
    isHeld = ceilingOverrides.map(constraint.holds)
    for case let ceiling? in ceilings {
      precondition(ConstraintSettings.isValid(ceiling), "max-norm \(ceiling)")
    }
  }
}
