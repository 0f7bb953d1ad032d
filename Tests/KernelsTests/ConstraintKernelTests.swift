// Kernels of constraints against their definitions: weights below 0, and the largest singular value.
import Kernels
import Testing

@Suite struct ConstraintKernelTests {
  /// What is kept of units of a matrix, given as lists of places.
  private func expected(_ matrix: [Float], _ units: [[Int]]) -> (kept: [Double], matrix: [Float]) {
    var result = matrix
    let kept = units.map { places in
      let values = places.map { Double(matrix[$0]) }
      let all = values.reduce(0) { $0 + $1 * $1 }
      guard values.contains(where: { $0 < 0 }), all.isFinite else { return Double.nan }
      for place in places { result[place] = max(0, result[place]) }
      return (values.reduce(0) { $1 > 0 ? $0 + $1 * $1 : $0 } / all).squareRoot()
    }
    return (kept, result)
  }

  private func areClose(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0.isNaN ? $1.isNaN : abs($0 - $1) < 1e-6 }
  }

  @Test(arguments: oddSizes, [0, 1, 3, 17])
  func `negative weights of a row become zero`(_ columns: Int, _ rows: Int) {
    var matrix = random(rows * columns, seed: 3)
    // The first row has nothing below 0.
    for place in 0..<(rows > 0 ? columns : 0) { matrix[place] = abs(matrix[place]) }
    let units = (0..<rows).map { row in (0..<columns).map { row * columns + $0 } }
    let expected = expected(matrix, units)
    for clamps in [true, false] {
      var kept = [Double](repeating: 0, count: rows + 1)
      let written = written(matrix.count, from: matrix) { matrix in
        kept.withUnsafeMutableBufferPointer { kept in
          guard let kept = kept.baseAddress else { return }
          clampNegativeRows(matrix, rows: rows, columns: columns, clamps: clamps, into: kept)
        }
      }
      #expect(written == (clamps ? expected.matrix : matrix))
      #expect(areClose(Array(kept.prefix(rows)), expected.kept))
    }
  }

  @Test(arguments: [1, 2, 9], [1, 3, 17])
  func `negative weights of a column become zero`(_ group: Int, _ rows: Int) {
    for count in [1, 3, 8] {
      let columns = count * group
      let matrix = random(rows * columns, seed: 4)
      let units = (0..<count).map { unit in
        (0..<rows).flatMap { row in (0..<group).map { row * columns + unit * group + $0 } }
      }
      let expected = expected(matrix, units)
      var kept = [Double](repeating: 0, count: count)
      let written = written(matrix.count, from: matrix) { matrix in
        kept.withUnsafeMutableBufferPointer { kept in
          guard let kept = kept.baseAddress else { return }
          clampNegativeColumns(
            matrix, rows: rows, columns: columns, group: group, clamps: true, into: kept)
        }
      }
      #expect(written == expected.matrix && areClose(kept, expected.kept))
    }
  }

  @Test func `units that are not finite stay as they are, and tiny negative weights become zero`() {
    let matrix: [Float] = [
      -1, .nan, -1, .infinity, -1, -.infinity, -1e-30, 2, -3e38, 3e38, 0, -0.0,
    ]
    var kept = [Double](repeating: 0, count: 6)
    let written = written(12, from: matrix) { matrix in
      kept.withUnsafeMutableBufferPointer { kept in
        guard let kept = kept.baseAddress else { return }
        clampNegativeRows(matrix, rows: 6, columns: 2, clamps: true, into: kept)
      }
    }
    #expect(written[..<6].map(\.bitPattern) == matrix[..<6].map(\.bitPattern))
    let clamped: [Float] = [0, 2, 0, 3e38, 0, -0.0]
    #expect(written[6...].map(\.bitPattern) == clamped.map(\.bitPattern))
    #expect(kept[..<3].allSatisfy(\.isNaN) && kept[3] == 1 && kept[5].isNaN)
    #expect(abs(kept[4] - 0.5.squareRoot()) < 1e-12)
  }

  /// The largest singular value, by many iterations in Double from every direction at once.
  static func largestSingularValue(_ matrix: [[Double]]) -> Double {
    var left = matrix.indices.map { 1 + Double($0 % 3) }
    var sigma = 0.0
    for _ in 0..<20_000 {
      var right = matrix[0].map { _ in 0.0 }
      for (row, factor) in zip(matrix, left) {
        for column in row.indices { right[column] += factor * row[column] }
      }
      let length = right.reduce(0) { $0 + $1 * $1 }.squareRoot()
      left = matrix.map { row in zip(row, right).reduce(0) { $0 + $1.0 * $1.1 } / length }
      let next = left.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if next - sigma < 1e-15 * next { return next }
      sigma = next
      left = left.map { $0 / next }
    }
    return sigma
  }

  @Test(arguments: [(1, 1, 1), (1, 5, 9), (1, 17, 3), (3, 4, 5), (7, 2, 9), (2, 9, 16)])
  func `power iteration converges to the largest singular value`(_ shape: (Int, Int, Int)) {
    let matrix = WeightMatrix(blocks: shape.0, rows: shape.1, width: shape.2)
    let values = random(matrix.columns * matrix.rows, seed: 6)
    let plain = (0..<matrix.rows).map { row in
      (0..<matrix.columns).map { column in
        let (block, place) = (column / matrix.width, column % matrix.width)
        return Double(values[(block * matrix.rows + row) * matrix.width + place])
      }
    }
    var sigma = 0.0
    let left = written(2 * matrix.rows, from: random(2 * matrix.rows, seed: 7)) { left in
      _ = written(2 * matrix.columns) { right in
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * matrix.rows) { products in
          guard let products = products.baseAddress else { return }
          for _ in 0..<100 {
            sigma = reading(values) {
              iterateSingularVectors($0, matrix, left: left, right: right, products: products)
            }
          }
        }
      }
    }
    let expected = Self.largestSingularValue(plain)
    #expect(abs(sigma - expected) < 1e-5 * expected)
    #expect(abs(left[..<matrix.rows].reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
  }

  /// Where one vector would take thousands of iterations.
  @Test func `power iteration converges when the two largest singular values are equal`() {
    let matrix = WeightMatrix(blocks: 1, rows: 4, width: 4)
    let values: [Float] = [3, 0, 0, 0, 0, 2.9999, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0.5]
    var sigma = 0.0
    _ = written(8, from: [0.1, 1, 1, 1, 1, 1, -1, 1]) { left in
      _ = written(8) { right in
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 8) { products in
          guard let products = products.baseAddress else { return }
          for _ in 0..<12 {
            sigma = reading(values) {
              iterateSingularVectors($0, matrix, left: left, right: right, products: products)
            }
          }
        }
      }
    }
    #expect(abs(sigma - 3) < 3e-6)
  }
}
