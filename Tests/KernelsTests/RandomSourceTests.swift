// The generator: reproducible, and random enough.
import Basics
import Kernels
import Testing

@Suite struct RandomSourceTests {
  @Test func `the same seed gives the same numbers, and streams differ`() {
    func draw(_ seed: UInt64, _ stream: UInt64) -> [UInt64] {
      var source = RandomSource(seed: seed, stream: stream)
      return (0..<100).map { _ in source.next() }
    }
    #expect(draw(1, 1) == draw(1, 1))
    #expect(Set([draw(1, 1), draw(1, 2), draw(2, 1), draw(2, 2), draw(0, 0)]).count == 5)
    #expect(Set(draw(1, 1)).isDisjoint(with: draw(1, 2)))
  }

  @Test func `each step is SplitMix64's`() {
    // The reference implementation's first outputs for the state 0 (prng.di.unimi.it).
    var source = RandomSource(seed: 0, stream: 0)
    #expect(source.next() == 0xe220_a839_7b1d_cdaf)
    #expect(source.next() == 0x6e78_9e6a_a1b9_65f4)
    #expect(source.next() == 0x06c4_5d18_8009_454f)
  }

  @Test func `uniform numbers fill their range`() {
    var source = RandomSource(seed: 3)
    let values = written(100_000) { fillUniform($0, count: 100_000, bound: 0.5, from: &source) }
    #expect(values.allSatisfy { $0 >= -0.5 && $0 < 0.5 })
    var counts = [Int](repeating: 0, count: 10)
    for value in values { counts[min(Int((value + 0.5) * 10), 9)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 500 })
  }

  @Test func `normal numbers have the right moments and tails`() {
    var source = RandomSource(seed: 4)
    let count = 200_001
    let values = written(count) { fillNormal($0, count: count, deviation: 2, from: &source) }
      .map { Double($0) / 2 }
    func moment(_ power: Int) -> Double {
      values.reduce(0) { sum, x in sum + (0..<power).reduce(1) { product, _ in product * x } }
        / Double(count)
    }
    // Within four standard deviations of 0, 1, 0, 3.
    let unit = 4 / Double(count).squareRoot()
    #expect(abs(moment(1)) < unit && abs(moment(2) - 1) < unit * 2.0.squareRoot())
    #expect(abs(moment(3)) < unit * 15.0.squareRoot())
    #expect(abs(moment(4) - 3) < unit * 96.0.squareRoot())
    let beyond = Double(values.count { abs($0) > 1.96 }) / Double(count)
    #expect(abs(beyond - 0.05) < unit * 0.22)
    #expect(values.allSatisfy { abs($0) < 6 } && values.contains { abs($0) > 3.5 })
    // Neighbours, which share two draws, are independent.
    let products = zip(values, values.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(products / Double(count)) < unit)
  }

  @Test(arguments: oddSizes)
  func `normal numbers are written only within their range`(_ count: Int) {
    var source = RandomSource(seed: 4)
    var other = source
    let values = written(count) { fillNormal($0, count: count, deviation: 1, from: &source) }
    #expect(values.allSatisfy { $0.isFinite } && (source == other) == (count == 0))
    let longer = written(count + 1) {
      fillNormal($0, count: count + 1, deviation: 1, from: &other)
    }
    #expect(Array(longer.dropLast()) == values)
  }

  @Test func `denormals are flushed until the mode is restored`() {
    let mode = flushDenormals()
    let flushed = written(1, from: [.leastNormalMagnitude]) { scale($0, count: 1, by: 0.5) }
    restore(mode)
    let kept = written(1, from: [.leastNormalMagnitude]) { scale($0, count: 1, by: 0.5) }
    #expect(flushed == [0] && kept[0] > 0)
  }
}
