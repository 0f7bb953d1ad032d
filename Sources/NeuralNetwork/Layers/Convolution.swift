// 2-D convolution and its adjoint, through oneDNN. Letters: N images, C channels in, O out.
import Kernels

/// How far an image is padded with zeros.
package enum Padding: Sendable, Equatable {
  /// So much that the output has ⌈size / stride⌉ rows and columns (transposed: size · stride); an odd
  /// rest goes to the bottom and right.
  case same
  /// On each of the four sides; `valid` is 0.
  case pixels(Int)
}

/// A 2-D convolution with W `[channels, in, kernel, kernel]`, or a transposed one with
/// W `[in, channels, kernel, kernel]`, as PyTorch's `Conv2d` and `ConvTranspose2d`.
package struct ConvolutionDescription: Sendable, Equatable {
  package var name: String?
  /// Output channels, each a unit.
  package var channels: Int
  /// The kernel's height and width.
  package var kernel: Int
  /// Pixels from one window to the next.
  package var stride: Int
  package var padding: Padding
  /// Adds a learnt value to every output channel.
  package var bias: Bool
  /// The adjoint of a convolution: it makes images larger.
  package var isTransposed: Bool
  package var maxNorm: MaxNormOverride
  /// What a unit of the weights is; nil: what the constraint says for all.
  package var axes: UnitAxes?

  package init(
    name: String? = nil, channels: Int, kernel: Int, stride: Int = 1,
    padding: Padding = .pixels(0), bias: Bool = true, isTransposed: Bool = false,
    maxNorm: MaxNormOverride = .inherit,
    axes: UnitAxes? = nil
  ) {
    self.name = name
    self.channels = channels
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.bias = bias
    self.isTransposed = isTransposed
    self.maxNorm = maxNorm
    self.axes = axes
  }
}

extension ConvolutionDescription: Layer {
  package var kind: LayerKind { isTransposed ? .convTranspose2d : .conv2d }
  package var namesElsewhere: String {
    isTransposed
      ? "convtranspose2d conv2d_transpose conv2dtranspose convtranspose deconv deconvolution deconv2d"
      : "conv convolution convolution2d conv_2d cnn"
  }
  package static let keys: [LayerKey<Self>] = [
    .name(\.name), .size("channels", \.channels),
    LayerKey(
      "kernel", .integer(\.kernel, atLeast: 1, missing: .isAnError),
      elsewhere: "kernel_size filter_size ksize kernel_shape"),
    LayerKey(
      "stride", .integer(\.stride, atLeast: 1, missing: .takes(\.stride)),
      elsewhere: "strides subsample"),
    LayerKey("padding", .padding(\.padding), elsewhere: "pad pads padding_mode"),
    LayerKey("bias", .flag(\.bias), elsewhere: "use_bias"), .maxNorm(\.maxNorm), .axis(\.axes),
  ]
  package var role: LayerRole { .convolution }
  package var asDescription: LayerDescription { .convolution(self) }

  package func place(in layout: inout ModelLayout, at path: LayerPath) throws(NetworkError)
    -> [Int]
  {
    let name = try layout.parameters.claim(name, kind: kind, path)
    let image = try ImageShape(layout.outputShape, path, kind)
    let output = try outputShape(for: image, path)
    let shape =
      isTransposed
      ? [image.channels, channels, kernel, kernel] : [channels, image.channels, kernel, kernel]
    // PyTorch takes the second dimension for the inputs, transposed or not.
    let fan = Float(shape[1]) * Float(kernel) * Float(kernel)
    let bound = InitialValues.uniform(bound: 1 / fan.squareRoot())
    try layout.parameters.addWeight(
      WeightName(
        layer: name, kind: kind, tensor: "weight", shape: shape, isOnlyOne: true,
        override: maxNorm, axes: axes),
      // Keras has height, width, inputs and outputs, of a transposed one outputs and inputs.
      unitColumns: isTransposed ? kernel * kernel : 0, order: [2, 3, 1, 0], bound, path)
    if bias { try layout.parameters.addParameter(name + ".bias", [channels], bound) }
    return output
  }

  package func plan(_ placed: PlacedLayer, in builder: inout PlanBuilder) throws(NetworkError) {
    let output = try builder.place(placed.output.reduce(1, *))
    let outputBlock = builder.bestBlock(placed.output)
    let convolution: Convolution
    do {
      convolution = try Convolution(
        geometry(of: placed, blocks: (builder.block, outputBlock)), rows: builder.rows,
        forTraining: builder.mode == .training || isTransposed)
    } catch {
      throw .misfit(layer: placed.path, "\(kind.rawValue): \(error)")
    }
    builder.convolutions.append(convolution)
    builder.appendLearning(
      .convolution(
        ConvolutionOperation(
          convolution: builder.convolutions.count - 1, isTransposed: isTransposed,
          input: builder.current, output: output, channels: placed.output[0],
          outputPixels: placed.output[1] * placed.output[2], outputBlock: outputBlock,
          weight: placed.parameters[0], bias: bias ? placed.parameters[1] : nil,
          needsInputGradient: builder.learns)),
      output: output)
    builder.block = outputBlock
  }
}

