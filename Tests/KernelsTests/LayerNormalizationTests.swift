// Layer normalization and its gradients against the formulas in Double.
import Kernels
import Testing

@Suite struct LayerNormalizationTests {
  private static let sizes = [1, 2, 3, 7, 8, 9, 16, 17, 33, 128, 129, 300]

  /// What the kernels write.
  private struct Result {
    var y: [Float] = []
    var mean: [Float] = []
    var inverse: [Float] = []
    var dx: [Float] = []
    var scaleGradient: [Float] = []
    var shiftGradient: [Float] = []
  }

  private func run(
    _ x: [Float], _ dy: [Float], scale: [Float], shift: [Float], rows: Int, inPlace: Bool = false
  ) -> Result {
    let columns = scale.count
    var result = Result()
    reading(x) { x in
      reading(scale) { scale in
        reading(shift) { shift in
          let statistics = written(2 * rows) { statistics in
            let first = Array(UnsafeBufferPointer(start: x, count: rows * columns))
            result.y = written(rows * columns, from: first) { y in
              layerNorm(
                inPlace ? UnsafePointer(y) : x, rows: rows, columns: columns, scale: scale,
                shift: shift, epsilon: 1e-5, into: y, mean: statistics,
                inverseDeviation: statistics + rows)
            }
          }
          (result.mean, result.inverse) = (
            Array(statistics[..<rows]), Array(statistics[rows...])
          )
          reading(statistics) { statistics in
            reading(dy) { separate in
              let gradients = written(2 * columns) { gradients in
                result.dx = written(rows * columns, from: dy) { dx in
                  let count = layerNormScratchCount(columns: columns)
                  // Memory to work in, full of what must not matter.
                  _ = written(count, from: [Float](repeating: .nan, count: count)) { scratch in
                    layerNormBackward(
                      x, inPlace ? UnsafePointer(dx) : separate, rows: rows, columns: columns,
                      scale: scale, mean: statistics, inverseDeviation: statistics + rows,
                      into: dx, scaleGradient: gradients, shiftGradient: gradients + columns,
                      scratch: scratch)
                  }
                }
              }
              result.scaleGradient = Array(gradients[..<columns])
              result.shiftGradient = Array(gradients[columns...])
            }
          }
        }
      }
    }
    return result
  }

  @Test(arguments: sizes, [1, 5, 16, 40])
  func `rows are normalized by their own statistics`(_ columns: Int, _ rows: Int) {
    let x = random(rows * columns, seed: 1).enumerated().map {
      2 * $1 + Float($0 / columns % 5) - 2
    }
    let dy = random(rows * columns, seed: 2)
    let scale = random(columns, seed: 3)
    let shift = random(columns, seed: 4)
    let result = run(x, dy, scale: scale, shift: shift, rows: rows)
    var outputs: [Double] = []
    var inputGradients: [Double] = []
    var scaleGradients = [Double](repeating: 0, count: columns)
    var shiftGradients = scaleGradients
    var means: [Double] = []
    var inverses: [Double] = []
    for row in 0..<rows {
      let places = row * columns..<(row + 1) * columns
      let mean = places.reduce(0.0) { $0 + Double(x[$1]) } / Double(columns)
      let variance =
        places.reduce(0.0) { $0 + (Double(x[$1]) - mean) * (Double(x[$1]) - mean) }
        / Double(columns)
      let inverse = 1 / (variance + 1e-5).squareRoot()
      let normalized = places.map { (Double(x[$0]) - mean) * inverse }
      let gradients = places.map { Double(dy[$0]) * Double(scale[$0 - places.lowerBound]) }
      let gradientMean = gradients.reduce(0, +) / Double(columns)
      let product = zip(gradients, normalized).reduce(0) { $0 + $1.0 * $1.1 } / Double(columns)
      for column in 0..<columns {
        outputs.append(normalized[column] * Double(scale[column]) + Double(shift[column]))
        inputGradients.append(
          inverse * (gradients[column] - gradientMean - normalized[column] * product))
        scaleGradients[column] += Double(dy[places.lowerBound + column]) * normalized[column]
        shiftGradients[column] += Double(dy[places.lowerBound + column])
      }
      means.append(mean)
      inverses.append(inverse)
    }
    #expect(close(result.mean, means, 2e-7))
    // One or two values of a row may lie near each other: then rounding shows.
    let tolerance = columns < 3 ? 1e-4 : 5e-6
    #expect(close(result.inverse, inverses, columns < 3 ? 1e-4 : 5e-7))
    #expect(close(result.y, outputs, tolerance))
    #expect(close(result.dx, inputGradients, columns < 3 ? 1e-1 : tolerance))
    #expect(close(result.scaleGradient, scaleGradients, tolerance))
    #expect(close(result.shiftGradient, shiftGradients, 5e-6))
    // In place of their inputs.
    let inPlace = run(x, dy, scale: scale, shift: shift, rows: rows, inPlace: true)
    #expect(inPlace.y == result.y)
    #expect(inPlace.dx == result.dx && inPlace.scaleGradient == result.scaleGradient)
  }

  @Test func `a mean far from zero does not spoil the variance`() {
    let (rows, columns) = (3, 4096)
    let x = random(rows * columns, seed: 1).map { 1000 + $0 }
    let one = [Float](repeating: 1, count: columns)
    let result = run(x, x, scale: one, shift: one, rows: rows)
    for row in 0..<rows {
      let values = x[row * columns..<(row + 1) * columns].map(Double.init)
      let mean = values.reduce(0, +) / Double(columns)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
      #expect(abs(Double(result.inverse[row]) * (variance + 1e-5).squareRoot() - 1) < 1e-6)
    }
  }

  @Test(arguments: [1, 5, 8, 100])
  func `a constant row becomes its shift`(_ columns: Int) {
    let shift = random(columns, seed: 1)
    let x = [Float](repeating: 0.1, count: columns)
    let result = run(
      x, x, scale: [Float](repeating: 1, count: columns), shift: shift, rows: 1)
    #expect(close(result.y, shift.map(Double.init), 1e-5))
  }

  @Test func `NaN stays within its row`() {
    var x = random(20, seed: 1)
    x[13] = .nan
    let one = [Float](repeating: 1, count: 10)
    let y = run(x, x, scale: one, shift: one, rows: 2).y
    #expect(y[..<10].allSatisfy { $0.isFinite } && y[10...].allSatisfy { $0.isNaN })
  }
}
