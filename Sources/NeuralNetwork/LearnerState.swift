// Everything a learner needs to resume bit for bit, as plain values: what forks and checkpoints
// copy.
import Basics
import Kernels

/// Where a learner stands between two steps.
///
/// Taken from one learner and restored into another of the same model, loss, batch and schedule, it
/// makes the same steps from there on. Which examples come next is not part of it.
package struct LearnerState: Sendable, Equatable {
  /// What can be changed between steps.
  package struct Settings: Sendable, Equatable, Codable {
    package var optimizer: OptimizerSettings
    /// The schedule holds no longer: the rate is the optimizer's; nil as false.
    package var holdsRate: Bool?
    package var dropoutRates: [Float]
    package var freezesBatchNorm: Bool
    package var constraint: ConstraintSettings
    /// For each weight tensor.
    package var ceilingOverrides: [MaxNormOverride]
  }

  package var settings: Settings
  /// The parameters, one after the other in the model's order.
  package var parameters: [Float]
  /// The optimizer's states that there are, in its rule's order, each as the parameters.
  package var states: [[Float]]
  /// The running statistics of batch normalization.
  package var buffers: [Float]
  package var progress: Progress
  /// The states that recurrent layers start the next batch from; empty if none are carried on.
  package var carried: [Float]
  /// What the constraint's rule keeps from step to step; empty if it keeps nothing.
  package var constraint: [Float]

  /// What is counted and drawn from step to step.
  package struct Progress: Sendable, Equatable, Codable {
    /// Optimizer steps since the start, by which a schedule goes.
    package var steps: Int
    /// Those that Adam corrects its moments by.
    package var updates: Int
    /// What dropout draws its next masks from.
    package var dropoutSource: RandomSource
    /// How far the last update moved each weight tensor: a record of steps already made contains
    /// it.
    package var updateRatios: [Double]
  }

  package init(
    settings: Settings, parameters: [Float], states: [[Float]], buffers: [Float],
    progress: Progress, carried: [Float], constraint: [Float]
  ) {
    self.settings = settings
    self.parameters = parameters
    self.states = states
    self.buffers = buffers
    self.progress = progress
    self.carried = carried
    self.constraint = constraint
  }
}

/// What a network answers by, apart from what an optimizer keeps.
package struct LearnerWeights: Sendable, Equatable {
  /// One after the other in the model's order.
  package var parameters: [Float]
  /// The running statistics of batch normalization.
  package var buffers: [Float]

  package init(parameters: [Float], buffers: [Float]) {
    self.parameters = parameters
    self.buffers = buffers
  }
}

extension Learner {
  /// The settings that can be changed between steps, as they are now.
  package var settings: LearnerState.Settings {
    LearnerState.Settings(
      optimizer: optimizer, holdsRate: holdsRate ? true : nil, dropoutRates: dropoutRates,
      freezesBatchNorm: freezesBatchNorm, constraint: constraint,
      ceilingOverrides: ceilingOverrides)
  }

  /// Takes other settings over.
  ///
  /// - Throws: where the optimizer then needs more memory than there is; nothing has changed then.
  package func setSettings(_ settings: LearnerState.Settings) throws(NetworkError) {
    try setOptimizer(settings.optimizer)
    holdsRate = settings.holdsRate ?? false
    dropoutRates = settings.dropoutRates
    freezesBatchNorm = settings.freezesBatchNorm
    constraint = settings.constraint
    ceilingOverrides = settings.ceilingOverrides
  }

  /// The settings with another learning rate of the next step, from which the schedule continues to
  /// its end.
  ///
  /// If the schedule has come to its end, or would lead from a lower rate up to it, it no longer
  /// applies: the rate stays as it is set.
  package func settings(withLearningRate rate: Double) -> LearnerState.Settings {
    var settings = settings
    let start = holdsRate ? nil : schedule.start(for: rate, after: steps)
    settings.holdsRate = start == nil ? true : nil
    settings.optimizer.learningRate = start ?? rate
    return settings
  }

  /// Where it stands, beside its tensors and settings.
  package var progress: LearnerState.Progress {
    LearnerState.Progress(
      steps: steps, updates: updates, dropoutSource: dropoutSource,
      updateRatios: outcomes.map(\.updateRatio))
  }

