// Intervals that hold together, against known values and in simulated comparisons.
import Foundation
import Basics
import RunRecords
import Testing

@testable import Comparisons

@Suite("Several differences at once")
struct SimultaneousIntervalsTests {
  private func difference(_ values: [Double]) throws -> PairedDifference {
    let first = Dictionary(uniqueKeysWithValues: values.enumerated().map { (UInt64($0), $1) })
    return try #require(PairedDifference(of: first, over: first.mapValues { _ in 0 }))
  }

  @Test func `a few pairs share the error out among the arms`() throws {
    var family = [try difference([1, 2, 4]), try difference([1, 2, 6])]
    SimultaneousIntervals.adjust(&family)
    // scipy.stats.t.ppf(1 - 0.05 / 4, 2)
    let critical = try #require(family[0].criticalValue)
    #expect(abs(critical - 6.205346816570815) < 1e-9)
    var alone = [try difference([1, 2, 4])]
    SimultaneousIntervals.adjust(&alone)
    #expect(abs((alone[0].criticalValue ?? 0) - 4.302652729749462) < 1e-9)
  }

  @Test func `many pairs of arms that go together ask for less than sharing out does`() throws {
    var source = RandomSource(seed: 3)
    let common = (0..<24).map { _ in normal(&source) }
    var family = try (0..<6).map { _ in
      try difference(common.map { $0 + 0.2 * normal(&source) })
    }
    SimultaneousIntervals.adjust(&family)
    let shared = StudentT(degreesOfFreedom: 23).critical(0.05 / 6)
    let single = StudentT(degreesOfFreedom: 23).critical(0.05)
    for difference in family {
      let critical = try #require(difference.criticalValue)
      #expect(critical >= single && critical < shared, "\(critical) of \(single) to \(shared)")
    }
    let again = family.map(\.criticalValue)
    SimultaneousIntervals.adjust(&family)
    #expect(family.map(\.criticalValue) == again)
  }

  @Test func `Holm's correction equals statsmodels'`() {
    // multipletests([0.01, 0.04, 0.03, 0.005], method="holm")
    let adjusted = Holm.adjusted([0.01, nil, 0.04, 0.03, 0.005])
    let expected: [Double?] = [0.03, nil, 0.06, 0.06, 0.02]
    for (value, expected) in zip(adjusted, expected) {
      #expect(value == nil ? expected == nil : abs((value ?? 0) - (expected ?? 9)) < 1e-12)
    }
    #expect(Holm.adjusted([0.9, 0.8]) == [1, 1])
  }

  /// Scores of arms that all are worth the same, but for a shift of the last.
  private func draw(
    arms: Int, seeds: Int, together: Double, shift: Double = 0, _ source: inout RandomSource
  ) -> [[UInt64: Double]] {
    var values = [[UInt64: Double]](repeating: [:], count: arms)
    for seed in 0..<UInt64(seeds) {
      let common = normal(&source)
      for arm in 0..<arms {
        values[arm][seed] =
          (arm == arms - 1 ? shift : 0) + together.squareRoot() * common
          + (1 - together).squareRoot() * normal(&source)
      }
    }
    return values
  }

