// Pooling: the largest or the mean value of each window of an image, or the mean of a whole channel.
import Kernels

/// A pooling window, without padding.
package struct PoolDescription: Sendable, Equatable {
  /// The window's height and width.
  package var size: Int
  /// Pixels from one window to the next.
  package var stride: Int

  package init(size: Int, stride: Int? = nil) {
    self.size = size
    self.stride = stride ?? size
  }
}

/// The largest or the mean value of each window, as PyTorch's `MaxPool2d` and `AvgPool2d`.
package struct Pool: Layer {
  enum Function: Equatable {
    case max, average
  }

  var function: Function
  var window: PoolDescription

  init(_ function: Function, _ window: PoolDescription) {
    self.function = function
    self.window = window
  }

  package var kind: LayerKind {
    switch function {
    case .max: .maxPool
    case .average: .averagePool
    }
  }
  package var namesElsewhere: String {
    switch function {
    case .max: "maxpool maxpool2d maxpooling maxpooling2d max_pooling pool pooling"
    case .average:
      "avgpool avgpool2d averagepooling averagepooling2d average_pool average_pooling mean_pool"
    }
  }
  package static let keys: [LayerKey<Self>] = [
    LayerKey(
      "size", .integer(\.window.size, atLeast: 1, missing: .isAnError), standsAlone: true,
      elsewhere: "pool_size kernel kernel_size window"),
    LayerKey(
      "stride", .integer(\.window.stride, atLeast: 1, missing: .takes(\.window.size)),
      elsewhere: "strides"),
  ]
  package var role: LayerRole { .arrangement }
  package var asDescription: LayerDescription {
    switch function {
    case .max: .maxPool(window)
    case .average: .averagePool(window)
    }
  }

  package func place(in layout: inout ModelLayout, at path: LayerPath) throws(NetworkError)
    -> [Int]
  {
    try window.outputShape(for: layout.outputShape, path, kind)
  }

  package func plan(_ placed: PlacedLayer, in builder: inout PlanBuilder) throws(NetworkError) {
    let geometry = window.geometry(of: placed, block: builder.block)
    switch function {
    case .max: try builder.addPooling(.max(geometry), placed)
    case .average: try builder.addPooling(.average(geometry), placed)
    }
  }
}

/// The mean of each channel of an image: PyTorch's `AdaptiveAvgPool2d(1)`, flattened.
package struct GlobalAveragePool: Layer {
  package var kind: LayerKind { .globalAveragePool }
  package var namesElsewhere: String {
    "globalaveragepooling globalaveragepooling2d globalavgpool gap adaptive_avg_pool2d "
      + "global_average_pool adaptiveavgpool2d"
  }
  package static let keys: [LayerKey<Self>] = []
  package var role: LayerRole { .arrangement }
  package var asDescription: LayerDescription { .globalAveragePool }

  package func place(in layout: inout ModelLayout, at path: LayerPath) throws(NetworkError)
    -> [Int]
  {
    [try ImageShape(layout.outputShape, path, kind).channels]
  }

  package func plan(_ placed: PlacedLayer, in builder: inout PlanBuilder) throws(NetworkError) {
    try builder.addPooling(.globalAverage, placed)
  }
}

extension PoolDescription {
  /// The shape of one output for examples of this shape; incomplete windows are left out.
  func outputShape(for input: [Int], _ path: LayerPath, _ kind: LayerKind) throws(NetworkError)
    -> [Int]
  {
    let image = try ImageShape(input, path, kind)
    try ImageShape.check([(size, "size", 1), (stride, "stride", 1)], path, kind)
    guard image.height >= size, image.width >= size else {
      throw .misfit(
        layer: path,
        "\(kind.rawValue): expected images of at least \(size) x \(size), "
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

/// A pooling layer's place in the plan.
struct PoolingOperation {
  enum Kind {
    /// With the geometry of a plane.
    case max(PoolingShape)
    case average(PoolingShape)
    case globalAverage
  }

  let kind: Kind
  /// Offset of x `[N, channels, height, width]`, in blocks of channels.
  let input: Int
  let output: Int
  /// Offset of the places of the largest values, one for each output; nil but for max while
  /// training.
  let places: Int?
  let channels: Int
  /// The pixels of a channel of x, and how many channels lie side by side.
  let pixels: Int
  let block: Int

  private func channels(of rows: Int) -> Planes {
    Planes(rows: rows, channels: channels, inner: pixels, block: block)
  }

  func forward(_ memory: Memory, rows: Int) {
    let x = memory.values + input
    let y = memory.values + output
    let planes = rows * channels / block
    switch kind {
    case .max(let shape):
      maxPool(x, planes: planes, shape, into: y, places: places.map { memory.values + $0 })
    case .average(let shape): averagePool(x, planes: planes, shape, into: y)
    case .globalAverage: globalAveragePool(x, channels(of: rows), into: y)
    }
  }

  func backward(_ memory: Memory, _ gradients: Memory, rows: Int) {
    let dy = gradients.values + output
    let dx = gradients.values + input
    let planes = rows * channels / block
    switch kind {
    case .max(let shape):
      guard let places else { return }
      maxPoolBackward(dy, places: memory.values + places, planes: planes, shape, into: dx)
    case .average(let shape): averagePoolBackward(dy, planes: planes, shape, into: dx)
    case .globalAverage: globalAveragePoolBackward(dy, channels(of: rows), into: dx)
    }
  }
}

extension PlanBuilder {
  fileprivate mutating func addPooling(_ kind: PoolingOperation.Kind, _ layer: PlacedLayer)
    throws(NetworkError)
  {
    let size = layer.output.reduce(1, *)
    var isRectified = false
    // A ReLU in place may as well come after the maximum, on fewer values: to the same results.
    if case .max = kind, case .activation(let last)? = operations.last, last.isReLUInPlace {
      operations.removeLast()
      isRectified = true
    }
    let output = try place(size)
    var places: Int?
    if case .max = kind, mode == .training { places = try place(size) }
    append(
      .pooling(
        PoolingOperation(
          kind: kind, input: current, output: output, places: places, channels: layer.input[0],
          pixels: layer.input[1] * layer.input[2], block: block)),
      output: output)
    if case .globalAverage = kind { block = 1 }
    if isRectified { try addActivation(.relu, size: size) }
  }
}
