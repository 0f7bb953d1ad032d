// Inference: loss, accuracy and outputs, without a trace in the training state.
import Kernels

/// What an evaluation tells.
package struct Evaluation: Sendable, Equatable {
  /// The mean over the examples (cross-entropy) or over all elements; NaN without examples.
  package var loss: Double
  /// The share of right decisions: the largest logit, or for binary cross-entropy each logit's
  /// sign; nil for losses without decisions.
  package var accuracy: Double?
  /// Examples measured.
  package var count: Int
}

extension Learner {
  /// Examples that run through the network at once while evaluating.
  static var evaluationRows: Int { 256 }

  /// Throws where the examples don't fit the model and its loss.
  package func check(_ examples: Examples) throws(NetworkError) {
    guard examples.inputSize == layout.inputSize else {
      throw .inputSize(examples.inputSize, expected: layout.inputSize)
    }
    guard let outputs = loss.outputs(for: examples.targets) else { throw .targets(loss: loss) }
    guard outputs == layout.outputSize else {
      throw .outputSize(
        layer: layout.lastDense, outputs: layout.outputSize, expected: outputs)
    }
  }

  /// Loss and accuracy on the first `count` examples (all, if there are fewer).
  package func evaluate(_ examples: Examples, first count: Int = .max) -> Evaluation {
    let mode = flushDenormals()
    defer { restore(mode) }
    let count = max(0, min(count, examples.count))
    var total = 0.0
    var hits: Int?
    var start = 0
    while start < count {
      let rows = min(Learner.evaluationRows, count - start)
      inference.load(
        examples, from: start, indices: sequence.base, count: rows, loss: loss)
      infer(rows: rows)
      total += inference.loss(loss, rows: rows, withGradient: false) * Double(rows)
      if let chunk = inference.hits(loss, rows: rows) { hits = (hits ?? 0) + chunk }
      start += rows
    }
    let decisions = count * (loss == .crossEntropy ? 1 : layout.outputSize)
    return Evaluation(
      loss: total / Double(count), accuracy: hits.map { Double($0) / Double(decisions) },
      count: count)
  }

  /// The raw outputs (logits) `[count, outputs]` for inputs `[count, inputs]`.
  package func predict(_ inputs: [Float], count: Int) -> [Float] {
    precondition(
      count >= 0 && inputs.count == count * layout.inputSize,
      "\(inputs.count) inputs for \(count) examples of \(layout.inputSize)")
    let mode = flushDenormals()
    defer { restore(mode) }
    var outputs: [Float] = []
    outputs.reserveCapacity(count * layout.outputSize)
    var start = 0
    while start < count {
      let rows = min(Learner.evaluationRows, count - start)
      inputs.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        inference.inputs.update(
          from: base + start * layout.inputSize, count: rows * layout.inputSize)
      }
      infer(rows: rows)
      outputs.append(
        contentsOf: UnsafeBufferPointer(
          start: inference.outputs, count: rows * layout.outputSize))
      start += rows
    }
    return outputs
  }

  /// A plan for inference has no dropout, so it asks nothing of a generator.
  private func infer(rows: Int) {
    var unused = RandomSource(seed: 0)
    inference.forward(parameters: values.base, rows: rows, rates: [], source: &unused)
  }
}
