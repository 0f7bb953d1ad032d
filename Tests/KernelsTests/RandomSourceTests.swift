// The generator: reproducible, and random enough.
import Kernels
import Testing

@Suite struct RandomSourceTests {
  @Test func theSameSeedGivesTheSameNumbersAndStreamsDiffer() {
    func draw(_ seed: UInt64, _ stream: UInt64) -> [UInt64] {
      var source = RandomSource(seed: seed, stream: stream)
      return (0..<100).map { _ in source.next() }
    }
    #expect(draw(1, 1) == draw(1, 1))
    #expect(Set([draw(1, 1), draw(1, 2), draw(2, 1), draw(2, 2), draw(0, 0)]).count == 5)
    #expect(Set(draw(1, 1)).isDisjoint(with: draw(1, 2)))
  }

  @Test func itsStepIsSplitMix64() {
    // The reference implementation's first outputs for the state 0 (prng.di.unimi.it).
    var source = RandomSource(seed: 0, stream: 0)
    #expect(source.next() == 0xe220_a839_7b1d_cdaf)
    #expect(source.next() == 0x6e78_9e6a_a1b9_65f4)
    #expect(source.next() == 0x06c4_5d18_8009_454f)
  }

  @Test func uniformNumbersFillTheirRange() {
    var source = RandomSource(seed: 3)
    let values = written(100_000) { fillUniform($0, count: 100_000, bound: 0.5, from: &source) }
    #expect(values.allSatisfy { $0 >= -0.5 && $0 < 0.5 })
    var counts = [Int](repeating: 0, count: 10)
    for value in values { counts[min(Int((value + 0.5) * 10), 9)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 500 })
  }

  @Test func denormalsAreFlushedUntilTheModeIsGivenBack() {
    let mode = flushDenormals()
    let flushed = written(1, from: [.leastNormalMagnitude]) { scale($0, count: 1, by: 0.5) }
    restore(mode)
    let kept = written(1, from: [.leastNormalMagnitude]) { scale($0, count: 1, by: 0.5) }
    #expect(flushed == [0] && kept[0] > 0)
  }
}
