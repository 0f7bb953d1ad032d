// What convolution and pooling make of an image's size.
import Kernels

/// An example that is an image: `[channels, height, width]`.
struct ImageShape {
  var channels, height, width: Int

  /// No setting of a layer may be larger, so that nothing computed from it overflows.
  static let largestSetting = 1 << 20

  /// Throws where one of a layer's settings lies outside its range.
  static func check(
    _ settings: [(value: Int, key: String, least: Int)], _ path: LayerPath, _ kind: String
  ) throws(NetworkError) {
    for (value, key, least) in settings where value < least || value > largestSetting {
      throw .misfit(
        layer: path,
        "\(kind): expected \(key) from \(least) to \(largestSetting), found \(value)")
    }
  }
}

extension ConvolutionDescription {
  /// The layer's kind in an experiment.
  var kind: String { isTransposed ? "conv_transpose2d" : "conv2d" }

  /// The shape of one output for images of this shape.
  func outputShape(for image: ImageShape, _ path: LayerPath) throws(NetworkError) -> [Int] {
    var settings = [(channels, "channels", 1), (kernel, "kernel", 1), (stride, "stride", 1)]
    if case .pixels(let pixels) = padding { settings.append((pixels, "padding", 0)) }
    try ImageShape.check(settings, path, kind)
    let (height, width) = (extent(image.height), extent(image.width))
    guard height.output > 0, width.output > 0 else {
      throw .misfit(
        layer: path,
        "\(kind): expected images larger than its kernel of \(kernel), "
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

extension PoolDescription {
  /// The shape of one output for examples of this shape; incomplete windows are left out.
  func outputShape(for input: [Int], _ path: LayerPath, _ kind: String) throws(NetworkError)
    -> [Int]
  {
    let image = try ModelLayout.image(input, path, kind)
    try ImageShape.check([(size, "size", 1), (stride, "stride", 1)], path, kind)
    guard image.height >= size, image.width >= size else {
      throw .misfit(
        layer: path,
        "\(kind): expected images of at least \(size) x \(size), "
          + "found \(image.height) x \(image.width)")
    }
    return [
      image.channels, (image.height - size) / stride + 1, (image.width - size) / stride + 1,
    ]
  }

  /// The geometry of one plane, of a block of channels.
  func geometry(of layer: PlacedLayer, block: Int) -> PoolingShape {
    PoolingShape(
      height: layer.input[1], width: layer.input[2], outputHeight: layer.output[1],
      outputWidth: layer.output[2], size: size, stride: stride, block: block)
  }
}
