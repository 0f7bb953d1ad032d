// Images in blocks of channels: gradients of every layer that reads them, and the same results as in
// plain order.
import Kernels
import Testing

@testable import NeuralNetwork

extension LayerCase {
  /// Channels of which blocks are made (16 suits every processor), and others between them.
  ///
  /// The last layers are small: the check moves every parameter.
  static let blocked: [LayerCase] = [
    LayerCase(
      "blocks, and channels that are none", [3, 5, 4],
      [
        convolution(16, 1), .tanh, convolution(5, 1), .tanh, convolution(16, 1), .tanh,
        convolution(1, 1),
      ], outputs: [1, 5, 4]),
    LayerCase(
      "blocks to dense", [1, 4, 3], [convolution(16, 3, .same), .tanh, Samples.dense(2)],
      outputs: [2]),
    LayerCase(
      "flattened blocks", [1, 3, 4], [convolution(16, 2), .sigmoid, .flatten, .tanh],
      outputs: [96]),
    LayerCase("blocks as outputs", [2, 3, 4], [convolution(16, 2)], outputs: [16, 2, 3]),
    LayerCase(
      "blocks of one pixel", [2, 3, 3], [convolution(16, 3), .tanh, convolution(16, 1)],
      outputs: [16, 1, 1]),
    LayerCase(
      "max pool of odd blocks", [1, 7, 5],
      [
        convolution(16, 2), .maxPool(PoolDescription(size: 3, stride: 2)), .tanh,
        .maxPool(PoolDescription(size: 1)), convolution(1, 1),
      ], outputs: [1, 2, 1]),
    LayerCase(
      "max pool of pairs in blocks", [1, 6, 5],
      [convolution(16, 1), .maxPool(PoolDescription(size: 2)), .tanh, convolution(1, 2)],
      outputs: [1, 2, 1]),
    LayerCase(
      "average pools of blocks", [1, 7, 6],
      [
        convolution(16, 2), .averagePool(PoolDescription(size: 2, stride: 1)), .tanh,
        .averagePool(PoolDescription(size: 2)), convolution(1, 1),
      ], outputs: [1, 2, 2]),
    LayerCase(
      "global average of blocks", [2, 4, 3],
      [convolution(16, 2), .tanh, .globalAveragePool, Samples.dense(2)], outputs: [2]),
    LayerCase(
      "batch norm of blocks", [1, 5, 4],
      [convolution(16, 2), .batchNorm(BatchNormDescription()), .gelu, convolution(1, 2)],
      outputs: [1, 3, 2]),
    LayerCase(
      "batch norm of blocks and relu, max pool", [1, 4, 4],
      [
        convolution(16, 1), .batchNorm(BatchNormDescription()), .relu,
        .maxPool(PoolDescription(size: 2)), .tanh, convolution(1, 1),
      ], outputs: [1, 2, 2]),
    LayerCase(
      "group norm of blocks", [1, 4, 3],
      [
        convolution(16, 2), .groupNorm(GroupNormDescription(groups: 4)), .silu, .keep("a"),
        .groupNorm(GroupNormDescription(groups: 1)), .add("a"), convolution(1, 2),
      ], outputs: [1, 2, 1]),
    LayerCase(
      "transposed to blocks and back", [2, 2, 3],
      [
        convolution(16, 2, stride: 2, transposed: true), .tanh,
        convolution(1, 3, .same, transposed: true),
      ], outputs: [1, 4, 6]),
    LayerCase(
      "transposed between blocks", [1, 2, 2],
      [
        convolution(16, 1), .tanh, convolution(16, 1, stride: 2, .same, transposed: true),
        convolution(1, 2, stride: 2),
      ], outputs: [1, 2, 2]),
    LayerCase(
      "blocks joined to blocks", [1, 4, 4],
      [
        convolution(16, 1), .tanh, .keep("a"), .averagePool(PoolDescription(size: 2)),
        convolution(16, 1, stride: 2, .same, transposed: true), .concatenate("a"),
        convolution(1, 1),
      ], outputs: [1, 4, 4]),
    LayerCase(
      "blocks joined to the data, and to channels that are none", [3, 3, 3],
      [
        .keep("x"), convolution(16, 1), .tanh, .keep("a"), .concatenate("x"), .tanh,
        convolution(3, 1), .concatenate("a"), .keep("b"), convolution(16, 1), .tanh,
        .concatenate("b"), convolution(1, 1),
      ], outputs: [1, 3, 3]),
    LayerCase(
      "sums of blocks and the data, used twice", [16, 2, 3],
      [
        .keep("x"), convolution(16, 1), .add("x"), .tanh, .keep("a"), .dropout(rate: 0.2),
        .add("x"), .add("a"), .concatenate("x"), .concatenate("a"), convolution(1, 1),
      ], outputs: [1, 2, 3]),
  ]
}

