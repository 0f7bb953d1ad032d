// Pooling: the largest or the mean value of each window of an image, or the mean of a whole channel.
import Kernels

/// A pooling layer's place in the plan.
struct PoolingOperation {
  enum Kind {
    /// With the geometry of a plane.
    case max(PoolingShape)
    case average(PoolingShape)
    /// With the pixels of a plane.
    case globalAverage(Int)
  }

  let kind: Kind
  /// Offset of x `[N, channels, height, width]`.
  let input: Int
  let output: Int
  /// Offset of the places of the largest values, as many as outputs; nil but for max while training.
  let places: Int?
  let channels: Int

  func forward(_ memory: Memory, rows: Int) {
    let x = memory.values + input
    let y = memory.values + output
    let planes = rows * channels
    switch kind {
    case .max(let shape):
      maxPool(x, planes: planes, shape, into: y, places: places.map { memory.values + $0 })
    case .average(let shape): averagePool(x, planes: planes, shape, into: y)
    case .globalAverage(let pixels): globalAveragePool(x, planes: planes, inner: pixels, into: y)
    }
  }

  func backward(_ memory: Memory, _ gradients: Memory, rows: Int) {
    let dy = gradients.values + output
    let dx = gradients.values + input
    let planes = rows * channels
    switch kind {
    case .max(let shape):
      guard let places else { return }
      maxPoolBackward(dy, places: memory.values + places, planes: planes, shape, into: dx)
    case .average(let shape): averagePoolBackward(dy, planes: planes, shape, into: dx)
    case .globalAverage(let pixels):
      globalAveragePoolBackward(dy, planes: planes, inner: pixels, into: dx)
    }
  }
}

extension PlanBuilder {
  mutating func addPooling(_ kind: PoolingOperation.Kind, _ layer: PlacedLayer)
    throws(NetworkError)
  {
    let size = layer.output.reduce(1, *)
    let output = try place(size)
    var places: Int?
    if case .max = kind, mode == .training { places = try place(size) }
    append(
      .pooling(
        PoolingOperation(
          kind: kind, input: current, output: output, places: places, channels: layer.input[0])),
      output: output)
  }
}
