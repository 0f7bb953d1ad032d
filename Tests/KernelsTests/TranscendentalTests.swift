// exp, log, tanh, the logistic function, the normal distribution and GELU against Double, over the whole range of Float.
import CVectors
import Foundation
import Testing

@testable import Kernels

@Suite struct TranscendentalTests {
  /// Positive and negative numbers of every size, evenly over the bit patterns.
  static let sweep: [Float] = {
    let patterns = stride(from: UInt32(0), through: 0x7f80_0000, by: 0x7f80_0000 / 20_000)
    return patterns.flatMap { [Float(bitPattern: $0), -Float(bitPattern: $0)] }
  }()

  /// The numbers among which the functions do most of their changing.
  static let middle = random(40_000, seed: 1, scale: 20) + random(40_000, seed: 2, scale: 105)

  /// The largest error in units in the last place of the exact value (of the smallest normal number,
  /// where that is denormal).
  static func error(
    _ xs: [Float], _ function: (Vector) -> Vector, _ exact: (Double) -> Double
  ) -> Double {
    var worst = 0.0
    for start in stride(from: 0, to: xs.count - 7, by: 8) {
      let x = Vector(xs[start..<start + 8])
      let y = function(x)
      for lane in 0..<8 {
        let expected = exact(Double(x[lane]))
        if Float(expected).isInfinite || Float(expected) == 0 {
          if y[lane] != Float(expected) { return .infinity }
          continue
        }
        let unit = max(Float(expected).magnitude, .leastNormalMagnitude).ulp
        worst = max(worst, abs(Double(y[lane]) - expected) / Double(unit))
      }
    }
    return worst
  }