extension ConvolutionDescription {
  /// The shape of one output for images of this shape.
  func outputShape(for image: ImageShape, _ path: LayerPath) throws(NetworkError) -> [Int] {
    var settings = [(channels, "channels", 1), (kernel, "kernel", 1), (stride, "stride", 1)]
    if case .pixels(let pixels) = padding { settings.append((pixels, "padding", 0)) }
    try ImageShape.check(settings, path, kind)
    let (height, width) = (extent(image.height), extent(image.width))
    guard height.output > 0, width.output > 0 else {
      throw .misfit(
        layer: path,
        "\(kind.rawValue): expected images larger than its kernel of \(kernel), "
          + "found \(image.height) x \(image.width)")
    }
    return [channels, height.output, width.output]
  }

  /// The output's length along one side, and the padding before and behind, of the convolution or of
  /// the one it is the adjoint of.
  private func extent(_ input: Int) -> (output: Int, before: Int, behind: Int) {
    switch padding {
    case .pixels(let pixels):
      let output =
        isTransposed
        ? (input - 1) * stride + kernel - 2 * pixels
        : input + 2 * pixels < kernel ? 0 : (input + 2 * pixels - kernel) / stride + 1
      return (output, pixels, pixels)
    case .same:
      let output = isTransposed ? input * stride : (input + stride - 1) / stride
      let (large, small) = isTransposed ? (output, input) : (input, output)
      let total = max((small - 1) * stride + kernel - large, 0)
      return (output, total / 2, total - total / 2)
    }
  }

  /// The geometry for oneDNN; a transposed layer's is that of the convolution it is the adjoint of.
  ///
  /// The images before and behind the layer lie in these blocks of channels.
  func geometry(of layer: PlacedLayer, blocks: (input: Int, output: Int)) -> ConvolutionShape {
    let (height, width) = (extent(layer.input[1]), extent(layer.input[2]))
    let (large, small) =
      isTransposed ? (layer.output, layer.input) : (layer.input, layer.output)
    var shape = ConvolutionShape(
      channels: large[0], height: large[1], width: large[2], outputs: small[0],
      outputHeight: small[1], outputWidth: small[2], kernelHeight: kernel, kernelWidth: kernel,
      stride: stride, paddingTop: height.before, paddingLeft: width.before,
      paddingBottom: height.behind, paddingRight: width.behind)
    (shape.inputBlock, shape.outputBlock) =
      isTransposed ? (blocks.output, blocks.input) : blocks
    return shape
  }
}

/// A convolution's place in the plan.
///
/// A transposed one runs as the adjoint of an ordinary convolution from its output to its input: the
/// passes change places, and W `[C, O, k, k]` is that convolution's weight as it lies.
struct ConvolutionOperation {
  /// Index of the plan's convolution.
  let convolution: Int
  let isTransposed: Bool
  /// Offset of x `[N, C, height, width]`, in blocks of channels, and of dx.
  let input: Int
  /// Offset of y `[N, O, height, width]`, which has its own block, and of dy.
  let output: Int
  /// O, the pixels of one of its planes, and its block.
  let channels: Int
  let outputPixels: Int
  let outputBlock: Int
  /// Offset of W, and of dW.
  let weight: Int
  /// Offset of b `[O]`, if it has one.
  let bias: Int?
  /// Whether anything before it learns.
  let needsInputGradient: Bool

  private func planes(_ rows: Int) -> Planes {
    Planes(rows: rows, channels: channels, inner: outputPixels, block: outputBlock)
  }

  func forward(_ memory: Memory, _ convolution: Convolution, rows: Int) {
    let x = memory.values + input
    let y = memory.values + output
    let w = memory.parameters + weight
    let b = bias.map { memory.parameters + $0 }
    guard isTransposed else {
      return convolution.forward(x, weights: w, bias: b, into: y, rows: rows)
    }
    convolution.inputGradient(x, weights: w, into: y, rows: rows)
    if let b { addChannelBias(b, to: y, planes(rows)) }
  }

  func backward(_ memory: Memory, _ gradients: Memory, _ convolution: Convolution, rows: Int) {
    let x = memory.values + input
    let dy = gradients.values + output
    let w = memory.parameters + weight
    let dw = gradients.parameters + weight
    let db = bias.map { gradients.parameters + $0 }
    guard isTransposed else {
      convolution.weightGradient(x, dy, into: dw, biasGradient: db, rows: rows)
      if needsInputGradient {
        convolution.inputGradient(dy, weights: w, into: gradients.values + input, rows: rows)
      }
      return
    }
    convolution.weightGradient(dy, x, into: dw, biasGradient: nil, rows: rows)
    if let db { channelSums(dy, planes(rows), into: db) }
    if needsInputGradient {
      convolution.forward(dy, weights: w, bias: nil, into: gradients.values + input, rows: rows)
    }
  }
}
