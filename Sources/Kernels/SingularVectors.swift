// Power iteration towards the largest singular value of a matrix.

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

/// right = Wᵀ·left / ‖Wᵀ·left‖, then left = W·right / ‖W·right‖; returns ‖W·right‖, which is no more
/// than the largest singular value and comes closer to it with each iteration.
///
/// `left` is `[rows]`, `right` `[blocks·width]`, and `products` space for `[rows]`. Where it returns 0 or
/// a number that is not finite `left` stays as it was.
package func iterateSingularVector(
  _ values: UnsafePointer<Float>, _ matrix: WeightMatrix, left: UnsafeMutablePointer<Float>,
  right: UnsafeMutablePointer<Float>, products: UnsafeMutablePointer<Double>
) -> Double {
  let (blocks, rows, width) = (matrix.blocks, matrix.rows, matrix.width)
  for block in 0..<blocks {
    let target = right + block * width
    target.update(repeating: 0, count: width)
    for row in 0..<rows {
      addScaled(values + (block * rows + row) * width, by: left[row], to: target, count: width)
    }
  }
  let length = sumOfSquares(right, count: matrix.columns).squareRoot()
  guard length.isFinite, length > 0 else { return length }
  scale(right, count: matrix.columns, by: Float(1 / length))
  var squares = 0.0
  for row in 0..<rows {
    products[row] = 0
    for block in 0..<blocks {
      products[row] += product(
        values + (block * rows + row) * width, right + block * width, count: width)
    }
    squares += products[row] * products[row]
  }
  let sigma = squares.squareRoot()
  guard sigma.isFinite, sigma > 0 else { return sigma }
  for row in 0..<rows { left[row] = Float(products[row] / sigma) }
  return sigma
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
