// Sums of squares against Double, at the accuracy the constraint needs.
import Kernels
import Testing

@Suite struct NormTests {
  static func reference(_ values: some Sequence<Float>) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }
  }

  /// Relative errors of norms, from squares.
  static func error(_ sum: Double, _ expected: Double) -> Double {
    expected == 0 ? sum : abs((sum / expected).squareRoot() - 1)
  }

  @Test(arguments: oddSizes + [1000, 4096, 4097, 100_003])
  func `norms are accurate`(_ count: Int) {
    for (seed, scale) in [(UInt64(1), Float(1)), (2, 1e-6), (3, 1e6)] {
      let values = random(count, seed: seed, scale: scale)
      let sum = reading(values) { sumOfSquares($0, count: count) }
      #expect(NormTests.error(sum, NormTests.reference(values)) < 2e-7)
    }
    // All alike is where rounding errors all point the same way.
    let alike = [Float](repeating: 0.1, count: count)
    let sum = reading(alike) { sumOfSquares($0, count: count) }
    #expect(NormTests.error(sum, NormTests.reference(alike)) < 2e-7)
  }

  @Test(arguments: oddSizes, [0, 1, 3, 17, 300])
  func `norms of rows and columns equal their definition`(_ columns: Int, _ rows: Int) {
    let matrix = random(rows * columns, seed: 7)
    let byRow = sums(rows) { sums in
      reading(matrix) { rowSumsOfSquares($0, rows: rows, columns: columns, into: sums) }
    }
    for row in 0..<rows {
      let expected = NormTests.reference(matrix[(row * columns)..<((row + 1) * columns)])
      #expect(NormTests.error(byRow[row], expected) < 2e-7)
    }
    let byColumn = sums(columns) { sums in
      reading(matrix) {
        groupedColumnSumsOfSquares($0, rows: rows, columns: columns, group: 1, into: sums)
      }
    }
    for column in 0..<columns {
      let expected = NormTests.reference((0..<rows).map { matrix[$0 * columns + column] })
      #expect(NormTests.error(byColumn[column], expected) < 2e-7)
    }
  }

  @Test(arguments: [1, 2, 3, 9, 17, 33], [0, 1, 3, 17, 20])
  func `norms of groups of columns equal their definition`(_ group: Int, _ rows: Int) {
    for units in [0, 1, 3] {
      let columns = units * group
      let matrix = random(rows * columns, seed: 7)
      let byUnit = sums(units) { sums in
        reading(matrix) {
          groupedColumnSumsOfSquares(
            $0, rows: rows, columns: columns, group: group, into: sums)
        }
      }
      let factors = (0..<units).map { $0 % 2 == 0 ? Float(1) : 0.3 }
      let scaled = reading(factors) { factors in
        written(matrix.count, from: matrix) {
          scaleGroupedColumns($0, rows: rows, columns: columns, group: group, by: factors)
        }
      }
      for unit in 0..<units {
        let places = matrix.indices.filter { $0 % columns / group == unit }
        let expected = NormTests.reference(places.map { matrix[$0] })
        #expect(NormTests.error(byUnit[unit], expected) < 2e-7)
        #expect(places.allSatisfy { scaled[$0] == matrix[$0] * factors[unit] })
      }
    }
  }

  @Test func `huge values in a group do not overflow`() {
    let huge = [Float](repeating: 1e30, count: 6 * 20)
    let byUnit = sums(2) { sums in
      reading(huge) { groupedColumnSumsOfSquares($0, rows: 20, columns: 6, group: 3, into: sums) }
    }
    #expect(byUnit.allSatisfy { NormTests.error($0, 60e60) < 1e-6 })
  }

  @Test func `norms of long columns are accurate too`() {
    let matrix = [Float](repeating: 0.1, count: 4096 * 3)
    let byColumn = sums(3) { sums in
      reading(matrix) {
        groupedColumnSumsOfSquares($0, rows: 4096, columns: 3, group: 1, into: sums)
      }
    }
    let expected = 4096 * Double(Float(0.1)) * Double(Float(0.1))
    #expect(byColumn.allSatisfy { NormTests.error($0, expected) < 2e-7 })
  }

  @Test func `huge values do not overflow, and infinite ones show`() {
    for count in [1, 9, 20] {
      let huge = [Float](repeating: 1e30, count: count)
      let sum = reading(huge) { sumOfSquares($0, count: count) }
      #expect(NormTests.error(sum, Double(count) * 1e60) < 1e-6)
      for wrong in [Float.nan, .infinity, -.infinity] {
        var values = random(count)
        let fine = reading(values) { allFinite($0, count: count) }
        values[count - 1] = wrong
        let sum = reading(values) { sumOfSquares($0, count: count) }
        let stillFine = reading(values) { allFinite($0, count: count) }
        #expect(fine && !stillFine && !sum.isFinite)
      }
    }
  }

  private func sums(_ count: Int, _ body: (UnsafeMutablePointer<Double>) -> Void) -> [Double] {
    let memory = UnsafeMutablePointer<Double>.allocate(capacity: count + 1)
    memory.initialize(repeating: -1, count: count + 1)
    defer { memory.deallocate() }
    body(memory)
    #expect(memory[count] == -1)
    return Array(UnsafeBufferPointer(start: memory, count: count))
  }
}
