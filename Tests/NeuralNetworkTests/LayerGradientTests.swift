// Every kind of layer on images, sequences and tokens: backward against finite differences, and shapes.
import Basics
import Kernels
import Testing

@testable import NeuralNetwork

/// A small network on some kind of input, with as many outputs as its last shape says.
struct LayerCase: Sendable, CustomTestStringConvertible {
  var name: String
  var inputShape: [Int]
  var decoderLength = 0
  var layers: [LayerDescription]
  /// The shape of one output.
  var outputShape: [Int]
  /// Inputs are tokens below this.
  var vocabulary: Int?

  init(
    _ name: String, _ inputShape: [Int], decoderLength: Int = 0, vocabulary: Int? = nil,
    _ layers: [LayerDescription], outputs: [Int]
  ) {
    self.name = name
    self.inputShape = inputShape
    self.decoderLength = decoderLength
    self.vocabulary = vocabulary
    self.layers = layers
    outputShape = outputs
  }

  var testDescription: String { name }

  /// Close where maxima could change places.
  var distance: Float { name.contains("max pool") ? 0x1p-11 : 0x1p-7 }

  func learner(_ loss: LossFunction = .meanSquaredError, batch: Int = 3) throws -> Learner {
    try Learner(
      model: ModelDescription(
        inputShape: inputShape, decoderLength: decoderLength, layers: layers),
      objective: Objective(loss), optimizer: OptimizerSettings(.sgd(), learningRate: 0.1),
      constraint: ConstraintSettings(), batch: batch, seed: 5)
  }

  func examples(_ loss: LossFunction = .meanSquaredError, count: Int = 3) -> Examples {
    var source = RandomSource(seed: 11)
    let size = inputShape.reduce(1, *) + decoderLength
    let inputs = (0..<count * size).map { _ in
      vocabulary.map { Float(source.next() % UInt64($0)) } ?? 2 * source.nextUnit() - 1
    }
    let outputs = outputShape.reduce(1, *)
    let targets: Targets
    if loss == .crossEntropy {
      let logits = LogitLayout(outputShape, loss: loss)
      targets = .classes(
        (0..<count * logits.decisions).map { _ in
          Int32(source.next() % UInt64(logits.classes))
        }, classes: logits.classes, positions: logits.decisions)
    } else {
      targets = .values((0..<count * outputs).map { _ in source.nextUnit() }, size: outputs)
    }
    return Examples(inputs: inputs, targets: targets, count: count)
  }
}

func convolution(
  _ channels: Int, _ kernel: Int, stride: Int = 1, _ padding: Padding = .pixels(0),
  bias: Bool = true, transposed: Bool = false
) -> LayerDescription {
  .convolution(
    ConvolutionDescription(
      channels: channels, kernel: kernel, stride: stride, padding: padding, bias: bias,
      isTransposed: transposed))
}

func recurrent(
  _ cell: RecurrentDescription.Cell, _ hidden: Int, layers: Int = 1, sequence: Bool = false,
  bidirectional: Bool = false
) -> LayerDescription {
  .recurrent(
    RecurrentDescription(
      cell, hidden: hidden, layers: layers, returnsSequence: sequence,
      isBidirectional: bidirectional))
}

