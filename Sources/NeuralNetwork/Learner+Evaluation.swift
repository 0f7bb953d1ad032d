// Inference: loss, accuracy and outputs, without a trace in the training state.
import Basics
import Kernels

/// The results of an evaluation.
package struct Evaluation: Sendable, Equatable {
  /// The mean over the decisions (cross-entropy) or over all elements; NaN without examples.
  package var loss: Double
  /// The share of right decisions: the largest logit, or for binary cross-entropy each logit's
  /// sign; nil for losses without decisions.
  package var accuracy: Double?
  /// Examples measured.
  package var count: Int
}

extension Learner {
  /// Values an example gives.
  package var outputSize: Int { layout.outputSize }

  /// Throws where the examples of a part or several don't fit the model and its loss.
  package func check(_ parts: Examples...) throws(NetworkError) { try check(parts) }

  /// The same of parts in a list.
  package func check(_ parts: [Examples]) throws(NetworkError) {
    for examples in parts
    where examples.count > 0 && examples.inputSize != layout.inputSize {
      throw .inputSize(examples.inputSize, expected: layout.inputSize)
    }
    try checkTokens(parts)
    for examples in parts { try checkTargets(examples) }
  }

  private func checkTargets(_ examples: Examples) throws(NetworkError) {
    guard let outputs = objective.loss.outputs(for: examples.targets) else {
      throw .targets(loss: objective.loss)
    }
    if case .classes(_, let classes, let positions) = examples.targets,
      objective.loss == .crossEntropy, positions > 1 || layout.outputShape.count > 1
    {
      let logits = LogitLayout(layout.outputShape, loss: .crossEntropy)
      guard logits.classes == classes, logits.decisions == positions else {
        throw .outputShape(
          layer: layout.lastWeighted, outputs: layout.outputShape,
          expected: positions == 1
            ? "[\(classes)]"
            : "[steps, \(classes)] or [\(classes), height, width] for \(positions) labels an example"
        )
      }
      return
    }
    guard outputs == layout.outputSize else {
      throw .outputSize(
        layer: layout.lastWeighted, outputs: layout.outputSize, expected: outputs)
    }
  }

  /// Tokens index a table: one outside of it must never get that far.
  private func checkTokens(_ parts: [Examples]) throws(NetworkError) {
    guard layout.vocabulary != nil || layout.decoderVocabulary != nil else { return }
    // The largest of all: a message names the size that is needed, not the first misfit.
    var largest: (token: Float, vocabulary: Int)?
    for examples in parts {
      for (place, token) in examples.inputs.enumerated() {
        let isEncoded = place % layout.inputSize < layout.encodedSize
        guard let vocabulary = isEncoded ? layout.vocabulary : layout.decoderVocabulary else {
          continue
        }
        guard token >= 0, token == token.rounded() else {
          throw .token(token, vocabulary: vocabulary)
        }
        if token >= Float(vocabulary), token > largest?.token ?? -1 {
          largest = (token, vocabulary)
        }
      }
    }
    if let largest { throw .token(largest.token, vocabulary: largest.vocabulary) }
  }

  /// Loss and accuracy on the first `count` examples (all, if there are fewer).
  ///
  /// `check` is called before each batch; what it throws ends the evaluation.
  package func evaluate<Failure: Error>(
    _ examples: Examples, first count: Int = .max, check: () throws(Failure) -> Void
  ) throws(Failure) -> Evaluation {
    try evaluate(examples, first: count, check: check) { _, _ in }
  }

  /// The same, without an end before its end.
  package func evaluate(_ examples: Examples, first count: Int = .max) -> Evaluation {
    evaluate(examples, first: count) {}
  }

  /// Loss and accuracy, and the raw outputs `[count, outputs]`, of all examples.
  package func evaluate<Failure: Error>(
    _ examples: Examples, into outputs: inout [Float], check: () throws(Failure) -> Void
  ) throws(Failure) -> Evaluation {
    let size = layout.outputSize
    var all = [Float](repeating: 0, count: examples.count * size)
    let evaluation = try evaluate(examples, first: .max, check: check) { row, values in
      all.withUnsafeMutableBufferPointer { all in
        _ = all[row * size..<(row + 1) * size].update(
          fromContentsOf: UnsafeBufferPointer(start: values, count: size))
      }
    }
    outputs = all
    return evaluation
  }

  /// The same, without an end before its end.
  package func evaluate(_ examples: Examples, into outputs: inout [Float]) -> Evaluation {
    evaluate(examples, into: &outputs) {}
  }

