// The learner as a whole: same seed same bits, evaluation without a trace, dropout, resets.
import Basics
import Kernels
import Testing

@testable import NeuralNetwork

@Suite struct LearnerTests {
  static let layers: [LayerDescription] = [
    Samples.dense(16), .relu, .dropout(rate: 0.3), Samples.dense(9), .tanh, Samples.dense(3),
  ]
  static let examples = Samples.examples(count: 30, inputs: 5, outputs: 3, classes: true)

  @Test(arguments: Optimizer.Name.allCases)
  func `the same seed gives the same bits`(_ kind: Optimizer.Name) throws {
    func bits(seed: UInt64) throws -> [[UInt32]] {
      let learner = try Samples.learner(
        LearnerTests.layers, optimizer: OptimizerSettings(Optimizer(kind)),
        constraint: ConstraintSettings(maxNorm: 0.8), seed: seed)
      _ = Samples.run(learner, LearnerTests.examples, steps: 40)
      return try Samples.bits(learner)
    }
    let first = try bits(seed: 5)
    #expect(try bits(seed: 5) == first)
    #expect(try bits(seed: 6) != first)
  }

  @Test func `evaluation leaves no trace`() throws {
    let plain = try Samples.learner(LearnerTests.layers)
    let watched = try Samples.learner(LearnerTests.layers)
    for _ in 0..<20 {
      let losses = Samples.run(plain, LearnerTests.examples, steps: 3)
      _ = watched.evaluate(LearnerTests.examples)
      _ = watched.predict(LearnerTests.examples.inputs, count: LearnerTests.examples.count)
      var norms: [Float] = []
      watched.unitNorms(1, into: &norms)
      #expect(Samples.run(watched, LearnerTests.examples, steps: 3) == losses)
    }
    #expect(try Samples.bits(plain) == Samples.bits(watched))
  }

  @Test func `reset starts again with the seed's weights`() throws {
    let learner = try Samples.learner(LearnerTests.layers, seed: 3)
    let fresh = try Samples.bits(learner)
    let losses = Samples.run(learner, LearnerTests.examples, steps: 12)
    learner.reset(seed: 3)
    #expect(try Samples.bits(learner) == fresh)
    #expect(Samples.run(learner, LearnerTests.examples, steps: 12) == losses)
    learner.reset(seed: 4)
    #expect(try Samples.bits(learner) != fresh)
  }

