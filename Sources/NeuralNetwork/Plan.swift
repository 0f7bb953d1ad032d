// A model turned into a flat list of operations over arenas, once per batch size.
import Kernels

/// What to compute, in order, for up to `rows` examples at once.
///
/// A smaller batch runs through the same plan: tensors are `[N, size]` from their offset on, for
/// any N. Images between convolutions lie in blocks of channels, `[C / block, H, W, block]`, as
/// oneDNN computes them; inputs and outputs are in PyTorch's order.
struct Plan {
  enum Mode {
    case training, inference
  }

  let rows: Int
  let operations: [Operation]
  /// Objects that operations name by their index.
  let convolutions: [Convolution]
  let products: [PreparedProduct]
  /// Operations before this one have no parameter before or in them: no gradient is needed there.
  let firstWithGradient: Int
  /// The first operation of the decoder; 0 without a decoder.
  let decoderStart: Int
  /// Offset of the network's input among the values, and of the decoder's.
  let input: Int
  let decoderInput: Int
  let output: Int
  /// States that the next batch may start from: those at the end, and those at the start.
  let carried: [CarriedState]
  /// Elements of the arena of values, and of that of their gradients.
  let valueCount: Int

  /// `carriesState`: recurrent layers start where the last batch ended, not from zero.
  ///
  /// Images between convolutions lie in blocks of `block` channels where those leave none over; nil: in
  /// those that oneDNN likes best.
  init(
    _ layout: ModelLayout, rows: Int, mode: Mode, carriesState: Bool = false,
    block: Int? = nil
  ) throws(NetworkError) {
    guard rows > 0 else { throw .batch(rows) }
    var builder = PlanBuilder(rows: rows, mode: mode, carriesState: carriesState, block: block)
    input = try builder.place(layout.encodedSize)
    decoderInput = try builder.place(layout.decoderLength)
    builder.current = input
    builder.isInEncoder = layout.decoderLength > 0
    var start = 0
    var size = layout.encodedSize
    for layer in layout.layers {
      if layer.isInDecoder, builder.isInEncoder {
        builder.startDecoder(at: decoderInput, afterSize: size)
        start = builder.operations.count
      }
      try layer.layer.plan(layer, in: &builder)
      size = layer.output.reduce(1, *)
    }
    try builder.reorder(layout.outputShape)
    self.rows = rows
    decoderStart = start
    operations = builder.operations
    convolutions = builder.convolutions
    products = builder.products
    firstWithGradient = builder.firstWithGradient ?? 0
    output = builder.current
    carried = builder.carried
    valueCount = builder.arena.count
  }
}
