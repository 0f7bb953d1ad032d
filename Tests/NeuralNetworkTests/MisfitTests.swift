// Layers of images, sequences and tokens that cannot be built, and data they cannot read.
import Basics
import Testing

@testable import NeuralNetwork

@Suite struct MisfitTests {
  private static func layers(_ part: [LayerDescription]) -> [LayerDescription] {
    part + [.globalAveragePool, Samples.dense(3)]
  }

  private static func transposed(channels: Int = 1, stride: Int) -> LayerDescription {
    .convolution(
      ConvolutionDescription(channels: channels, kernel: 1, stride: stride, isTransposed: true))
  }

  private static func message(_ layers: [LayerDescription], _ inputShape: [Int]) -> String {
    do {
      _ = try Samples.learner(layers, inputShape: inputShape)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func `sizes beyond all bounds are errors and never overflow`() {
    let most = ImageShape.largestSetting
    let doubled = (0..<70).flatMap { [LayerDescription.keep("a\($0)"), .concatenate("a\($0)")] }
    let tooLarge: [([LayerDescription], [Int])] = [
      (Self.layers([Self.transposed(channels: most, stride: most)]), [1, 8, 8]),
      (Self.layers(Array(repeating: Self.transposed(stride: most), count: 4)), [1, 8, 8]),
      (doubled + [Samples.dense(3)], [5]),
      (
        [.recurrent(RecurrentDescription(.lstm, hidden: 1 << 18)), Samples.dense(3)],
        [1 << 30, 1]
      ),
    ]
    for (layers, shape) in tooLarge {
      #expect(Self.message(layers, shape) == "the network is too large: make it smaller")
    }
    for stride in [0, most + 1, .max] {
      for pool in [
        LayerDescription.maxPool(PoolDescription(size: 2, stride: stride)),
        .averagePool(PoolDescription(size: 2, stride: stride)),
      ] {
        let message = Self.message(Self.layers([pool]), [1, 8, 8])
        #expect(message.hasSuffix("_pool: expected stride from 1 to \(most), found \(stride)"))
      }
    }
  }

  @Test func `more than the machine's memory is an error before any is touched`() {
    // Each of the four arenas of 2³⁸ floats fits an address space; the system would hand it out.
    #expect(Self.message([Samples.dense(1 << 19)], [1 << 19]).hasPrefix("the network needs "))
  }

  @Test func `settings outside their range are named with the range`() {
    #expect(
      Self.message(Self.layers([.convolution(.init(channels: 1 << 40, kernel: 3))]), [1, 8, 8])
        == "conv2d: expected channels from 1 to \(1 << 20), found \(1 << 40)")
    #expect(
      Self.message([.recurrent(.init(.gru, hidden: 4, layers: 1001)), Samples.dense(1)], [5, 2])
        == "gru: expected hidden of at least 1 and layers from 1 to 1000, found 4 and 1001")
  }

  @Test func `fractional tokens and tokens too large are different errors`() throws {
    let learner = try Samples.learner(
      [
        .embedding(EmbeddingDescription(vocabulary: 4, size: 2)),
        .recurrent(RecurrentDescription(.rnn, hidden: 3)), Samples.dense(2),
      ], inputShape: [2])
    func message(_ inputs: [Float]) -> String {
      do {
        try learner.check(
          Examples(inputs: inputs, targets: .classes([1], classes: 2), count: 1))
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(message([0, 3]) == "")
    #expect(
      message([4, 6])
        == "embedding: expected tokens from 0 to 3, found some up to 6: "
        + "set its vocabulary to 7, or leave it out")
    for number in [-1, 0.5, .nan, .infinity, 1e30] as [Float] {
      #expect(message([number, 0]).contains("whole numbers of at least 0, found \(number)"))
    }
  }

  @Test func `a decoder never reads an answer outside its vocabulary`() throws {
    let learner = try Learner(
      model: ModelDescription(
        inputShape: [2], decoderLength: 2,
        layers: [
          .encoder([
            .embedding(EmbeddingDescription(vocabulary: 4, size: 2)),
            .recurrent(RecurrentDescription(.gru, hidden: 3)),
          ]),
          .decoder([
            .embedding(EmbeddingDescription(vocabulary: 3, size: 2)),
            .recurrent(RecurrentDescription(.gru, hidden: 3, returnsSequence: true)),
            Samples.dense(5, name: "out"),
          ]),
        ]),
      objective: Objective(.crossEntropy), optimizer: OptimizerSettings(.sgd()),
      constraint: ConstraintSettings(), batch: 1, seed: 1)
    // No example has the last two classes in the decoder's input.
    let examples = Examples(
      inputs: [0, 1, 0, 2], targets: .classes([2, 4], classes: 5, positions: 2),
      count: 1)
    try learner.check(examples)
    try learner.setValues([0, 0, 0, 0, 100], of: "out.bias")
    #expect(learner.decode(examples) == [4, 4])
    #expect(learner.inference.decoderInputs[1] == 2)
  }
}