  @Test func `a smaller batch runs like a plan of its size`() throws {
    for rows in [1, 3, 7, 8] {
      let large = try Samples.learner(LearnerTests.layers, batch: 29)
      let exact = try Samples.learner(LearnerTests.layers, batch: rows)
      let order = (0..<Int32(rows)).map { $0 }
      for _ in 0..<5 {
        #expect(
          large.step(LearnerTests.examples, indices: order[...])
            == exact.step(LearnerTests.examples, indices: order[...]))
      }
      #expect(try Samples.bits(large) == Samples.bits(exact))
    }
  }

  @Test func `evaluation in chunks gives the mean over all examples`() throws {
    let examples = Samples.examples(count: 600, inputs: 5, outputs: 3, classes: true)
    let learner = try Samples.learner(LearnerTests.layers)
    for count in [1, 255, 256, 257, 600] {
      var total = 0.0
      var hits = 0
      let logits = learner.predict(
        Array(examples.inputs[..<(count * 5)]), count: count)
      #expect(logits.count == count * 3)
      guard case .classes(let labels, _, _) = examples.targets else { continue }
      for row in 0..<count {
        let x = logits[(row * 3)..<(row * 3 + 3)].map(Double.init)
        let largest = x.max() ?? 0
        let sum = x.reduce(0) { $0 + exponential($1 - largest) }
        total += largest + logarithm(sum) - x[Int(labels[row])]
        if x.firstIndex(of: largest) == Int(labels[row]) { hits += 1 }
      }
      let evaluation = learner.evaluate(examples, first: count)
      #expect(abs(evaluation.loss - total / Double(count)) < 1e-6)
      #expect(evaluation.accuracy == Double(hits) / Double(count))
      #expect(evaluation.count == count)
    }
    #expect(learner.evaluate(examples).count == 600)
    #expect(learner.evaluate(examples, first: 0).loss.isNaN)
  }

  @Test func `accuracy follows the loss`() throws {
    let values = Examples(
      inputs: [1, 0, 0, 0, 0, 0, 1, 0, 0, 0],
      targets: .values([1, 0], size: 1), count: 2)
    let binary = try Samples.learner([Samples.dense(1)], loss: .binaryCrossEntropy)
    try binary.setValues([2, -2, 0, 0, 0], of: "dense1.weight")
    try binary.setValues([0], of: "dense1.bias")
    #expect(binary.evaluate(values).accuracy == 1)
    try binary.setValues([2, 2, 0, 0, 0], of: "dense1.weight")
    #expect(binary.evaluate(values).accuracy == 0.5)
    let labels = Examples(
      inputs: values.inputs, targets: .classes([1, 0], classes: 2), count: 2)
    #expect(binary.evaluate(labels) == binary.evaluate(values))
    let square = try Samples.learner([Samples.dense(1)], loss: .meanSquaredError)
    #expect(square.evaluate(values).accuracy == nil)
  }

  @Test func `dropout acts only while training, and its rate can change`() throws {
    let learner = try Samples.learner(
      [Samples.dense(400), .dropout(rate: 0.5), Samples.dense(3)],
      optimizer: OptimizerSettings(.sgd(), learningRate: 0))
    #expect(learner.dropoutRates == [0.5])
    let examples = LearnerTests.examples
    let order = (0..<Int32(8)).map { $0 }
    func loss() -> Double { learner.step(examples, indices: order[...]).loss }
    #expect(loss() != loss())
    #expect(learner.evaluate(examples) == learner.evaluate(examples))
    learner.dropoutRates = [0]
    #expect(loss() == loss())
    #expect(abs(loss() - learner.evaluate(examples, first: 8).loss) < 1e-6)
  }

  @Test func `initial weights are uniform within one over the root of the inputs`() throws {
    let learner = try Learner(
      model: ModelDescription(inputShape: [1, 4, 25], layers: [Samples.dense(500)]),
      objective: Objective(.meanSquaredError), optimizer: OptimizerSettings(.sgd()),
      constraint: .init(),
      batch: 1, seed: 8)
    for name in ["dense1.weight", "dense1.bias"] {
      let values = try learner.values(of: name).map(Double.init)
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
      let tolerance = 4 / Double(values.count).squareRoot()
      #expect(values.allSatisfy { abs($0) <= 0.1 })
      #expect(abs(mean) < 0.06 * tolerance)
      #expect(abs(variance / (0.01 / 3) - 1) < tolerance)
    }
  }

  @Test func `a new learning rate keeps the optimizer's state, a new kind clears it`() throws {
    let examples = LearnerTests.examples
    let layers: [LayerDescription] = [Samples.dense(3)]
    let kept = try Samples.learner(layers)
    let halted = try Samples.learner(layers)
    for learner in [kept, halted] {
      _ = Samples.run(learner, examples, steps: 5)
      learner.optimizer.learningRate = 0.05
    }
    let sgd = halted.optimizer
    try halted.setOptimizer(OptimizerSettings(.adam()))
    try halted.setOptimizer(sgd)
    _ = Samples.run(kept, examples, steps: 1)
    _ = Samples.run(halted, examples, steps: 1)
    #expect(try Samples.bits(kept) != Samples.bits(halted))
  }

  @Test func `a run that diverged says so`() throws {
    let learner = try Samples.learner(
      [Samples.dense(8), .relu, Samples.dense(3)],
      optimizer: OptimizerSettings(.sgd(), learningRate: 1e20))
    #expect(learner.isFinite)
    let losses = Samples.run(learner, LearnerTests.examples, steps: 6)
    #expect(losses.contains { !$0.isFinite } && !learner.isFinite)
  }
}