  /// Calls `body` with each example's index and outputs.
  private func evaluate<Failure: Error>(
    _ examples: Examples, first count: Int, check: () throws(Failure) -> Void,
    _ body: (Int, UnsafePointer<Float>) -> Void
  ) throws(Failure) -> Evaluation {
    let mode = flushDenormals()
    defer { restore(mode) }
    let count = max(0, min(count, examples.count))
    var total = 0.0
    var hits: Int?
    var chunks = EvaluationOrder(
      count: count, rows: layout.evaluationRows, inStreams: carriesState)
    while let rows = chunks.next(into: chunk.base) {
      try check()
      if chunks.startsAnew { inference.forgetState() } else { inference.carryState() }
      inference.load(examples, indices: chunk.base, count: rows, loss: objective.loss)
      infer(rows: rows)
      total +=
        inference.loss(
          objective.loss, smoothing: objective.labelSmoothing, rows: rows, withGradient: false)
        * Double(rows)
      if let right = inference.hits(objective.loss, rows: rows) { hits = (hits ?? 0) + right }
      for row in 0..<rows {
        body(Int(chunk.base[row]), inference.outputs + row * layout.outputSize)
      }
    }
    let decisions =
      switch objective.loss {
      case .crossEntropy: count * inference.logits.decisions
      case .classAndBox: count
      case .binaryCrossEntropy, .meanSquaredError: count * layout.outputSize
      }
    return Evaluation(
      loss: total / Double(count), accuracy: hits.map { Double($0) / Double(decisions) },
      count: count)
  }

  /// The raw outputs (logits) `[count, outputs]` for inputs `[count, inputs]`.
  package func predict(_ inputs: [Float], count: Int) -> [Float] {
    precondition(
      count >= 0 && layout.decoderLength == 0 && inputs.count == count * layout.inputSize,
      "\(inputs.count) inputs for \(count) examples of \(layout.inputSize)")
    let mode = flushDenormals()
    defer { restore(mode) }
    var outputs: [Float] = []
    outputs.reserveCapacity(count * layout.outputSize)
    var start = 0
    while start < count {
      let rows = min(layout.evaluationRows, count - start)
      inputs.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        inference.inputs.update(
          from: base + start * layout.inputSize, count: rows * layout.inputSize)
      }
      inference.forgetState()
      infer(rows: rows)
      outputs.append(
        contentsOf: UnsafeBufferPointer(
          start: inference.outputs, count: rows * layout.outputSize))
      start += rows
    }
    return outputs
  }

  /// A plan for inference has no dropout, so it draws no random numbers.
  func infer(rows: Int, from start: Int = 0) {
    var unused = RandomSource(seed: 0)
    inference.forward(
      parameters: values.base, buffers: buffers.base, rows: rows, from: start, rates: [],
      source: &unused)
  }
}

/// Which examples come in which chunk of an evaluation.
struct EvaluationOrder {
  private let count: Int
  private let rows: Int
  /// Contiguous windows are read in `streams` streams at once, each window behind the one before
  /// it.
  private let streams: Int
  private let streamLength: Int
  private var position = 0
  /// The chunk handed out last does not continue the one before it.
  private(set) var startsAnew = true

  init(count: Int, rows: Int, inStreams: Bool) {
    self.count = count
    self.rows = rows
    // Long streams, so that few of them start from nothing.
    streams = inStreams ? max(1, min(rows, count / 16)) : 0
    streamLength = streams > 0 ? count / streams : 0
  }

  /// Writes the next chunk's rows and returns their number; nil at the end.
  mutating func next(into indices: UnsafeMutablePointer<Int32>) -> Int? {
    if position < streamLength {
      for stream in 0..<streams {
        indices[stream] = Int32(stream * streamLength + position)
      }
      startsAnew = position == 0
      position += 1
      return streams
    }
    // What the streams leave over, or everything without streams, in order.
    if position == streamLength { position = max(position, streams * streamLength) }
    guard position < count else { return nil }
    let taken = min(rows, count - position)
    for row in 0..<taken { indices[row] = Int32(position + row) }
    startsAnew = true
    position += taken
    return taken
  }
}

extension ModelLayout {
  /// Examples that run through the network at once while evaluating: many, as long as their
  /// activations do not fill the memory.
  var evaluationRows: Int {
    let values = layers.reduce(inputSize + innerValues) { $0 + $1.output.reduce(1, *) }
    return max(1, min(256, (1 << 24) / values))
  }
}
