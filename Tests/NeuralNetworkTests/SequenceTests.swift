// Sequences: states carried from batch to batch, greedy decoding, and sampled text.
import Basics
import Kernels
import Testing

@testable import NeuralNetwork

@Suite struct SequenceTests {
  private static let language: [LayerDescription] = [
    .embedding(EmbeddingDescription(vocabulary: 4, size: 3)),
    .recurrent(RecurrentDescription(.lstm, hidden: 5, returnsSequence: true)),
    Samples.dense(4),
  ]

  private static func learner(
    _ layers: [LayerDescription], steps: Int, decoderLength: Int = 0, batch: Int = 1,
    carriesState: Bool = false
  ) throws -> Learner {
    try Learner(
      model: ModelDescription(
        inputShape: [steps], decoderLength: decoderLength, layers: layers),
      objective: Objective(.crossEntropy), optimizer: OptimizerSettings(.sgd(), learningRate: 0),
      constraint: .init(), batch: batch, carriesState: carriesState, seed: 4)
  }

  /// Makes all weights larger, so that answers depend on what was read.
  private static func amplify(_ learner: Learner) throws {
    for parameter in learner.parameters {
      try learner.setValues(
        try learner.values(of: parameter.name).map { 6 * $0 }, of: parameter.name)
    }
  }

  /// Windows of `length` of one text, each answered by the text one token later.
  private static func windows(_ text: [Int], length: Int) -> Examples {
    let count = (text.count - 1) / length
    return Examples(
      inputs: text[..<(count * length)].map(Float.init),
      targets: .classes(
        text[1...(count * length)].map(Int32.init), classes: 4, positions: length),
      count: count)
  }

  private static let text = (0..<49).map { $0 * $0 % 7 % 4 }

  /// Cutting a text into windows changes nothing where each starts from the state before it.
  @Test(arguments: RecurrentDescription.Cell.allCases)
  func `carried windows have the loss of one long window`(_ cell: RecurrentDescription.Cell) throws
  {
    var layers = Self.language
    layers[1] = .recurrent(
      RecurrentDescription(cell, hidden: 5, layers: 2, returnsSequence: true))
    let whole = try Self.learner(layers, steps: 48)
    let inParts = try Self.learner(layers, steps: 6, carriesState: true)
    let windows = Self.windows(Self.text, length: 6)
    let expected = whole.step(Self.windows(Self.text, length: 48), indices: [0]).loss
    func mean() -> Double {
      (0..<8).reduce(0) { $0 + inParts.step(windows, indices: [Int32($1)]).loss } / 8
    }
    #expect(abs(mean() - expected) < 1e-6)
    // Without a start from zero the second time reads on from the text's end.
    #expect(abs(mean() - expected) > 1e-4)
    inParts.forgetState()
    #expect(abs(mean() - expected) < 1e-6)
    inParts.reset(seed: 4)
    #expect(abs(mean() - expected) < 1e-6)
    #expect(abs(inParts.evaluate(windows).loss - expected) < 1e-6)
  }

