// Descriptions that cannot be built say why and where; names and shapes are PyTorch's.
import Testing

@testable import NeuralNetwork

@Suite struct DescriptionTests {
  static let wrong: [(NetworkError, [LayerDescription])] = [
    (.noWeights, []),
    (.noWeights, [.relu, .dropout(rate: 0.5)]),
    (.units(layer: 1, 0), [.relu, Samples.dense(0)]),
    (.units(layer: 0, -3), [Samples.dense(-3)]),
    (.name(layer: 0, ""), [Samples.dense(3, name: "")]),
    (.name(layer: 1, "fc 1"), [Samples.dense(3), Samples.dense(3, name: "fc 1")]),
    (.name(layer: 0, "größe"), [Samples.dense(3, name: "größe")]),
    (
      .duplicateName(layer: 2, "a"),
      [Samples.dense(3, name: "a"), .relu, Samples.dense(3, name: "a")]
    ),
    (.duplicateName(layer: 1, "dense2"), [Samples.dense(3, name: "dense2"), Samples.dense(3)]),
    (.rate(layer: 0, 1), [.dropout(rate: 1), Samples.dense(3)]),
    (.rate(layer: 0, -0.1), [.dropout(rate: -0.1), Samples.dense(3)]),
    (.slope(layer: 1, -1), [Samples.dense(3), .leakyReLU(slope: -1)]),
    (
      .misfit(layer: 1, "elu: expected an alpha of 0 or more, found -1.0"),
      [Samples.dense(3), .elu(alpha: -1)]
    ),
    (.maxNorm(layer: 0, 0), [Samples.dense(3, maxNorm: .value(0))]),
    (.maxNorm(layer: 0, .infinity), [Samples.dense(3, maxNorm: .value(.infinity))]),
    (.tooLarge(floats: nil), [Samples.dense(.max)]),
    (.tooLarge(floats: nil), [Samples.dense(1 << 39), Samples.dense(1 << 39)]),
  ]

  @Test(arguments: wrong.indices)
  func `a wrong layer is named`(_ index: Int) {
    let (error, layers) = DescriptionTests.wrong[index]
    #expect(throws: error) { try Samples.learner(layers) }
    #expect(!error.description.contains("\n"))
  }

  @Test func `NaN is refused as a rate, slope or ceiling`() {
    for layers in [
      [LayerDescription.dropout(rate: .nan), Samples.dense(3)],
      [Samples.dense(3), .leakyReLU(slope: .nan)], [Samples.dense(3), .elu(alpha: .nan)],
      [Samples.dense(3, maxNorm: .value(.nan))],
    ] {
      #expect(throws: NetworkError.self) { try Samples.learner(layers) }
    }
  }

