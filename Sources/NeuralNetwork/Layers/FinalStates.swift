// What a sequence passes on: its last outputs, or from an encoder's nothing but its state.
import Kernels

/// The final states of a sequence's outputs: the last step, or for a reversed direction the first.
struct LastStateOperation {
  /// Offset of `[N, steps, directions·H]`.
  let input: Int
  /// Offset of `[N, directions·H]`.
  let output: Int
  let steps: Int
  let hidden: Int
  let directions: Int

  private func rows(_ values: UnsafeMutablePointer<Float>, _ direction: Int)
    -> (sequence: StridedRows, last: StridedRows)
  {
    let width = directions * hidden
    let step = direction == 0 ? steps - 1 : 0
    return (
      StridedRows(
        base: values + input + step * width + direction * hidden, stride: steps * width),
      StridedRows(base: values + output + direction * hidden, stride: width)
    )
  }

  func forward(_ memory: Memory, rows count: Int) {
    for direction in 0..<directions {
      let (sequence, last) = rows(memory.values, direction)
      copyRows(sequence, to: last, rows: count, columns: hidden)
    }
  }

  func backward(_ gradients: Memory, rows count: Int) {
    let width = steps * directions * hidden
    (gradients.values + input).update(repeating: 0, count: count * width)
    for direction in 0..<directions {
      let (sequence, last) = rows(gradients.values, direction)
      copyRows(last, to: sequence, rows: count, columns: hidden)
    }
  }
}

/// Outputs that nothing reads: an encoder's, of which only the final state is used.
struct DiscardOperation {
  let input: Int
  let size: Int

  func backward(_ gradients: Memory, rows: Int) {
    (gradients.values + input).update(repeating: 0, count: rows * size)
  }
}

extension PlanBuilder {
  /// The rest of the layers read the decoder's input.
  mutating func startDecoder(at input: Int, afterSize size: Int) {
    append(.discard(DiscardOperation(input: current, size: size)), output: input)
    block = 1
    isInEncoder = false
    learns = false
    kept = [:]
  }
}