  /// Everything that decides the steps to come.
  package var state: LearnerState {
    let places = layout.parameters.places.map { ($0.offset, $0.count) }
    return LearnerState(
      settings: settings, parameters: Self.gather(values.base, places),
      states: (0..<stateCount).map {
        Self.gather(states.base + $0 * layout.parameters.arenaCount, places)
      },
      buffers: Self.gather(buffers.base, bufferPlaces), progress: progress,
      carried: carriesState ? training.carried : [],
      constraint: Array(
        UnsafeBufferPointer(start: constraintState.base, count: constraintState.count)))
  }

  /// Takes over the state of another learner of the same plan.
  ///
  /// Sizes that do not fit are a programmer error: those of a file are checked before.
  ///
  /// - Throws: if there is no memory for all the optimizer's states.
  package func resume(from state: LearnerState) throws(NetworkError) {
    let places = layout.parameters.places.map { ($0.offset, $0.count) }
    // Before the optimizer's states: another rule clears them.
    try setSettings(state.settings)
    try reserveStates(state.states.count)
    Self.scatter(state.parameters, values.base, places)
    // Further states were not needed there yet.
    clearStates()
    for (index, values) in state.states.enumerated() {
      Self.scatter(values, states.base + index * layout.parameters.arenaCount, places)
    }
    Self.scatter(state.buffers, buffers.base, bufferPlaces)
    steps = state.progress.steps
    updates = state.progress.updates
    dropoutSource = state.progress.dropoutSource
    for index in outcomes.indices {
      outcomes[index].updateRatio = state.progress.updateRatios[index]
    }
    if carriesState { training.setCarried(state.carried) }
    precondition(
      state.constraint.count == constraintState.count, "\(state.constraint.count) for another rule")
    _ = UnsafeMutableBufferPointer(start: constraintState.base, count: constraintState.count)
      .update(fromContentsOf: state.constraint)
  }

  /// What it answers by: all parameters and running statistics, as they are now.
  package var weightValues: LearnerWeights {
    let places = layout.parameters.places.map { ($0.offset, $0.count) }
    return LearnerWeights(
      parameters: Self.gather(values.base, places),
      buffers: Self.gather(buffers.base, bufferPlaces))
  }

  /// Answers by other weights of the same plan; what the optimizer keeps of them stays.
  package func setWeightValues(_ weights: LearnerWeights) {
    Self.scatter(
      weights.parameters, values.base, layout.parameters.places.map { ($0.offset, $0.count) })
    Self.scatter(weights.buffers, buffers.base, bufferPlaces)
  }

  private var bufferPlaces: [(offset: Int, count: Int)] {
    zip(layout.parameters.bufferOffsets, layout.parameters.bufferInfos).map { ($0, $1.count) }
  }

  /// The elements of the places, without the gaps between them.
  private static func gather(
    _ base: UnsafePointer<Float>, _ places: [(offset: Int, count: Int)]
  ) -> [Float] {
    places.flatMap { UnsafeBufferPointer(start: base + $0.offset, count: $0.count) }
  }

  private static func scatter(
    _ values: [Float], _ base: UnsafeMutablePointer<Float>, _ places: [(offset: Int, count: Int)]
  ) {
    precondition(
      values.count == places.reduce(0) { $0 + $1.count }, "\(values.count) values for another plan")
    var start = 0
    for place in places {
      _ = UnsafeMutableBufferPointer(start: base + place.offset, count: place.count)
        .update(fromContentsOf: values[start..<start + place.count])
      start += place.count
    }
  }
}

extension Workspace {
  /// The final states of the last batch, one after the other.
  var carried: [Float] {
    var all: [Float] = []
    for state in plan.carried {
      move(state) { final, _, count in all += UnsafeBufferPointer(start: final, count: count) }
    }
    return all
  }

  func setCarried(_ states: [Float]) {
    var start = 0
    for state in plan.carried {
      move(state) { final, _, count in
        precondition(start + count <= states.count, "\(states.count) states for another plan")
        _ = UnsafeMutableBufferPointer(start: final, count: count)
          .update(fromContentsOf: states[start..<start + count])
        start += count
      }
    }
  }
}
