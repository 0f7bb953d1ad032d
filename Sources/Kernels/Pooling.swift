// Pooling of planes: windows without padding that lie wholly within the plane, as PyTorch's.

/// Windows over one plane.
///
/// A last row or column that no window covers is left out.
package struct PoolingShape: Sendable, Equatable {
  /// Of the plane.
  package var height: Int
  package var width: Int
  package var outputHeight: Int
  package var outputWidth: Int
  /// Of a window, in both directions.
  package var size: Int
  /// From window to window, in both directions.
  package var stride: Int

  package init(
    height: Int, width: Int, outputHeight: Int, outputWidth: Int, size: Int, stride: Int
  ) {
    precondition(
      outputHeight >= 0 && outputWidth >= 0 && size > 0 && stride > 0
        && (outputHeight == 0 || (outputHeight - 1) * stride + size <= height)
        && (outputWidth == 0 || (outputWidth - 1) * stride + size <= width),
      "windows beyond the plane")
    self.height = height
    self.width = width
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
    self.size = size
    self.stride = stride
  }

  var count: Int { height * width }
  var outputCount: Int { outputHeight * outputWidth }
  /// Whether the windows are 2x2 side by side: the usual case, with a way of its own.
  var isPairs: Bool { size == 2 && stride == 2 }

  /// Calls `body` with the place of each window's first value and the window's number.
  @inline(__always)
  func forEachWindow(_ body: (_ first: Int, _ window: Int) -> Void) {
    for row in 0..<outputHeight {
      for column in 0..<outputWidth {
        body(row * stride * width + column * stride, row * outputWidth + column)
      }
    }
  }
}

/// y `[planes, outputHeight, outputWidth]` = the largest value of each window of
/// x `[planes, height, width]`.
///
/// `places` takes the index of the first largest value within its plane, as a Float (exact below
/// 2²⁴). NaN is larger than every number, as in PyTorch.
package func maxPool(
  _ x: UnsafePointer<Float>, planes: Int, _ shape: PoolingShape,
  into y: UnsafeMutablePointer<Float>, places: UnsafeMutablePointer<Float>?
) {
  for plane in 0..<planes {
    let values = x + plane * shape.count
    let largest = y + plane * shape.outputCount
    let indices = places.map { $0 + plane * shape.outputCount }
    if shape.isPairs {
      maxPoolPairs(values, shape, into: largest, places: indices)
      continue
    }
    shape.forEachWindow { first, window in
      var best = first
      for row in 0..<shape.size {
        for column in 0..<shape.size {
          let place = first + row * shape.width + column
          if values[place] > values[best] || values[place].isNaN { best = place }
        }
      }
      largest[window] = values[best]
      indices?[window] = Float(best)
    }
  }
}

/// One plane in windows of 2x2.
@inline(__always)
private func maxPoolPairs(
  _ x: UnsafePointer<Float>, _ shape: PoolingShape, into y: UnsafeMutablePointer<Float>,
  places: UnsafeMutablePointer<Float>?
) {
  for row in 0..<shape.outputHeight {
    let start = 2 * row * shape.width
    let upper = x + start
    let lower = upper + shape.width
    let target = y + row * shape.outputWidth
    let indices = places.map { $0 + row * shape.outputWidth }
    @inline(__always)
    func body(_ lanes: Lanes) {
      let above = lanes.loadPairs(upper)
      let below = lanes.loadPairs(lower)
      let first = Float(start + 2 * lanes.index) + pairOffsets
      var largest = above.even
      var best = first
      @inline(__always)
      func consider(_ next: Vector, _ offset: Int) {
        let isLarger = (next .> largest) .| (next .!= next)
        largest.replace(with: next, where: isLarger)
        best.replace(with: first + Float(offset), where: isLarger)
      }
      consider(above.odd, 1)
      consider(below.even, shape.width)
      consider(below.odd, shape.width + 1)
      lanes.store(largest, target)
      if let indices { lanes.store(best, indices) }
    }
    forEachVector(shape.outputWidth, body)
  }
}

