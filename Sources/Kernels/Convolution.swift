// Convolutions of images with their gradients, through oneDNN.
import COneDNN

/// Sizes of one convolution, per image.
package struct ConvolutionShape: Sendable, Equatable {
  /// Of the input `[channels, height, width]`.
  package var channels: Int
  package var height: Int
  package var width: Int
  /// Of the output `[outputs, outputHeight, outputWidth]`.
  package var outputs: Int
  package var outputHeight: Int
  package var outputWidth: Int
  /// Of the weights `[outputs, channels, kernelHeight, kernelWidth]`.
  package var kernelHeight: Int
  package var kernelWidth: Int
  /// From window to window, in both directions.
  package var stride: Int
  /// Zeros around the input.
  package var paddingTop: Int
  package var paddingLeft: Int
  package var paddingBottom: Int
  package var paddingRight: Int
  /// How many channels of input and output lie side by side, which `bestBlock` and 1 can be; a
  /// divisor of their number.
  package var inputBlock = 1
  package var outputBlock = 1

  package init(
    channels: Int, height: Int, width: Int, outputs: Int, outputHeight: Int, outputWidth: Int,
    kernelHeight: Int, kernelWidth: Int, stride: Int, paddingTop: Int, paddingLeft: Int,
    paddingBottom: Int, paddingRight: Int
  ) {
    self.channels = channels
    self.height = height
    self.width = width
    self.outputs = outputs
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.stride = stride
    self.paddingTop = paddingTop
    self.paddingLeft = paddingLeft
    self.paddingBottom = paddingBottom
    self.paddingRight = paddingRight
  }

  /// What is wrong with the sizes, or nil.
  fileprivate var fault: ConvolutionError? {
    let sizes = [
      channels, height, width, outputs, outputHeight, outputWidth, kernelHeight, kernelWidth,
      stride,
    ]
    let paddings = [paddingTop, paddingLeft, paddingBottom, paddingRight]
    guard sizes.allSatisfy({ $0 > 0 }), paddings.allSatisfy({ $0 >= 0 }) else {
      return .sizes(self)
    }
    for (channels, block) in [(channels, inputBlock), (outputs, outputBlock)] {
      guard [1, 8, 16].contains(block), channels % block == 0 else { return .sizes(self) }
    }
    let padded = (height + paddingTop + paddingBottom, width + paddingLeft + paddingRight)
    guard padded.0 >= kernelHeight, padded.1 >= kernelWidth,
      (padded.0 - kernelHeight) / stride + 1 == outputHeight,
      (padded.1 - kernelWidth) / stride + 1 == outputWidth
    else { return .sizes(self) }
    return nil
  }

  fileprivate var inC: maxnorm_convolution_shape {
    maxnorm_convolution_shape(
      channels: Int64(channels), height: Int64(height), width: Int64(width),
      outputs: Int64(outputs), output_height: Int64(outputHeight),
      output_width: Int64(outputWidth), kernel_height: Int64(kernelHeight),
      kernel_width: Int64(kernelWidth), stride: Int64(stride), padding_top: Int64(paddingTop),
      padding_left: Int64(paddingLeft), padding_bottom: Int64(paddingBottom),
      padding_right: Int64(paddingRight),
      input_block: Int64(inputBlock), output_block: Int64(outputBlock))
  }
}

/// Why a convolution cannot be made.
package enum ConvolutionError: Error, Equatable {
  /// A size below 1, a negative padding, a kernel larger than the padded input, an output that is
  /// not (size + paddings − kernel) / stride + 1, rounded down, or blocks that leave channels over.
  case sizes(ConvolutionShape)
  /// oneDNN cannot: its status, 1 being out of memory.
  case oneDNN(status: Int)
}

extension ConvolutionError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .sizes(let shape): "sizes that do not fit together: \(shape)"
    case .oneDNN(let status): "oneDNN cannot make the convolution: status \(status)"
    }
  }
}

/// A convolution (cross-correlation, as PyTorch's `conv2d`) of images in NCHW, or in blocks of
/// channels: `[N, C / block, H, W, block]`.
///
/// All functions overwrite their results. They use the calling thread's OpenMP count
/// (`setThreadCount`); the same count gives the same bits. Any number of images may be given; each
/// new number (and count of threads) is prepared once, which takes milliseconds. A transposed
/// convolution is this one with its directions exchanged: `inputGradient` is its forward pass.
package final class Convolution {
  package let shape: ConvolutionShape

  /// The block of channels that this processor computes in: images that lie so are not reordered.
  package static let bestBlock = Int(maxnorm_convolution_best_block())

  private let handle: OpaquePointer

  /// Prepares for `rows` images: the forward pass, and for training the gradients.
  package init(
    _ shape: ConvolutionShape, rows: Int, forTraining: Bool
  ) throws(ConvolutionError) {
    if let fault = shape.fault { throw fault }
    precondition(rows > 0, "\(rows) images")
    guard let handle = maxnorm_convolution_create(shape.inC) else {
      throw .oneDNN(status: Int(dnnl_out_of_memory.rawValue))
    }
    self.shape = shape
    self.handle = handle
    var directions = [maxnorm_convolution_forward]
    if forTraining {
      directions += [maxnorm_convolution_input_gradient, maxnorm_convolution_weight_gradient]
    }
    for direction in directions {
      let status = maxnorm_convolution_prepare(handle, direction, Int64(rows))
      if status != 0 { throw .oneDNN(status: Int(status)) }
    }
  }

  deinit {
    maxnorm_convolution_destroy(handle)
  }

  /// y `[rows, outputs, outputHeight, outputWidth]` = weights over x `[rows, channels, height, width]`
  /// plus the bias `[outputs]` where there is one.
  package func forward(
    _ x: UnsafePointer<Float>, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    into y: UnsafeMutablePointer<Float>, rows: Int
  ) {
    run(
      maxnorm_convolution_forward, rows: rows, UnsafeMutablePointer(mutating: x),
      UnsafeMutablePointer(mutating: weights), UnsafeMutablePointer(mutating: bias), y)
  }

  /// dx `[rows, channels, height, width]` from dy `[rows, outputs, outputHeight, outputWidth]`; 0
  /// where no window reads the input.
  package func inputGradient(
    _ dy: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    into dx: UnsafeMutablePointer<Float>, rows: Int
  ) {
    run(
      maxnorm_convolution_input_gradient, rows: rows, dx,
      UnsafeMutablePointer(mutating: weights), nil, UnsafeMutablePointer(mutating: dy))
  }

  /// dw in the weights' shape from x and dy, and the bias's gradient `[outputs]` where it is wanted.
  package func weightGradient(
    _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, into dw: UnsafeMutablePointer<Float>,
    biasGradient: UnsafeMutablePointer<Float>?, rows: Int
  ) {
    run(
      maxnorm_convolution_weight_gradient, rows: rows, UnsafeMutablePointer(mutating: x), dw,
      biasGradient, UnsafeMutablePointer(mutating: dy))
  }

  private func run(
    _ direction: maxnorm_convolution_direction, rows: Int, _ input: UnsafeMutablePointer<Float>,
    _ weights: UnsafeMutablePointer<Float>, _ bias: UnsafeMutablePointer<Float>?,
    _ output: UnsafeMutablePointer<Float>
  ) {
    let status = maxnorm_convolution_run(
      handle, direction, Int64(rows), input, weights, bias, output)
    precondition(status == 0, "oneDNN's status \(status) for \(rows) images of \(shape)")
  }
}