  /// A study of 1,000 draws of each cell stands in the manual (`comparing`).
  @Test(arguments: [(3, 4, 0.0), (5, 8, 0.7), (10, 8, 0.0), (22, 4, 0.7)])
  func `intervals of arms and of a sweep's values cover the truth together`(
    seeds: Int, arms: Int, together: Double
  ) {
    var source = RandomSource(seed: UInt64(seeds * 100 + arms))
    let trials = seeds < 20 ? 200 : 40
    var (covered, best, falselyWorse) = (0, 0, 0)
    for _ in 0..<trials {
      let equal = draw(arms: arms, seeds: seeds, together: together, &source)
      var family = equal.dropFirst().compactMap { PairedDifference(of: $0, over: equal[0]) }
      SimultaneousIntervals.adjust(&family)
      if family.allSatisfy({ $0.interval?.contains(0) == true }) { covered += 1 }
      if ComparisonsWithBest(equal, goal: .maximize).isWorse.contains(true) { falselyWorse += 1 }
      let unequal = draw(arms: arms, seeds: seeds, together: together, shift: 1, &source)
      let intervals = ComparisonsWithBest(unequal, goal: .maximize).intervals
      let truths = (0..<arms).map { $0 == arms - 1 ? 1.0 : -1.0 }
      if zip(intervals, truths).allSatisfy({ $0?.contains($1) == true }) { best += 1 }
    }
    // Three standard errors of a share of 5 % of `trials` trials.
    let allowed = Double(trials) * 0.05 + 3 * (Double(trials) * 0.05 * 0.95).squareRoot()
    #expect(Double(trials - covered) <= allowed, "arms: \(covered) of \(trials)")
    #expect(Double(trials - best) <= allowed, "sweep: \(best) of \(trials)")
    #expect(Double(falselyWorse) <= allowed, "called worse: \(falselyWorse) of \(trials)")
  }

  @Test func `a value that is plainly behind is shown to be worse whichever way is better`() throws
  {
    let values: [[UInt64: Double]] = [
      [1: 0.9, 2: 0.91, 3: 0.92, 4: 0.9], [1: 0.5, 2: 0.52, 3: 0.51, 4: 0.5],
      [1: 0.9, 2: 0.9, 3: 0.93, 4: 0.9],
    ]
    let accuracy = ComparisonsWithBest(values, goal: .maximize)
    #expect(accuracy.isWorse == [false, true, false])
    #expect(try #require(accuracy.intervals[1]).upperBound == 0)
    let error = ComparisonsWithBest(values.map { $0.mapValues { -$0 } }, goal: .minimize)
    #expect(error.isWorse == [false, true, false])
    #expect(try #require(error.intervals[1]).lowerBound == 0)
    #expect(
      try #require(error.intervals[1]).upperBound
        == -(try #require(accuracy.intervals[1]).lowerBound))
  }

  @Test func `a candidate without a pair has no interval`() {
    let comparisons = ComparisonsWithBest([[1: 1, 2: 1.1], [3: 2, 4: 2.2]], goal: .maximize)
    #expect(comparisons.intervals == [nil, nil] && comparisons.isWorse == [false, false])
  }

  private func normal(_ source: inout RandomSource) -> Double {
    let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &source))).squareRoot()
    return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &source))
  }
}

@Suite("Pairs by their order")
struct SignTestTests {
  private func test(better: Int, worse: Int) -> SignTest {
    let first = (0..<better + worse).map { (UInt64($0), SeedOutcome.value($0 < better ? 1 : -1)) }
    let second = (0..<better + worse).map { (UInt64($0), SeedOutcome.value(0)) }
    return SignTest(
      of: Dictionary(uniqueKeysWithValues: first),
      against: Dictionary(uniqueKeysWithValues: second), goal: .maximize)
  }

  /// The p values of scipy.stats.binomtest(better, better + worse).
  @Test(arguments: [
    (9, 1, 0.021484375), (3, 1, 0.625), (600, 400, 2.7284641560660184e-10), (10, 0, 0.001953125),
    (0, 0, 1), (5, 5, 1),
  ])
  func `p values are those of the exact binomial`(better: Int, worse: Int, expected: Double) {
    let test = test(better: better, worse: worse)
    #expect(test.better == better && test.worse == worse)
    #expect(abs(test.probability - expected) <= 1e-9 * expected)
  }

  @Test func `a run that diverged is worse than any figure and equal to another that did`() {
    let test = SignTest(
      of: [1: .value(9), 2: .diverged, 3: .diverged, 4: .value(1), 5: .value(2)],
      against: [1: .diverged, 2: .value(-9), 3: .diverged, 4: .value(1), 6: .value(0)],
      goal: .minimize)
    #expect(test.better == 1 && test.worse == 1 && test.equal == 2 && test.pairs == 4)
  }
}
