// From the layout that convolutions compute in to PyTorch's order, before what reads images as rows.
import Kernels

/// Brings blocks of channels `[channels / block, pixels, block]` into the order `[channels, pixels]`.
struct ReorderOperation {
  let input: Int
  let output: Int
  let channels: Int
  let pixels: Int
  let block: Int

  private var size: Int { channels * pixels }

  func forward(_ memory: Memory, rows: Int) {
    copyImages(
      ImageRows(base: memory.values + input, stride: size, block: block),
      to: ImageRows(base: memory.values + output, stride: size, block: 1), rows: rows,
      channels: channels, pixels: pixels)
  }

  func backward(_ gradients: Memory, rows: Int) {
    copyImages(
      ImageRows(base: gradients.values + output, stride: size, block: 1),
      to: ImageRows(base: gradients.values + input, stride: size, block: block), rows: rows,
      channels: channels, pixels: pixels)
  }
}

extension PlanBuilder {
  /// The block of channels in which an image of this shape is computed best: 1, plain NCHW, where it
  /// would leave channels over, or change nothing.
  func bestBlock(_ shape: [Int]) -> Int {
    let block = wantedBlock ?? Convolution.bestBlock
    return shape[0] % block == 0 && shape[1] * shape[2] > 1 ? block : 1
  }

  /// Lets the next layer, or who reads the outputs, find an example of this shape in PyTorch's order.
  mutating func reorder(_ shape: [Int]) throws(NetworkError) {
    guard block > 1 else { return }
    let output = try place(shape.reduce(1, *))
    append(
      .reorder(
        ReorderOperation(
          input: current, output: output, channels: shape[0], pixels: shape[1] * shape[2],
          block: block)),
      output: output)
    block = 1
  }
}
