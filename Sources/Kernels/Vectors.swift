// SIMD access to float memory: full vectors in the body of a loop, part of one at its end.

import COneDNN

/// Eight floats: two SSE registers at the default target, one AVX register where that is enabled.
typealias Vector = SIMD8<Float>

extension Vector {
  /// The lanes' square roots; `squareRoot()` takes them one by one.
  @inline(__always)
  var roots: Vector {
    Vector(lowHalf: maxnorm_square_roots(lowHalf), highHalf: maxnorm_square_roots(highHalf))
  }

  /// The lanes' sum in Double, in fixed order.
  @inline(__always)
  var doubleSum: Double {
    var sum = 0.0
    for lane in indices { sum += Double(self[lane]) }
    return sum
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
    var vector = Vector.zero
    for lane in 0..<count { vector[lane] = pointer[index + lane] }
    return vector
  }

  @inline(__always)
  func load(_ pointer: UnsafeMutablePointer<Float>) -> Vector {
    load(UnsafePointer(pointer))
  }

  /// The values at twice this place, taken apart into those at even and at odd places.
  @inline(__always)
  func loadPairs(_ pointer: UnsafePointer<Float>) -> (even: Vector, odd: Vector) {
    let first = pointer + 2 * index
    if count == Vector.scalarCount {
      let both = SIMD16(lowHalf: first.vector(at: 0), highHalf: first.vector(at: 8))
      return (both.evenHalf, both.oddHalf)
    }
    var even = Vector.zero
    var odd = Vector.zero
    for lane in 0..<count {
      even[lane] = first[2 * lane]
      odd[lane] = first[2 * lane + 1]
    }
    return (even, odd)
  }

  /// Writes the first `count` lanes.
  @inline(__always)
  func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>) {
    if count == Vector.scalarCount { return pointer.store(vector, at: index) }
    for lane in 0..<count { pointer[index + lane] = vector[lane] }
  }

  /// `vector` with the lanes beyond `count` set to zero.
  @inline(__always)
  func masked(_ vector: Vector) -> Vector {
    if count == Vector.scalarCount { return vector }
    var masked = Vector.zero
    for lane in 0..<count { masked[lane] = vector[lane] }
    return masked
  }
}

/// Visits `0..<count` in steps of one vector, the last one narrower where the count is no multiple.
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
