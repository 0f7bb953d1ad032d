// Counts of values in parts of equal width, whose ends are multiples of a power of two.
import Kernels
import Testing

@Suite struct HistogramTests {
  private func counted(
    _ values: [Float], parts: Int
  ) -> (low: Float, high: Float, counts: [Int], nonFinite: Int) {
    var counts = [9, 9]
    let ends = reading(values) {
      distribution(of: $0, count: values.count, parts: parts, into: &counts)
    }
    return (ends.low, ends.high, counts, ends.nonFinite)
  }

  @Test func `each value is in the part that holds it`() {
    let values: [Float] = [-1, -0.5, -0.25, 0, 0, 0.25, 0.99, 1]
    let (low, high, counts, nonFinite) = counted(values, parts: 16)
    #expect(low == -1 && high == 1.25 && nonFinite == 0)
    #expect(counts == [1, 0, 1, 1, 2, 1, 0, 1, 1])
  }

  @Test(arguments: [1e-30, 1e-3, 1, 7.3, 1e8, 1e37] as [Float], [4, 63, 64])
  func `there are never more parts than wanted, and their width is a power of two`(
    scale: Float, parts: Int
  ) {
    let values = random(1000, seed: 3, scale: scale)
    let (low, high, counts, _) = counted(values, parts: parts)
    #expect(counts.count <= parts && counts.count > parts / 3)
    #expect(counts.reduce(0, +) == 1000)
    let width = (Double(high) - Double(low)) / Double(counts.count)
    #expect(width.significand == 1)
    #expect((Double(low) / width).rounded() == Double(low) / width)
    #expect(values.allSatisfy { low <= $0 && $0 <= high })
  }

  @Test func `with a stride only some of them are looked at`() {
    let values: [Float] = [1, .nan, 2, 50, 3, -50, 4]
    var counts: [Int] = []
    let ends = reading(values) {
      distribution(of: $0, count: values.count, stride: 2, parts: 8, into: &counts)
    }
    #expect(counts.reduce(0, +) == 4 && ends.nonFinite == 0)
    #expect(ends.low == 1 && ends.high <= 5)
  }

  @Test func `values that are alike, that are none, and that are no numbers`() {
    #expect(counted([3, 3, 3], parts: 8).counts.reduce(0, +) == 3)
    #expect(counted([0, 0], parts: 8).counts.reduce(0, +) == 2)
    #expect(counted([], parts: 8).counts.isEmpty)
    let broken = counted([.nan, 1, .infinity, -.infinity], parts: 8)
    #expect(broken.nonFinite == 3 && broken.counts.reduce(0, +) == 1)
    #expect(counted([.nan], parts: 8).counts.isEmpty)
  }
}