  @Test func `a lack of memory is an error and not a crash`() {
    for count in [1 << 60, Int.max] {
      #expect(throws: NetworkError.tooLarge(floats: count)) {
        _ = try Arena<Float>(count: count).count
      }
    }
  }

  @Test func `wrong settings are named`() {
    func learner(
      inputShape: [Int] = [5], optimizer: OptimizerSettings = OptimizerSettings(.sgd()),
      maxNorm: Float? = nil, batch: Int = 4
    ) throws -> Learner {
      try Learner(
        model: ModelDescription(inputShape: inputShape, layers: [Samples.dense(3)]),
        objective: Objective(.meanSquaredError), optimizer: optimizer,
        constraint: ConstraintSettings(maxNorm: maxNorm), batch: batch, seed: 1)
    }
    #expect(throws: NetworkError.batch(0)) { try learner(batch: 0) }
    #expect(throws: NetworkError.inputShape([])) { try learner(inputShape: []) }
    #expect(throws: NetworkError.inputShape([3, 0])) { try learner(inputShape: [3, 0]) }
    #expect(throws: NetworkError.maxNorm(layer: nil, -1)) { try learner(maxNorm: -1) }
    var settings = OptimizerSettings(.adam(), learningRate: -1)
    #expect(
      throws: NetworkError.optimizer(key: "learning_rate", value: -1, expected: "0 or more")
    ) { try learner(optimizer: settings) }
    var adam = Adam()
    adam.beta2 = 1
    settings = OptimizerSettings(.adam(adam))
    #expect(throws: NetworkError.self) { try learner(optimizer: settings) }
    settings = OptimizerSettings(.sgd())
    settings.momentum = .nan
    #expect(throws: NetworkError.self) { try learner(optimizer: settings) }
  }

  @Test func `data that do not fit are named`() throws {
    let learner = try Samples.learner([
      Samples.dense(4), .relu, Samples.dense(3), .dropout(rate: 0.1),
    ])
    let classes = Samples.examples(count: 4, inputs: 5, outputs: 3, classes: true)
    try learner.check(classes)
    #expect(throws: NetworkError.inputSize(6, expected: 5)) {
      try learner.check(Samples.examples(count: 4, inputs: 6, outputs: 3, classes: true))
    }
    #expect(throws: NetworkError.outputSize(layer: 2, outputs: 3, expected: 10)) {
      try learner.check(Samples.examples(count: 4, inputs: 5, outputs: 10, classes: true))
    }
    #expect(throws: NetworkError.targets(loss: .crossEntropy)) {
      try learner.check(Samples.examples(count: 4, inputs: 5, outputs: 3))
    }
    let square = try Samples.learner([Samples.dense(3)], loss: .meanSquaredError)
    #expect(throws: NetworkError.targets(loss: .meanSquaredError)) { try square.check(classes) }
    let binary = try Samples.learner([Samples.dense(1)], loss: .binaryCrossEntropy)
    #expect(throws: NetworkError.targets(loss: .binaryCrossEntropy)) { try binary.check(classes) }
    try binary.check(Samples.examples(count: 4, inputs: 5, outputs: 2, classes: true))
  }

  @Test func `parameters have PyTorch's names and shapes`() throws {
    let learner = try Learner(
      model: ModelDescription(
        inputShape: [1, 8, 8],
        layers: [
          Samples.dense(32, name: "fc1"), .relu, .dense(DenseDescription(units: 16, bias: false)),
          .tanh, Samples.dense(10),
        ]),
      objective: Objective(.crossEntropy), optimizer: OptimizerSettings(.sgd()),
      constraint: .init(),
      batch: 4,
      seed: 1)
    #expect(
      learner.parameters == [
        ParameterInfo(name: "fc1.weight", shape: [32, 64]),
        ParameterInfo(name: "fc1.bias", shape: [32]),
        ParameterInfo(name: "dense2.weight", shape: [16, 32]),
        ParameterInfo(name: "dense3.weight", shape: [10, 16]),
        ParameterInfo(name: "dense3.bias", shape: [10]),
      ])
    #expect(learner.parameterCount == 32 * 64 + 32 + 16 * 32 + 10 * 16 + 10)
    #expect(learner.weights.map(\.name) == ["fc1", "dense2", "dense3"])
    #expect(throws: NetworkError.unknownParameter("fc2.weight")) {
      try learner.values(of: "fc2.weight")
    }
    #expect(throws: NetworkError.parameterSize("fc1.bias", count: 2, expected: 32)) {
      try learner.setValues([1, 2], of: "fc1.bias")
    }
  }
}

/// What can be wrong with layers on images, sequences and tokens, and PyTorch's names for them.
@Suite struct LayerDescriptionTests {
  private func problem(
    _ layers: [LayerDescription], _ inputShape: [Int], decoderLength: Int = 0
  ) -> String {
    do throws(NetworkError) {
      _ = try ModelLayout(
        ModelDescription(inputShape: inputShape, decoderLength: decoderLength, layers: layers))
      return "none"
    } catch {
      return "\(error.layer.map { "\($0): " } ?? "")\(error)"
    }
  }