extension LayerCase {
  static let images: [LayerCase] = [
    LayerCase("convolution", [2, 5, 7], [convolution(3, 3)], outputs: [3, 3, 5]),
    LayerCase("without bias", [2, 5, 5], [convolution(3, 3, bias: false)], outputs: [3, 3, 3]),
    LayerCase("same", [1, 5, 4], [convolution(2, 3, .same)], outputs: [2, 5, 4]),
    LayerCase("same, even kernel", [1, 5, 4], [convolution(2, 2, .same)], outputs: [2, 5, 4]),
    LayerCase(
      "same, stride 2", [2, 5, 8], [convolution(3, 3, stride: 2, .same)], outputs: [3, 3, 4]),
    LayerCase(
      "padding 2, stride 3", [1, 7, 6], [convolution(2, 3, stride: 3, .pixels(2))],
      outputs: [2, 3, 3]),
    LayerCase(
      "stride above kernel", [1, 7, 7], [convolution(2, 1, stride: 3)], outputs: [2, 3, 3]),
    LayerCase("one pixel", [3, 1, 1], [convolution(1, 1)], outputs: [1, 1, 1]),
    LayerCase(
      "two convolutions", [1, 6, 6], [convolution(3, 3, .same), .tanh, convolution(2, 3)],
      outputs: [2, 4, 4]),
    LayerCase(
      "transposed", [2, 3, 4], [convolution(3, 3, stride: 2, transposed: true)],
      outputs: [3, 7, 9]),
    LayerCase(
      "transposed, padded", [2, 3, 4],
      [convolution(2, 2), convolution(3, 4, stride: 2, .pixels(1), transposed: true)],
      outputs: [3, 4, 6]),
    LayerCase(
      "transposed, same", [2, 3, 4],
      [convolution(2, 1), convolution(3, 3, stride: 2, .same, transposed: true)],
      outputs: [3, 6, 8]),
    LayerCase(
      "transposed, kernel below stride", [1, 2, 3],
      [convolution(1, 1), convolution(2, 1, stride: 2, .same, bias: false, transposed: true)],
      outputs: [2, 4, 6]),
    LayerCase(
      "max pool", [1, 6, 6], [convolution(2, 3, .same), .maxPool(PoolDescription(size: 2))],
      outputs: [2, 3, 3]),
    LayerCase(
      "overlapping max pool", [1, 7, 7],
      [convolution(2, 3, .same), .maxPool(PoolDescription(size: 3, stride: 2))],
      outputs: [2, 3, 3]),
    LayerCase(
      "average pool", [1, 5, 7],
      [convolution(2, 3, .same), .averagePool(PoolDescription(size: 2, stride: 1))],
      outputs: [2, 4, 6]),
    LayerCase(
      "global average", [2, 5, 3], [convolution(4, 3, .same), .globalAveragePool], outputs: [4]),
    LayerCase(
      "batch norm 2-D", [1, 5, 5],
      [convolution(3, 3), .batchNorm(BatchNormDescription()), .tanh, Samples.dense(4)],
      outputs: [4]),
    LayerCase(
      "group norm", [1, 4, 5],
      [
        convolution(6, 3), .groupNorm(GroupNormDescription(groups: 3)), .tanh, Samples.dense(4),
        .groupNorm(GroupNormDescription(groups: 2, epsilon: 0.1)),
      ], outputs: [4]),
    LayerCase(
      "flatten", [1, 4, 4], [convolution(2, 3), .flatten, .sigmoid, Samples.dense(3)],
      outputs: [3]),
    LayerCase(
      "skip by concatenation", [1, 4, 4],
      [
        convolution(2, 3, .same), .tanh, .keep("a"), .averagePool(PoolDescription(size: 2)),
        convolution(3, 3, .same), .tanh, convolution(2, 2, stride: 2, transposed: true),
        .concatenate("a"), convolution(2, 1),
      ], outputs: [2, 4, 4]),
    LayerCase(
      "skip by addition, used twice", [2, 3, 3],
      [
        convolution(2, 1), .keep("a"), convolution(2, 3, .same), .tanh, .add("a"),
        convolution(2, 3, .same), .sigmoid, .add("a"), convolution(1, 1),
      ], outputs: [1, 3, 3]),
    LayerCase(
      "skip from the data", [2, 3, 3], [.keep("x"), convolution(2, 1), .concatenate("x")],
      outputs: [4, 3, 3]),
  ]

  static let sequences: [LayerCase] =
    RecurrentDescription.Cell.allCases.flatMap { cell in
      [
        LayerCase("\(cell)", [5, 3], [recurrent(cell, 4), Samples.dense(2)], outputs: [2]),
        LayerCase(
          "\(cell) sequence", [4, 3], [recurrent(cell, 3, sequence: true)], outputs: [4, 3]),
        LayerCase(
          "\(cell) of two layers", [4, 2], [recurrent(cell, 3, layers: 2), Samples.dense(2)],
          outputs: [2]),
        LayerCase(
          "\(cell) in both directions", [4, 3],
          [recurrent(cell, 3, layers: 2, sequence: true, bidirectional: true), Samples.dense(2)],
          outputs: [4, 2]),
        LayerCase(
          "\(cell) in both directions, last", [3, 2],
          [Samples.dense(3), recurrent(cell, 2, bidirectional: true)], outputs: [4]),
        LayerCase("\(cell) of one step", [1, 1], [recurrent(cell, 1)], outputs: [1]),
        LayerCase(
          "\(cell) over an embedding", [4], vocabulary: 5,
          [
            .embedding(EmbeddingDescription(vocabulary: 5, size: 3)),
            recurrent(cell, 3, sequence: true), Samples.dense(5),
          ], outputs: [4, 5]),
        LayerCase(
          "\(cell) encoder and decoder", [4], decoderLength: 3, vocabulary: 5,
          [
            .encoder([
              .embedding(EmbeddingDescription(vocabulary: 6, size: 3)),
              recurrent(cell, 3, layers: 2),
            ]),
            .decoder([
              .embedding(EmbeddingDescription(vocabulary: 5, size: 2)),
              recurrent(cell, 3, layers: 2, sequence: true), Samples.dense(5),
            ]),
          ], outputs: [3, 5]),
      ]
    } + [
      LayerCase("dense at every step", [4, 3], [Samples.dense(3), .tanh], outputs: [4, 3]),
      LayerCase(
        "batch norm of a sequence", [4, 3],
        [Samples.dense(3), .batchNorm(BatchNormDescription()), Samples.dense(2)],
        outputs: [4, 2]),
      LayerCase(
        "batch norm 1-D", [5],
        [Samples.dense(4), .batchNorm(BatchNormDescription()), .gelu, Samples.dense(2)],
        outputs: [2]),
      LayerCase(
        "layer norm", [5],
        [
          Samples.dense(4), .layerNorm(LayerNormDescription()), .tanh, Samples.dense(3),
          .layerNorm(LayerNormDescription(name: "last", epsilon: 0.1)),
        ], outputs: [3]),
      LayerCase(
        "layer norm at every step, first too", [4, 3],
        [
          .layerNorm(LayerNormDescription()), Samples.dense(4), .tanh,
          .layerNorm(LayerNormDescription()), .sigmoid, recurrent(.gru, 2, sequence: true),
        ], outputs: [4, 2]),
      LayerCase(
        "gelu", [5], [Samples.dense(4), .gelu, .sigmoid, Samples.dense(3), .gelu], outputs: [3]),
      LayerCase(
        "silu", [5], [Samples.dense(4), .silu, .sigmoid, Samples.dense(3), .silu], outputs: [3]),
      LayerCase(
        "gelu behind an activation", [5], [Samples.dense(4), .tanh, .gelu, Samples.dense(2)],
        outputs: [2]),
      LayerCase(
        "features joined at every step", [3, 2],
        [Samples.dense(2), .keep("a"), recurrent(.gru, 3, sequence: true), .concatenate("a")],
        outputs: [3, 5]),
      LayerCase(
        "a kept value behind an activation", [5],
        [Samples.dense(3), .tanh, .keep("a"), .sigmoid, .concatenate("a"), Samples.dense(2)],
        outputs: [2]),
    ]
}

