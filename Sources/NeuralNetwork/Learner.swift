// A network that learns: parameters, optimizer state and plans; one call is one optimizer step.
import Kernels

/// What one step tells.
package struct StepOutcome: Sendable, Equatable {
  /// The batch's mean loss, before the update.
  package var loss: Double
  /// The L2 norm over all gradients.
  package var gradientNorm: Double
}

/// A network in training.
///
/// Not Sendable: it is born and lives on the training queue. All its numbers lie in arenas, and a
/// step in steady state allocates nothing. While it computes it treats denormals as zero, whatever
/// the calling thread's mode.
package final class Learner {
  /// What was planned.
  package let model: ModelDescription
  /// What is minimized.
  package let loss: LossFunction
  /// The largest batch of a step.
  package let batch: Int
  let layout: ParameterLayout

  let values: Arena<Float>
  let gradients: Arena<Float>
  /// The optimizer's two states, in the parameters' places.
  let firstState: Arena<Float>
  let secondState: Arena<Float>
  let training: Workspace
  let inference: Workspace
  let unitSums: Arena<Double>
  let unitFactors: Arena<Float>
  /// 0, 1, 2 …: the indices of a chunk while evaluating.
  let sequence: Arena<Int32>

  /// For each weight tensor, of the last step.
  var outcomes: [ConstraintOutcome]
  /// For each weight tensor, nil: never constrained.
  var ceilings: [Float?] = []
  /// What dropout draws its masks from.
  var dropoutSource = RandomSource(seed: 0)

  /// Optimizer steps since the start or the last change of the optimizer's kind.
  private var updates = 0

  /// Settings may change between steps; the state is kept unless the kind changes.
  package var optimizer: OptimizerSettings {
    didSet { if optimizer.kind != oldValue.kind { clearState() } }
  }

  /// The rate of each dropout layer, in model order; may change between steps.
  package var dropoutRates: [Float] {
    didSet {
      precondition(
        dropoutRates.count == oldValue.count && dropoutRates.allSatisfy { $0 >= 0 && $0 < 1 },
        "dropout rates \(dropoutRates)")
    }
  }

  /// May change between steps; setting it does not project by itself (`project`).
  package var constraint: ConstraintSettings {
    didSet { updateCeilings() }
  }

  /// Builds the network and draws its first weights from `seed`.
  package init(
    model: ModelDescription, loss: LossFunction, optimizer: OptimizerSettings,
    constraint: ConstraintSettings, batch: Int, seed: UInt64
  ) throws(NetworkError) {
    try optimizer.check()
    if let ceiling = constraint.maxNorm, !ConstraintSettings.isValid(ceiling) {
      throw .maxNorm(layer: nil, ceiling)
    }
    self.model = model
    self.loss = loss
    self.optimizer = optimizer
    self.constraint = constraint
    self.batch = batch
    layout = try ParameterLayout(model)
    values = try Arena(count: layout.arenaCount)
    gradients = try Arena(count: layout.arenaCount)
    firstState = try Arena(count: layout.arenaCount)
    secondState = try Arena(count: layout.arenaCount)
    training = try Workspace(model, layout, rows: batch, mode: .training)
    inference = try Workspace(model, layout, rows: Learner.evaluationRows, mode: .inference)
    let units = layout.weights.reduce(1) { max($0, $1.rows, $1.columns) }
    unitSums = try Arena(count: units)
    unitFactors = try Arena(count: units)
    sequence = try Arena(count: Learner.evaluationRows)
    for index in 0..<Learner.evaluationRows { sequence.base[index] = Int32(index) }
    outcomes = Array(repeating: ConstraintOutcome(), count: layout.weights.count)
    dropoutRates = model.layers.compactMap {
      if case .dropout(let rate) = $0 { rate } else { nil }
    }
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
  /// Weights and biases are uniform over ±1/√inputs, PyTorch's default for `Linear`. Settings stay.
  package func reset(seed: UInt64) {
    var source = RandomSource(seed: seed, stream: 1)
    for (place, bound) in zip(layout.places, layout.bounds) {
      fillUniform(values.base + place.offset, count: place.count, bound: bound, from: &source)
    }
    dropoutSource = RandomSource(seed: seed, stream: 2)
    clearState()
  }

  private func clearState() {
    firstState.clear()
    secondState.clear()
    updates = 0
  }

  /// One optimizer step on the rows that `indices` names, then the constraint.
  ///
  /// There must be 1 to `batch` indices; examples must fit (`check`).
  package func step(_ examples: Examples, indices: ArraySlice<Int32>) -> StepOutcome {
    let mode = flushDenormals()
    defer { restore(mode) }
    let loss = computeGradients(examples, indices: indices)
    let squared = sumOfSquares(gradients.base, count: gradients.count)
    update()
    applyConstraint()
    return StepOutcome(loss: loss, gradientNorm: squared.squareRoot())
  }

  /// The mean loss on the rows that `indices` names; leaves the gradients in place.
  func computeGradients(_ examples: Examples, indices: ArraySlice<Int32>) -> Double {
    let rows = indices.count
    precondition(rows > 0 && rows <= batch, "\(rows) examples in a step for 1 to \(batch)")
    indices.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      training.load(examples, from: 0, indices: base, count: rows, loss: self.loss)
    }
    training.forward(
      parameters: values.base, rows: rows, rates: dropoutRates, source: &dropoutSource)
    let loss = training.loss(self.loss, rows: rows, withGradient: true)
    training.backward(parameters: values.base, into: gradients.base, rows: rows)
    return loss
  }

  /// The optimizer's step on every parameter.
  private func update() {
    let settings = optimizer
    updates += 1
    let adam = settings.adamStep(updates)
    for place in layout.places {
      let tensor = ParameterMemory(
        count: place.count, values: values.base + place.offset,
        gradient: UnsafePointer(gradients.base + place.offset),
        first: firstState.base + place.offset, second: secondState.base + place.offset)
      let sums = settings.update(tensor, adam: adam)
      guard let weight = place.weight else { continue }
      outcomes[weight].updateRatio = sums.ratio
    }
  }
}