  @Test func `a layer that does not fit says what it expects`() {
    let convolution = LayerDescription.convolution(
      ConvolutionDescription(channels: 2, kernel: 5))
    let lstm = LayerDescription.recurrent(RecurrentDescription(.lstm, hidden: 3))
    let embedding = LayerDescription.embedding(EmbeddingDescription(vocabulary: 4, size: 2))
    let cases: [([LayerDescription], [Int], String)] = [
      ([convolution], [64], "[0]: conv2d: expected an image [channels, height, width], found [64]"),
      ([convolution], [1, 4, 9], "[0]: conv2d: expected images larger than its kernel of 5"),
      (
        [.maxPool(PoolDescription(size: 3))], [1, 2, 9],
        "[0]: max_pool: expected images of at least 3"
      ),
      ([.globalAveragePool], [4, 4], "[0]: global_avg_pool: expected an image"),
      ([Samples.dense(4), lstm], [5], "[1]: lstm: expected a sequence [steps, features]"),
      ([embedding], [4, 3], "[0]: embedding: expected tokens [steps]"),
      ([.flatten, embedding], [4], "[1]: embedding: expected tokens [steps] right from the data"),
      (
        [.layerNorm(LayerNormDescription())], [3, 8, 6],
        "[0]: layer_norm: expected features, or a sequence [steps, features], found [3, 8, 6]: "
          + "group_norm with groups: 1"
      ),
      (
        [.layerNorm(LayerNormDescription(epsilon: 0))], [4],
        "[0]: layer_norm: expected an epsilon above 0, found 0.0"
      ),
      (
        [.groupNorm(GroupNormDescription(groups: 4))], [6, 2, 2],
        "[0]: group_norm: expected groups that divide its 6 channels, found 4"
      ),
      (
        [.groupNorm(GroupNormDescription(groups: 1))], [4, 3],
        "[0]: group_norm: expected an image [channels, height, width], or features, found [4, 3]: "
          + "layer_norm"
      ),
      ([.add("a")], [4], "[0]: add: expected a name that was kept before, found 'a'"),
      (
        [.keep("a"), Samples.dense(3), .add("a")], [4],
        "[2]: add: expected the shape [3], 'a' is [4]"
      ),
      (
        [.keep("a"), .maxPool(PoolDescription(size: 2)), .concatenate("a")], [1, 4, 4],
        "[2]: concatenate: expected a shape that fits [1, 2, 2], 'a' is [1, 4, 4]"
      ),
      ([.keep("a"), .keep("a")], [4], "[1]: keep: 'a' is taken"),
      ([.encoder([lstm])], [4, 2], "[0]: encoder: expected at the start"),
      ([Samples.dense(3), .decoder([lstm])], [4, 2], "[1]: decoder: expected right behind"),
    ]
    for (layers, shape, expected) in cases {
      #expect(problem(layers, shape).hasPrefix(expected), "\(problem(layers, shape))")
    }
    #expect(problem([.encoder([embedding])], [4], decoderLength: 2).contains("encoder: expected"))
    #expect(
      problem([embedding, lstm, Samples.dense(3)], [4], decoderLength: 2)
        .contains("expected an encoder and a decoder"))
    #expect(
      problem([.encoder([embedding]), .decoder([embedding, lstm])], [4], decoderLength: 2)
        .contains("encoder: expected a recurrent layer"))
  }

  @Test func `sizes beyond any memory are refused`() {
    let wide = LayerDescription.convolution(
      ConvolutionDescription(channels: 1 << 20, kernel: 1 << 19, padding: .same))
    #expect(problem([wide], [1 << 20, 4, 4]).contains("too large"))
    #expect(
      problem([.recurrent(RecurrentDescription(.lstm, hidden: .max))], [4, 2])
        .contains("too large"))
  }

  @Test func `recurrent and image layers have PyTorch's tensors`() throws {
    let recurrent = try ModelLayout(
      ModelDescription(
        inputShape: [7, 3],
        layers: [
          .recurrent(
            RecurrentDescription(.lstm, name: "lstm", hidden: 5, layers: 2, isBidirectional: true))
        ]))
    let names = recurrent.parameters.infos.map(\.name)
    #expect(
      names
        == ["l0", "l0_reverse", "l1", "l1_reverse"].flatMap { suffix in
          ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map { "lstm.\($0)_\(suffix)" }
        })
    #expect(
      recurrent.parameters.infos[0].shape == [20, 3]
        && recurrent.parameters.infos[8].shape == [20, 10])
    #expect(recurrent.outputShape == [10])
    let images = try ModelLayout(
      ModelDescription(
        inputShape: [3, 8, 6],
        layers: [
          .convolution(ConvolutionDescription(channels: 4, kernel: 3)),
          .batchNorm(BatchNormDescription(name: "bn")),
          .convolution(ConvolutionDescription(channels: 2, kernel: 2, isTransposed: true)),
        ]))
    #expect(
      images.parameters.infos == [
        ParameterInfo(name: "conv2d1.weight", shape: [4, 3, 3, 3]),
        ParameterInfo(name: "conv2d1.bias", shape: [4]),
        ParameterInfo(name: "bn.weight", shape: [4]), ParameterInfo(name: "bn.bias", shape: [4]),
        ParameterInfo(name: "conv_transpose2d1.weight", shape: [4, 2, 2, 2]),
        ParameterInfo(name: "conv_transpose2d1.bias", shape: [2]),
      ])
    #expect(
      images.parameters.bufferInfos == [
        ParameterInfo(name: "bn.running_mean", shape: [4]),
        ParameterInfo(name: "bn.running_var", shape: [4]),
      ])
  }

  @Test func `normalizations have PyTorch's tensors, and none of them is constrained`() throws {
    let learner = try Learner(
      model: ModelDescription(
        inputShape: [4, 3],
        layers: [
          .layerNorm(LayerNormDescription(name: "ln1")), Samples.dense(2),
          .layerNorm(LayerNormDescription()),
        ]),
      objective: Objective(.meanSquaredError), optimizer: OptimizerSettings(.sgd()),
      constraint: ConstraintSettings(maxNorm: 0.01), batch: 2, seed: 1)
    #expect(
      learner.parameters.filter { !$0.name.hasPrefix("dense") } == [
        ParameterInfo(name: "ln1.weight", shape: [3]), ParameterInfo(name: "ln1.bias", shape: [3]),
        ParameterInfo(name: "layer_norm2.weight", shape: [2]),
        ParameterInfo(name: "layer_norm2.bias", shape: [2]),
      ])
    #expect(learner.weights.map(\.name) == ["dense1"])
    #expect(try learner.values(of: "ln1.weight") == [1, 1, 1])
    #expect(try learner.values(of: "ln1.bias") == [0, 0, 0])
    #expect(!learner.hasBatchNorm)
    let images = try ModelLayout(
      ModelDescription(
        inputShape: [6, 2, 2],
        layers: [
          .groupNorm(GroupNormDescription(name: "gn", groups: 3)),
          .groupNorm(GroupNormDescription(groups: 2)),
        ]))
    #expect(
      images.parameters.infos
        == ["gn.weight", "gn.bias", "group_norm2.weight", "group_norm2.bias"].map {
          ParameterInfo(name: $0, shape: [6])
        })
    #expect(images.parameters.weights.isEmpty)
  }

  @Test func `units are filters, output channels and rows`() throws {
    let layout = try ModelLayout(
      ModelDescription(
        inputShape: [3, 8, 6],
        layers: [
          .convolution(ConvolutionDescription(channels: 4, kernel: 3)),
          .convolution(ConvolutionDescription(channels: 2, kernel: 2, isTransposed: true)),
        ]))
    #expect(layout.parameters.weights.map { $0.unitCount(along: .incoming) } == [4, 2])
    #expect(layout.parameters.weights.map { $0.unitCount(along: .outgoing) } == [27, 8])
    #expect(layout.parameters.weights.map { $0.unitCount(along: .tensor) } == [1, 1])
  }
}
