// Group normalization and its gradients against the formulas in Double, in every order of channels.
import Kernels
import Testing

@Suite struct GroupNormalizationTests {
  /// Rows, channels, inner, block, groups: a group of less than a block, of one, of several, and across
  /// the ends of blocks.
  static let cases = [
    (2, 1, 1, 1, 1), (7, 6, 1, 1, 2), (3, 17, 1, 1, 1), (2, 12, 1, 1, 3), (33, 16, 1, 1, 2),
    (1, 1, 7, 1, 1), (3, 2, 4, 1, 2), (2, 6, 9, 1, 3), (4, 3, 64, 1, 1), (1, 8, 300, 1, 4),
    (3, 16, 4, 8, 8), (2, 8, 300, 8, 1), (3, 32, 9, 16, 2), (2, 48, 5, 16, 4), (1, 16, 700, 16, 4),
    (20, 16, 8, 16, 16), (2, 32, 6, 8, 1),
  ].map { (Planes(rows: $0, channels: $1, inner: $2, block: $3), $4) }

  /// What the kernels write.
  private struct Result {
    var y: [Float] = []
    var dx: [Float] = []
    var scaleGradient: [Float] = []
    var shiftGradient: [Float] = []
  }

  private func run(
    _ x: [Float], _ dy: [Float], scale: [Float], shift: [Float], _ planes: Planes, _ groups: Int,
    inPlace: Bool = false
  ) -> Result {
    let channels = planes.channels
    var result = Result()
    // Memory to work in, full of what must not matter.
    let count = planes.groupScratchCount * planes.rows
    func working(_ body: (UnsafeMutablePointer<Float>) -> Void) {
      _ = written(count, from: [Float](repeating: .nan, count: count), body)
    }
    reading(x) { x in
      reading(scale + shift) { scale in
        let first = Array(UnsafeBufferPointer(start: x, count: dy.count))
        let statistics = written(2 * planes.rows * channels) { statistics in
          result.y = written(dy.count, from: first) { y in
            working {
              groupNorm(
                inPlace ? UnsafePointer(y) : x, planes, groups: groups, scale: scale,
                shift: scale + channels, epsilon: 1e-5, into: y, mean: statistics,
                inverseDeviation: statistics + planes.rows * channels, scratch: $0)
            }
          }
        }
        reading(statistics) { statistics in
          reading(dy) { separate in
            let gradients = written(2 * channels) { gradients in
              result.dx = written(dy.count, from: dy) { dx in
                working {
                  groupNormBackward(
                    x, inPlace ? UnsafePointer(dx) : separate, planes, groups: groups,
                    scale: scale, mean: statistics,
                    inverseDeviation: statistics + planes.rows * channels, into: dx,
                    scaleGradient: gradients, shiftGradient: gradients + channels, scratch: $0)
                }
              }
            }
            result.scaleGradient = Array(gradients[..<channels])
            result.shiftGradient = Array(gradients[channels...])
          }
        }
      }
    }
    return result
  }

  @Test(arguments: cases)
  func `groups are normalized by their own statistics`(_ planes: Planes, _ groups: Int) {
    let channels = planes.channels
    let count = planes.rows * channels * planes.inner
    let noise = random(count, seed: 1)
    let x = noise.indices.map { 2 * noise[$0] + Float(planes.channel($0) % 5) - 2 }
    let dy = random(count, seed: 2)
    let scale = random(channels, seed: 3)
    let shift = random(channels, seed: 4)
    let result = run(x, dy, scale: scale, shift: shift, planes, groups)
    var outputs = [Double](repeating: 0, count: count)
    var inputGradients = outputs
    var scaleGradients = [Double](repeating: 0, count: channels)
    var shiftGradients = scaleGradients
    let rowCount = channels * planes.inner
    // The places of each group of each row.
    var members = [[Int]](repeating: [], count: planes.rows * groups)
    for place in 0..<count {
      members[place / rowCount * groups + planes.channel(place) * groups / channels].append(place)
    }
    for places in members {
      let size = Double(places.count)
      let mean = places.reduce(0.0) { $0 + Double(x[$1]) } / size
      let variance =
        places.reduce(0.0) { $0 + (Double(x[$1]) - mean) * (Double(x[$1]) - mean) } / size
      let inverse = 1 / (variance + 1e-5).squareRoot()
      func normalized(_ place: Int) -> Double { (Double(x[place]) - mean) * inverse }
      func gradient(_ place: Int) -> Double {
        Double(dy[place]) * Double(scale[planes.channel(place)])
      }
      let average = places.reduce(0) { $0 + gradient($1) } / size
      let product = places.reduce(0) { $0 + gradient($1) * normalized($1) } / size
      for place in places {
        let channel = planes.channel(place)
        outputs[place] = normalized(place) * Double(scale[channel]) + Double(shift[channel])
        inputGradients[place] =
          inverse * (gradient(place) - average - normalized(place) * product)
        scaleGradients[channel] += Double(dy[place]) * normalized(place)
        shiftGradients[channel] += Double(dy[place])
      }
    }
    #expect(close(result.y, outputs, 3e-6))
    // Of one value alone there is nothing but rounding left.
    if rowCount > groups {
      #expect(close(result.dx, inputGradients, 1e-5))
    }
    #expect(close(result.scaleGradient, scaleGradients, 5e-6))
    #expect(close(result.shiftGradient, shiftGradients, 5e-6))
    // In place of their inputs.
    let inPlace = run(x, dy, scale: scale, shift: shift, planes, groups, inPlace: true)
    #expect(inPlace.y == result.y)
    #expect(inPlace.dx == result.dx && inPlace.scaleGradient == result.scaleGradient)
  }

  @Test(arguments: [1, 8])
  func `a mean far from zero does not spoil the variance`(_ block: Int) {
    let planes = Planes(rows: 1, channels: 8, inner: 512, block: block)
    let x = random(8 * 512, seed: 1).map { 1000 + $0 }
    let one = [Float](repeating: 1, count: 8)
    let zero = [Float](repeating: 0, count: 8)
    let y = run(x, x, scale: one, shift: zero, planes, 2).y
    // Float32 holds inputs near 1000 to 6e-5 only; their spread is 0.58.
    for group in 0..<2 {
      let values = y.indices.filter { planes.channel($0) / 4 == group }.map { Double(y[$0]) }
      let squares = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
      #expect(abs(squares - 1) < 1e-4)
    }
  }
}