  /// Functions over arrays, of eight numbers: those that are compiled for this very processor.
  typealias ArrayFunction =
    @Sendable (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void

  static func onVector(_ function: @escaping ArrayFunction) -> @Sendable (Vector) -> Vector {
    { x in
      let values = (0..<8).map { x[$0] }
      return Vector(reading(values) { input in written(8) { function(input, $0, 8) } })
    }
  }

  static let exponentials = onVector { maxnorm_exponentials($0, 0, $1, $2) }
  static let sigmoids = onVector { sigmoid($0, into: $1, count: $2) }
  static let tangents = onVector { hyperbolicTangent($0, into: $1, count: $2) }

  @Test func `the exponential is within its error bound`() {
    for xs in [TranscendentalTests.sweep, TranscendentalTests.middle] {
      #expect(TranscendentalTests.error(xs, { exponential($0) }, { exp($0) }) < 1.5)
      #expect(TranscendentalTests.error(xs, TranscendentalTests.exponentials, { exp($0) }) < 1.5)
    }
  }

  @Test(arguments: oddSizes)
  func `the shift is subtracted first`(_ count: Int) {
    let x = random(count, seed: 7, scale: 4)
    let y = reading(x) { x in written(count) { maxnorm_exponentials(x, 3, $0, count) } }
    #expect(close(y, x.map { exp(Double($0) - 3) }))
  }

  @Test func `the logistic function is within its error bound`() {
    for xs in [TranscendentalTests.sweep, TranscendentalTests.middle] {
      #expect(TranscendentalTests.error(xs, { logistic($0) }, { 1 / (1 + exp(-$0)) }) < 3)
      let error = TranscendentalTests.error(xs, TranscendentalTests.sigmoids) { 1 / (1 + exp(-$0)) }
      #expect(error < 3)
    }
  }

  @Test func `the hyperbolic tangent is within its error bound`() {
    for xs in [TranscendentalTests.sweep, TranscendentalTests.middle] {
      #expect(TranscendentalTests.error(xs, TranscendentalTests.tangents, { tanh($0) }) < 3)
    }
  }

  @Test func `the logarithm is within its error bound`() {
    let above = TranscendentalTests.sweep.filter { $0 >= 1 && $0.isFinite }
    let near = random(40_000, seed: 3, scale: 1).map { 2 + $0 }
    for xs in [above, near] {
      #expect(TranscendentalTests.error(xs, { logarithm($0) }, { log($0) }) < 2)
    }
    #expect(logarithm(Vector(repeating: .nan))[0].isNaN)
    #expect(logarithm(Vector(repeating: 1)) == .zero)
  }

  @Test func `the normal distribution is within its error bound`() {
    var worst = (share: 0.0, bell: 0.0)
    for size in [Float(1e-3), 1, 5] {
      for x in random(20_000, seed: 4, scale: size) {
        let (share, bell) = normalDistribution(Vector(repeating: x))
        let exact = 0.5 * erfc(-Double(x) / 2.0.squareRoot())
        worst.share = max(worst.share, abs(Double(share[0]) / exact - 1))
        worst.bell = max(worst.bell, abs(Double(bell[0]) / exp(-Double(x) * Double(x) / 2) - 1))
      }
    }
    #expect(worst.share < 2e-6 && worst.bell < 2e-6)
    let far = normalDistribution(Vector(20, -20, .infinity, -.infinity, 0, -0.0, 14, -14))
    #expect(far.share.lowHalf == SIMD4(1, 0, 1, 0))
    #expect(abs(far.share[4] - 0.5) < 1e-7 && far.share[4] == far.share[5])
  }

  @Test func `limits and signs are kept`() {
    let x = Vector(0, -0.0, .infinity, -.infinity, 200, -200, .leastNonzeroMagnitude, 1e30)
    #expect(exponential(x) == Vector(1, 1, .infinity, 0, .infinity, 0, 1, .infinity))
    #expect(logistic(x) == Vector(0.5, 0.5, 1, 0, 1, 0, 0.5, 1))
    #expect(TranscendentalTests.exponentials(x) == exponential(x))
    #expect(TranscendentalTests.sigmoids(x) == logistic(x))
    let tangents = TranscendentalTests.tangents(x)
    #expect(tangents == Vector(0, 0, 1, -1, 1, -1, .leastNonzeroMagnitude, 1))
    #expect(tangents[0].sign == .plus && tangents[1].sign == .minus)
  }

  @Test func `NaN stays in its own lane`() {
    for lane in 0..<8 {
      var x = Vector(repeating: 0.5)
      x[lane] = .nan
      let arrays = [
        TranscendentalTests.exponentials, TranscendentalTests.sigmoids,
        TranscendentalTests.tangents,
      ]
      for y in [exponential(x), logistic(x)] + arrays.map({ $0(x) }) {
        #expect((0..<8).allSatisfy { y[$0].isNaN == ($0 == lane) })
      }
    }
  }

  /// An activation whose derivative needs the input, and the twins of both.
  struct Curve: Sendable, CustomTestStringConvertible {
    let function: ActivationFunction
    let twin: @Sendable (Double) -> Double
    let slope: @Sendable (Double) -> Double
    var testDescription: String { "\(function)" }
  }

  static let curves = [
    Curve(
      function: .gelu, twin: { 0.5 * $0 * erfc(-$0 / 2.0.squareRoot()) },
      slope: { x in
        0.5 * erfc(-x / 2.0.squareRoot()) + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot()
      }),
    Curve(
      function: .silu, twin: { $0 / (1 + exp(-$0)) },
      slope: { x in
        let share = 1 / (1 + exp(-x))
        return share * (1 + x * (1 - share))
      }),
  ]

  /// What the gradient reads of an output must not matter.
  private func gradient(_ curve: Curve, _ x: [Float], _ dy: [Float]) -> [Float] {
    let count = x.count
    return reading(x) { x in
      reading(dy) { dy in
        written(count) {
          curve.function.backward(
            input: x, output: x, outputGradient: dy, into: $0, count: count)
        }
      }
    }
  }

  @Test(arguments: curves, oddSizes)
  func `an activation and its gradient equal their formula`(_ curve: Curve, _ count: Int) {
    #expect(curve.function.needsInput)
    var x = random(count, seed: 5, scale: 6)
    for (index, special) in [Float(0), -0.0, 20, -20, 1e-20].enumerated() where index < count {
      x[index] = special
    }
    let dy = random(count, seed: 6)
    let y = reading(x) { x in written(count) { curve.function(x, into: $0, count: count) } }
    #expect(close(y, x.map { curve.twin(Double($0)) }))
    let inPlace = written(count, from: x) { curve.function($0, into: $0, count: count) }
    #expect(inPlace == y)
    let expected = zip(x, dy).map { Double($1) * curve.slope(Double($0)) }
    #expect(close(gradient(curve, x, dy), expected))
  }

  @Test(arguments: curves)
  func `an activation keeps NaN`(_ curve: Curve) {
    for count in [1, 8, 11] {
      let wrong = [Float](repeating: .nan, count: count)
      let y = written(count, from: wrong) { curve.function($0, into: $0, count: count) }
      #expect((y + gradient(curve, wrong, random(count))).allSatisfy { $0.isNaN })
    }
  }
}
