// Activations, bias, dropout, scaling and gathering against one-line twins.
import Basics
import Foundation
import Kernels
import Testing

@Suite struct ElementwiseTests {
  /// An activation, a reference for it, and one for its derivative as a function of the output.
  struct Activation: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let forward: @Sendable (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
    let backward:
      @Sendable (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) ->
        Void
    let twin: @Sendable (Double) -> Double
    let slope: @Sendable (Double) -> Double
  }

  static let activations = [
    Activation(
      testDescription: "relu", forward: { relu($0, into: $1, count: $2) },
      backward: { reluBackward(output: $0, outputGradient: $1, into: $2, count: $3) },
      twin: { max($0, 0) }, slope: { $0 > 0 ? 1 : 0 }),
    Activation(
      testDescription: "leaky relu",
      forward: { leakyReLU($0, slope: 0.25, into: $1, count: $2) },
      backward: {
        leakyReLUBackward(output: $0, slope: 0.25, outputGradient: $1, into: $2, count: $3)
      },
      twin: { $0 > 0 ? $0 : 0.25 * $0 }, slope: { $0 > 0 ? 1 : 0.25 }),
    Activation(
      testDescription: "elu",
      forward: { elu($0, alpha: 0.75, into: $1, count: $2) },
      backward: {
        eluBackward(output: $0, alpha: 0.75, outputGradient: $1, into: $2, count: $3)
      },
      twin: { $0 > 0 ? $0 : 0.75 * expm1($0) }, slope: { $0 > 0 ? 1 : $0 + 0.75 }),
    Activation(
      testDescription: "tanh", forward: { hyperbolicTangent($0, into: $1, count: $2) },
      backward: {
        hyperbolicTangentBackward(output: $0, outputGradient: $1, into: $2, count: $3)
      },
      twin: { tanh($0) }, slope: { 1 - $0 * $0 }),
    Activation(
      testDescription: "sigmoid", forward: { sigmoid($0, into: $1, count: $2) },
      backward: { sigmoidBackward(output: $0, outputGradient: $1, into: $2, count: $3) },
      twin: { 1 / (1 + exp(-$0)) }, slope: { $0 * (1 - $0) }),
  ]

  @Test(arguments: activations, oddSizes)
  func `activations equal their formula`(_ activation: Activation, _ count: Int) {
    var x = random(count, seed: 5, scale: 4)
    for (index, special) in [Float(0), -0.0, 90, -90, 200, -200].enumerated() where index < count {
      x[index] = special
    }
    let y = reading(x) { x in written(count) { activation.forward(x, $0, count) } }
    #expect(close(y, x.map { activation.twin(Double($0)) }))
    let inPlace = written(count, from: x) { activation.forward($0, $0, count) }
    #expect(inPlace == y)
    let dy = random(count, seed: 6)
    let dx = reading(y) { y in
      reading(dy) { dy in written(count) { activation.backward(y, dy, $0, count) } }
    }
    #expect(close(dx, zip(y, dy).map { activation.slope(Double($0)) * Double($1) }))
    let backInPlace = reading(y) { y in
      written(count, from: dy) { activation.backward(y, $0, $0, count) }
    }
    #expect(backInPlace == dx)
  }

  @Test(arguments: activations)
  func `activations keep NaN`(_ activation: Activation) {
    for count in [1, 8, 11] {
      let y = written(count, from: Array(repeating: .nan, count: count)) {
        activation.forward($0, $0, count)
      }
      #expect(y.allSatisfy { $0.isNaN })
    }
  }

  /// Near zero too, where exp(x) − 1 has no digits left.
  @Test func `ELU is accurate to the last digits`() {
    let x = (0..<400).map { -exp2(Float($0) / 8 - 44) }
    let y = reading(x) { x in written(400) { elu(x, alpha: 1, into: $0, count: 400) } }
    #expect(zip(x, y).allSatisfy { abs(Double($1) / expm1(Double($0)) - 1) < 6e-7 })
    let limits = written(3, from: [-.infinity, .infinity, -0.0]) {
      elu($0, alpha: 0.5, into: $0, count: 3)
    }
    #expect(limits == [-0.5, .infinity, 0] && limits[2].sign == .minus)
  }

  @Test(arguments: oddSizes, [0, 1, 5])
  func `the bias is added to every row, and its gradient is the column sum`(
    _ columns: Int, _ rows: Int
  ) {
    let bias = random(columns, seed: 1)
    let matrix = random(rows * columns, seed: 2)
    let added = reading(bias) { bias in
      written(rows * columns, from: matrix) { addBias(bias, to: $0, rows: rows, columns: columns) }
    }
    #expect(added == matrix.indices.map { matrix[$0] + bias[$0 % columns] })
    let sums = reading(matrix) { matrix in
      written(columns) { columnSums(matrix, rows: rows, columns: columns, into: $0) }
    }
    let expected = (0..<columns).map { column in
      (0..<rows).reduce(0.0) { $0 + Double(matrix[$1 * columns + column]) }
    }
    #expect(close(sums, expected))
  }

