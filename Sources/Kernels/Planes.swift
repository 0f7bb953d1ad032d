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
      forEach { sums.add($0.masked(term($0))) }
      return folded(sums.totals)
    }

    /// The sums of dy and of dy·(x − center).
    @inline(__always)
    func gradientSums(
      _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, _ center: Vector
    ) -> (SIMD8<Double>, SIMD8<Double>) {
      var sums = BlockSums()
      var products = BlockSums()
      forEach { values in
        let gradient = values.load(dy)
        sums.add(gradient)
        products.add(gradient * (values.load(x) - center))
      }
      return (folded(sums.totals), folded(products.totals))
    }

    @inline(__always)
    private func folded(_ totals: SIMD8<Double>) -> SIMD8<Double> {
      planes.inner == 1 ? totals : SIMD8(repeating: totals.sum())
    }
  }

  @inline(__always)
  func forEachPart(_ body: (Part) -> Void) {
    if inner == 1 {
      @inline(__always)
      func visit(_ channels: Lanes) {
        body(Part(planes: self, channels: channels))
      }
      forEachVector(channels, visit)
    } else {
      for channel in 0..<channels {
        body(Part(planes: self, channels: Lanes(index: channel, count: 1)))
      }
    }
  }
}
