// Max pooling and its gradient.

/// y `[planes, outputHeight, outputWidth]` = the largest value of each window of
/// x `[planes, height, width]`.
///
/// `places` takes the pixel of the first largest value within its plane, as a Float (exact below
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
    let first = windows.load(x, 0)
    var low = Largest(value: first.lowHalf, place: starts.lowHalf)
    var high = Largest(value: first.highHalf, place: starts.highHalf)
    for row in 0..<size {
      for column in 0..<size where row + column > 0 {
        let offset = row * shape.width + column
        let next = windows.load(x, offset)
        let places = starts + Float(offset)
        low.take(next.lowHalf, places.lowHalf)
        high.take(next.highHalf, places.highHalf)
      }
    }
    windows.output.store(Vector(lowHalf: low.value, highHalf: high.value), y)
    if let places {
      windows.output.store(Vector(lowHalf: low.place, highHalf: high.place), places)
    }
  }
  shape.forEachWindows(planes, size: size, stride: stride, body)
}

/// The largest values so far of four windows, and their places.
///
/// Four, because masks of eight lanes are packed and unpacked again at the default target.
private struct Largest {
  var value: SIMD4<Float>
  var place: SIMD4<Float>

  @inline(__always)
  mutating func take(_ next: SIMD4<Float>, _ nextPlace: SIMD4<Float>) {
    let isLarger = (next .> value) .| (next .!= next)
    value.replace(with: next, where: isLarger)
    place.replace(with: nextPlace, where: isLarger)
  }
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
      let pixels = places + plane * shape.outputCount
      if shape.block > 1 {
        @inline(__always)
        func share(_ windows: Windows, _ pixel: Int) -> Vector {
          let share = windows.output.load(shares)
          return Vector.zero.replacing(
            with: share, where: windows.output.load(pixels) .== Float(windows.place + pixel))
        }
        shape.spread(share, into: gradient)
      } else {
        gradient.update(repeating: 0, count: shape.count)
        for window in 0..<shape.outputCount { gradient[Int(pixels[window])] += shares[window] }
      }
    }
  }
}