  @Test func `an evaluation leaves the carried state alone`() throws {
    let windows = Self.windows(Self.text, length: 6)
    let first = try Self.learner(Self.language, steps: 6, carriesState: true)
    let second = try Self.learner(Self.language, steps: 6, carriesState: true)
    for index in 0..<8 {
      let indices = [Int32(index)]
      #expect(
        first.step(windows, indices: indices[...]) == second.step(windows, indices: indices[...]))
      _ = first.evaluate(windows)
    }
  }

  @Test(arguments: [(1, 1), (5, 1), (33, 4), (100, 7), (1000, 256)])
  func `an evaluation visits every example once`(_ count: Int, _ rows: Int) {
    for inStreams in [false, true] {
      var order = EvaluationOrder(count: count, rows: rows, inStreams: inStreams)
      var visited: [Int32] = []
      var last: [Int32] = []
      var indices = [Int32](repeating: 0, count: rows)
      while let taken = order.next(into: &indices) {
        let chunk = Array(indices[..<taken])
        // A chunk that continues the one before holds the window behind each of its rows.
        if !order.startsAnew { #expect(chunk == last.map { $0 + 1 }) }
        visited += chunk
        last = chunk
      }
      #expect(visited.sorted() == (0..<Int32(count)).map { $0 })
    }
  }

  /// The decoder's own answers are those it gives when it is fed the same tokens.
  @Test(arguments: RecurrentDescription.Cell.allCases)
  func `decoding reads its own answers`(_ cell: RecurrentDescription.Cell) throws {
    let learner = try Self.learner(
      [
        .encoder([
          .embedding(EmbeddingDescription(vocabulary: 6, size: 4)),
          .recurrent(RecurrentDescription(cell, hidden: 8)),
        ]),
        .decoder([
          .embedding(EmbeddingDescription(vocabulary: 5, size: 4)),
          .recurrent(RecurrentDescription(cell, hidden: 8, returnsSequence: true)),
          Samples.dense(5),
        ]),
      ], steps: 4, decoderLength: 3, batch: 2)
    try Self.amplify(learner)
    var source = RandomSource(seed: 9)
    let count = 300
    func examples(_ answers: [Int32]?) -> Examples {
      source = RandomSource(seed: 9)
      var inputs: [Float] = []
      for row in 0..<count {
        inputs += (0..<4).map { _ in Float(source.next() % 6) }
        // The start token, then what was answered before.
        inputs += [0] + (0..<2).map { Float(answers?[row * 3 + $0] ?? 4) }
      }
      return Examples(
        inputs: inputs,
        targets: .classes(
          answers ?? Array(repeating: 0, count: count * 3), classes: 5, positions: 3),
        count: count)
    }
    let answers = learner.decode(examples(nil))
    #expect(answers.count == count * 3 && Set(answers).count > 1)
    #expect(learner.evaluate(examples(answers)).accuracy == 1)
    #expect(learner.decode(examples(nil), first: 2) == Array(answers[..<6]))
  }

  @Test func `generated text is drawn by the network's probabilities`() throws {
    let learner = try Self.learner(Self.language, steps: 6)
    // Whatever stands before: the logits of the last layer's bias.
    let shape = learner.parameters.first { $0.name == "dense1.weight" }?.count ?? 0
    try learner.setValues(Array(repeating: 0, count: shape), of: "dense1.weight")
    try learner.setValues([0, 1, 2, -30], of: "dense1.bias")
    let writer = try learner.writer()
    var source = RandomSource(seed: 1)
    let written = writer.write(
      after: [2, 3], count: 20_000, temperature: 1, with: learner, from: &source)
    let powers = [0.0, 1, 2].map { exponential($0) }
    for token in 0..<3 {
      let share = Double(written.count { $0 == Int32(token) }) / 20_000
      #expect(abs(share - powers[token] / powers.reduce(0, +)) < 0.015)
    }
    #expect(!written.contains(3))
    let cold = writer.write(
      after: [0], count: 100, temperature: 0.01, with: learner, from: &source)
    #expect(cold.allSatisfy { $0 == 2 })
  }

  @Test func `generated text continues its prompt`() throws {
    let learner = try Self.learner(Self.language, steps: 6)
    try Self.amplify(learner)
    let writer = try learner.writer()
    func text(_ prompt: [Int32]) -> [Int32] {
      var source = RandomSource(seed: 2)
      return writer.write(
        after: prompt, count: 200, temperature: 1, with: learner, from: &source)
    }
    #expect(text([1, 2, 3]) == text([1, 2, 3]))
    #expect(text([1, 2, 3]) != text([3, 0, 1]))
  }

  @Test func `only a language model generates text`() throws {
    #expect(throws: NetworkError.self) { _ = try Samples.learner([Samples.dense(3)]).writer() }
    let last = try Self.learner(
      [
        .embedding(EmbeddingDescription(vocabulary: 4, size: 3)),
        .recurrent(RecurrentDescription(.gru, hidden: 4)), Samples.dense(4),
      ], steps: 6)
    #expect(throws: NetworkError.self) { _ = try last.writer() }
  }
}
