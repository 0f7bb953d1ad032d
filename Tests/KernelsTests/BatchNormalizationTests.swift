// Batch normalization and its gradients against the formulas in Double.
import Kernels
import Testing

@Suite struct BatchNormalizationTests {
  /// Rows, channels, inner.
  static let shapes = [
    (2, 1, 1), (7, 3, 1), (5, 8, 1), (33, 17, 1), (9, 33, 1), (300, 9, 1), (1, 1, 7), (3, 2, 4),
    (2, 5, 9), (4, 3, 64), (1, 7, 300), (17, 1, 17),
  ]

  /// One channel's numbers.
  struct Statistics {
    var mean: Double
    var variance: Double
    var places: [Int]
  }

  static func statistics(_ x: [Float], _ shape: (Int, Int, Int)) -> [Statistics] {
    let (rows, channels, inner) = shape
    return (0..<channels).map { channel in
      let places = (0..<rows).flatMap { row in
        (0..<inner).map { (row * channels + channel) * inner + $0 }
      }
      let mean = places.reduce(0.0) { $0 + Double(x[$1]) } / Double(places.count)
      let squares = places.reduce(0.0) { $0 + (Double(x[$1]) - mean) * (Double(x[$1]) - mean) }
      return Statistics(mean: mean, variance: squares / Double(places.count), places: places)
    }
  }

  @Test(arguments: shapes)
  func aBatchIsNormalizedByItsOwnStatistics(_ shape: (Int, Int, Int)) {
    let (rows, channels, inner) = shape
    let count = rows * channels * inner
    let noise = random(count, seed: 1)
    let x = noise.indices.map { noise[$0] * 2 + Float($0 / inner % channels % 5) - 2 }
    let scale = random(channels, seed: 2)
    let shift = random(channels, seed: 3)
    let dy = random(count, seed: 4)
    let statistics = BatchNormalizationTests.statistics(x, shape)
    var memory = ChannelMemory(channels)
    let y = memory.forward(x, shape, scale, shift)
    #expect(close(memory.mean, statistics.map(\.mean), 2e-7))
    #expect(close(memory.variance, statistics.map(\.variance), 2e-7))
    let inverses = statistics.map { 1 / ($0.variance + 1e-5).squareRoot() }
    #expect(close(memory.inverseDeviation, inverses, 2e-7))
    var outputs = [Double](repeating: 0, count: count)
    var inputGradients = outputs
    var scaleGradients: [Double] = []
    var shiftGradients: [Double] = []
    for (channel, part) in statistics.enumerated() {
      let inverse = inverses[channel]
      func normalized(_ place: Int) -> Double { (Double(x[place]) - part.mean) * inverse }
      let sum = part.places.reduce(0.0) { $0 + Double(dy[$1]) }
      let product = part.places.reduce(0.0) { $0 + Double(dy[$1]) * normalized($1) }
      let size = Double(part.places.count)
      for place in part.places {
        let factor = Double(scale[channel])
        outputs[place] = normalized(place) * factor + Double(shift[channel])
        inputGradients[place] =
          factor * inverse
          * (Double(dy[place]) - sum / size - normalized(place) * product / size)
      }
      scaleGradients.append(product)
      shiftGradients.append(sum)
    }
    #expect(close(y, outputs, 3e-6))
    let dx = memory.backward(x, dy, shape, scale)
    #expect(close(dx, inputGradients, 5e-6))
    #expect(close(memory.scaleGradient, scaleGradients, 5e-6))
    #expect(close(memory.shiftGradient, shiftGradients, 1e-6))
    // In place of their inputs.
    #expect(memory.forward(x, shape, scale, shift, inPlace: true) == y)
    #expect(memory.backward(x, dy, shape, scale, inPlace: true) == dx)
  }

