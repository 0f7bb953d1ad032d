// Batch normalization and its gradients against the formulas in Double.
import Kernels
import Testing

@Suite struct BatchNormalizationTests {
  /// Rows, channels, inner, block.
  static let shapes = [
    (2, 1, 1, 1), (7, 3, 1, 1), (5, 8, 1, 1), (33, 17, 1, 1), (9, 33, 1, 1), (600, 9, 1, 1),
    (1, 1, 7, 1), (3, 2, 4, 1), (2, 5, 9, 1), (4, 3, 64, 1), (1, 7, 300, 1), (17, 1, 17, 1),
    (3, 16, 4, 8), (2, 8, 300, 8), (3, 32, 9, 16), (1, 16, 700, 16), (70, 16, 8, 16),
  ].map { Planes(rows: $0, channels: $1, inner: $2, block: $3) }

  /// One channel's numbers.
  struct Statistics {
    var mean: Double
    var variance: Double
    var places: [Int]
  }

  static func statistics(_ x: [Float], _ planes: Planes) -> [Statistics] {
    var all = [[Int]](repeating: [], count: planes.channels)
    for place in x.indices { all[planes.channel(place)].append(place) }
    return all.map { places in
      let mean = places.reduce(0.0) { $0 + Double(x[$1]) } / Double(places.count)
      let squares = places.reduce(0.0) { $0 + (Double(x[$1]) - mean) * (Double(x[$1]) - mean) }
      return Statistics(mean: mean, variance: squares / Double(places.count), places: places)
    }
  }

