// Loops in parts: the same results on several threads, and parts that cover everything once.
import Basics
import Testing

@testable import Kernels

@Suite(.serialized) struct ParallelTests {
  /// Large enough to be divided, and of no even size.
  static let count = 3 * partElements + 77

  /// What `body` gives on one thread and on three.
  private func onOneAndThree<Result>(_ body: () -> Result) -> (Result, Result) {
    defer { setThreadCount(1) }
    setThreadCount(1)
    let alone = body()
    setThreadCount(3)
    return (alone, body())
  }

  @Test(arguments: [1, 8, 256])
  func `parts cover everything exactly once`(_ unit: Int) {
    let visits = onOneAndThree {
      var visits = [UInt8](repeating: 0, count: ParallelTests.count)
      visits.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        inParts(ParallelTests.count, elements: ParallelTests.count, unit: unit) { part in
          for index in part { base[index] += part.lowerBound % unit == 0 ? 1 : 100 }
        }
      }
      return visits
    }
    #expect(visits.0.allSatisfy { $0 == 1 })
    #expect(visits.1.allSatisfy { $0 == 1 })
  }

  @Test func `large work is divided and small work is not`() {
    defer { setThreadCount(1) }
    setThreadCount(3)
    #expect(partCount(ParallelTests.count, elements: ParallelTests.count, unit: 8) == 3)
    #expect(partCount(partElements, elements: partElements, unit: 8) == 1)
    #expect(partCount(2, elements: 1 << 20, unit: 1) == 2)
  }

  @Test func `masks and elements have the same bits on any number of threads`() {
    let count = ParallelTests.count
    let x = random(count, seed: 1, scale: 4)
    let results = onOneAndThree {
      var source = RandomSource(seed: 5)
      let masked = reading(x) { x in
        written(2 * count) {
          dropout(x, rate: 0.3, mask: $0, into: $0 + count, count: count, from: &source)
        }
      }
      let activated = reading(x) { x in written(count) { sigmoid(x, into: $0, count: count) } }
      return (masked, activated, source)
    }
    #expect(results.0 == results.1)
  }

  @Test func `sums and updates are exact on several threads too`() {
    let count = ParallelTests.count
    let (w, g) = (random(count, seed: 2), random(count, seed: 3))
    let exact = g.reduce(0) { $0 + Double($1) * Double($1) }
    let results = onOneAndThree {
      reading(g) { g in
        var sums = UpdateSums()
        let updated = written(2 * count, from: w + w.map { _ in 0 }) { memory in
          let tensor = ParameterMemory(
            count: count, values: memory, gradient: g, states: memory + count, stateStride: count)
          sums = SGDUpdate(rate: 0.1, momentum: 0.9, nesterov: false, weightDecay: 0)
            .apply(to: tensor)
        }
        return (updated, sums, sumOfSquares(g, count: count))
      }
    }
    #expect(results.0.0 == results.1.0)
    for (_, sums, squares) in [results.0, results.1] {
      #expect(abs(sums.gradient / exact - 1) < 2e-7)
      #expect(abs(squares / exact - 1) < 2e-7)
    }
  }

  @Test func `large rows, columns and planes have the same bits on any number of threads`() {
    let (rows, columns) = (50, 2 * partElements / 50 + 13)
    let x = random(rows * columns, seed: 4)
    let factors = (0..<columns).map { Float($0 % 3 + 1) / 2 }
    let shape = PoolingShape(
      height: 2, width: columns, outputHeight: 1, outputWidth: columns / 2, size: 2, stride: 2)
    let results = onOneAndThree {
      var sums = [Double](repeating: 0, count: rows + columns)
      let changed = reading(x) { x in
        sums.withUnsafeMutableBufferPointer { buffer in
          guard let sums = buffer.baseAddress else { return }
          rowSumsOfSquares(x, rows: rows, columns: columns, into: sums)
          groupedColumnSumsOfSquares(x, rows: rows, columns: columns, group: 1, into: sums + rows)
        }
        return reading(factors) { factors in
          written(rows * columns, from: Array(UnsafeBufferPointer(start: x, count: rows * columns)))
          {
            scaleColumns($0, rows: rows, columns: columns, by: factors)
            scale($0, count: rows * columns, by: 0.7)
            addBias(factors, to: $0, rows: rows, columns: columns)
          }
        }
      }
      let outputs = rows / 2 * shape.outputWidth
      let pooled = reading(x) { x in
        written(2 * outputs) {
          maxPool(x, planes: rows / 2, shape, into: $0, places: $0 + outputs)
        }
      }
      let normalized = reading(x) { x in
        let planes = Planes(rows: rows / 2, channels: 2, inner: columns)
        return written(rows * columns + 6 + planes.scratchCount) { y in
          let rest = y + rows * columns
          rest.update(repeating: 1, count: 6)
          batchNorm(
            x, planes, scale: rest, shift: rest, epsilon: 1e-5, into: y, mean: rest + 2,
            inverseDeviation: rest + 4, scratch: rest + 6)
        }.prefix(rows * columns + 6)
      }
      return [sums.map { Float($0) }, changed, pooled, Array(normalized)]
    }
    #expect(results.0 == results.1)
  }
}