  @Test(arguments: [(4096, 3, 1), (64, 2, 64)])
  func aMeanFarFromZeroDoesNotSpoilTheVariance(_ shape: (Int, Int, Int)) {
    let x = random(shape.0 * shape.1 * shape.2, seed: 1).map { 1000 + $0 }
    let statistics = BatchNormalizationTests.statistics(x, shape)
    var memory = ChannelMemory(shape.1)
    let one = [Float](repeating: 1, count: shape.1)
    _ = memory.forward(x, shape, one, one)
    #expect(
      zip(memory.variance, statistics).allSatisfy {
        abs(Double($0) / $1.variance - 1) < 1e-6
      })
  }

  @Test(arguments: shapes)
  func aConstantChannelBecomesItsShift(_ shape: (Int, Int, Int)) {
    let x = [Float](repeating: 0.1, count: shape.0 * shape.1 * shape.2)
    var memory = ChannelMemory(shape.1)
    let shift = random(shape.1, seed: 1)
    let y = memory.forward(x, shape, [Float](repeating: 1, count: shape.1), shift)
    #expect(memory.variance.allSatisfy { $0 >= 0 && $0 < 1e-12 })
    #expect(close(y, y.indices.map { Double(shift[$0 / shape.2 % shape.1]) }, 1e-5))
  }

  @Test(arguments: oddSizes, [1, 2, 50])
  func runningStatisticsMoveByTheirMomentum(_ channels: Int, _ count: Int) {
    let mean = random(channels, seed: 1)
    let variance = random(channels, seed: 2).map { abs($0) }
    let before = (random(channels, seed: 3), random(channels, seed: 4).map { abs($0) })
    var means: [Float] = []
    let variances = reading(mean) { mean in
      reading(variance) { variance in
        written(channels, from: before.1) { variances in
          means = written(channels, from: before.0) {
            updateRunningStatistics(
              mean: mean, variance: variance, count: count, channels: channels, momentum: 0.1,
              runningMean: $0, runningVariance: variances)
          }
        }
      }
    }
    let correction = count > 1 ? Double(count) / Double(count - 1) : 1
    #expect(close(means, zip(before.0, mean).map { 0.9 * Double($0) + 0.1 * Double($1) }, 2e-7))
    #expect(
      close(
        variances,
        zip(before.1, variance).map { 0.9 * Double($0) + 0.1 * Double($1) * correction }, 2e-7))
  }

  @Test(arguments: shapes)
  func inferenceGoesByTheRunningStatistics(_ shape: (Int, Int, Int)) {
    let (rows, channels, inner) = shape
    let count = rows * channels * inner
    let x = random(count, seed: 1, scale: 3)
    let scale = random(channels, seed: 3)
    let shift = random(channels, seed: 4)
    let mean = random(channels, seed: 5)
    let variance = random(channels, seed: 6).map { abs($0) + 0.1 }
    let inverses = variance.map { 1 / (Double($0) + 1e-3).squareRoot() }
    func channel(_ place: Int) -> Int { place / inner % channels }
    func normalized(_ place: Int) -> Double {
      (Double(x[place]) - Double(mean[channel(place)])) * inverses[channel(place)]
    }
    reading(scale) { scale in
      reading(shift) { shift in
        reading(mean) { mean in
          reading(variance) { variance in
            let y = written(count, from: x) {
              batchNormInference(
                $0, rows: rows, channels: channels, inner: inner, scale: scale, shift: shift,
                runningMean: mean, runningVariance: variance, epsilon: 1e-3, into: $0)
            }
            let expected = (0..<count).map {
              normalized($0) * Double(scale[channel($0)]) + Double(shift[channel($0)])
            }
            #expect(close(y, expected, 2e-6))
            // Statistics are constants here: each gradient goes straight through.
            let dy = random(count, seed: 7)
            var memory = ChannelMemory(channels)
            let dx = memory.gradients { scaleGradient, shiftGradient in
              reading(x) { x in
                written(count, from: dy) {
                  batchNormInferenceBackward(
                    x, $0, rows: rows, channels: channels, inner: inner, scale: scale,
                    runningMean: mean, runningVariance: variance, epsilon: 1e-3, into: $0,
                    scaleGradient: scaleGradient, shiftGradient: shiftGradient)
                }
              }
            }
            var sums = [Double](repeating: 0, count: channels)
            var products = sums
            for place in 0..<count {
              sums[channel(place)] += Double(dy[place])
              products[channel(place)] += Double(dy[place]) * normalized(place)
            }
            let straight = (0..<count).map {
              Double(dy[$0]) * Double(scale[channel($0)]) * inverses[channel($0)]
            }
            #expect(close(dx, straight, 2e-6))
            #expect(close(memory.scaleGradient, products, 5e-6))
            #expect(close(memory.shiftGradient, sums, 1e-6))
          }
        }
      }
    }
  }

  /// What the kernels write for each channel.
  struct ChannelMemory {
    var mean: [Float] = []
    var inverseDeviation: [Float] = []
    var variance: [Float] = []
    var scaleGradient: [Float] = []
    var shiftGradient: [Float] = []
    let channels: Int

    init(_ channels: Int) {
      self.channels = channels
    }

    mutating func forward(
      _ x: [Float], _ shape: (Int, Int, Int), _ scale: [Float], _ shift: [Float],
      inPlace: Bool = false
    ) -> [Float] {
      var y: [Float] = []
      reading(x) { x in
        reading(scale) { scale in
          reading(shift) { shift in
            variance = written(channels) { variance in
              inverseDeviation = written(channels) { inverseDeviation in
                mean = written(channels) { mean in
                  let count = shape.0 * shape.1 * shape.2
                  let values = Array(UnsafeBufferPointer(start: x, count: count))
                  y = written(count, from: values) {
                    batchNorm(
                      inPlace ? UnsafePointer($0) : x, rows: shape.0, channels: shape.1,
                      inner: shape.2, scale: scale, shift: shift, epsilon: 1e-5, into: $0,
                      mean: mean, inverseDeviation: inverseDeviation, variance: variance)
                  }
                }
              }
            }
          }
        }
      }
      return y
    }

    mutating func backward(
      _ x: [Float], _ dy: [Float], _ shape: (Int, Int, Int), _ scale: [Float],
      inPlace: Bool = false
    ) -> [Float] {
      let (mean, inverseDeviation) = (self.mean, self.inverseDeviation)
      return gradients { scaleGradient, shiftGradient in
        reading(x) { x in
          reading(dy) { separate in
            reading(scale) { scale in
              reading(mean) { mean in
                reading(inverseDeviation) { inverseDeviation in
                  written(dy.count, from: dy) {
                    batchNormBackward(
                      x, inPlace ? UnsafePointer($0) : separate, rows: shape.0,
                      channels: shape.1, inner: shape.2, scale: scale, mean: mean,
                      inverseDeviation: inverseDeviation, into: $0,
                      scaleGradient: scaleGradient, shiftGradient: shiftGradient)
                  }
                }
              }
            }
          }
        }
      }
    }

    mutating func gradients(
      _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> [Float]
    ) -> [Float] {
      var dx: [Float] = []
      scaleGradient = written(channels) { scaleGradient in
        shiftGradient = written(channels) { shiftGradient in
          dx = body(scaleGradient, shiftGradient)
        }
      }
      return dx
    }
  }
}