  @Test(arguments: shapes, [false, true])
  func `a batch is normalized by its own statistics`(_ planes: Planes, _ rectified: Bool) {
    let channels = planes.channels
    let count = planes.rows * channels * planes.inner
    let noise = random(count, seed: 1)
    let x = noise.indices.map { noise[$0] * 2 + Float(planes.channel($0) % 5) - 2 }
    let scale = random(channels, seed: 2)
    let shift = random(channels, seed: 3)
    let dy = random(count, seed: 4)
    let statistics = BatchNormalizationTests.statistics(x, planes)
    var memory = ChannelMemory(planes, rectified: rectified)
    let y = memory.forward(x, scale, shift)
    // Where it is rectified, the gradient stops.
    let counted = dy.indices.map { rectified && y[$0] <= 0 ? 0 : dy[$0] }
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
      let sum = part.places.reduce(0.0) { $0 + Double(counted[$1]) }
      let product = part.places.reduce(0.0) { $0 + Double(counted[$1]) * normalized($1) }
      let size = Double(part.places.count)
      for place in part.places {
        let factor = Double(scale[channel])
        let output = normalized(place) * factor + Double(shift[channel])
        outputs[place] = rectified ? max(0, output) : output
        inputGradients[place] =
          factor * inverse
          * (Double(counted[place]) - sum / size - normalized(place) * product / size)
      }
      scaleGradients.append(product)
      shiftGradients.append(sum)
    }
    #expect(close(y, outputs, 3e-6))
    let dx = memory.backward(x, dy, scale, shift)
    #expect(close(dx, inputGradients, 5e-6))
    #expect(close(memory.scaleGradient, scaleGradients, 5e-6))
    #expect(close(memory.shiftGradient, shiftGradients, 1e-6))
    // In place of their inputs.
    #expect(memory.forward(x, scale, shift, inPlace: true) == y)
    #expect(memory.backward(x, dy, scale, shift, inPlace: true) == dx)
  }

  @Test(arguments: [
    Planes(rows: 4096, channels: 3, inner: 1), Planes(rows: 64, channels: 2, inner: 64),
    Planes(rows: 8, channels: 16, inner: 300, block: 16),
  ])
  func `a mean far from zero does not spoil the variance`(_ planes: Planes) {
    let x = random(planes.rows * planes.channels * planes.inner, seed: 1).map { 1000 + $0 }
    let statistics = BatchNormalizationTests.statistics(x, planes)
    var memory = ChannelMemory(planes)
    let one = [Float](repeating: 1, count: planes.channels)
    _ = memory.forward(x, one, one)
    #expect(
      zip(memory.variance, statistics).allSatisfy {
        abs(Double($0) / $1.variance - 1) < 1e-6
      })
  }

  @Test(arguments: shapes)
  func `a constant channel becomes its shift`(_ planes: Planes) {
    let x = [Float](repeating: 0.1, count: planes.rows * planes.channels * planes.inner)
    var memory = ChannelMemory(planes)
    let shift = random(planes.channels, seed: 1)
    let y = memory.forward(x, [Float](repeating: 1, count: planes.channels), shift)
    #expect(memory.variance.allSatisfy { $0 >= 0 && $0 < 1e-12 })
    #expect(close(y, y.indices.map { Double(shift[planes.channel($0)]) }, 1e-5))
  }

  @Test(arguments: oddSizes, [1, 2, 50])
  func `running statistics move by their momentum`(_ channels: Int, _ count: Int) {
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

  @Test(arguments: shapes, [false, true])
  func `inference uses the running statistics`(_ planes: Planes, _ rectified: Bool) {
    let channels = planes.channels
    let count = planes.rows * channels * planes.inner
    let x = random(count, seed: 1, scale: 3)
    let scale = random(channels, seed: 3)
    let shift = random(channels, seed: 4)
    let mean = random(channels, seed: 5)
    let variance = random(channels, seed: 6).map { abs($0) + 0.1 }
    let inverses = variance.map { 1 / (Double($0) + 1e-3).squareRoot() }
    func channel(_ place: Int) -> Int { planes.channel(place) }
    func normalized(_ place: Int) -> Double {
      (Double(x[place]) - Double(mean[channel(place)])) * inverses[channel(place)]
    }
    reading(scale) { scale in
      reading(shift) { shift in
        reading(mean) { mean in
          reading(variance) { variance in
            let y = written(count, from: x) {
              batchNormInference(
                $0, planes, scale: scale, shift: shift, runningMean: mean,
                runningVariance: variance, epsilon: 1e-3, rectified: rectified, into: $0)
            }
            let expected = (0..<count).map {
              let output = normalized($0) * Double(scale[channel($0)]) + Double(shift[channel($0)])
              return rectified ? max(0, output) : output
            }
            #expect(close(y, expected, 2e-6))
            // Statistics are constants here: each gradient goes straight through.
            let dy = random(count, seed: 7)
            let counted = dy.indices.map { rectified && y[$0] <= 0 ? 0 : dy[$0] }
            var dx: [Float] = []
            let gradients = written(2 * channels) { gradients in
              dx = reading(x) { x in
                written(count, from: dy) { dx in
                  ChannelMemory.working(planes) {
                    batchNormInferenceBackward(
                      x, dx, planes, scale: scale, shift: shift, runningMean: mean,
                      runningVariance: variance, epsilon: 1e-3, rectified: rectified, into: dx,
                      scaleGradient: gradients, shiftGradient: gradients + channels, scratch: $0)
                  }
                }
              }
            }
            var sums = [Double](repeating: 0, count: channels)
            var products = sums
            for place in 0..<count {
              sums[channel(place)] += Double(counted[place])
              products[channel(place)] += Double(counted[place]) * normalized(place)
            }
            let straight = (0..<count).map {
              Double(counted[$0]) * Double(scale[channel($0)]) * inverses[channel($0)]
            }
            #expect(close(dx, straight, 2e-6))
            #expect(close(Array(gradients[..<channels]), products, 5e-6))
            #expect(close(Array(gradients[channels...]), sums, 3e-6))
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
    let planes: Planes
    let rectified: Bool

    init(_ planes: Planes, rectified: Bool = false) {
      self.planes = planes
      self.rectified = rectified
    }

    mutating func forward(
      _ x: [Float], _ scale: [Float], _ shift: [Float], inPlace: Bool = false
    ) -> [Float] {
      let channels = planes.channels
      var (y, channelValues) = ([Float](), [Float]())
      reading(x) { x in
        reading(scale) { scale in
          reading(shift) { shift in
            channelValues = written(3 * channels) { values in
              let count = planes.rows * channels * planes.inner
              y = written(count, from: Array(UnsafeBufferPointer(start: x, count: count))) { y in
                Self.working(planes) {
                  batchNorm(
                    inPlace ? UnsafePointer(y) : x, planes, scale: scale, shift: shift,
                    epsilon: 1e-5, rectified: rectified, into: y, mean: values,
                    inverseDeviation: values + channels, variance: values + 2 * channels,
                    scratch: $0)
                }
              }
            }
          }
        }
      }
      mean = Array(channelValues[..<channels])
      inverseDeviation = Array(channelValues[channels..<2 * channels])
      variance = Array(channelValues[(2 * channels)...])
      return y
    }

    mutating func backward(
      _ x: [Float], _ dy: [Float], _ scale: [Float], _ shift: [Float], inPlace: Bool = false
    ) -> [Float] {
      let channels = planes.channels
      var (dx, gradients) = ([Float](), [Float]())
      reading(x) { x in
        reading(dy) { separate in
          reading(scale + shift + mean + inverseDeviation) { values in
            gradients = written(2 * channels) { gradients in
              dx = written(dy.count, from: dy) { dx in
                Self.working(planes) {
                  batchNormBackward(
                    x, inPlace ? UnsafePointer(dx) : separate, planes, scale: values,
                    shift: values + channels, mean: values + 2 * channels,
                    inverseDeviation: values + 3 * channels, rectified: rectified, into: dx,
                    scaleGradient: gradients, shiftGradient: gradients + channels, scratch: $0)
                }
              }
            }
          }
        }
      }
      scaleGradient = Array(gradients[..<channels])
      shiftGradient = Array(gradients[channels...])
      return dx
    }

    /// Memory to work in, full of what must not matter.
    static func working(_ planes: Planes, _ body: (UnsafeMutablePointer<Float>) -> Void) {
      let count = planes.scratchCount
      _ = written(count, from: [Float](repeating: .nan, count: count), body)
    }
  }
}
