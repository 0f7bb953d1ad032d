// SIMD access to float memory: full vectors in the body of a loop, part of one at its end.

import CVectors

/// Eight floats: as many registers as the target of the build needs for them.
typealias Vector = SIMD8<Float>

extension Vector {
  /// The lanes' square roots; `squareRoot()` takes them one by one.
  @inline(__always)
  var roots: Vector {
    Vector(lowHalf: maxnorm_square_roots(lowHalf), highHalf: maxnorm_square_roots(highHalf))
  }

  /// The lanes in Double; `SIMD8(self)` takes them one by one.
  @inline(__always)
  var doubles: SIMD8<Double> {
    SIMD8<Double>(
      lowHalf: SIMD4(
        lowHalf: maxnorm_doubles(lowHalf.lowHalf), highHalf: maxnorm_doubles(lowHalf.highHalf)),
      highHalf: SIMD4(
        lowHalf: maxnorm_doubles(highHalf.lowHalf), highHalf: maxnorm_doubles(highHalf.highHalf)))
  }

  /// The nearest to the doubles.
  @inline(__always)
  init(nearest doubles: SIMD8<Double>) {
    let (low, high) = (doubles.lowHalf, doubles.highHalf)
    self.init(
      lowHalf: SIMD4(
        lowHalf: maxnorm_floats(low.lowHalf), highHalf: maxnorm_floats(low.highHalf)),
      highHalf: SIMD4(
        lowHalf: maxnorm_floats(high.lowHalf), highHalf: maxnorm_floats(high.highHalf)))
  }

  /// The nearest to the whole numbers.
  @inline(__always)
  init(nearest numbers: SIMD8<Int32>) {
    self.init(
      lowHalf: maxnorm_floats_of_integers(numbers.lowHalf),
      highHalf: maxnorm_floats_of_integers(numbers.highHalf))
  }

  /// The lanes' sum in Double, in fixed order.
  @inline(__always)
  var doubleSum: Double {
    var sum = 0.0
    for lane in indices { sum += Double(self[lane]) }
    return sum
  }
}

extension SIMD8<Double> {
  /// The lanes' square roots.
  @inline(__always)
  var roots: SIMD8<Double> {
    SIMD8(
      lowHalf: SIMD4(
        lowHalf: maxnorm_double_square_roots(lowHalf.lowHalf),
        highHalf: maxnorm_double_square_roots(lowHalf.highHalf)),
      highHalf: SIMD4(
        lowHalf: maxnorm_double_square_roots(highHalf.lowHalf),
        highHalf: maxnorm_double_square_roots(highHalf.highHalf)))
  }
}

extension UnsafePointer<Float> {
  @inline(__always)
  func vector(at index: Int) -> Vector {
    UnsafeRawPointer(self + index).loadUnaligned(as: Vector.self)
  }
}

extension UnsafeMutablePointer<Float> {
  @inline(__always)
  func vector(at index: Int) -> Vector {
    UnsafeRawPointer(self + index).loadUnaligned(as: Vector.self)
  }

  @inline(__always)
  func store(_ vector: Vector, at index: Int) {
    UnsafeMutableRawPointer(self + index).storeBytes(of: vector, as: Vector.self)
  }
}

/// A place in float memory, one vector wide or (at the end of an array) narrower: lets a formula be
/// written once for both.
struct Lanes {
  let index: Int
  let count: Int

  /// The values at this place; lanes beyond `count` are zero.
  @inline(__always)
  func load(_ pointer: UnsafePointer<Float>) -> Vector {
    if count == Vector.scalarCount { return pointer.vector(at: index) }
    return loadPart(pointer + index, count)
  }

  @inline(__always)
  func load(_ pointer: UnsafeMutablePointer<Float>) -> Vector {
    load(UnsafePointer(pointer))
  }

  /// Writes the first `count` lanes.
  @inline(__always)
  func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>) {
    if count == Vector.scalarCount { return pointer.store(vector, at: index) }
    storePart(vector, pointer + index, count)
  }

  /// Writes each of the first `count` lanes to two places side by side, from twice this place on.
  @inline(__always)
  func storeTwice(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>) {
    let target = pointer + 2 * index
    if count == Vector.scalarCount {
      var both = SIMD16<Float>()
      both.evenHalf = vector
      both.oddHalf = vector
      UnsafeMutableRawPointer(target).storeBytes(of: both, as: SIMD16<Float>.self)
      return
    }
    for lane in 0..<count {
      target[2 * lane] = vector[lane]
      target[2 * lane + 1] = vector[lane]
    }
  }

  /// `vector` with the lanes beyond `count` set to zero.
  @inline(__always)
  func masked(_ vector: Vector) -> Vector {
    if count == Vector.scalarCount { return vector }
    return vector.replacing(with: 0, where: Vector(0, 1, 2, 3, 4, 5, 6, 7) .>= Float(count))
  }
}

// The narrow ends of arrays. Apart from the loops, which are inlined only while they are short; and
// not lane by lane, which would go through memory.

/// The first `count` values, below 8, and zeros.
@inline(never)
private func loadPart(_ pointer: UnsafePointer<Float>, _ count: Int) -> Vector {
  if count & 4 == 0 { return Vector(lowHalf: loadPart(pointer, ofHalf: count), highHalf: .zero) }
  return Vector(
    lowHalf: UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Float>.self),
    highHalf: loadPart(pointer + 4, ofHalf: count & 3))
}

/// The first `count` values, below 4, and zeros.
@inline(__always)
private func loadPart(_ pointer: UnsafePointer<Float>, ofHalf count: Int) -> SIMD4<Float> {
  switch count {
  case 0: .zero
  case 1: SIMD4(pointer[0], 0, 0, 0)
  case 2: SIMD4(pointer[0], pointer[1], 0, 0)
  default: SIMD4(pointer[0], pointer[1], pointer[2], 0)
  }
}

/// Writes the first `count` lanes, below 8.
@inline(never)
private func storePart(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
  var target = pointer
  var half = vector.lowHalf
  if count & 4 != 0 {
    UnsafeMutableRawPointer(target).storeBytes(of: half, as: SIMD4<Float>.self)
    target += 4
    half = vector.highHalf
  }
  if count & 3 > 0 { target[0] = half[0] }
  if count & 3 > 1 { target[1] = half[1] }
  if count & 3 > 2 { target[2] = half[2] }
}

/// Visits `0..<count` as `forEachVector` does, large ranges in parts at once (`inParts`).
@inline(__always)
func forEachVectorInParts(_ count: Int, _ body: (Lanes) -> Void) {
  inParts(count, elements: count, unit: Vector.scalarCount) { part in
    @inline(__always)
    func shifted(_ lanes: Lanes) {
      body(Lanes(index: part.lowerBound &+ lanes.index, count: lanes.count))
    }
    forEachVector(part.count, shifted)
  }
}

/// Visits `0..<count` in steps of one vector, the last one narrower if the count is not a multiple.
///
/// `body` should be a local function marked `@inline(__always)`: closures cannot be marked, and one
/// that is called twice, as here, stays a call for each vector.
@inline(__always)
func forEachVector(_ count: Int, _ body: (Lanes) -> Void) {
  let whole = count & ~(Vector.scalarCount - 1)
  var index = 0
  while index < whole {
    body(Lanes(index: index, count: Vector.scalarCount))
    index &+= Vector.scalarCount
  }
  if whole < count { body(Lanes(index: whole, count: count - whole)) }
}
