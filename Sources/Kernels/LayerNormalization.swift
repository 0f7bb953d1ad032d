// Layer normalization of rows (Ba, Kiros and Hinton 2016), by PyTorch's definitions.
//
// In all functions the output may be the memory of an input of the same shape. Sums take at most 16
// terms a lane in float32, the rest in Double; no result depends on how many threads there are.

/// y = (x − mean) / √(variance + ε)·scale + shift in each row of x `[rows, columns]`, with the row's own
/// mean and biased variance.
///
/// Writes each row's mean and 1 / √(variance + ε) for `layerNormBackward`.
package func layerNorm(
  _ x: UnsafePointer<Float>, rows: Int, columns: Int, scale: UnsafePointer<Float>,
  shift: UnsafePointer<Float>, epsilon: Float, into y: UnsafeMutablePointer<Float>,
  mean: UnsafeMutablePointer<Float>, inverseDeviation: UnsafeMutablePointer<Float>
) {
  let count = Double(columns)
  inParts(rows, elements: rows * columns) { part in
    for row in part {
      let x = x + row * columns
      let y = y + row * columns
      @inline(__always)
      func values(_ lanes: Lanes) -> (Vector, Vector) { (lanes.load(x), .zero) }
      let near = Float(rowSums(columns, values).0 / count)
      // From a point nearby: what rounding left of the mean is taken out again.
      let center = Vector(repeating: near)
      @inline(__always)
      func distances(_ lanes: Lanes) -> (Vector, Vector) {
        let distance = lanes.load(x) - center
        return (distance, distance * distance)
      }
      let (distance, squares) = rowSums(columns, distances)
      let spread = squares - distance * distance / count
      let variance = spread > 0 || spread.isNaN ? spread / count : 0
      mean[row] = Float(Double(near) + distance / count)
      inverseDeviation[row] = Float(1 / (variance + Double(epsilon)).squareRoot())
      let average = Vector(repeating: mean[row])
      let inverse = Vector(repeating: inverseDeviation[row])
      @inline(__always)
      func normalize(_ lanes: Lanes) {
        let normalized = (lanes.load(x) - average) * inverse
        lanes.store(normalized * lanes.load(scale) + lanes.load(shift), y)
      }
      forEachVector(columns, normalize)
    }
  }
}

/// Floats that `layerNormBackward` needs to work in, aligned as Doubles are.
package func layerNormScratchCount(columns: Int) -> Int { 4 * columns }

/// The gradients of `layerNorm`, through the rows' statistics too.
///
/// With g = dy·scale and x̂ = (x − mean) / σ, dx = (g − mean of g − x̂·mean of g·x̂) / σ in each row; the
/// scale's gradient is the sum of dy·x̂ over the rows, the shift's that of dy.
package func layerNormBackward(
  _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, rows: Int, columns: Int,
  scale: UnsafePointer<Float>, mean: UnsafePointer<Float>,
  inverseDeviation: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>,
  scaleGradient: UnsafeMutablePointer<Float>, shiftGradient: UnsafeMutablePointer<Float>,
  scratch: UnsafeMutablePointer<Float>
) {
  let sums = UnsafeMutableRawPointer(scratch).bindMemory(to: Double.self, capacity: 2 * columns)
  // Before dy is written over.
  inParts(columns, elements: rows * columns, unit: Vector.scalarCount) { part in
    addGradients(
      x, dy, rows: rows, columns: columns, part, mean: mean, inverseDeviation: inverseDeviation,
      into: sums)
    for column in part {
      scaleGradient[column] = Float(sums[column])
      shiftGradient[column] = Float(sums[columns + column])
    }
  }
  let count = Double(columns)
  inParts(rows, elements: rows * columns) { part in
    for row in part {
      let x = x + row * columns
      let dy = dy + row * columns
      let dx = dx + row * columns
      let average = Vector(repeating: mean[row])
      @inline(__always)
      func terms(_ lanes: Lanes) -> (Vector, Vector) {
        let gradient = lanes.load(dy) * lanes.load(scale)
        return (gradient, gradient * (lanes.load(x) - average))
      }
      let (total, product) = rowSums(columns, terms)
      let inverse = Double(inverseDeviation[row])
      let gradientMean = Vector(repeating: Float(total / count))
      let slope = Vector(repeating: Float(product * inverse * inverse / count))
      let factor = Vector(repeating: inverseDeviation[row])
      @inline(__always)
      func differentiate(_ lanes: Lanes) {
        let gradient = lanes.load(dy) * lanes.load(scale)
        let distance = lanes.load(x) - average
        lanes.store((gradient - gradientMean - distance * slope) * factor, dx)
      }
      forEachVector(columns, differentiate)
    }
  }
}

/// sums `[2, columns]` = the sums over the rows of dy·x̂ and of dy, for some of the columns.
private func addGradients(
  _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, rows: Int, columns: Int,
  _ part: Range<Int>, mean: UnsafePointer<Float>, inverseDeviation: UnsafePointer<Float>,
  into sums: UnsafeMutablePointer<Double>
) {
  for column in part { (sums[column], sums[columns + column]) = (0, 0) }
  var start = 0
  while start < rows {
    // So few rows at once that their lines stay in the cache from one vector to the next.
    let end = min(rows, start + 16)
    @inline(__always)
    func body(_ lanes: Lanes) {
      let column = part.lowerBound + lanes.index
      var (products, totals) = (Vector.zero, Vector.zero)
      for row in start..<end {
        let place = Lanes(index: row &* columns &+ column, count: lanes.count)
        let gradient = place.load(dy)
        products += gradient * (place.load(x) - mean[row]) * inverseDeviation[row]
        totals += gradient
      }
      for lane in 0..<lanes.count {
        sums[column + lane] += Double(products[lane])
        sums[columns + column + lane] += Double(totals[lane])
      }
    }
    forEachVector(part.count, body)
    start = end
  }
}

/// The sums of two terms over `0..<count`.
@inline(__always)
private func rowSums(_ count: Int, _ terms: (Lanes) -> (Vector, Vector)) -> (Double, Double) {
  var totals = (SIMD8<Double>.zero, SIMD8<Double>.zero)
  var start = 0
  while start < count {
    let part = min(count - start, 16 * Vector.scalarCount)
    var (first, second) = (Vector.zero, Vector.zero)
    @inline(__always)
    func add(_ lanes: Lanes) {
      let (a, b) = terms(Lanes(index: start &+ lanes.index, count: lanes.count))
      first += lanes.masked(a)
      second += lanes.masked(b)
    }
    forEachVector(part, add)
    totals.0 += first.doubles
    totals.1 += second.doubles
    start += part
  }
  return (totals.0.sum(), totals.1.sum())
}