@Suite struct BlockedImageTests {
  @Test(arguments: LayerCase.blocked)
  func `the backward pass is the derivative of the forward pass`(_ layers: LayerCase) throws {
    let learner = try layers.learner()
    #expect(learner.layout.outputShape == layers.outputShape)
    if layers.name.contains("relu") {
      // Half of the channels far on either side of the kink.
      try learner.setValues((0..<16).map { $0 % 2 == 0 ? 6 : -6 }, of: "batch_norm1.bias")
    }
    // Steps before leave nothing behind that the gradient could add to.
    let examples = layers.examples(count: 4)
    for _ in 0..<2 { _ = learner.step(examples, indices: [3, 1]) }
    let check = GradientCheck(learner, layers.examples(), distance: layers.distance)
    let error = try check.error()
    #expect(error < 2e-3)
  }

  /// Outputs and gradients do not depend on the order in which images are stored between the
  /// layers.
  @Test(arguments: LayerCase.blocked, [8, 16])
  func `every block gives what plain images give`(_ layers: LayerCase, _ block: Int) throws {
    let learner = try layers.learner()
    if layers.name.contains("used twice") {
      // Masks fall on other values in another order.
      learner.dropoutRates = [0]
    }
    let plain = try results(learner, layers, .training, block: 1)
    let blocked = try results(learner, layers, .training, block: block)
    #expect(relativeDifference(blocked.outputs, plain.outputs) < 1e-5)
    #expect(relativeDifference(blocked.gradients, plain.gradients) < 1e-4)
    let inferred = try results(learner, layers, .inference, block: block)
    let expected = try results(learner, layers, .inference, block: 1)
    #expect(relativeDifference(inferred.outputs, expected.outputs) < 1e-5)
  }

  /// What a batch of two in a plan for three gives.
  private func results(
    _ learner: Learner, _ layers: LayerCase, _ mode: Plan.Mode, block: Int
  ) throws -> (outputs: [Float], gradients: [Float]) {
    let rows = 2
    let workspace = try Workspace(
      learner.layout, loss: .meanSquaredError, rows: 3, mode: mode, block: block)
    workspace.load(layers.examples(), indices: [2, 0], count: rows, loss: .meanSquaredError)
    workspace.forward(
      parameters: learner.values.base, buffers: learner.buffers.base, rows: rows,
      rates: learner.dropoutRates, source: &learner.dropoutSource)
    let outputs = Array(
      UnsafeBufferPointer(start: workspace.outputs, count: rows * learner.layout.outputSize))
    guard mode == .training else { return (outputs, []) }
    _ = workspace.loss(.meanSquaredError, smoothing: 0, rows: rows, withGradient: true)
    learner.gradients.clear()
    workspace.backward(
      parameters: learner.values.base, buffers: learner.buffers.base,
      into: learner.gradients.base, rows: rows)
    return (outputs, try learner.parameters.flatMap { try learner.gradient(of: $0.name) })
  }
}