@Suite struct LayerGradientTests {
  @Test(arguments: LayerCase.images + LayerCase.sequences)
  func `the backward pass is the derivative of the forward pass`(_ layers: LayerCase) throws {
    let learner = try layers.learner()
    #expect(learner.layout.outputShape == layers.outputShape)
    let check = GradientCheck(learner, layers.examples(), distance: layers.distance)
    let error = try check.error()
    #expect(error < 2e-3)
  }

  @Test(
    arguments: (LayerCase.images + LayerCase.blocked + LayerCase.sequences).filter {
      $0.name.contains("batch norm") && !$0.name.contains("relu")
    })
  func `a frozen batch norm has its gradient and keeps its statistics`(_ layers: LayerCase) throws {
    let learner = try layers.learner()
    let examples = layers.examples()
    for _ in 0..<5 { _ = learner.step(examples, indices: [0, 1, 2]) }
    learner.freezesBatchNorm = true
    let statistics = learner.state.buffers
    let error = try GradientCheck(learner, examples, distance: layers.distance).error()
    #expect(error < 2e-3)
    #expect(learner.state.buffers == statistics)
    // Without dropout, training then sees what an evaluation sees.
    let loss = learner.computeGradients(examples, indices: [0, 1, 2])
    #expect(abs(loss - learner.evaluate(examples).loss) < 1e-6 * loss)
    learner.freezesBatchNorm = false
    #expect(learner.computeGradients(examples, indices: [0, 1, 2]) != loss)
    #expect(learner.state.buffers != statistics)
  }

  @Test(
    arguments: (LayerCase.images + LayerCase.sequences).filter {
      $0.outputShape.count > 1 && LogitLayout($0.outputShape, loss: .crossEntropy).classes > 1
    })
  func `decisions at every position have their gradient`(_ layers: LayerCase) throws {
    let learner = try layers.learner(.crossEntropy)
    try learner.check(layers.examples(.crossEntropy))
    let check = GradientCheck(
      learner, layers.examples(.crossEntropy), distance: layers.distance)
    let error = try check.error()
    #expect(error < 2e-3)
  }

  @Test func `a class and a box share the gradient`() throws {
    let learner = try Samples.learner([Samples.dense(7)], loss: .classAndBox)
    var source = RandomSource(seed: 3)
    let examples = Examples(
      inputs: (0..<20).map { _ in source.nextUnit() },
      targets: .classesAndBoxes(
        [0, 2, 1, 2], boxes: (0..<16).map { _ in source.nextUnit() }, classes: 3), count: 4)
    try learner.check(examples)
    #expect(try GradientCheck(learner, examples).error() < 1e-3)
  }

  @Test(arguments: [0.1, 0.5])
  func `smoothed labels have their gradient`(_ smoothing: Double) throws {
    let learner = try Learner(
      model: ModelDescription(inputShape: [5], layers: [Samples.dense(4)]),
      objective: Objective(.crossEntropy, labelSmoothing: smoothing),
      optimizer: OptimizerSettings(.sgd()), constraint: .init(), batch: 7, seed: 1)
    let examples = Samples.examples(count: 7, inputs: 5, outputs: 4, classes: true)
    #expect(try GradientCheck(learner, examples).error() < 1e-3)
  }

  /// What a step leaves behind does not depend on how many rows the plan has room for.
  @Test(arguments: LayerCase.images + LayerCase.blocked + LayerCase.sequences)
  func `a smaller batch runs through the same plan`(_ layers: LayerCase) throws {
    let small = try layers.learner(batch: 2)
    let large = try layers.learner(batch: 5)
    let examples = layers.examples()
    for _ in 0..<3 {
      _ = small.step(examples, indices: [0, 2])
      _ = large.step(examples, indices: [0, 2])
    }
    for parameter in small.parameters {
      let difference = relativeDifference(
        try small.values(of: parameter.name), try large.values(of: parameter.name))
      #expect(difference < 1e-5, "\(parameter.name)")
    }
  }
}
