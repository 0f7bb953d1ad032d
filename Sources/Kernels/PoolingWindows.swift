// The windows of pooling: without padding, wholly within the plane, as PyTorch's.
//
// A plane is that of one channel, or of a block of channels that lie side by side at each pixel; then
// a vector holds channels, else neighbouring windows.

import CVectors

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
  /// Channels side by side at each pixel: 1, or a multiple of 8.
  package var block: Int

  package init(
    height: Int, width: Int, outputHeight: Int, outputWidth: Int, size: Int, stride: Int,
    block: Int = 1
  ) {
    precondition(
      block == 1 || block > 0 && block % Vector.scalarCount == 0, "\(block) channels side by side")
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
    self.block = block
  }

  /// Values of a plane, before and after.
  var count: Int { height * width * block }
  var outputCount: Int { outputHeight * outputWidth * block }
  /// Where a part of the planes starts in the input and in the output.
  func offsets(_ planes: Range<Int>) -> (input: Int, output: Int) {
    (planes.lowerBound * count, planes.lowerBound * outputCount)
  }
  /// Windows of 2x2 side by side, the usual case.
  var isPairs: Bool { size == 2 && stride == 2 }
  /// Every pixel lies in exactly one window.
  var tiles: Bool {
    size == stride && outputHeight * size == height && outputWidth * size == width
  }

  /// Visits the windows of all planes, a vector of them at a time, in memory order; size and stride
  /// are separate parameters, so that they can be constants.
  @inline(__always)
  func forEachWindows(
    _ planes: Int, size: Int, stride: Int, _ body: (Windows) -> Void
  ) {
    if block == 1 {
      forEachNeighbours(planes, size: size, stride: stride, body)
    } else {
      forEachBlock(planes, stride: stride, body)
    }
  }

  /// A vector holds channels of the same window.
  @inline(__always)
  func forEachBlock(_ planes: Int, stride: Int, _ body: (Windows) -> Void) {
    var output = 0
    for plane in 0..<planes {
      for row in 0..<outputHeight {
        for column in 0..<outputWidth {
          let place = row * stride * width + column * stride
          var offset = 0
          while offset < block {
            body(
              Windows(
                first: plane * count + place * block + offset, place: place, stride: 0, step: block,
                ahead: stride * width * block,
                output: Lanes(index: output, count: Vector.scalarCount)))
            offset &+= Vector.scalarCount
            output &+= Vector.scalarCount
          }
        }
      }
    }
  }

  /// A vector holds neighbouring windows of one channel.
  ///
  /// It may reach beyond the end of its row of windows, where both arrays have the room: what
  /// it says of places beyond is said anew by those that follow. So small planes too are done in
  /// whole vectors.
  @inline(__always)
  private func forEachNeighbours(
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
            body(
              Windows(first: first, place: place, stride: stride, step: 1, ahead: 0, output: lanes))
          } else {
            let rest = min(Vector.scalarCount, outputWidth - column)
            let lanes = Lanes(index: output + column, count: rest)
            body(
              Windows(first: first, place: place, stride: stride, step: 1, ahead: 0, output: lanes))
          }
          column += Vector.scalarCount
        }
      }
    }
  }
}

/// Neighbouring windows of a channel, or the same window of neighbouring channels.
struct Windows {
  /// Where the first one starts: in the whole array, and its pixel in the plane.
  let first: Int
  let place: Int
  /// Pixels from window to window, 0 if all are the same.
  let stride: Int
  /// Values from pixel to pixel.
  let step: Int
  /// Values to the same window in the next row of windows.
  let ahead: Int
  /// Their places in the output.
  let output: Lanes

  /// The windows' values `offset` pixels from their starts.
  @inline(__always)
  func load(_ x: UnsafePointer<Float>, _ offset: Int) -> Vector {
    let start = x + first + offset * step
    if stride == 0 {
      // No processor foresees rows that are read side by side: half of the time went into waiting.
      maxnorm_prefetch(start + ahead)
      return start.vector(at: 0)
    }
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

  /// The pixels of the windows' starts.
  var places: Vector {
    Float(place) + Float(stride) * Vector(0, 1, 2, 3, 4, 5, 6, 7)
  }
}

extension PoolingShape {
  /// dx of a plane in blocks: what `share` gives for each window and each of its pixels, counted
  /// from the window's start; the sum of it where windows overlap, 0 outside all windows.
  @inline(__always)
  func spread(
    _ share: (Windows, Int) -> Vector, into dx: UnsafeMutablePointer<Float>
  ) {
    let adds = !tiles
    if adds { dx.update(repeating: 0, count: count) }
    @inline(__always)
    func body(_ windows: Windows) {
      for row in 0..<size {
        for column in 0..<size {
          let offset = row * width + column
          let place = windows.first + offset * block
          let value = share(windows, offset)
          maxnorm_prefetch(dx + place + windows.ahead)
          dx.store(adds ? dx.vector(at: place) + value : value, at: place)
        }
      }
    }
    forEachBlock(1, stride: stride, body)
  }
}
