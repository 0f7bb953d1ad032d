// The outline of a network: all layers with the shapes between them.
import Testing

@testable import NeuralNetwork

@Suite struct NetworkOutlineTests {
  private func layer(
    _ kind: String, _ name: String = "", _ part: String = "", _ output: Int...
  ) -> OutlinedLayer {
    OutlinedLayer(kind: kind, name: name, part: part, output: output)
  }

  @Test func `images change their shape from layer to layer, skip connections have their names`()
    throws
  {
    let learner = try Samples.learner(
      [
        .convolution(ConvolutionDescription(name: "first", channels: 4, kernel: 3, padding: .same)),
        .relu, .keep("a"),
        .convolution(ConvolutionDescription(channels: 2, kernel: 3, padding: .same)),
        .concatenate("a"), .maxPool(PoolDescription(size: 2)), .flatten, Samples.dense(3),
      ], inputShape: [3, 8, 6])
    #expect(
      learner.outline == [
        layer("input", "", "", 3, 8, 6), layer("conv2d", "first", "", 4, 8, 6),
        layer("relu", "", "", 4, 8, 6), layer("keep", "a", "", 4, 8, 6),
        layer("conv2d", "conv2d2", "", 2, 8, 6), layer("concatenate", "a", "", 6, 8, 6),
        layer("max_pool", "", "", 6, 4, 3), layer("flatten", "", "", 72),
        layer("dense", "dense1", "", 3),
      ])
  }
}