  @Test(arguments: oddSizes)
  func `scaling multiplies all columns or single ones`(_ count: Int) {
    let x = random(3 * count, seed: 8)
    let scaled = written(3 * count, from: x) { scale($0, count: 3 * count, by: 0.3) }
    #expect(scaled == x.map { $0 * 0.3 })
    let factors = (0..<count).map { $0 % 3 == 0 ? Float(1) : 0.5 }
    let columns = reading(factors) { factors in
      written(3 * count, from: x) { scaleColumns($0, rows: 3, columns: count, by: factors) }
    }
    #expect(columns == x.indices.map { x[$0] * factors[$0 % count] })
  }

  @Test(arguments: oddSizes)
  func `clamping keeps NaN and what is within the limit`(_ count: Int) {
    var x = random(count, seed: 9, scale: 2)
    let specials: [Float] = [.infinity, -.infinity, 0.5, -0.0]
    for (index, special) in specials.enumerated() where index < count {
      x[index] = special
    }
    let clamped = written(count, from: x) { clampValues($0, count: count, to: 0.5) }
    #expect(clamped == x.map { max(-0.5, min(0.5, $0)) })
    let wrong = [Float](repeating: .nan, count: count)
    let kept = written(count, from: wrong) { clampValues($0, count: count, to: 0.5) }
    #expect(kept.allSatisfy { $0.isNaN })
  }

  @Test(arguments: [
    Planes(rows: 0, channels: 3, inner: 4), Planes(rows: 2, channels: 0, inner: 3),
    Planes(rows: 1, channels: 1, inner: 1), Planes(rows: 3, channels: 7, inner: 1),
    Planes(rows: 2, channels: 9, inner: 1), Planes(rows: 2, channels: 3, inner: 7),
    Planes(rows: 3, channels: 2, inner: 8), Planes(rows: 2, channels: 5, inner: 9),
    Planes(rows: 1, channels: 4, inner: 300), Planes(rows: 40, channels: 2, inner: 17),
    Planes(rows: 3, channels: 16, inner: 9, block: 8),
    Planes(rows: 2, channels: 32, inner: 300, block: 16),
  ])
  func `each channel gets its bias, and the bias's gradient is the channel's sum`(_ planes: Planes)
  {
    let (channels, count) = (planes.channels, planes.rows * planes.channels * planes.inner)
    let bias = random(channels, seed: 1)
    let x = random(count, seed: 2)
    let y = reading(bias) { bias in
      written(count, from: x) {
        addChannelBias(bias, to: $0, planes)
      }
    }
    #expect(y == x.indices.map { x[$0] + bias[planes.channel($0)] })
    let sums = reading(x) { x in
      written(channels) { channelSums(x, planes, into: $0) }
    }
    var expected = [Double](repeating: 0, count: channels)
    for place in x.indices { expected[planes.channel(place)] += Double(x[place]) }
    #expect(close(sums, expected))
  }

  @Test(arguments: [1, 7, 8, 9])
  func `gathering copies the named rows`(_ columns: Int) {
    let matrix = random(10 * columns, seed: 3)
    let indices: [Int32] = [9, 0, 4, 4, 1]
    let rows = reading(matrix) { matrix in
      reading(indices) { indices in
        written(5 * columns) {
          gatherRows(matrix, rows: 10, columns: columns, indices: indices, count: 5, into: $0)
        }
      }
    }
    let expected = indices.flatMap { row in
      (0..<columns).map { matrix[Int(row) * columns + $0] }
    }
    #expect(rows == expected)
  }

  @Test(arguments: [Float(0), 0.1, 0.5, 0.9])
  func `dropout drops its share and scales the rest`(_ rate: Float) {
    let count = 100_001
    var source = RandomSource(seed: 12)
    let x = random(count, seed: 4).map { $0 == 0 ? 1 : $0 }
    var mask: [Float] = []
    let y = reading(x) { x in
      written(count) { y in
        mask = written(count) {
          dropout(x, rate: rate, mask: $0, into: y, count: count, from: &source)
        }
      }
    }
    let keep = 1 / (1 - rate)
    #expect(mask.allSatisfy { $0 == 0 || $0 == keep })
    #expect(y == zip(x, mask).map { $0 * $1 })
    let dropped = Double(mask.count { $0 == 0 }) / Double(count)
    let deviation = (Double(rate) * Double(1 - rate) / Double(count)).squareRoot()
    #expect(abs(dropped - Double(rate)) <= 4 * deviation)
    // Neighbours, which share a draw, are independent.
    let pairs = stride(from: 0, to: count - 1, by: 2)
    let both = pairs.filter { mask[$0] == 0 && mask[$0 + 1] == 0 }.count
    let expected = Double(rate) * Double(rate)
    let spread = (expected * (1 - expected) / Double(count / 2)).squareRoot()
    #expect(abs(Double(both) / Double(count / 2) - expected) <= 4 * spread)
    let dx = reading(mask) { mask in
      reading(x) { dy in
        written(count) { dropoutBackward(mask: mask, outputGradient: dy, into: $0, count: count) }
      }
    }
    #expect(dx == y)
  }

  @Test(arguments: oddSizes)
  func `dropout writes only within its range`(_ count: Int) {
    var source = RandomSource(seed: 1)
    let before = source
    let x = random(count)
    _ = reading(x) { x in
      written(count) { y in
        _ = written(count) {
          dropout(x, rate: 0.5, mask: $0, into: y, count: count, from: &source)
        }
      }
    }
    #expect((source == before) == (count == 0))
  }
}
