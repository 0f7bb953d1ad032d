// A network that learns: parameters, optimizer state and plans; one call is one optimizer step.
import Basics
import Kernels

/// The results of one step.
package struct StepOutcome: Sendable, Equatable {
  /// The batch's mean loss, before the update.
  package var loss: Double
  /// The L2 norm over all gradients, before they were clipped.
  package var gradientNorm: Double
}

/// What is minimized and how, besides the optimizer.
package struct Objective: Sendable, Equatable {
  package var loss: LossFunction
  /// The share of each label's weight that goes to all classes in equal parts, 0 to below 1.
  package var labelSmoothing: Double
  /// nil: gradients are left as they are.
  package var gradientClip: GradientClip?

  package init(
    _ loss: LossFunction, labelSmoothing: Double = 0, gradientClip: GradientClip? = nil
  ) {
    self.loss = loss
    self.labelSmoothing = labelSmoothing
    self.gradientClip = gradientClip
  }
}

/// A network in training.
///
/// Not Sendable: it is born and lives on the training queue. All its numbers lie in arenas, and a
/// step in steady state allocates nothing. While it computes it treats denormals as zero, whatever
/// the calling thread's mode.
package final class Learner {
  /// What was planned.
  package let model: ModelDescription
  package let objective: Objective
  /// The largest batch of a step.
  package let batch: Int
  /// Recurrent layers start each batch where the last one ended, until `forgetState`.
  package let carriesState: Bool
  let layout: ModelLayout

  let values: Arena<Float>
  let gradients: Arena<Float>
  /// The optimizer's states one behind the other, each in the parameters' places.
  var states: Arena<Float>
  /// Running statistics of batch normalization.
  let buffers: Arena<Float>
  let training: Workspace
  let inference: Workspace
  let unitSums: Arena<Double>
  let unitFactors: Arena<Float>
  let singularVectors: Arena<Float>
  /// What the constraint's rule keeps from step to step, and where that of each weight tensor begins.
  let constraintState: Arena<Float>
  let constraintStateOffsets: [Int]
  /// The rows of a chunk while evaluating.
  let chunk: Arena<Int32>

  /// For each weight tensor, of the last step.
  var outcomes: [ConstraintOutcome]
  /// For each weight tensor, nil: it has none.
  var ceilings: [Float?] = []
  /// For each weight tensor, whether the constraint is about it.
  var isHeld: [Bool] = []
  /// What dropout draws its masks from.
  var dropoutSource = RandomSource(seed: 0)

  /// Optimizer steps since the start.
  var steps = 0
  /// Optimizer steps since the start or the last change of the optimizer's rule.
  var updates = 0

  /// Its learning rate is the one at the schedule's start; `setOptimizer` changes it between steps.
  package internal(set) var optimizer: OptimizerSettings

  /// How the learning rate changes with the steps.
  package let schedule: LearningRateSchedule
  /// The learning rate stays the optimizer's from now on, whatever the schedule says.
  package var holdsRate = false

  /// The rate of each dropout layer, in model order; may change between steps.
  package var dropoutRates: [Float] {
    didSet {
      precondition(
        dropoutRates.count == oldValue.count && dropoutRates.allSatisfy { $0 >= 0 && $0 < 1 },
        "dropout rates \(dropoutRates)")
    }
  }

  /// Batch normalization goes by its running statistics while training too, and leaves them alone.
  ///
  /// Scale and shift still learn: PyTorch's `eval()` on these layers alone. May change between steps.
  package var freezesBatchNorm = false

  /// May change between steps, all but its rule; setting it does not project (see `project`).
  package var constraint: ConstraintSettings {
    didSet {
      precondition(constraint.kind == oldValue.kind, "\(constraint.kind) after \(oldValue.kind)")
      updateCeilings()
    }
  }

  /// For each of `weights`, whose ceiling it has; may change between steps, like `constraint`.
  package var ceilingOverrides: [MaxNormOverride] {
    didSet {
      precondition(ceilingOverrides.count == oldValue.count, "\(ceilingOverrides.count) overrides")
      updateCeilings()
    }
  }

  /// Builds the network and draws its first weights from `seed`.
  package init(
    model: ModelDescription, objective: Objective, optimizer: OptimizerSettings,
    schedule: LearningRateSchedule = LearningRateSchedule(), constraint: ConstraintSettings,
    batch: Int, carriesState: Bool = false, seed: UInt64
  ) throws(NetworkError) {
    try optimizer.check()
    try schedule.check()
    try objective.gradientClip?.check()
    if let ceiling = constraint.maxNorm, !ConstraintSettings.isValid(ceiling) {
      throw .maxNorm(layer: nil, ceiling)
    }
    self.model = model
    self.objective = objective
    self.optimizer = optimizer
    self.schedule = schedule
    self.constraint = constraint
    self.batch = batch
    self.carriesState = carriesState
    layout = try ModelLayout(model)
    let stateCount = optimizer.stateCount
    let later = layout.bytesOfRecords(states: stateCount)
    let learned = (2 + stateCount) * layout.parameters.arenaCount + layout.parameters.bufferCount
    try MachineMemory.check(floats: learned, later: later)
    values = try Arena(count: layout.parameters.arenaCount)
    gradients = try Arena(count: layout.parameters.arenaCount)
    states = try Arena(count: stateCount * layout.parameters.arenaCount)
    buffers = try Arena(count: layout.parameters.bufferCount)
    training = try Workspace(
      layout, loss: objective.loss, rows: batch, mode: .training, carriesState: carriesState,
      besides: learned, later: later)
    inference = try Workspace(
      layout, loss: objective.loss, rows: layout.evaluationRows, mode: .inference,
      carriesState: carriesState, besides: learned + training.floatCount, later: later)
    let units = layout.parameters.weights.reduce(1) { max($0, $1.mostUnits) }
    unitSums = try Arena(count: 2 * units)
    unitFactors = try Arena(count: units)
    singularVectors = try Arena(
      count: 2 * layout.parameters.weights.map { $0.matrix.columns + $0.matrix.rows }.reduce(0, max)
    )
    constraintStateOffsets = constraint.stateOffsets(of: layout.parameters)
    constraintState = try Arena(count: constraintStateOffsets.last ?? 0)
    chunk = try Arena(count: layout.evaluationRows)
    outcomes = Array(repeating: ConstraintOutcome(), count: layout.parameters.weights.count)
    dropoutRates = layout.dropoutRates
    ceilingOverrides = layout.parameters.weightNames.map(\.override)
    updateCeilings()
    reset(seed: seed)
  }

  /// Sets how many threads steps and evaluations started from the calling thread use.
  ///
  /// OpenMP keeps the count per thread: call it first thing on the training queue.
  package static func setThreads(_ count: Int) {
    setThreadCount(count)
  }

  /// Starts again: the weights `init` drew from this seed, no optimizer state.
  ///
  /// PyTorch's defaults: ±1/√inputs uniform for dense layers and convolutions, ±1/√hidden for
  /// recurrent ones, normal for embeddings. Settings stay.
  package func reset(seed: UInt64) {
    var source = RandomSource(seed: seed, stream: 1)
    for (place, initial) in zip(layout.parameters.places, layout.parameters.initialValues) {
      let target = values.base + place.offset
      switch initial {
      case .uniform(let bound):
        fillUniform(target, count: place.count, bound: bound, from: &source)
      case .normal: fillNormal(target, count: place.count, deviation: 1, from: &source)
      case .constant(let value): target.update(repeating: value, count: place.count)
      }
    }
    for (index, info) in layout.parameters.bufferInfos.enumerated() {
      (buffers.base + layout.parameters.bufferOffsets[index])
        .update(repeating: layout.parameters.firstBufferValues[index], count: info.count)
    }
    dropoutSource = RandomSource(seed: seed, stream: 2)
    var directions = RandomSource(seed: seed, stream: 3)
    fillNormal(
      constraintState.base, count: constraintState.count, deviation: 1, from: &directions)
    steps = 0
    clearStates()
    forgetState()
  }

  /// Lets the next batch start from a state of zero, as at the start of a text.
  package func forgetState() { training.forgetState() }

  /// The learning rate of the next step, by the schedule.
  package var learningRate: Double {
    let rate = optimizer.learningRate
    return holdsRate ? rate : rate * schedule.multiplier(after: steps, rate: rate)
  }

  /// The learning rate of the last step.
  package private(set) var lastLearningRate = 0.0

  /// Whether a layer normalizes by batches.
  package var hasBatchNorm: Bool { !layout.parameters.bufferInfos.isEmpty }

  /// One optimizer step on the rows that `indices` names, then the constraint.
  ///
  /// There must be 1 to `batch` indices; examples must fit (`check`).
  package func step(_ examples: Examples, indices: ArraySlice<Int32>) -> StepOutcome {
    let mode = flushDenormals()
    defer { restore(mode) }
    if carriesState { training.carryState() }
    let loss = computeGradients(examples, indices: indices)
    if optimizer.l1 > 0 {
      addPenaltyGradient(
        values.base, l1: Float(optimizer.l1), to: gradients.base, count: values.count)
    }
    // Clipping must know the norm before the update; else it comes out of the update's own pass.
    var squares = objective.gradientClip == nil ? 0 : squaredGradientNorm
    clipGradients(norm: squares.squareRoot())
    let updated = update()
    if objective.gradientClip == nil {
      squares = updated.isFinite ? updated : squaredGradientNorm
    }
    applyConstraint()
    return StepOutcome(loss: loss, gradientNorm: squares.squareRoot())
  }

  /// The sum of the squares of all gradients; finite wherever they are.
  private var squaredGradientNorm: Double {
    sumOfSquares(gradients.base, count: gradients.count)
  }

  /// The mean loss on the rows that `indices` names; leaves the gradients in place.
  func computeGradients(_ examples: Examples, indices: ArraySlice<Int32>) -> Double {
    let rows = indices.count
    precondition(rows > 0 && rows <= batch, "\(rows) examples in a step for 1 to \(batch)")
    indices.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      training.load(examples, indices: base, count: rows, loss: objective.loss)
    }
    training.forward(
      parameters: values.base, buffers: buffers.base, rows: rows, rates: dropoutRates,
      freezesNorms: freezesBatchNorm, source: &dropoutSource)
    let loss = training.loss(
      objective.loss, smoothing: objective.labelSmoothing, rows: rows, withGradient: true)
    training.backward(
      parameters: values.base, buffers: buffers.base, into: gradients.base, rows: rows,
      freezesNorms: freezesBatchNorm)
    return loss
  }

  private func clipGradients(norm: Double) {
    switch objective.gradientClip {
    case .norm(let limit):
      // PyTorch's form, its 1e-6 included.
      let factor = limit / (norm + 1e-6)
      if factor < 1 { scale(gradients.base, count: gradients.count, by: Float(factor)) }
    case .value(let limit):
      clampValues(gradients.base, count: gradients.count, to: Float(limit))
    case nil: break
    }
  }

  /// The optimizer's step on every parameter; returns the sum of the squares of their gradients.
  private func update() -> Double {
    lastLearningRate = learningRate
    steps += 1
    updates += 1
    return updateParameters(
      at: UpdateStep(
        number: updates, rate: lastLearningRate, weightDecay: optimizer.weightDecay))
  }
}
