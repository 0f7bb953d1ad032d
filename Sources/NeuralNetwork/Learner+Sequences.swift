// Sequences answered token by token: greedy decoding, and text that the network writes itself.
import Basics
import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Learner {
  /// Lets an encoder–decoder answer with its own tokens: at each step the one with the largest logit.
  ///
  /// Returns `[count, decoderLength]` for the first `count` examples. The decoder starts from the first
  /// decoder token of each example and reads its own answers from then on, not the examples'.
  ///
  /// `check` is called before each token of a batch; what it throws ends it.
  package func decode<Failure: Error>(
    _ examples: Examples, first count: Int = .max, check: () throws(Failure) -> Void
  ) throws(Failure) -> [Int32] {
    precondition(layout.decoderLength > 0, "a network without a decoder")
    let mode = flushDenormals()
    defer { restore(mode) }
    let length = layout.decoderLength
    // An answer that the decoder cannot read, because no example has it there, is read as the last one.
    let largest = Int32((layout.decoderVocabulary ?? 1 << 24) - 1)
    let count = max(0, min(count, examples.count))
    var answers: [Int32] = []
    answers.reserveCapacity(count * length)
    var labels = [Int32](repeating: 0, count: layout.evaluationRows * length)
    var order = EvaluationOrder(count: count, rows: layout.evaluationRows, inStreams: false)
    while let rows = order.next(into: chunk.base) {
      inference.load(examples, indices: chunk.base, count: rows, loss: objective.loss)
      var start = 0
      for step in 0..<length {
        try check()
        infer(rows: rows, from: start)
        // The encoder's state does not depend on the answers.
        start = inference.plan.decoderStart
        largestIndices(
          inference.outputs, rows: rows * length, columns: inference.logits.classes, positions: 1,
          into: &labels)
        guard step + 1 < length else { break }
        for row in 0..<rows {
          let answer = min(labels[row * length + step], largest)
          inference.decoderInputs[row * length + step + 1] = Float(answer)
        }
      }
      answers += labels[..<(rows * length)]
    }
    return answers
  }

  /// The same, without an end before its end.
  package func decode(_ examples: Examples, first count: Int = .max) -> [Int32] {
    decode(examples, first: count) {}
  }

  /// A writer of tokens, one after the other, with the learner's weights as they stand at each call.
  ///
  /// - Throws: where the model does not read tokens and answer at every step.
  package func writer() throws(NetworkError) -> SequenceWriter {
    try SequenceWriter(self)
  }
}

/// Draws a sequence from a language model: each token by the probabilities after those before it.
package struct SequenceWriter: ~Copyable {
  private let workspace: Workspace
  private let vocabulary: Int

  init(_ learner: Learner) throws(NetworkError) {
    var model = learner.model
    model.inputShape = [1]
    let layout = try ModelLayout(model)
    guard let vocabulary = layout.vocabulary, layout.outputShape.count == 2,
      layout.parameters.arenaCount == learner.layout.parameters.arenaCount
    else {
      throw .outputShape(
        layer: layout.lastWeighted, outputs: layout.outputShape,
        expected: "[steps, vocabulary] after tokens")
    }
    workspace = try Workspace(
      layout, loss: .crossEntropy, rows: 1, mode: .inference, carriesState: true)
    self.vocabulary = vocabulary
  }

  /// `count` tokens after `prompt`, which has at least one, drawn at a temperature above 0: below 1
  /// likely tokens become likelier.
  ///
  /// `check` is called before each token; what it throws ends it.
  package func write<Failure: Error>(
    after prompt: [Int32], count: Int, temperature: Float, with learner: Learner,
    from source: inout RandomSource, check: () throws(Failure) -> Void
  ) throws(Failure) -> [Int32] {
    precondition(!prompt.isEmpty && temperature > 0, "an empty prompt or no temperature")
    let mode = flushDenormals()
    defer { restore(mode) }
    workspace.forgetState()
    var written: [Int32] = []
    var token = prompt[0]
    for step in 0..<(prompt.count + count - 1) {
      try check()
      read(token, with: learner)
      if step + 1 < prompt.count {
        token = prompt[step + 1]
      } else {
        token = draw(temperature: temperature, from: &source)
        written.append(token)
      }
    }
    return written
  }

  /// The same, without an end before its end.
  package func write(
    after prompt: [Int32], count: Int, temperature: Float, with learner: Learner,
    from source: inout RandomSource
  ) -> [Int32] {
    write(after: prompt, count: count, temperature: temperature, with: learner, from: &source) {}
  }

  private func read(_ token: Int32, with learner: Learner) {
    var unused = RandomSource(seed: 0)
    workspace.inputs[0] = Float(min(max(token, 0), Int32(vocabulary - 1)))
    workspace.carryState()
    workspace.forward(
      parameters: learner.values.base, buffers: learner.buffers.base, rows: 1, rates: [],
      source: &unused)
  }

  /// A class by the softmax of the logits over the temperature, by the Gumbel-max trick: the largest
  /// of logit / temperature − log(−log u).
  private func draw(temperature: Float, from source: inout RandomSource) -> Int32 {
    var (best, largest) = (0, -Double.infinity)
    for index in 0..<workspace.logits.classes {
      let uniform = Double(source.nextUnit()) + 0x1p-25
      let score = Double(workspace.outputs[index] / temperature) - log(-log(uniform))
      if score > largest { (best, largest) = (index, score) }
    }
    return Int32(best)
  }
}
