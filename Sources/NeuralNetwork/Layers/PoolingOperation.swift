// Pooling: the largest or the mean value of each window of an image, or the mean of a whole channel.
import Kernels

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
  /// Offset of the places of the largest values, as many as outputs; nil but for max while training.
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
  mutating func addPooling(_ kind: PoolingOperation.Kind, _ layer: PlacedLayer)
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
