// A learner's state, moved into another learner, and settings changed between steps.
import Basics
import Kernels
import Testing

@testable import NeuralNetwork

@Suite struct LearnerStateTests {
  private static let layers: [LayerDescription] = [
    Samples.dense(6, name: "first"), .batchNorm(BatchNormDescription()), .relu,
    .dropout(rate: 0.3), Samples.dense(3, name: "last"),
  ]

  @Test(arguments: Optimizer.Name.allCases)
  func `a learner resumes bit for bit from another's state`(_ kind: Optimizer.Name) throws {
    var optimizer = OptimizerSettings(Optimizer(kind), learningRate: 0.01)
    optimizer.momentum = 0.9
    let constraint = ConstraintSettings(maxNorm: 1)
    let examples = Samples.examples(count: 24, inputs: 5, outputs: 3, classes: true)
    let first = try Samples.learner(
      Self.layers, optimizer: optimizer, constraint: constraint)
    _ = Samples.run(first, examples, steps: 7)
    first.optimizer.weightDecay = 0.01
    first.dropoutRates = [0.5]
    first.ceilingOverrides[1] = .value(0.4)
    // Another seed, and another past.
    let second = try Samples.learner(
      Self.layers, optimizer: optimizer, constraint: constraint, seed: 9)
    _ = Samples.run(second, examples, steps: 3)
    try second.resume(from: first.state)
    #expect(second.state == first.state)
    let losses = Samples.run(first, examples, steps: 9)
    #expect(losses == Samples.run(second, examples, steps: 9))
    #expect(try Samples.bits(first) == Samples.bits(second))
    #expect(second.state == first.state)
    #expect(second.weights.map(\.maxNorm) == [1, 0.4])
  }

  @Test func `carried states and the schedule are part of the state`() throws {
    func learner(seed: UInt64) throws -> Learner {
      try Learner(
        model: ModelDescription(
          inputShape: [4, 3],
          layers: [
            .recurrent(RecurrentDescription(.lstm, hidden: 5, layers: 2, returnsSequence: true)),
            Samples.dense(1),
          ]),
        objective: Objective(.meanSquaredError),
        optimizer: OptimizerSettings(.sgd(), learningRate: 0.1),
        schedule: LearningRateSchedule(.exponential, every: 2, factor: 0.5),
        constraint: ConstraintSettings(), batch: 2, carriesState: true, seed: seed)
    }
    let all = Samples.examples(count: 40, inputs: 3, outputs: 1)
    guard case .values(let values, _) = all.targets else { return }
    let examples = Examples(
      inputs: all.inputs, targets: .values(values, size: 4), count: 10)
    let first = try learner(seed: 1)
    let second = try learner(seed: 2)
    for step in 0..<Int32(3) { _ = first.step(examples, indices: [step, step + 5]) }
    var state = first.state
    #expect(state.carried.count == 2 * 2 * 2 * 5 && state.carried.contains { $0 != 0 })
    try second.resume(from: state)
    let third = try learner(seed: 3)
    state.carried = state.carried.map { _ in 0 }
    try third.resume(from: state)
    let loss = first.step(examples, indices: [3, 8]).loss
    #expect(second.step(examples, indices: [3, 8]).loss == loss)
    #expect(third.step(examples, indices: [3, 8]).loss != loss)
    #expect(second.lastLearningRate == first.lastLearningRate && first.lastLearningRate < 0.05)
  }

  @Test func `a dropout rate changes in mid-run, and the same changes give the same losses`() throws
  {
    let examples = Samples.examples(count: 8, inputs: 5, outputs: 3, classes: true)
    func losses(_ rates: [Float]) throws -> [Double] {
      let learner = try Samples.learner(Self.layers)
      return rates.flatMap { rate in
        learner.dropoutRates = [rate]
        return Samples.run(learner, examples, steps: 2)
      }
    }
    let steady = try losses([0.3, 0.3, 0.3])
    let changed = try losses([0.3, 0, 0.3])
    #expect(steady[..<2] == changed[..<2] && steady[2] != changed[2])
    #expect(try losses([0.3, 0, 0.3]) == changed)
  }

  @Test func `a tensor's own ceiling leaves the others alone`() throws {
    let learner = try Samples.learner(
      [Samples.dense(6, name: "first"), Samples.dense(3, name: "last", maxNorm: .none)],
      constraint: ConstraintSettings(maxNorm: 5))
    learner.ceilingOverrides[1] = .value(0.1)
    #expect(learner.weights.map(\.maxNorm) == [5, 0.1])
    #expect(learner.project() == [0, 3])
    learner.constraint.maxNorm = 0.2
    #expect(learner.weights.map(\.maxNorm) == [0.2, 0.1])
    learner.ceilingOverrides[1] = .none
    #expect(learner.weights.map(\.maxNorm) == [0.2, nil])
  }
}
