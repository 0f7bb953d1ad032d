// Power iteration, with two vectors, towards the largest singular value of a matrix.

/// A matrix `[rows, blocks·width]` in memory `[blocks, rows, width]`: with one block in plain order.
package struct WeightMatrix: Sendable, Equatable {
  package var blocks: Int
  package var rows: Int
  package var width: Int

  package var columns: Int { blocks * width }

  package init(blocks: Int, rows: Int, width: Int) {
    self.blocks = blocks
    self.rows = rows
    self.width = width
  }
}

/// One iteration of two vectors at once, towards the two largest singular values; returns the
/// larger.
///
/// right = Wᵀ·left, made orthonormal; left = W·right, rotated to the axes of the plane they span
/// and normalized. What is returned is no more than the largest singular value and comes closer to
/// it by the square of σ₃/σ₁: with one vector it would be σ₂/σ₁, and values so close that hundreds
/// of iterations do not separate them are common in trained layers.
///
/// `left` is `[2, rows]`, `right` `[2, columns]`, and `products` space for `[2, rows]`. If it
/// returns 0 or a number that is not finite `left` stays as it was.
package func iterateSingularVectors(
  _ values: UnsafePointer<Float>, _ matrix: WeightMatrix, left: UnsafeMutablePointer<Float>,
  right: UnsafeMutablePointer<Float>, products: UnsafeMutablePointer<Double>
) -> Double {
  let (blocks, rows, width) = (matrix.blocks, matrix.rows, matrix.width)
  let other = (left: left + rows, right: right + matrix.columns, products: products + rows)
  right.update(repeating: 0, count: 2 * matrix.columns)
  for block in 0..<blocks {
    for row in 0..<rows {
      let part = values + (block * rows + row) * width
      addScaled(part, by: left[row], to: right + block * width, count: width)
      addScaled(part, by: other.left[row], to: other.right + block * width, count: width)
    }
  }
  guard makeOrthonormal(right, other.right, count: matrix.columns) else {
    return sumOfSquares(right, count: matrix.columns).squareRoot()
  }
  // The matrix of their products [[a, b], [b, c]].
  var (a, b, c) = (0.0, 0.0, 0.0)
  for row in 0..<rows {
    var (first, second) = (0.0, 0.0)
    for block in 0..<blocks {
      let part = values + (block * rows + row) * width
      first += product(part, right + block * width, count: width)
      second += product(part, other.right + block * width, count: width)
    }
    (products[row], other.products[row]) = (first, second)
    a += first * first
    b += first * second
    c += second * second
  }
  let half = (a - c) / 2
  let radius = (half * half + b * b).squareRoot()
  let largest = (a + c) / 2 + radius
  guard largest.isFinite, largest > 0 else { return largest }
  var (x, y) = half >= 0 ? (half + radius, b) : (b, radius - half)
  let length = (x * x + y * y).squareRoot()
  (x, y) = length > 0 ? (x / length, y / length) : (1, 0)
  let (sigma, smaller) = (largest.squareRoot(), max(0, (a + c) / 2 - radius).squareRoot())
  for row in 0..<rows {
    let (first, second) = (products[row], other.products[row])
    left[row] = Float((x * first + y * second) / sigma)
    // A matrix of rank 1 has no second singular vector: the former one looks for a new one.
    guard smaller > 1e-6 * sigma else { continue }
    other.left[row] = Float((x * second - y * first) / smaller)
  }
  return sigma
}

/// Brings two vectors to length 1, the second one orthogonal to the first, or to 0 if it is parallel;
/// false if the first is 0 or not finite.
private func makeOrthonormal(
  _ first: UnsafeMutablePointer<Float>, _ second: UnsafeMutablePointer<Float>, count: Int
) -> Bool {
  let length = sumOfSquares(first, count: count).squareRoot()
  guard length.isFinite, length > 0 else { return false }
  scale(first, count: count, by: Float(1 / length))
  let before = sumOfSquares(second, count: count).squareRoot()
  // Twice: the first time leaves rounding errors of what it takes away.
  for _ in 0..<2 {
    let share = product(first, second, count: count)
    addScaled(first, by: Float(-share), to: second, count: count)
  }
  let after = sumOfSquares(second, count: count).squareRoot()
  scale(second, count: count, by: after > 1e-4 * before ? Float(1 / after) : 0)
  return true
}

/// target += factor·values.
private func addScaled(
  _ values: UnsafePointer<Float>, by factor: Float, to target: UnsafeMutablePointer<Float>,
  count: Int
) {
  @inline(__always)
  func body(_ lanes: Lanes) {
    lanes.store(lanes.load(target) + factor * lanes.load(values), target)
  }
  forEachVector(count, body)
}

/// Σ a·b, in float32 for at most 256 terms, then in Double.
private func product(
  _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int
) -> Double {
  var total = 0.0
  var start = 0
  while start < count {
    let terms = min(partialTerms, count - start)
    var sum = Vector.zero
    let first = start
    @inline(__always)
    func body(_ part: Lanes) {
      let lanes = Lanes(index: first &+ part.index, count: part.count)
      sum += lanes.load(a) * lanes.load(b)
    }
    forEachVector(terms, body)
    total += sum.doubleSum
    start += terms
  }
  return total
}
