// Walks over images `[rows, channels / block, inner, block]`, with vectors along whichever of channels
// and pixels lie side by side.

/// How the values of every channel lie in an array.
package struct Planes: Sendable, Equatable {
  package let rows: Int
  package let channels: Int
  /// The pixels of a channel; 1 for features.
  package let inner: Int
  /// How many channels lie side by side at each pixel: 1 in plain NCHW, all of them in features.
  package let block: Int

  package init(rows: Int, channels: Int, inner: Int, block: Int = 1) {
    precondition(channels % block == 0, "\(channels) channels in blocks of \(block)")
    self.rows = rows
    self.channels = channels
    self.inner = inner
    self.block = inner == 1 ? max(channels, 1) : block
  }

  var count: Int { rows * channels * inner }

  /// Groups of channels that one vector holds: single ones where pixels lie side by side.
  private var groups: Int {
    block == 1 ? channels : channels / block * groupsOfBlock
  }

  private var groupsOfBlock: Int { (block + Vector.scalarCount - 1) / Vector.scalarCount }

  /// The channels of a group, and where their values of the first row and pixel lie.
  private func group(_ index: Int) -> (channels: Lanes, start: Int) {
    guard block > 1 else { return (Lanes(index: index, count: 1), index * inner) }
    let first = index / groupsOfBlock * block
    let offset = index % groupsOfBlock * Vector.scalarCount
    let count = min(Vector.scalarCount, block - offset)
    return (Lanes(index: first + offset, count: count), first * inner + offset)
  }

  // MARK: Parts

  /// Some rows and pixels of a channel, or of the neighbouring channels of one vector: with as many
  /// lanes as there are channels, or the same in all lanes.
  struct Part {
    fileprivate let planes: Planes
    let channels: Lanes
    /// Which of the tiles it belongs to.
    let tile: Int
    /// Where its first value lies.
    fileprivate let start: Int
    fileprivate let rows: Int
    fileprivate let pixels: Int

    /// Values of each channel.
    var count: Int { rows * pixels }

    /// This part's values of an array with one value a channel.
    @inline(__always)
    func load(_ pointer: UnsafePointer<Float>) -> Vector {
      planes.block > 1 ? channels.load(pointer) : Vector(repeating: pointer[channels.index])
    }

    @inline(__always)
    func load(_ pointer: UnsafeMutablePointer<Float>) -> Vector {
      load(UnsafePointer(pointer))
    }

    /// Writes this part's values of an array with one value a channel.
    @inline(__always)
    func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>) {
      if planes.block > 1 {
        channels.store(vector, pointer)
      } else {
        pointer[channels.index] = vector[0]
      }
    }

    /// Visits the part's values in memory order.
    @inline(__always)
    func forEach(_ body: (Lanes) -> Void) {
      forEach(body, atMost: .max) {}
    }

    /// Calls `rest` between visits, at most `most` of them apart.
    @inline(__always)
    private func forEach(_ body: (Lanes) -> Void, atMost most: Int, _ rest: () -> Void) {
      let isPlain = planes.block == 1
      let step = isPlain ? Vector.scalarCount : planes.block
      let end = isPlain ? pixels : pixels * step
      let width = isPlain ? Vector.scalarCount : channels.count
      var visits = 0
      var start = start
      for _ in 0..<rows {
        var index = 0
        while index < end {
          // Whole vectors get a separate loop: the number of lanes is a constant there.
          let whole = isPlain ? pixels & ~7 : width == Vector.scalarCount ? end : 0
          if index < whole {
            let count = min((whole - index) / step, most)
            if visits > most - count {
              rest()
              visits = 0
            }
            visits += count
            for _ in 0..<count {
              body(Lanes(index: start &+ index, count: Vector.scalarCount))
              index &+= step
            }
          } else {
            if visits == most {
              rest()
              visits = 0
            }
            visits += 1
            body(Lanes(index: start + index, count: isPlain ? end - index : width))
            index += step
          }
        }
        start += planes.channels * planes.inner
      }
    }

    /// The sums of two terms over the part's values: lane by lane, or the same in all lanes.
    ///
    /// Few terms are added in float32, the rest in Double.
    @inline(__always)
    func sums(_ terms: (Lanes) -> (Vector, Vector)) -> (SIMD8<Double>, SIMD8<Double>) {
      var (first, second) = (Vector.zero, Vector.zero)
      var totals = (SIMD8<Double>.zero, SIMD8<Double>.zero)
      @inline(__always)
      func add(_ lanes: Lanes) {
        let (a, b) = terms(lanes)
        first += lanes.masked(a)
        second += lanes.masked(b)
      }
      @inline(__always)
      func rest() {
        totals.0 += first.doubles
        totals.1 += second.doubles
        (first, second) = (.zero, .zero)
      }
      forEach(add, atMost: 16, rest)
      rest()
      guard planes.block == 1 else { return totals }
      return (SIMD8(repeating: totals.0.sum()), SIMD8(repeating: totals.1.sum()))
    }

    /// The sums of the values of an array.
    @inline(__always)
    func sums(of x: UnsafePointer<Float>) -> SIMD8<Double> {
      @inline(__always)
      func terms(_ lanes: Lanes) -> (Vector, Vector) { (lanes.load(x), .zero) }
      return sums(terms).0
    }

    /// The first values, about `count`.
    @inline(__always)
    func first(_ count: Int) -> Part {
      let some = min(pixels, count)
      return Part(
        planes: planes, channels: channels, tile: tile, start: start,
        rows: min(rows, max(1, count / max(some, 1))), pixels: some)
    }
  }

  /// Visits all values in parts of few values, in memory order: tile by tile, and in a tile group by
  /// group; those of large arrays on several threads at once.
  @inline(__always)
  func forEachPart(_ body: (Part) -> Void) {
    let (rowTiles, pixelTiles) = (rowTiles, pixelTiles)
    let blocks = block > 1 ? channels / block : channels
    let groupsOfBlock = block > 1 ? groupsOfBlock : 1
    inParts(tiles * groups, elements: count) { range in
      for index in range {
        // In memory order: rows, blocks, pixels, vectors of a block.
        let (rest, vector) = index.quotientAndRemainder(dividingBy: groupsOfBlock)
        let (place, pixelTile) = rest.quotientAndRemainder(dividingBy: pixelTiles)
        let (rowTile, block) = place.quotientAndRemainder(dividingBy: blocks)
        body(
          part(
            group: block * groupsOfBlock + vector, rowTile: rowTile, pixelTile: pixelTile,
            of: rowTiles))
      }
    }
  }

  /// Visits all values in as few parts as possible: one for each group of channels.
  @inline(__always)
  func forEachGroup(_ body: (Part) -> Void) {
    inParts(groups, elements: count) { range in
      for index in range {
        let (channels, start) = group(index)
        body(
          Part(
            planes: self, channels: channels, tile: 0, start: start, rows: rows, pixels: inner))
      }
    }
  }

  /// Visits all values row by row, each in one part for each group of channels.
  @inline(__always)
  func forEachRow(_ body: (Int, Part) -> Void) {
    inParts(rows * groups, elements: count) { range in
      for index in range {
        let (row, number) = index.quotientAndRemainder(dividingBy: groups)
        let (channels, start) = group(number)
        body(
          row,
          Part(
            planes: self, channels: channels, tile: 0, start: start + row * self.channels * inner,
            rows: 1, pixels: inner))
      }
    }
  }

  @inline(__always)
  private func part(group index: Int, rowTile: Int, pixelTile: Int, of rowTiles: Int) -> Part {
    let (channels, start) = group(index)
    let firstRow = rowTile * tileRows
    let firstPixel = pixelTile * tilePixels
    return Part(
      planes: self, channels: channels, tile: rowTile * pixelTiles + pixelTile,
      start: start + firstRow * self.channels * inner + firstPixel * block,
      rows: min(tileRows, rows - firstRow), pixels: min(tilePixels, inner - firstPixel))
  }

  // MARK: Tiles

  /// Values of a channel that a tile has at most, so that going through them twice costs memory once:
  /// some pixels of one row, or all pixels of some rows.
  private static var tileCount: Int { 256 }

  private var tilePixels: Int { min(inner, Planes.tileCount) }
  private var tileRows: Int { max(1, Planes.tileCount / max(inner, 1)) }
  private var pixelTiles: Int { inner == 0 ? 0 : (inner + tilePixels - 1) / tilePixels }
  private var rowTiles: Int { (rows + tileRows - 1) / tileRows }

  var tiles: Int { rowTiles * pixelTiles }

  /// The values of each channel in a tile.
  func values(inTile tile: Int) -> Int {
    let (rowTile, pixelTile) = tile.quotientAndRemainder(dividingBy: pixelTiles)
    return min(tileRows, rows - rowTile * tileRows)
      * min(tilePixels, inner - pixelTile * tilePixels)
  }
}
