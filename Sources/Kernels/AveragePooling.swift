// Average pooling, of windows and of whole channels, and its gradients.

/// y `[planes, outputHeight, outputWidth]` = the mean of each window of x `[planes, height, width]`.
package func averagePool(
  _ x: UnsafePointer<Float>, planes: Int, _ shape: PoolingShape,
  into y: UnsafeMutablePointer<Float>
) {
  inParts(planes, elements: planes * shape.count) { part in
    let (input, output) = shape.offsets(part)
    let (x, y) = (x + input, y + output)
    if shape.isPairs {
      averagePool(x, planes: part.count, shape, size: 2, stride: 2, into: y)
    } else {
      averagePool(x, planes: part.count, shape, size: shape.size, stride: shape.stride, into: y)
    }
  }
}

@inline(__always)
private func averagePool(
  _ x: UnsafePointer<Float>, planes: Int, _ shape: PoolingShape, size: Int, stride: Int,
  into y: UnsafeMutablePointer<Float>
) {
  let share = 1 / Float(size * size)
  @inline(__always)
  func body(_ windows: Windows) {
    var sum = Vector.zero
    for row in 0..<size {
      for column in 0..<size { sum += windows.load(x, row * shape.width + column) }
    }
    windows.output.store(sum * share, y)
  }
  shape.forEachWindows(planes, size: size, stride: stride, body)
}

/// dx `[planes, height, width]` = each window's dy shared out evenly; where windows overlap, their
/// shares add up.
package func averagePoolBackward(
  _ dy: UnsafePointer<Float>, planes: Int, _ shape: PoolingShape,
  into dx: UnsafeMutablePointer<Float>
) {
  inParts(planes, elements: planes * shape.count) { part in
    for plane in part {
      let (gradient, shares) = (dx + plane * shape.count, dy + plane * shape.outputCount)
      if shape.block > 1 {
        let part = 1 / Float(shape.size * shape.size)
        @inline(__always)
        func share(_ windows: Windows, _ pixel: Int) -> Vector {
          windows.output.load(shares) * part
        }
        shape.spread(share, into: gradient)
      } else {
        spreadEvenly(shares, shape, into: gradient)
      }
    }
  }
}

/// The gradient of one plane of one channel.
private func spreadEvenly(
  _ dy: UnsafePointer<Float>, _ shape: PoolingShape, into gradient: UnsafeMutablePointer<Float>
) {
  let share = 1 / Float(shape.size * shape.size)
  gradient.update(repeating: 0, count: shape.count)
  for row in 0..<shape.outputHeight {
    let shares = dy + row * shape.outputWidth
    for line in 0..<shape.size {
      let target = gradient + (row * shape.stride + line) * shape.width
      if shape.isPairs {
        @inline(__always)
        func body(_ lanes: Lanes) {
          lanes.storeTwice(lanes.load(shares) * share, target)
        }
        forEachVector(shape.outputWidth, body)
        continue
      }
      for column in 0..<shape.outputWidth {
        let value = shares[column] * share
        for offset in 0..<shape.size { target[column * shape.stride + offset] += value }
      }
    }
  }
}

/// y `[rows, channels]` = the mean of each channel's pixels.
package func globalAveragePool(
  _ x: UnsafePointer<Float>, _ planes: Planes, into y: UnsafeMutablePointer<Float>
) {
  planes.forEachRow { row, group in
    group.store(
      Vector(nearest: group.sums(of: x) / Double(planes.inner)), y + row * planes.channels)
  }
}

/// dx = dy `[rows, channels]`, each channel's shared out evenly among its pixels.
package func globalAveragePoolBackward(
  _ dy: UnsafePointer<Float>, _ planes: Planes, into dx: UnsafeMutablePointer<Float>
) {
  planes.forEachRow { row, group in
    let share = group.load(dy + row * planes.channels) / Float(planes.inner)
    @inline(__always)
    func body(_ lanes: Lanes) { lanes.store(share, dx) }
    group.forEach(body)
  }
}
