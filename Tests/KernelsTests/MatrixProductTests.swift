// Matrix products in all forms against the three plain loops.
import Kernels
import Testing

@Suite struct MatrixProductTests {
  static let sizes = [
    (0, 3, 2), (3, 0, 2), (3, 2, 0), (1, 1, 1), (1, 7, 3), (7, 9, 8), (8, 8, 8), (17, 3, 33),
    (31, 17, 65), (64, 32, 10),
  ]

  static func naive(
    _ form: MatrixForm, _ m: Int, _ n: Int, _ k: Int, _ a: [Float], _ b: [Float]
  ) -> [Double] {
    var c = [Double](repeating: 0, count: m * n)
    for i in 0..<m {
      for j in 0..<n {
        for p in 0..<k {
          let x = form == .firstTransposed ? a[p * m + i] : a[i * k + p]
          let y = form == .secondTransposed ? b[j * k + p] : b[p * n + j]
          c[i * n + j] += Double(x) * Double(y)
        }
      }
    }
    return c
  }

  @Test(arguments: [MatrixForm.plain, .secondTransposed, .firstTransposed], sizes)
  func `products equal the plain loops`(_ form: MatrixForm, _ size: (Int, Int, Int)) {
    let (m, n, k) = size
    let a = random(m * k, seed: 2)
    let b = random(k * n, seed: 3)
    let expected = MatrixProductTests.naive(form, m, n, k, a, b)
    let first = random(m * n, seed: 4)
    for accumulate in [false, true] {
      let c = reading(a) { a in
        reading(b) { b in
          written(m * n, from: first) {
            matrixProduct(
              form, rows: m, columns: n, inner: k, a, b, into: $0, accumulate: accumulate)
          }
        }
      }
      let sum = zip(expected, first).map { $0 + (accumulate ? Double($1) : 0) }
      #expect(close(c, sum, 1e-5))
    }
  }

  @Test(arguments: [MatrixForm.plain, .secondTransposed, .firstTransposed], sizes)
  func `rows with a stride are used in place`(_ form: MatrixForm, _ size: (Int, Int, Int)) {
    let (m, n, k) = size
    let a = random(m * k, seed: 2)
    let b = random(k * n, seed: 3)
    let first = random(m * n, seed: 4)
    let expected = MatrixProductTests.naive(form, m, n, k, a, b)
    let (aRows, aColumns) = form == .firstTransposed ? (k, m) : (m, k)
    let (bRows, bColumns) = form == .secondTransposed ? (n, k) : (k, n)
    for accumulate in [false, true] {
      let spread = reading(MatrixProductTests.apart(a, rows: aRows, aColumns, by: 3)) { a in
        reading(MatrixProductTests.apart(b, rows: bRows, bColumns, by: 1)) { b in
          written(m * (n + 5), from: MatrixProductTests.apart(first, rows: m, n, by: 5)) {
            matrixProduct(
              form, rows: m, columns: n, inner: k, a, b, into: $0, accumulate: accumulate,
              aStride: aColumns + 3, bStride: bColumns + 1, cStride: n + 5)
          }
        }
      }
      let gaps = spread.indices.filter { $0 % (n + 5) >= n }
      #expect(gaps.allSatisfy { spread[$0] == 99 })
      let c = spread.indices.filter { $0 % (n + 5) < n }.map { spread[$0] }
      #expect(close(c, zip(expected, first).map { $0 + (accumulate ? Double($1) : 0) }, 1e-5))
    }
  }

  /// The rows of a matrix with numbers between them.
  static func apart(_ matrix: [Float], rows: Int, _ columns: Int, by gap: Int) -> [Float] {
    (0..<rows).flatMap {
      matrix[$0 * columns..<($0 + 1) * columns] + [Float](repeating: 99, count: gap)
    }
  }

  @Test func `an overwritten product does not keep NaN`() {
    let c = reading([1, 2]) { a in
      reading([3, 4]) { b in
        written(1, from: [.nan]) {
          matrixProduct(.secondTransposed, rows: 1, columns: 1, inner: 2, a, b, into: $0)
        }
      }
    }
    #expect(c == [11])
  }

  /// Beside the sizes of all tests, some that oneDNN divides among threads, and rows that collide in the
  /// cache.
  static let preparedSizes = sizes + [(130, 100, 70), (32, 512, 128), (512, 40, 33)]

  @Test(arguments: [MatrixForm.plain, .secondTransposed, .firstTransposed], preparedSizes)
  func `prepared products equal the plain loops`(_ form: MatrixForm, _ size: (Int, Int, Int)) {
    let (m, n, k) = size
    let a = random(m * k, seed: 2)
    let b = random(k * n, seed: 3)
    let expected = MatrixProductTests.naive(form, m, n, k, a, b)
    let first = random(m * n, seed: 4)
    defer { setThreadCount(1) }
    let bias = random(n, seed: 5)
    for (accumulates, packs, hasBias, threads) in [
      (false, false, false, 1), (true, false, false, 1), (false, true, true, 1),
      (true, true, false, 2), (false, false, true, 2),
    ] {
      setThreadCount(threads)
      let batch = form == .firstTransposed ? k : m
      let product = PreparedProduct(
        form, columns: n, depth: form == .firstTransposed ? m : k, accumulates: accumulates,
        packs: packs, hasBias: hasBias)
      let sum = expected.indices.map { place in
        expected[place] + (accumulates ? Double(first[place]) : 0)
          + (hasBias ? Double(bias[place % n]) : 0)
      }
      let c = reading(a) { a in
        reading(b) { b in
          written(m * n, from: first) {
            if packs { product.pack(b, batch: batch) }
            let c = $0
            reading(bias) { product(a, b, bias: hasBias ? $0 : nil, into: c, batch: batch) }
          }
        }
      }
      #expect(close(c, sum, 1e-5))
    }
  }

  @Test(arguments: [MatrixForm.plain, .secondTransposed, .firstTransposed], [true, false])
  func `a prepared product takes any number of examples`(_ form: MatrixForm, _ packs: Bool) {
    let sums = form == .firstTransposed
    let (depth, columns) = (5, 7)
    let product = PreparedProduct(form, columns: columns, depth: depth, packs: packs)
    for batch in [4, 9, 0, 17, 4] {
      let (m, k) = sums ? (depth, batch) : (batch, depth)
      let a = random(m * k, seed: 2)
      let b = random(k * columns, seed: 3)
      let c = reading(a) { a in
        reading(b) { b in
          written(m * columns) {
            if packs { product.pack(b, batch: batch) }
            product(a, b, into: $0, batch: batch)
          }
        }
      }
      #expect(close(c, MatrixProductTests.naive(form, m, columns, k, a, b), 1e-5))
    }
  }
}
