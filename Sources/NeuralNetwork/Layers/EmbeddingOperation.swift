// The embedding: each token's learnt vector.
import Kernels

/// An embedding's place in the plan; nothing before it learns.
struct EmbeddingOperation {
  /// Offset of the tokens `[N, steps]`, whole numbers below `vocabulary`.
  let input: Int
  /// Offset of the vectors `[N, steps, size]`.
  let output: Int
  let steps: Int
  let vocabulary: Int
  let size: Int
  /// Offset of W `[vocabulary, size]`.
  let weight: Int

  func forward(_ memory: Memory, rows: Int) {
    embed(
      memory.values + input, table: memory.parameters + weight, count: rows * steps, size: size,
      into: memory.values + output)
  }

  func backward(_ memory: Memory, _ gradients: Memory, rows: Int) {
    embedBackward(
      memory.values + input, outputGradient: gradients.values + output, count: rows * steps,
      size: size,
      vocabulary: vocabulary, into: gradients.parameters + weight)
  }
}

extension ModelLayout {
  /// The table of an embedding, and its outputs.
  mutating func add(
    _ embedding: EmbeddingDescription, _ path: LayerPath, isInDecoder: Bool
  ) throws(NetworkError) -> [Int] {
    let name = try parameters.claim(embedding.name, kind: "embedding", path)
    guard outputShape.count == 1, isAtData else {
      throw .misfit(
        layer: path, "embedding: expected tokens [steps] right from the data, found \(outputShape)")
    }
    guard let tokens = embedding.vocabulary, tokens > 0, embedding.size > 0 else {
      throw .misfit(
        layer: path, "embedding: expected a vocabulary and a size of at least 1")
    }
    // Tokens are whole numbers in float32.
    guard tokens < EmbeddingDescription.largestVocabulary else { throw .tooLarge(floats: nil) }
    if isInDecoder {
      decoderVocabulary = tokens
    } else {
      vocabulary = tokens
    }
    try parameters.addWeight(
      WeightName(
        layer: name, kind: "embedding", tensor: "weight",
        shape: [tokens, embedding.size], isOnlyOne: true,
        override: embedding.maxNorm), .normal, path)
    return [outputShape[0], embedding.size]
  }
}

extension PlanBuilder {
  mutating func add(_ embedding: EmbeddingDescription, _ layer: PlacedLayer) throws(NetworkError) {
    guard let vocabulary = embedding.vocabulary else {
      preconditionFailure("a layout refuses an embedding without a vocabulary")
    }
    let output = try place(layer.output.reduce(1, *))
    appendLearning(
      .embedding(
        EmbeddingOperation(
          input: current, output: output, steps: layer.input[0],
          vocabulary: vocabulary, size: embedding.size, weight: layer.parameters[0])),
      output: output)
  }
}
