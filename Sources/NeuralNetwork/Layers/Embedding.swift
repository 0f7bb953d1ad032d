// The embedding: each token's learnt vector.
import Kernels

/// A learnt vector for each token: W `[vocabulary, size]`, as PyTorch's `Embedding`.
package struct EmbeddingDescription: Sendable, Equatable {
  package var name: String?
  /// Tokens are whole numbers from 0 to below this; nil: the data say, see `fillingVocabularies`.
  package var vocabulary: Int?
  /// Values of a vector.
  package var size: Int
  package var maxNorm: MaxNormOverride
  /// What a unit of the weights is; nil: what the constraint says for all.
  package var axes: UnitAxes?

  package init(
    name: String? = nil, vocabulary: Int? = nil, size: Int, maxNorm: MaxNormOverride = .inherit,
    axes: UnitAxes? = nil
  ) {
    self.name = name
    self.vocabulary = vocabulary
    self.size = size
    self.maxNorm = maxNorm
    self.axes = axes
  }
}

extension EmbeddingDescription: Layer {
  /// Tokens are whole numbers in float32, which has all of them below this.
  package static let largestVocabulary = 1 << 24

  package var kind: LayerKind { .embedding }
  package var namesElsewhere: String { "embed embeddings emb lookup_table" }
  package static let keys: [LayerKey<Self>] = [
    .name(\.name),
    LayerKey(
      "vocabulary", .vocabulary(\.vocabulary),
      elsewhere: "num_embeddings vocab vocab_size vocabulary_size n_vocab num_tokens input_dim "
        + "n_tokens"),
    .size("size", \.size, elsewhere: "emb_dim d_model embedding_size"), .maxNorm(\.maxNorm),
    .axis(\.axes),
  ]
  package var role: LayerRole { .embedding }
  package var asDescription: LayerDescription { .embedding(self) }

  package func place(in layout: inout ModelLayout, at path: LayerPath) throws(NetworkError)
    -> [Int]
  {
    let shape = layout.outputShape
    let name = try layout.parameters.claim(name, kind: kind, path)
    guard shape.count == 1, layout.isAtData else {
      throw .misfit(
        layer: path, "embedding: expected tokens [steps] right from the data, found \(shape)")
    }
    guard let tokens = vocabulary, tokens > 0, size > 0 else {
      throw .misfit(
        layer: path, "embedding: expected a vocabulary and a size of at least 1")
    }
    // Tokens are whole numbers in float32.
    guard tokens < Self.largestVocabulary else { throw .tooLarge(floats: nil) }
    if layout.isInDecoder {
      layout.decoderVocabulary = tokens
    } else {
      layout.vocabulary = tokens
    }
    try layout.parameters.addWeight(
      WeightName(
        layer: name, kind: kind, tensor: "weight", shape: [tokens, size], isOnlyOne: true,
        override: maxNorm, axes: axes), order: [0, 1], .normal, path)
    return [shape[0], size]
  }

  package func plan(_ placed: PlacedLayer, in builder: inout PlanBuilder) throws(NetworkError) {
    guard let vocabulary else {
      preconditionFailure("a layout refuses an embedding without a vocabulary")
    }
    let output = try builder.place(placed.output.reduce(1, *))
    builder.appendLearning(
      .embedding(
        EmbeddingOperation(
          input: builder.current, output: output, steps: placed.input[0],
          vocabulary: vocabulary, size: size, weight: placed.parameters[0])),
      output: output)
  }
}

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
