// The picture of weights over time.
import RunRecords
import Testing

@testable import RunHistory

@Suite("Weight distributions")
struct WeightDistributionTests {
  @Test func `representatives spread as the weights do`() {
    // As this program writes them: parts of a quarter.
    let weights = WeightDistribution(
      WeightHistogram(low: -0.5, high: 0.5, counts: [10, 40, 40, 10]))
    let values = weights.representatives(100)
    #expect(values.count == 100 && values == values.sorted())
    #expect(values.filter { $0 < -0.25 }.count == 10)
    #expect(values.filter { (0..<0.25).contains($0) }.count == 40)
    #expect(weights.range == -0.5...0.5)
  }

  @Test func `parts of any width are taken in, none of their weights lost`() {
    let weights = WeightDistribution(
      WeightHistogram(low: -0.31, high: 0.83, counts: [3, 4, 5, 0, 8]))
    let values = weights.representatives(20)
    #expect(values.filter { $0 < -0.31 + 3 * 0.228 }.count == 12)
    #expect((weights.range?.lowerBound ?? 0) <= -0.31 && (weights.range?.upperBound ?? 0) >= 0.83)
  }

  @Test func `merging adds up whatever the widths are, in any order`() {
    let fine = WeightHistogram(low: -0.25, high: 0.25, counts: Array(repeating: 10, count: 64))
    let coarse = WeightHistogram(low: -4, high: 4, counts: Array(repeating: 10, count: 64))
    var first = WeightDistribution(fine)
    first.merge(WeightDistribution(coarse))
    var second = WeightDistribution(coarse)
    second.merge(WeightDistribution(fine))
    #expect(first == second)
    #expect(first.range == -4...4)
    // Half of them lie within a quarter of 0, and 40 more from the coarse ones.
    let near = first.representatives(1280).filter { abs($0) <= 0.25 }.count
    #expect(abs(near - 680) <= 2)
  }

  @Test func `weights far from each other merge without many bins`() {
    var near = WeightDistribution(WeightHistogram(low: 0, high: 1e-30, counts: [5]))
    near.merge(WeightDistribution(WeightHistogram(low: 1e30, high: 1.5e30, counts: [5])))
    let values = near.representatives(2)
    #expect(values.count == 2 && values[0] < 4e29 && values[1] > 9e29)
  }

  @Test func `what no weights are told of is empty, NaN is flagged`() {
    #expect(WeightDistribution(WeightHistogram(low: 0, high: 0, counts: [])).range == nil)
    #expect(WeightDistribution(WeightHistogram(low: 0, high: 1, counts: [0])).range == nil)
    let one = WeightDistribution(WeightHistogram(low: 2, high: 2, counts: [3], nonFinite: 1))
    #expect(one.isNonFinite && one.representatives(3).allSatisfy { abs($0 - 2) < 1e-3 })
    var empty = WeightDistribution(WeightHistogram(low: 0, high: 0, counts: []))
    empty.merge(one)
    #expect(empty == one)
  }

  @Test func `a norms record that tells of weights fills the layer's history`() {
    var segment = RunSegment(
      RunHeader("x") { $0.layers = [RunHeader.Layer("fc1"), RunHeader.Layer("fc2")] })
    segment.apply(
      NormsRecord(
        step: 5, layers: [],
        histograms: [.init(name: "fc2", histogram: .init(low: 0, high: 1, counts: [4]))]))
    #expect(segment.layers[0].weights.isEmpty)
    #expect(segment.layers[1].weights.last?.lastStep == 5)
  }
}
