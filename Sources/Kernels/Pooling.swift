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

  fileprivate var count: Int { height * width }
  fileprivate var outputCount: Int { outputHeight * outputWidth }
  /// Where a part of the planes starts in the input and in the output.
  fileprivate func offsets(_ planes: Range<Int>) -> (input: Int, output: Int) {
    (planes.lowerBound * count, planes.lowerBound * outputCount)
  }
  /// Windows of 2x2 side by side, the usual case.
  fileprivate var isPairs: Bool { size == 2 && stride == 2 }

  /// Visits the windows of all planes, a vector of neighbours at a time, in memory order.
  ///
  /// A vector may reach beyond the end of its row of windows, where both arrays have the room: what
  /// it says of places beyond is said anew by those that follow. So small planes too are done in
  /// whole vectors. Size and stride are given apart, so that they can be constants.
  @inline(__always)
  fileprivate func forEachWindows(
    _ planes: Int, size: Int, stride: Int, _ body: (Windows) -> Void
  ) {
    // The last window of a whole vector may read this far from the first one's start.
    let reach = (size - 1) * (width + 1) + Vector.scalarCount * stride
    for plane in 0..<planes {
      for row in 0..<outputHeight {
        let rowStart = row * stride * width
        let output = plane * outputCount + row * outputWidth
        var column = 0
        while column < outputWidth {
          let place = rowStart + column * stride
          let first = plane * count + place
          let isWhole =
            first + reach <= planes * count
            && output + column + Vector.scalarCount <= planes * outputCount
          // Two calls, so that the number of lanes is a constant in the one that matters.
          if isWhole {
            let lanes = Lanes(index: output + column, count: Vector.scalarCount)
            body(Windows(first: first, place: place, stride: stride, output: lanes))
          } else {
            let rest = min(Vector.scalarCount, outputWidth - column)
            let lanes = Lanes(index: output + column, count: rest)
            body(Windows(first: first, place: place, stride: stride, output: lanes))
          }
          column += Vector.scalarCount
        }
      }
    }
  }
}

/// Neighbouring windows.
private struct Windows {
  /// Where the first one starts, in the whole array and in its plane.
  let first: Int
  let place: Int
  let stride: Int
  /// Their places in the output.
  let output: Lanes

  /// The windows' values at an offset from their starts.
  @inline(__always)
  func load(_ x: UnsafePointer<Float>, _ offset: Int) -> Vector {
    let start = x + first + offset
    if output.count == Vector.scalarCount {
      if stride == 2 {
        return SIMD16(lowHalf: start.vector(at: 0), highHalf: start.vector(at: 8)).evenHalf
      }
      if stride == 1 { return start.vector(at: 0) }
    }
    return gather(start)
  }

  @inline(never)
  private func gather(_ start: UnsafePointer<Float>) -> Vector {
    var vector = Vector.zero
    for lane in 0..<output.count { vector[lane] = start[lane * stride] }
    return vector
  }

  /// The places of the windows' starts in their plane.
  var places: Vector {
    Float(place) + Float(stride) * Vector(0, 1, 2, 3, 4, 5, 6, 7)
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
  inParts(planes, elements: planes * shape.count) { part in
    let (input, output) = shape.offsets(part)
    let (x, y, places) = (x + input, y + output, places.map { $0 + output })
    if shape.isPairs {
      maxPool(x, planes: part.count, shape, size: 2, stride: 2, into: y, places: places)
    } else {
      maxPool(
        x, planes: part.count, shape, size: shape.size, stride: shape.stride, into: y,
        places: places)
    }
  }
}

@inline(__always)
private func maxPool(
  _ x: UnsafePointer<Float>, planes: Int, _ shape: PoolingShape, size: Int, stride: Int,
  into y: UnsafeMutablePointer<Float>, places: UnsafeMutablePointer<Float>?
) {
  @inline(__always)
  func body(_ windows: Windows) {
    let starts = windows.places
    var largest = windows.load(x, 0)
    var best = starts
    for row in 0..<size {
      for column in 0..<size {
        let offset = row * shape.width + column
        let next = windows.load(x, offset)
        let isLarger = (next .> largest) .| (next .!= next)
        largest.replace(with: next, where: isLarger)
        best.replace(with: starts + Float(offset), where: isLarger)
      }
    }
    windows.output.store(largest, y)
    if let places { windows.output.store(best, places) }
  }
  shape.forEachWindows(planes, size: size, stride: stride, body)
}

/// dx `[planes, height, width]` = dy at the places of the largest values, else 0; where windows
/// overlap, their shares add up.
package func maxPoolBackward(
  _ dy: UnsafePointer<Float>, places: UnsafePointer<Float>, planes: Int, _ shape: PoolingShape,
  into dx: UnsafeMutablePointer<Float>
) {
  inParts(planes, elements: planes * shape.count) { part in
    for plane in part {
      let gradient = dx + plane * shape.count
      let shares = dy + plane * shape.outputCount
      let indices = places + plane * shape.outputCount
      gradient.update(repeating: 0, count: shape.count)
      for window in 0..<shape.outputCount { gradient[Int(indices[window])] += shares[window] }
    }
  }
}

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
  let share = 1 / Float(shape.size * shape.size)
  for plane in 0..<planes {
    let gradient = dx + plane * shape.count
    gradient.update(repeating: 0, count: shape.count)
    for row in 0..<shape.outputHeight {
      let shares = dy + plane * shape.outputCount + row * shape.outputWidth
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
}

/// y `[planes]` = the mean of each plane of x `[planes, inner]`.
package func globalAveragePool(
  _ x: UnsafePointer<Float>, planes: Int, inner: Int, into y: UnsafeMutablePointer<Float>
) {
  for plane in 0..<planes {
    let values = x + plane * inner
    var sum = BlockSums()
    @inline(__always)
    func body(_ lanes: Lanes) {
      sum.add(lanes.load(values))
    }
    forEachVector(inner, body)
    y[plane] = Float(sum.totals.sum() / Double(inner))
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
