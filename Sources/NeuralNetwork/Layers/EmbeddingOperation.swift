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

extension PlanBuilder {
  mutating func add(_ embedding: EmbeddingDescription, _ layer: PlacedLayer) throws(NetworkError) {
    let output = try place(layer.output.reduce(1, *))
    appendLearning(
      .embedding(
        EmbeddingOperation(
          input: current, output: output, steps: layer.input[0],
          vocabulary: embedding.vocabulary, size: embedding.size, weight: layer.parameters[0])),
      output: output)
  }
}
