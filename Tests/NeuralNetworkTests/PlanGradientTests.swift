// Gradients where several operations share a value: kept ones, states, and activations in place.
import Testing

@testable import NeuralNetwork

private func embedding(_ vocabulary: Int, _ size: Int) -> LayerDescription {
  .embedding(EmbeddingDescription(vocabulary: vocabulary, size: size))
}

extension LayerCase {
  static let sharing: [LayerCase] =
    RecurrentDescription.Cell.allCases.flatMap { cell in
      [
        LayerCase(
          "kept between a \(cell) and an activation", [3, 2],
          [recurrent(cell, 3, sequence: true), .keep("a"), .tanh, .add("a"), Samples.dense(2)],
          outputs: [3, 2]),
        LayerCase(
          "kept between a \(cell) in both directions and its last state", [3, 2],
          [
            Samples.dense(4), .keep("a"), recurrent(cell, 2, sequence: true, bidirectional: true),
            .add("a"),
            recurrent(cell, 2, bidirectional: true), .sigmoid,
          ], outputs: [4]),
        LayerCase(
          "\(cell) encoder of more than one layer and kind, and a branching decoder", [3],
          decoderLength: 2, vocabulary: 4,
          [
            .encoder([
              embedding(4, 2), .tanh, .keep("a"),
              recurrent(.rnn, 2, sequence: true, bidirectional: true),
              .concatenate("a"), recurrent(cell, 3, sequence: cell == .lstm), Samples.dense(2),
            ]),
            .decoder([
              embedding(4, 3), .keep("a"), recurrent(cell, 3, sequence: true), .add("a"),
              recurrent(.gru, 2, sequence: true),
              .concatenate("a"), Samples.dense(4), .keep("unused"),
            ]),
            .tanh, .keep("b"), Samples.dense(3), .concatenate("b"),
          ], outputs: [2, 7]),
      ]
    } + [
      LayerCase(
        "kept three times, used in another order", [4],
        [
          Samples.dense(3), .keep("a"), .keep("b"), .sigmoid, .keep("c"), .gelu, .add("b"),
          .concatenate("c"), Samples.dense(3), .add("a"), .add("c"), .add("a"), .keep("unused"),
          Samples.dense(2),
        ], outputs: [2]),
      LayerCase(
        "activations of the data", [4],
        [.sigmoid, .keep("a"), .tanh, Samples.dense(4), .add("a"), .tanh, .gelu, .tanh],
        outputs: [4]),
      LayerCase(
        "kept, then dropout", [4],
        [
          Samples.dense(4), .tanh, .keep("a"), .dropout(rate: 0.5), .sigmoid, .add("a"),
          .dropout(rate: 0.3), Samples.dense(2),
        ], outputs: [2]),
      LayerCase(
        "batch norm first and last", [4],
        [
          .batchNorm(BatchNormDescription()), .tanh, Samples.dense(3),
          .batchNorm(BatchNormDescription()),
        ], outputs: [3]),
      LayerCase(
        "batch norm of pixels and after the mean", [2, 3, 3],
        [
          .batchNorm(BatchNormDescription()), .keep("a"), .tanh, .concatenate("a"),
          .globalAveragePool, .batchNorm(BatchNormDescription()), Samples.dense(2),
        ], outputs: [2]),
      LayerCase(
        "a kernel as large as the image", [2, 4, 3],
        [
          .convolution(ConvolutionDescription(channels: 3, kernel: 5, padding: .pixels(1))),
          .tanh, Samples.dense(2),
        ], outputs: [2]),
      LayerCase(
        "pools with strides above their size", [1, 7, 8],
        [
          convolution(2, 1), .averagePool(PoolDescription(size: 1, stride: 3)), .tanh,
          .averagePool(PoolDescription(size: 2, stride: 5)),
        ], outputs: [2, 1, 1]),
      LayerCase(
        "max pool with a stride above its size, as large as the image", [1, 7, 5],
        [
          convolution(2, 1), .maxPool(PoolDescription(size: 2, stride: 3)), .tanh,
          .maxPool(PoolDescription(size: 2)),
        ], outputs: [2, 1, 1]),
      LayerCase(
        "an embedding and an activation in place", [3], vocabulary: 4,
        [embedding(4, 2), .sigmoid, .tanh, .flatten, Samples.dense(2)], outputs: [2]),
    ]
}

@Suite struct PlanGradientTests {
  @Test(arguments: LayerCase.sharing)
  func `the backward pass is the derivative of the forward pass`(_ layers: LayerCase) throws {
    let learner = try layers.learner()
    #expect(learner.layout.outputShape == layers.outputShape)
    // Steps before leave nothing behind that the gradient could add to.
    let examples = layers.examples(count: 4)
    for _ in 0..<2 { _ = learner.step(examples, indices: [3, 1]) }
    let check = GradientCheck(learner, layers.examples(), distance: layers.distance)
    let error = try check.error()
    #expect(error < 2e-3)
  }

  /// The state that a batch starts from is a constant: truncated backpropagation through time.
  @Test(arguments: RecurrentDescription.Cell.allCases)
  func `a carried state is a constant`(_ cell: RecurrentDescription.Cell) throws {
    let learner = try Learner(
      model: ModelDescription(
        inputShape: [3, 2],
        layers: [recurrent(cell, 3, layers: 2, sequence: true), Samples.dense(1)]),
      objective: Objective(.meanSquaredError),
      optimizer: OptimizerSettings(.sgd(), learningRate: 0), constraint: ConstraintSettings(),
      batch: 2, carriesState: true, seed: 5)
    let examples = Samples.examples(count: 2, inputs: 6, outputs: 3)
    for _ in 0..<3 { _ = learner.step(examples, indices: [0, 1]) }
    learner.training.carryState()
    #expect(try GradientCheck(learner, examples).error() < 2e-3)
  }

  @Test(arguments: LayerCase.sharing)
  func `inference equals training without dropout and batch norm`(_ layers: LayerCase) throws {
    let learner = try layers.learner(batch: 3)
    guard !layers.name.contains("batch norm"), !layers.name.contains("dropout") else { return }
    let examples = layers.examples()
    let trained = learner.computeGradients(examples, indices: [0, 1, 2])
    #expect(abs(learner.evaluate(examples).loss - trained) <= 1e-6 * trained)
  }
}
