// All that a learner needs to go on bit for bit, as plain values: what a fork copies.
import Kernels

/// Where a learner stands between two steps.
///
/// Taken from one learner and restored into another of the same model, loss, batch and schedule, it
/// makes the same steps from there on. Which examples come next is not part of it.
package struct LearnerState: Sendable, Equatable {
  /// What can be changed between steps.
  package struct Settings: Sendable, Equatable {
    package var optimizer: OptimizerSettings
    package var dropoutRates: [Float]
    package var freezesBatchNorm: Bool
    package var constraint: ConstraintSettings
    /// For each weight tensor.
    package var ceilingOverrides: [MaxNormOverride]
  }

  package var settings: Settings
  /// The parameters, one after the other in the model's order, and in their places the optimizer's two
  /// states (velocity or moments).
  package var parameters: [Float]
  package var firstState: [Float]
  package var secondState: [Float]
  /// The running statistics of batch normalization.
  package var buffers: [Float]
  /// Optimizer steps since the start, by which a schedule goes, and those that Adam corrects its
  /// moments by.
  package var steps: Int
  package var updates: Int
  /// What dropout draws its next masks from.
  package var dropoutSource: RandomSource
  /// The states that recurrent layers start the next batch from; empty where none are carried on.
  package var carried: [Float]
}

extension Learner {
  /// The settings that can be changed between steps, as they are now.
  package var settings: LearnerState.Settings {
    get {
      LearnerState.Settings(
        optimizer: optimizer, dropoutRates: dropoutRates, freezesBatchNorm: freezesBatchNorm,
        constraint: constraint, ceilingOverrides: ceilingOverrides)
    }
    set {
      optimizer = newValue.optimizer
      dropoutRates = newValue.dropoutRates
      freezesBatchNorm = newValue.freezesBatchNorm
      constraint = newValue.constraint
      ceilingOverrides = newValue.ceilingOverrides
    }
  }

  /// Everything that decides the steps to come.
  package var state: LearnerState {
    let places = layout.parameters.places.map { ($0.offset, $0.count) }
    return LearnerState(
      settings: settings, parameters: Self.gather(values.base, places),
      firstState: Self.gather(firstState.base, places),
      secondState: Self.gather(secondState.base, places),
      buffers: Self.gather(buffers.base, bufferPlaces), steps: steps, updates: updates,
      dropoutSource: dropoutSource, carried: carriesState ? training.carried : [])
  }

  /// Goes on from where another learner of the same plan stood.
  ///
  /// Sizes that don't fit are a programmer's error: a file's are checked before.
  package func goOn(from state: LearnerState) {
    let places = layout.parameters.places.map { ($0.offset, $0.count) }
    // Before the optimizer's state: another kind of optimizer clears it.
    settings = state.settings
    Self.scatter(state.parameters, values.base, places)
    Self.scatter(state.firstState, firstState.base, places)
    Self.scatter(state.secondState, secondState.base, places)
    Self.scatter(state.buffers, buffers.base, bufferPlaces)
    steps = state.steps
    updates = state.updates
    dropoutSource = state.dropoutSource
    if carriesState { training.setCarried(state.carried) }
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
