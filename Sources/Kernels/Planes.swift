// Walks over arrays `[rows, channels, inner]` channel by channel, with vectors along whichever of
// the two last dimensions fills them.

/// The shape of an array of planes.
struct Planes {
  let rows: Int
  let channels: Int
  let inner: Int

  /// One channel, or (with inner = 1) a vector of neighbouring channels: what has statistics of its
  /// own, in as many lanes as it has channels, or the same in all lanes.
  struct Part {
    fileprivate let planes: Planes
    /// The channels of this part.
    fileprivate let channels: Lanes

    /// This part's values of an array with one value a channel.
    @inline(__always)
    func load(_ pointer: UnsafePointer<Float>) -> Vector {
      planes.inner == 1 ? channels.load(pointer) : Vector(repeating: pointer[channels.index])
    }

    @inline(__always)
    func load(_ pointer: UnsafeMutablePointer<Float>) -> Vector {
      load(UnsafePointer(pointer))
    }

    /// Writes this part's values of an array with one value a channel.
    @inline(__always)
    func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>) {
      if planes.inner == 1 {
        channels.store(vector, pointer)
      } else {
        pointer[channels.index] = vector[0]
      }
    }

    /// Visits the part's values in memory order.
    @inline(__always)
    func forEach(_ body: (Lanes) -> Void) {
      let step = planes.channels * planes.inner
      if planes.inner == 1 {
        var index = channels.index
        for _ in 0..<planes.rows {
          body(Lanes(index: index, count: channels.count))
          index += step
        }
        return
      }
      var start = channels.index * planes.inner
      for _ in 0..<planes.rows {
        @inline(__always)
        func shifted(_ lanes: Lanes) {
          body(Lanes(index: start &+ lanes.index, count: lanes.count))
        }
        forEachVector(planes.inner, shifted)
        start += step
      }
    }

    /// The sums of `term` over the part's values: lane by lane, or the same in all lanes.
    @inline(__always)
    func sums(_ term: (Lanes) -> Vector) -> SIMD8<Double> {
      var sums = BlockSums()
      if planes.inner == 1 {
        forEach { sums.add($0.masked(term($0))) }
        return sums.totals
      }
      forEachBlock { block in
        // Two sums at a time hide the latency of the additions.
        var (a, b) = (Vector.zero, Vector.zero)
        block.forEachPair {
          a += term($0)
          b += term($1)
        } rest: {
          a += $0.masked(term($0))
        }
        sums.add(a + b, terms: block.termsPerLane)
      }
      return SIMD8(repeating: sums.totals.sum())
    }

    /// The sums of dy and of dy·(x − center).
    @inline(__always)
    func gradientSums(
      _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, _ center: Vector
    ) -> (SIMD8<Double>, SIMD8<Double>) {
      var sums = BlockSums()
      var products = BlockSums()
      if planes.inner == 1 {
        forEach { values in
          let gradient = values.load(dy)
          sums.add(gradient)
          products.add(gradient * (values.load(x) - center))
        }
        return (sums.totals, products.totals)
      }
      forEachBlock { block in
        var (a, b) = (Vector.zero, Vector.zero)
        var (p, q) = (Vector.zero, Vector.zero)
        block.forEachPair {
          let (first, second) = ($0.load(dy), $1.load(dy))
          a += first
          b += second
          p += first * ($0.load(x) - center)
          q += second * ($1.load(x) - center)
        } rest: {
          let gradient = $0.load(dy)
          a += gradient
          p += gradient * ($0.load(x) - center)
        }
        sums.add(a + b, terms: block.termsPerLane)
        products.add(p + q, terms: block.termsPerLane)
      }
      return (
        SIMD8(repeating: sums.totals.sum()), SIMD8(repeating: products.totals.sum())
      )
    }

    /// Visits the neighbouring values of the part's one channel in blocks.
    @inline(__always)
    private func forEachBlock(_ body: (Block) -> Void) {
      var plane = channels.index * planes.inner
      for _ in 0..<planes.rows {
        var start = 0
        while start < planes.inner {
          let count = min(partialTerms, planes.inner - start)
          body(Block(start: plane + start, count: count))
          start += count
        }
        plane += planes.channels * planes.inner
      }
    }
  }

  /// Up to 256 neighbouring values.
  struct Block {
    let start: Int
    let count: Int

    /// Terms that a lane of the sum of all vectors has.
    var termsPerLane: Int { (count + Vector.scalarCount - 1) / Vector.scalarCount / 2 + 1 }

    /// Visits two vectors at a time, then the rest one by one.
    @inline(__always)
    func forEachPair(_ pair: (Lanes, Lanes) -> Void, rest: (Lanes) -> Void) {
      let size = Vector.scalarCount
      var index = 0
      while index + 2 * size <= count {
        pair(
          Lanes(index: start + index, count: size), Lanes(index: start + index + size, count: size))
        index += 2 * size
      }
      while index < count {
        rest(Lanes(index: start + index, count: min(size, count - index)))
        index += size
      }
    }
  }

  /// Visits all parts, those of large arrays on several threads at once.
  @inline(__always)
  func forEachPart(_ body: (Part) -> Void) {
    let elements = rows * channels * inner
    if inner == 1 {
      inParts(channels, elements: elements, unit: Vector.scalarCount) { range in
        @inline(__always)
        func visit(_ channels: Lanes) {
          let here = Lanes(index: range.lowerBound + channels.index, count: channels.count)
          body(Part(planes: self, channels: here))
        }
        forEachVector(range.count, visit)
      }
    } else {
      inParts(channels, elements: elements) { range in
        for channel in range {
          body(Part(planes: self, channels: Lanes(index: channel, count: 1)))
        }
      }
    }
  }
}
