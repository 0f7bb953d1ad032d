// Optimizers apart from their formulas: how many states there are, and NAdam's product.
import Testing

@testable import NeuralNetwork

@Suite struct OptimizerTests {
  private static let layers: [LayerDescription] = [Samples.dense(3)]

  @Test(arguments: [
    (Optimizer.sgd(), 0), (.sgd(SGD(momentum: 0.9)), 1), (.adam(), 2), (.adamw(), 2),
    (.rmsprop(), 1), (.lion(), 1), (.adagrad(), 1), (.nadam(), 2),
  ])
  func `there are as many states as the rule needs`(optimizer: Optimizer, count: Int) throws {
    let learner = try Samples.learner(Self.layers, optimizer: OptimizerSettings(optimizer))
    #expect(learner.stateCount == count)
    #expect(learner.state.states.count == count)
  }

  @Test func `a momentum that comes later makes room, and one that goes keeps it`() throws {
    let learner = try Samples.learner(Self.layers, optimizer: OptimizerSettings(.rmsprop()))
    let examples = Samples.examples(count: 8, inputs: 5, outputs: 3, classes: true)
    _ = Samples.run(learner, examples, steps: 2)
    let meanSquare = learner.state.states
    var settings = learner.optimizer
    settings.momentum = 0.9
    try learner.setOptimizer(settings)
    #expect(learner.state.states == meanSquare + [meanSquare[0].map { _ in 0 }])
    _ = Samples.run(learner, examples, steps: 1)
    let both = learner.state.states
    #expect(both[1].contains { $0 != 0 })
    settings.momentum = 0
    try learner.setOptimizer(settings)
    #expect(learner.state.states == both)
  }

  @Test func `a state begins as its rule says, after a reset too`() throws {
    var adagrad = Adagrad()
    adagrad.initialSum = 0.25
    let learner = try Samples.learner(
      Self.layers, optimizer: OptimizerSettings(.adagrad(adagrad)))
    let first = learner.state.states
    #expect(first[0].allSatisfy { $0 == 0.25 })
    let examples = Samples.examples(count: 8, inputs: 5, outputs: 3, classes: true)
    _ = Samples.run(learner, examples, steps: 2)
    #expect(learner.state.states != first)
    learner.reset(seed: 1)
    #expect(learner.state.states == first)
    try learner.setOptimizer(OptimizerSettings(.lion()))
    #expect(learner.state.states == [first[0].map { _ in 0 }])
  }

  @Test(arguments: [0, 1e-6, 0.004, 0.5, 100], [0, 0.5, 0.9, 0.999])
  func `the product of nadam's momenta needs no state`(decay: Double, beta: Double) {
    var rule = NAdam()
    rule.momentumDecay = decay
    rule.beta1 = beta
    var product = 1.0
    for step in 1...3000 {
      product *= rule.momentum(at: step)
      let closed = rule.momentumProduct(through: step)
      // It is taken from 1.
      #expect(abs(closed - product) <= 1e-12, "\(step)")
      if abs(closed - product) > 1e-12 { return }
    }
  }
}