private let pairOffsets = Vector(0, 2, 4, 6, 8, 10, 12, 14)

/// dx `[planes, height, width]` = dy at the places of the largest values, else 0; where windows
/// overlap, their shares add up.
package func maxPoolBackward(
  _ dy: UnsafePointer<Float>, places: UnsafePointer<Float>, planes: Int, _ shape: PoolingShape,
  into dx: UnsafeMutablePointer<Float>
) {
  for plane in 0..<planes {
    let gradient = dx + plane * shape.count
    let shares = dy + plane * shape.outputCount
    let indices = places + plane * shape.outputCount
    gradient.update(repeating: 0, count: shape.count)
    for window in 0..<shape.outputCount { gradient[Int(indices[window])] += shares[window] }
  }
}

/// y `[planes, outputHeight, outputWidth]` = the mean of each window of x `[planes, height, width]`.
package func averagePool(
  _ x: UnsafePointer<Float>, planes: Int, _ shape: PoolingShape,
  into y: UnsafeMutablePointer<Float>
) {
  let share = 1 / Float(shape.size * shape.size)
  for plane in 0..<planes {
    let values = x + plane * shape.count
    let means = y + plane * shape.outputCount
    if shape.isPairs {
      averagePoolPairs(values, shape, into: means)
      continue
    }
    shape.forEachWindow { first, window in
      var sum: Float = 0
      for row in 0..<shape.size {
        let line = values + first + row * shape.width
        for column in 0..<shape.size { sum += line[column] }
      }
      means[window] = sum * share
    }
  }
}

/// One plane in windows of 2x2.
@inline(__always)
private func averagePoolPairs(
  _ x: UnsafePointer<Float>, _ shape: PoolingShape, into y: UnsafeMutablePointer<Float>
) {
  for row in 0..<shape.outputHeight {
    let upper = x + 2 * row * shape.width
    let lower = upper + shape.width
    let target = y + row * shape.outputWidth
    @inline(__always)
    func body(_ lanes: Lanes) {
      let above = lanes.loadPairs(upper)
      let below = lanes.loadPairs(lower)
      lanes.store((above.even + above.odd + below.even + below.odd) * 0.25, target)
    }
    forEachVector(shape.outputWidth, body)
  }
}

/// dx `[planes, height, width]` = each window's dy shared out evenly; where windows overlap, their
/// shares add up.
package func averagePoolBackward(
  _ dy: UnsafePointer<Float>, planes: Int, _ shape: PoolingShape,
  into dx: UnsafeMutablePointer<Float>
) {
  let share = 1 / Float(shape.size * shape.size)
  for plane in 0..<planes {
    let gradient = dx + plane * shape.count
    let shares = dy + plane * shape.outputCount
    gradient.update(repeating: 0, count: shape.count)
    shape.forEachWindow { first, window in
      let value = shares[window] * share
      for row in 0..<shape.size {
        let line = gradient + first + row * shape.width
        for column in 0..<shape.size { line[column] += value }
      }
    }
  }
}

/// y `[planes]` = the mean of each plane of x `[planes, inner]`.
package func globalAveragePool(
  _ x: UnsafePointer<Float>, planes: Int, inner: Int, into y: UnsafeMutablePointer<Float>
) {
  for plane in 0..<planes {
    let values = x + plane * inner
    var sum = BlockSum()
    @inline(__always)
    func body(_ lanes: Lanes) {
      sum.add(lanes.load(values))
    }
    forEachVector(inner, body)
    y[plane] = Float(sum.total / Double(inner))
  }
}

/// dx `[planes, inner]` = each plane's dy shared out evenly.
package func globalAveragePoolBackward(
  _ dy: UnsafePointer<Float>, planes: Int, inner: Int, into dx: UnsafeMutablePointer<Float>
) {
  for plane in 0..<planes {
    (dx + plane * inner).update(repeating: dy[plane] / Float(inner), count: inner)
  }
}
