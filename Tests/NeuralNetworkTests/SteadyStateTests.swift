// Steady state: a step allocates nothing, and dead units do not slow it down.
import Kernels
import TestSupport
import Testing

@testable import NeuralNetwork

@Suite(.serialized) struct SteadyStateTests {
  /// In a separate process, where every object and array that Swift allocates is this test's.
  @Test func `steps allocate nothing`() async {
    await #expect(processExitsWith: .success) {
      var sum = 0
      let control = try #require(
        AllocationCount.during { sum = [Int](repeating: 1, count: Int.random(in: 3...9)).count })
      try #require(control > 0, "the count does not see an array of \(sum)")
      let constraints =
        ConstraintAxis.allCases.map { ConstraintSettings(maxNorm: 0.5, axis: $0) }
        + Constraint.Name.allCases.map { ConstraintSettings(Constraint($0), maxNorm: 0.5) }
      for kind in Optimizer.Name.allCases {
        for constraint in constraints {
          let learner = try Samples.learner(
            [
              Samples.dense(33), .relu, .dropout(rate: 0.2), Samples.dense(17), .tanh,
              Samples.dense(3),
            ],
            optimizer: OptimizerSettings(Optimizer(kind)),
            constraint: constraint)
          let examples = Samples.examples(count: 30, inputs: 5, outputs: 3, classes: true)
          let order = (0..<Int32(8)).map { $0 }
          var norms: [Float] = []
          learner.unitNorms(0, into: &norms)
          // A product prepares each number of rows once.
          _ = learner.step(examples, indices: order[...])
          _ = learner.evaluate(examples)
          let taken = AllocationCount.during {
            for _ in 0..<100 {
              _ = learner.step(examples, indices: order[...])
              _ = learner.evaluate(examples)
              _ = learner.constraintOutcome(1)
              learner.unitNorms(0, into: &norms)
            }
          }
          try #require(taken == 0, "allocations in 100 steps of \(kind), \(constraint)")
        }
      }
    }
  }

  /// Convolutions, pools, batch norms, embeddings, recurrent layers, skips, encoders and decoders.
  @Test func `steps of every kind of layer allocate nothing`() async {
    await #expect(processExitsWith: .success) {
      let control = AllocationCount.during { _ = [Int](repeating: 1, count: Int.random(in: 3...9)) }
      try #require(control ?? 0 > 0, "the count does not see an array")
      for layers in LayerCase.images + LayerCase.blocked + LayerCase.sequences
        + LayerCase.sharing
      {
        for carriesState in [false, true] where !carriesState || layers.decoderLength == 0 {
          let learner = try Learner(
            model: ModelDescription(
              inputShape: layers.inputShape, decoderLength: layers.decoderLength,
              layers: layers.layers),
            objective: Objective(.meanSquaredError, gradientClip: .norm(1)),
            optimizer: OptimizerSettings(.adam()),
            schedule: LearningRateSchedule(.cosine, total: 10),
            constraint: ConstraintSettings(maxNorm: 0.5), batch: 3, carriesState: carriesState,
            seed: 5)
          let examples = layers.examples()
          let order: [Int32] = [2, 0, 1]
          // Convolutions and products prepare each number of rows once.
          _ = learner.step(examples, indices: order[...])
          _ = learner.step(examples, indices: order[..<2])
          _ = learner.evaluate(examples)
          let taken = AllocationCount.during {
            for _ in 0..<5 {
              _ = learner.step(examples, indices: order[...])
              _ = learner.step(examples, indices: order[..<2])
              _ = learner.evaluate(examples)
            }
          }
          try #require(taken == 0, "allocations in 10 steps of \(layers.name)")
        }
      }
    }
  }

  /// 100,000 steps without a gradient decay every velocity to nothing.
  @Test func `dead units do not slow the steps down`() throws {
    let learner = try Samples.learner(
      [Samples.dense(256), .relu, Samples.dense(3)], batch: 1)
    // Biases far below zero: no unit of the first layer ever answers.
    let examples = Samples.examples(count: 1, inputs: 5, outputs: 3, classes: true)
    _ = learner.step(examples, indices: [0])
    try learner.setValues(Array(repeating: -1e6, count: 256), of: "dense1.bias")
    let order: [Int32] = [0]
    func fastest() -> Duration {
      (0..<20).map { _ in
        threadTime { for _ in 0..<100 { _ = learner.step(examples, indices: order[...]) } }
      }.min() ?? .zero
    }
    let early = fastest()
    for _ in 0..<96_000 { _ = learner.step(examples, indices: order[...]) }
    let late = fastest()
    #expect(late < early * 3, "\(early) at first, \(late) after 100,000 steps")
    // Not every CPU is slow with denormals; none may be left on any.
    let state = UnsafeBufferPointer(start: learner.states.base, count: learner.states.count)
    #expect(!state.contains { $0.isSubnormal } && state.count { $0 != 0 } <= 3 + 3)
  }

  @Test func `the caller's floating-point mode is restored`() throws {
    let learner = try Samples.learner([Samples.dense(3)])
    let examples = Samples.examples(count: 8, inputs: 5, outputs: 3, classes: true)
    _ = Samples.run(learner, examples, steps: 1)
    _ = learner.evaluate(examples)
    var tiny = Float.leastNormalMagnitude
    withUnsafeMutablePointer(to: &tiny) { scale($0, count: 1, by: 0.5) }
    #expect(tiny > 0)
  }
}
