// The picture of norms over time.
import Testing

@testable import RunHistory

@Suite("Norm distributions")
struct NormDistributionTests {
  @Test(arguments: [1e-5, 0.3, 7, 4e5])
  func `all units are in the picture, whatever their norms`(scale: Float) {
    let norms = (1...100).map { Float($0) / 100 * scale }
    let shares = NormDistribution(norms).shares(from: 0, to: scale * 1.1, rows: 20)
    #expect(abs(shares.reduce(0, +) - 1) < 1e-4)
    #expect(shares[19] == 0)
    #expect(shares[9] > 0.04 && shares[9] < 0.07)
  }

  @Test(arguments: [1.0, 1.5, 1.23, 0.37, 3])
  func `units at the ceiling are never drawn above it`(r: Float) {
    let held = NormDistribution([r * (1 - 1e-6), r, r.nextUp, r * (1 + 1.5e-6)])
    let shares = held.shares(from: 0, to: 2 * r, rows: 40)
    #expect(shares[20...].allSatisfy { $0 == 0 })
    #expect(shares[18] + shares[19] > 0.999)
  }

  @Test
  func `merging adds up, also for ranges that do not meet`() {
    var low = NormDistribution([0.01, 0.02])
    low.merge(NormDistribution([100, 200]))
    var high = NormDistribution([100, 200])
    high.merge(NormDistribution([0.01, 0.02]))
    #expect(low == high)
    #expect(low.range == 0.01...200)
    #expect(abs(low.shares(from: 0, to: 1, rows: 1)[0] - 0.5) < 1e-6)
  }

  @Test
  func `representatives spread as the units do, none above the ceiling`() {
    let norms = (1...100).map { min(1.5, Float($0) / 50) }
    let values = NormDistribution(norms).representatives(50)
    #expect(values.count == 50 && values == values.sorted())
    #expect(values.filter { $0 > 1.45 }.count >= 13 && values.filter { $0 > 1.5 }.isEmpty)
    #expect(abs(values[10] - 0.42) < 0.03)
    #expect(NormDistribution([0, 0, 0, 1]).representatives(4).prefix(3) == [0, 0, 0])
    #expect(NormDistribution([.nan]).representatives(4).isEmpty)
  }

  @Test
  func `dead units lie at 0; NaN is flagged and left out; nothing at all is harmless`() {
    let shares = NormDistribution([0, 0, 1, 1]).shares(from: 0, to: 2, rows: 4)
    #expect(shares[0] == 0.5)
    let broken = NormDistribution([.nan, 1, .infinity])
    #expect(broken.isNonFinite && broken.range == 1...1)
    #expect(abs(broken.shares(from: 0, to: 2, rows: 1)[0] - 1) < 1e-6)
    #expect(NormDistribution([]).shares(from: 0, to: 1, rows: 3) == [0, 0, 0])
    #expect(NormDistribution([1]).shares(from: 0, to: 0, rows: 3).isEmpty)
    #expect(NormDistribution([1]).shares(from: 0, to: .infinity, rows: 2) == [0, 0])
    #expect(NormDistribution([1]).shares(from: -.infinity, to: 1, rows: 2) == [0, 0])
    #expect(NormDistribution([.greatestFiniteMagnitude]).shares(from: 0, to: 1, rows: 1) == [0])
  }

  @Test
  func `a long run's picture stays within its bound`() {
    var history = History<NormDistribution>(recentCapacity: 8, wholeCapacity: 16)
    for step in 1...5000 { history.append(NormDistribution([0.5, 1, Float(step)]), at: step) }
    #expect(history.whole.count <= 16)
    let all = history.columns(over: 0...5000, count: 1)[0]
    #expect(all?.entry.range == 0.5...5000)
  }
}
