// What batch normalization does with one part of the values.

/// What the gradient of a part is computed from.
struct Slope {
  let x, dy: UnsafePointer<Float>
  let center, factor, base: Vector

  /// The distance of x from the mean, and dy where it counts.
  @inline(__always)
  func callAsFunction(_ lanes: Lanes, rectified: Bool) -> (distance: Vector, gradient: Vector) {
    let distance = lanes.load(x) - center
    let gradient = lanes.load(dy)
    guard rectified else { return (distance, gradient) }
    // The output once more, by the same operations: reading it would cost more.
    return (distance, gradient.replacing(with: 0, where: distance * factor + base .<= 0))
  }
}

extension Planes.Part {
  /// The sums of x − center and of its squares.
  @inline(__always)
  func distances(
    of x: UnsafePointer<Float>, from center: Vector
  ) -> (SIMD8<Double>, SIMD8<Double>) {
    @inline(__always)
    func terms(_ lanes: Lanes) -> (Vector, Vector) {
      let distance = lanes.load(x) - center
      return (distance, distance * distance)
    }
    return sums(terms)
  }

  /// The sums of dy and of dy·(x − mean).
  @inline(__always)
  func sums(
    _ slope: Slope, rectified: Bool
  ) -> (SIMD8<Double>, SIMD8<Double>) {
    @inline(__always)
    func terms(_ lanes: Lanes) -> (Vector, Vector) {
      let (distance, gradient) = slope(lanes, rectified: rectified)
      return (gradient, gradient * distance)
    }
    return sums(terms)
  }

  @inline(__always)
  func normalize(
    _ x: UnsafePointer<Float>, _ center: Vector, factor: Vector, base: Vector, rectified: Bool,
    into y: UnsafeMutablePointer<Float>
  ) {
    @inline(__always)
    func body(_ lanes: Lanes) {
      let value = (lanes.load(x) - center) * factor + base
      lanes.store(rectified ? value.replacing(with: 0, where: value .< 0) : value, y)
    }
    forEach(body)
  }

  @inline(__always)
  func differentiate(
    _ at: Slope, average: Vector, slope: Vector, rectified: Bool,
    into dx: UnsafeMutablePointer<Float>
  ) {
    @inline(__always)
    func body(_ lanes: Lanes) {
      let (distance, gradient) = at(lanes, rectified: rectified)
      lanes.store((gradient - average - distance * slope) * at.factor, dx)
    }
    forEach(body)
  }
}
