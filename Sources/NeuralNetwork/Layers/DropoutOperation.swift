// Dropout: some elements are zero, the others larger, while training only.
import Kernels

/// A dropout layer's place in a training plan; a plan for inference has none.
struct DropoutOperation {
  /// Which of the model's dropout layers it is: its rate can change in mid-run.
  let ordinal: Int
  let input: Int
  let output: Int
  /// Offset of the mask `[N, size]` among the values.
  let mask: Int
  let size: Int

  func forward(_ memory: Memory, rows: Int, rate: Float, source: inout RandomSource) {
    dropout(
      memory.values + input, rate: rate, mask: memory.values + mask,
      into: memory.values + output, count: rows * size, from: &source)
  }

  func backward(_ memory: Memory, _ gradients: Memory, rows: Int) {
    dropoutBackward(
      mask: memory.values + mask, outputGradient: gradients.values + output,
      into: gradients.values + input, count: rows * size)
  }
}

extension PlanBuilder {
  mutating func addDropout(ordinal: Int, size: Int) throws(NetworkError) {
    let output = try place(size)
    let mask = try place(size)
    append(
      .dropout(
        DropoutOperation(
          ordinal: ordinal, input: current, output: output, mask: mask, size: size)),
      output: output)
  }
}
