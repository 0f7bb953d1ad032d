// Copies of images between plain NCHW and blocks of channels.

/// Images `[channels / block, pixels, block]` at equal distances.
package struct ImageRows {
  /// The first image.
  package var base: UnsafeMutablePointer<Float>
  /// Floats from one image to the next.
  package var stride: Int
  /// How many channels lie side by side at each pixel; 1 in plain NCHW.
  package var block: Int

  package init(base: UnsafeMutablePointer<Float>, stride: Int, block: Int) {
    self.base = base
    self.stride = stride
    self.block = block
  }
}

/// target = source, or with `adds` += source, for `rows` images of `channels` times `pixels` values.
package func copyImages(
  _ source: ImageRows, to target: ImageRows, rows: Int, channels: Int, pixels: Int,
  adds: Bool = false
) {
  let block = max(source.block, target.block)
  precondition(
    channels > 0 && channels % block == 0
      && (source.block == target.block || source.block == 1 || target.block == 1),
    "\(channels) channels in blocks of \(source.block) and \(target.block)")
  let isSame = source.block == target.block
  // Whole images, or block by block.
  let blocks = isSame ? 1 : channels / block
  let size = channels / blocks * pixels
  inParts(rows * blocks, elements: rows * channels * pixels) { part in
    for index in part {
      let (row, place) = index.quotientAndRemainder(dividingBy: blocks)
      let from = source.base + row * source.stride + place * size
      let to = target.base + row * target.stride + place * size
      switch (isSame, adds) {
      case (true, false): to.update(from: from, count: size)
      case (true, true): add(from, to: to, count: size)
      case (false, false):
        exchange(from, to, block: block, pixels: pixels, toPlain: target.block == 1) { $1 }
      case (false, true):
        exchange(from, to, block: block, pixels: pixels, toPlain: target.block == 1) { $0 + $1 }
      }
    }
  }
}

/// Transposes one block, pixels by channels or the other way round; `change` takes the former values
/// and those that come.
@inline(__always)
private func exchange(
  _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, block: Int, pixels: Int,
  toPlain: Bool, _ change: (SIMD4<Float>, SIMD4<Float>) -> SIMD4<Float>
) {
  let (rows, columns) = toPlain ? (pixels, block) : (block, pixels)
  var row = 0
  while row < rows {
    var column = 0
    while column < columns {
      let square = Square(
        source: source + row * columns + column, target: target + column * rows + row,
        rows: rows, columns: columns, height: rows - row, width: columns - column)
      square.transpose(change)
      column += 4
    }
    row += 4
  }
}

/// Up to four by four values of a matrix and of its transpose.
private struct Square {
  let source: UnsafePointer<Float>
  let target: UnsafeMutablePointer<Float>
  /// Of the matrix.
  let rows, columns: Int
  /// To the end of the matrix.
  let height, width: Int

  @inline(__always)
  func transpose(_ change: (SIMD4<Float>, SIMD4<Float>) -> SIMD4<Float>) {
    guard height >= 4, width >= 4 else { return transposeRest(change) }
    let (a, b, c, d) = (load(0), load(1), load(2), load(3))
    let (first, second) = (SIMD8(lowHalf: a, highHalf: c), SIMD8(lowHalf: b, highHalf: d))
    let (even, odd) = (
      (first.evenHalf, second.evenHalf), (first.oddHalf, second.oddHalf)
    )
    store(Self.zip(even.0.evenHalf, even.1.evenHalf), 0, change)
    store(Self.zip(odd.0.evenHalf, odd.1.evenHalf), 1, change)
    store(Self.zip(even.0.oddHalf, even.1.oddHalf), 2, change)
    store(Self.zip(odd.0.oddHalf, odd.1.oddHalf), 3, change)
  }

  @inline(never)
  private func transposeRest(_ change: (SIMD4<Float>, SIMD4<Float>) -> SIMD4<Float>) {
    for row in 0..<min(4, height) {
      for column in 0..<min(4, width) {
        let place = target + column * rows + row
        let value = source[row * columns + column]
        place.pointee = change(SIMD4(repeating: place.pointee), SIMD4(repeating: value))[0]
      }
    }
  }

  @inline(__always)
  private static func zip(_ even: SIMD2<Float>, _ odd: SIMD2<Float>) -> SIMD4<Float> {
    var both = SIMD4<Float>()
    both.evenHalf = even
    both.oddHalf = odd
    return both
  }

  @inline(__always)
  private func load(_ row: Int) -> SIMD4<Float> {
    UnsafeRawPointer(source + row * columns).loadUnaligned(as: SIMD4<Float>.self)
  }

  @inline(__always)
  private func store(
    _ values: SIMD4<Float>, _ column: Int,
    _ change: (SIMD4<Float>, SIMD4<Float>) -> SIMD4<Float>
  ) {
    let place = UnsafeMutableRawPointer(target + column * rows)
    place.storeBytes(
      of: change(place.loadUnaligned(as: SIMD4<Float>.self), values), as: SIMD4<Float>.self)
  }
}
