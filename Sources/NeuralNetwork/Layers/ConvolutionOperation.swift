// 2-D convolution and its adjoint, through oneDNN. Letters: N images, C channels in, O out.
import Kernels

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
  /// Offset of y `[N, O, height, width]`, in blocks of its own, and of dy.
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

extension ModelLayout {
  /// The parameters of a convolution, and its outputs.
  mutating func add(_ convolution: ConvolutionDescription, _ path: LayerPath)
    throws(NetworkError) -> [Int]
  {
    let kind = convolution.kind
    let name = try parameters.claim(convolution.name, kind: kind, path)
    let image = try Self.image(outputShape, path, kind)
    let (channels, kernel) = (convolution.channels, convolution.kernel)
    let output = try convolution.outputShape(for: image, path)
    let shape =
      convolution.isTransposed
      ? [image.channels, channels, kernel, kernel] : [channels, image.channels, kernel, kernel]
    // PyTorch takes the second dimension for the inputs, transposed or not.
    let fan = Float(shape[1]) * Float(kernel) * Float(kernel)
    let bound = InitialValues.uniform(bound: 1 / fan.squareRoot())
    try parameters.addWeight(
      WeightName(
        layer: name, kind: kind, tensor: "weight", shape: shape, isOnlyOne: true,
        override: convolution.maxNorm),
      unitColumns: convolution.isTransposed ? kernel * kernel : 0, bound, path)
    if convolution.bias { try parameters.addParameter(name + ".bias", [channels], bound) }
    return output
  }
}

extension PlanBuilder {
  mutating func add(_ description: ConvolutionDescription, _ layer: PlacedLayer)
    throws(NetworkError)
  {
    let output = try place(layer.output.reduce(1, *))
    let outputBlock = bestBlock(layer.output)
    let convolution: Convolution
    do {
      convolution = try Convolution(
        description.geometry(of: layer, blocks: (block, outputBlock)), rows: rows,
        forTraining: mode == .training || description.isTransposed)
    } catch {
      throw .misfit(layer: layer.path, "\(description.kind): \(error)")
    }
    convolutions.append(convolution)
    appendLearning(
      .convolution(
        ConvolutionOperation(
          convolution: convolutions.count - 1, isTransposed: description.isTransposed,
          input: current, output: output, channels: layer.output[0],
          outputPixels: layer.output[1] * layer.output[2], outputBlock: outputBlock,
          weight: layer.parameters[0], bias: description.bias ? layer.parameters[1] : nil,
          needsInputGradient: learns)),
      output: output)
    block = outputBlock
  }
}
