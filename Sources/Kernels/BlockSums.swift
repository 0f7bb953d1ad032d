// Sums of vectors as accurate as the norms': few terms in float32, the rest in Double.

/// A sum of vectors lane by lane: at most 16 terms in float32, then in Double.
struct BlockSums {
  private var partial = Vector.zero
  private var terms = 0
  private var complete = SIMD8<Double>.zero

  @inline(__always)
  init() {}

  @inline(__always)
  mutating func add(_ vector: Vector) {
    if terms == 16 {
      complete += partial.doubles
      partial = vector
      terms = 1
    } else {
      partial += vector
      terms += 1
    }
  }

  /// Adds a sum of `terms` vectors, at most 17.
  @inline(__always)
  mutating func add(_ sum: Vector, terms count: Int) {
    if terms + count > 16 {
      complete += partial.doubles
      partial = sum
      terms = count
    } else {
      partial += sum
      terms += count
    }
  }

  /// Lane by lane.
  @inline(__always)
  var totals: SIMD8<Double> { complete + partial.doubles }
}
