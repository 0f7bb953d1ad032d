// The optimizer of a learner: its settings, and the states it keeps of every parameter.
import Basics
import Kernels

extension Learner {
  /// Changes the optimizer's settings between steps; its states stay unless the rule is another.
  ///
  /// - Throws: where the rule needs more states now than there is memory for; nothing has changed then.
  package func setOptimizer(_ settings: OptimizerSettings) throws(NetworkError) {
    guard settings.kind.name != optimizer.kind.name else {
      try reserveStates(settings.stateCount)
      optimizer = settings
      return
    }
    states = try Arena(count: settings.stateCount * layout.parameters.arenaCount)
    optimizer = settings
    clearStates()
  }

  /// How many states there is memory for; those that a rule needs no longer stay, for it may again.
  var stateCount: Int { states.count / layout.parameters.arenaCount }

  /// Makes room for at least `count` states, each of which starts as the rule says.
  ///
  /// - Throws: if there is no memory for them; nothing has changed then.
  func reserveStates(_ count: Int) throws(NetworkError) {
    let (size, former) = (layout.parameters.arenaCount, stateCount)
    guard count > former else { return }
    try MachineMemory.check(floats: count * size, besides: states.count)
    let larger = try Arena<Float>(count: count * size)
    larger.base.update(from: states.base, count: states.count)
    states = larger
    for index in former..<count { fillState(index) }
  }

  /// Every state as it was before the first step.
  func clearStates() {
    for index in 0..<stateCount { fillState(index) }
    updates = 0
  }

  private func fillState(_ index: Int) {
    let size = layout.parameters.arenaCount
    (states.base + index * size).update(
      repeating: optimizer.kind.rule.states[index].initial, count: size)
  }

  /// One step of a formula on every parameter; returns the sum of the squares of their gradients.
  func updateParameters(by update: some TensorUpdate) -> Double {
    var squares = 0.0
    for place in layout.parameters.places {
      let tensor = ParameterMemory(
        count: place.count, values: values.base + place.offset,
        gradient: UnsafePointer(gradients.base + place.offset),
        states: states.base + place.offset, stateStride: layout.parameters.arenaCount)
      let sums = update.apply(to: tensor)
      squares += sums.gradient
      guard let weight = place.weight else { continue }
      outcomes[weight].updateRatio = sums.ratio
    }
    return squares
  }
}

extension UpdateSums {
  /// ‖update‖ / ‖w‖; 0 if nothing moved.
  fileprivate var ratio: Double {
    update == 0 ? 0 : (update / weights).squareRoot()
  }
}
