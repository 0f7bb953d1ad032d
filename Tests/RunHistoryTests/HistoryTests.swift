// Histories: bounded, true to every spike, fast.
import Testing

@testable import RunHistory

@Suite("Histories")
struct HistoryTests {
  @Test
  func `a single spike survives any decimation`() throws {
    var history = History<Reading>(recentCapacity: 16, wholeCapacity: 64)
    for step in 1...100_000 {
      history.append(step == 4321 ? 99 : step == 70_001 ? -99 : 1, at: step)
    }
    for count in [7, 40, 300] {
      let columns = history.columns(over: 0...100_000, count: count).compactMap { $0 }
      #expect(columns.map(\.entry.maximum).max() == 99)
      #expect(columns.map(\.entry.minimum).min() == -99)
      #expect(columns.first?.firstStep == 1)
      #expect(columns.last?.lastStep == 100_000)
    }
  }

  @Test
  func `a NaN stays visible in its column and out of the figures`() throws {
    var history = History<Reading>(recentCapacity: 16, wholeCapacity: 64)
    for step in 0..<10_000 {
      history.append(step == 5000 ? .nan : step == 5001 ? .infinity : 2, at: step)
    }
    let columns = history.columns(over: 0...9999, count: 10).compactMap { $0 }
    #expect(columns.count == 10)
    #expect(columns.filter(\.entry.isNonFinite).count == 1)
    #expect(columns.allSatisfy { $0.entry.mean == 2 && $0.entry.maximum == 2 && $0.entry.hasValue })
    var alone = History<Reading>()
    alone.append(.nan, at: 1)
    #expect(alone.columns(over: 0...1, count: 1)[0]?.entry.hasValue == false)
    alone.append(3, at: 1)
    let merged = alone.columns(over: 0...1, count: 1)[0]?.entry
    #expect(merged?.mean == 3 && merged?.isNonFinite == true)
  }

  @Test
  func `ten million appended values stay within the bound`() {
    var history = History<Reading>(recentCapacity: 512, wholeCapacity: 1024)
    for step in 1...10_000_000 { history.append(Reading(Float(step & 1023)), at: step) }
    #expect(history.whole.count <= 1024 && history.whole.count > 500)
    #expect(history.recentEntries.count == 512)
    #expect(history.whole.first?.firstStep == 1)
    #expect(history.whole.last?.lastStep == 10_000_000)
    #expect(history.stepsPerBucket == 16384)
    // A query reads no more than what is kept.
    #expect(history.columns(over: 0...10_000_000, count: 400).count == 400)
  }

  @Test
  func `few entries far apart are not merged before there are too many`() {
    var history = History<Reading>(recentCapacity: 4, wholeCapacity: 64)
    for epoch in 1...60 { history.append(Float(epoch), at: epoch * 1_000_000) }
    #expect(history.whole.count == 60)
    for epoch in 61...1000 { history.append(Float(epoch), at: epoch * 1_000_000) }
    #expect(history.whole.count <= 64 && history.whole.count >= 24)
    let buckets = history.whole
    #expect(zip(buckets, buckets.dropFirst()).allSatisfy { $0.lastStep < $1.firstStep })
  }

  @Test
  func `recent steps come unmerged, the whole run merged`() {
    var history = History<Reading>(recentCapacity: 100, wholeCapacity: 16)
    for step in 1...1000 { history.append(Float(step), at: step) }
    let recent = history.columns(over: 951...1000, count: 50)
    #expect(recent.map { $0?.entry.mean } == (951...1000).map { Float($0) })
    #expect(history.columns(over: 1...1000, count: 1000).compactMap { $0 }.count <= 16)
    #expect(history.step(entriesAgo: 10) == 990)
    #expect(history.step(entriesAgo: 5000) == 901)
  }

  @Test
  func `columns without entries are nil; queries beside the run and of nothing are harmless`() {
    var history = History<Reading>()
    #expect(history.columns(over: 0...10, count: 5).allSatisfy { $0 == nil })
    #expect(history.last == nil && history.step(entriesAgo: 3) == nil)
    history.append(1, at: 5)
    #expect(history.columns(over: 0...9, count: 10).map { $0 != nil }.firstIndex(of: true) == 5)
    #expect(history.columns(over: 6...9, count: 3).allSatisfy { $0 == nil })
    #expect(history.columns(over: 0...9, count: 0).isEmpty)
  }

  @Test
  func `steps that go back or overflow do not put a history out of order`() {
    var history = History<Reading>(recentCapacity: 4, wholeCapacity: 4)
    for step in [5, 3, -7, 9, 9, .max, 2, .max] { history.append(1, at: step) }
    #expect(history.whole.count <= 4)
    #expect(history.whole.last?.lastStep == .max)
    #expect(history.columns(over: 0...Int.max, count: 8).compactMap { $0 }.isEmpty == false)
  }
}

@Suite("Smoothing")
struct SmoothingTests {
  @Test(arguments: [Smoothing.off, .light, .strong])
  func `a constant stays exactly what it is`(level: Smoothing) {
    var history = SmoothedHistory()
    for step in 1...1000 { history.append(0.1, at: step) }
    #expect(history[level].recentEntries.allSatisfy { $0.entry.mean == 0.1 })
  }

  @Test
  func `the average is corrected for its start, as TensorBoard does it`() {
    var average = ExponentialAverage(weight: 0.6)
    #expect(average.next(1) == 1)
    // (0.6·0.4·1 + 0.4·2) / (1 − 0.36)
    #expect(abs(average.next(2) - 1.625) < 1e-6)
    #expect(abs(average.next(3) - (0.6 * 1.04 + 0.4 * 3) / 0.784) < 1e-6)
  }

  @Test
  func `values that are not finite pass through and leave no trace`() {
    var with = ExponentialAverage(weight: 0.9)
    var without = ExponentialAverage(weight: 0.9)
    for value: Float in [1, 2, 3] {
      #expect(with.next(.nan).isNaN)
      #expect(with.next(.infinity) == .infinity)
      #expect(with.next(value) == without.next(value))
    }
  }

  @Test
  func `smoothing happens before merging: the smoothed curve does not depend on the buckets`()
    throws
  {
    var coarse = SmoothedHistory(recentCapacity: 4, wholeCapacity: 8)
    var fine = SmoothedHistory(recentCapacity: 4096, wholeCapacity: 4096)
    for step in 0..<4096 {
      let value = Float(step % 17)
      coarse.append(value, at: step)
      fine.append(value, at: step)
    }
    let merged = try #require(coarse[.strong].columns(over: 0...4095, count: 1)[0])
    let full = try #require(fine[.strong].columns(over: 0...4095, count: 1)[0])
    #expect(abs(merged.entry.mean - full.entry.mean) < 1e-3)
    #expect(merged.entry.maximum == full.entry.maximum)
    #expect(coarse[.off].columns(over: 0...4095, count: 1)[0]?.entry.maximum == 16)
  }

  @Test
  func `a few measurements are shown as they are, many are smoothed`() {
    var history = SmoothedHistory()
    for step in 0..<SmoothedHistory.fewest - 1 { history.append(Float(step), at: step) }
    #expect(history.shown(.strong) == .off)
    #expect(history.curve(.strong).last?.entry.last == Float(SmoothedHistory.fewest - 2))
    history.append(100, at: 100)
    #expect(history.shown(.strong) == .strong && history.shown(.off) == .off)
    #expect((history.curve(.strong).last?.entry.last ?? 100) < 60)
  }
}
