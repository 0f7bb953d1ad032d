// Selection on validation, scores on the test part, and the answer that comes of them.
import Basics
import RunRecords
import Testing

@testable import Comparisons

@Suite("Advice")
struct AdviceStudyTests {
  private let design = AdviceDesign(
    arms: [
      .init("none", .without), .init("l2", .without), .init("max-norm", .with),
      .init("l2+max-norm", .with), .init("linear", .reference),
    ], trials: 2, resamplings: 3, metric: "validation_accuracy", goal: .maximize)

  private func key(_ arm: String, _ number: Int) -> TrialKey { TrialKey(arm: arm, number: number) }

  private func value(_ value: Double, loss: Double? = nil) -> TrialOutcome {
    TrialOutcome(.value(value), loss: loss)
  }

  @Test func `both choices are made among as many trials`() {
    let counts = design.arms.map(design.trials(of:))
    #expect(counts == [4, 4, 2, 2, 2])
    // 8 among the arms without max-norm, 8 among all contestants at two each.
    #expect(counts.prefix(2).reduce(0, +) == design.contestants.count * design.trials)
  }

  @Test func `the best on validation is chosen in each arm, without max-norm, among all`() {
    let selection = TrialSelection(
      [
        key("none", 0): value(0.7), key("none", 1): value(0.6), key("none", 3): value(0.9),
        key("l2", 0): value(0.75), key("max-norm", 1): value(0.8),
        key("l2+max-norm", 0): .init(.diverged),
        key("linear", 0): value(0.99),
      ], design)
    // The fourth trial of none counts only where more trials are chosen among.
    #expect(selection.without == key("none", 3))
    #expect(selection.all == key("max-norm", 1))
    #expect(selection.ofArm["none"] == key("none", 0))
    #expect(selection.ofArm["l2+max-norm"] == nil)
    #expect(
      selection.keys == [
        key("l2", 0), key("linear", 0), key("max-norm", 1), key("none", 0), key("none", 3),
      ])
  }

  @Test func `between equal shares the loss decides, then the earlier trial`() {
    let trials = [
      key("none", 0): value(0.8, loss: 0.5), key("none", 1): value(0.8, loss: 0.4),
      key("l2", 0): value(0.8), key("max-norm", 0): value(0.8, loss: 0.5),
    ]
    #expect(TrialSelection(trials, design).without == key("none", 1))
    let equal = [key("max-norm", 0): value(0.8), key("l2", 1): value(0.8)]
    #expect(TrialSelection(equal, design).all == key("max-norm", 0))
    let errors = AdviceDesign(
      arms: design.arms, trials: 2, resamplings: 3, metric: "validation_loss", goal: .minimize)
    let losses = [key("none", 0): value(0.8), key("none", 1): value(0.7)]
    #expect(TrialSelection(losses, errors).without == key("none", 1))
  }

  @Test func `a trial that diverged or has no figure is never selected`() {
    let trials = [
      key("none", 0): TrialOutcome(.diverged), key("none", 1): value(.nan),
      key("l2", 1): value(0.1),
    ]
    let selection = TrialSelection(trials, design)
    #expect(selection.without == key("l2", 1) && selection.ofArm["none"] == nil)
  }

  private func resampling(
    _ without: [SeedOutcome], _ with: [SeedOutcome], trivial: Double? = 0.5
  ) -> AdviceStudy.Resampling {
    AdviceStudy.Resampling(
      [key("none", 0): value(0.7), key("max-norm", 0): value(0.8)],
      scores: [key("none", 0): without, key("max-norm", 0): with], trivial: trivial)
  }

  private func answer(
    _ resamplings: [AdviceStudy.Resampling], _ testPart: AdviceStudy.TestPart = .drawn(ratio: 0.25),
    margin: Margin = .absolute(0.01), goal: Goal = .maximize
  ) -> AdviceAnswer {
    let design = AdviceDesign(
      arms: design.arms, trials: 2, resamplings: 3,
      metric: goal == .maximize ? "validation_accuracy" : "validation_loss", goal: goal)
    return AdviceAnswer(
      AdviceStudy(design, testPart: testPart, resamplings: resamplings), margin: margin)
  }

  @Test
  func `seeds are averaged, and a run that diverged scores as the trivial answer`()
    throws
  {
    let answer = answer([
      resampling([.value(0.7)], [.value(0.8), .diverged, .value(0.8)]),
      resampling([.value(0.7)], [.value(0.75), .value(0.85), .value(0.8)]),
    ])
    let gain = try #require(answer.gain)
    #expect(gain.estimate.count == 2)
    // (0.8 + 0.5 + 0.8)/3 − 0.7 = 0, and 0.8 − 0.7 = 0.1.
    #expect(abs(gain.estimate.mean - 0.05) < 1e-12)
    #expect(answer.timesChosen == 2 && answer.divergedScores == 1)
    #expect(
      answer.sentences(nil, nil)[2].contains(
        "; 1 run of those that score them diverged, and counts as always answering the same"))
  }

  @Test
  func
    `where all trials diverged the trivial answer is scored, or else the worst run`()
    throws
  {
    var empty = resampling([.value(0.7)], [.value(0.8)])
    empty.trials[key("none", 0)] = TrialOutcome(.diverged)
    #expect(abs(try #require(answer([empty]).gain).estimate.mean - 0.3) < 1e-12)
    empty.trivial = nil
    empty.scores[key("none", 0)] = [.value(0.2)]
    #expect(abs(try #require(answer([empty]).gain).estimate.mean - 0.6) < 1e-12)
  }

  @Test func `the interval is that of the corrected resampled t`() throws {
    let differences = [0.01, 0.02, 0.03, 0.04]
    let resamplings = differences.map { resampling([.value(0.7)], [.value(0.7 + $0)]) }
    let drawn = try #require(answer(resamplings).gain)
    // s = 0.0129099; s.e. = s √(1/4 + 1/4); scipy.stats.t.ppf(0.975, 3) = 3.182446305284263.
    #expect(abs((drawn.standardError ?? 0) - 0.00912870929175277) < 1e-12)
    #expect(abs((drawn.halfWidth ?? 0) - 0.029051627) < 1e-8)
    #expect(answer(resamplings).finding == .notShown)
    // On the same test rows pairs are independent but for these rows.
    let fixed = try #require(answer(resamplings, .fixed).gain)
    #expect(abs((fixed.standardError ?? 0) - 0.00645497224367903) < 1e-12)
    #expect(answer(resamplings, .fixed).finding == .helps)
  }

  @Test func `findings are read from the interval and the margin, whichever way is better`() {
    func finding(_ differences: [Double], _ margin: Double, _ goal: Goal = .maximize)
      -> AdviceAnswer.Finding?
    {
      let sign: Double = goal == .maximize ? 1 : -1
      let resamplings = differences.map { difference in
        AdviceStudy.Resampling(
          [key("none", 0): value(-sign), key("max-norm", 0): value(sign)],
          scores: [
            key("none", 0): [.value(0.7)], key("max-norm", 0): [.value(0.7 + sign * difference)],
          ])
      }
      return answer(resamplings, margin: .absolute(margin), goal: goal).finding
    }
    let around = [-0.001, 0.001, 0.002, -0.002]
    for goal in [Goal.maximize, .minimize] {
      #expect(finding([0.1, 0.11, 0.12], 0.01, goal) == .helps)
      #expect(finding([-0.1, -0.11, -0.12], 0.01, goal) == .harms)
      #expect(finding(around, 0.01, goal) == .asGood)
      #expect(finding(around, 0.001, goal) == .notShown)
    }
    #expect(finding([0.1], 0.01) == nil)
  }

  @Test func `a wide interval says that rows are too few`() {
    let wide = [-0.1, 0.1, 0.15].map { resampling([.value(0.7)], [.value(0.7 + $0)]) }
    #expect(answer(wide).finding == .notShown && answer(wide).hasTooFewRows)
    #expect(!answer(wide, margin: .absolute(0.2)).hasTooFewRows)
  }

  @Test
  func
    `secondary comparisons share their error out, those with simple answers too`()
    throws
  {
    let resamplings = [0.1, 0.12, 0.14].map { gain -> AdviceStudy.Resampling in
      var resampling = resampling([.value(0.7)], [.value(0.7 + gain)])
      resampling.trials[key("linear", 1)] = value(0.7)
      resampling.scores[key("linear", 1)] = [.value(0.9 - gain)]
      return resampling
    }
    let answer = answer(resamplings)
    #expect(
      answer.secondary.map(\.subject) == [
        .arm("l2"), .arm("max-norm"), .arm("l2+max-norm"), .trivial, .reference("linear"),
      ])
    let single = StudentT(degreesOfFreedom: 2).critical(0.05)
    let shared = StudentT(degreesOfFreedom: 2).critical(0.05 / 5)
    #expect(answer.gain?.criticalValue == single)
    #expect(answer.secondary.allSatisfy { $0.difference.criticalValue == shared })
    let linear = try #require(answer.comparison(with: .reference("linear")))
    #expect(abs(linear.difference.estimate.mean - 0.04) < 1e-12)
  }
}

@Suite("Sequences of trials")
struct HaltonSequenceTests {
  @Test(arguments: [1 as UInt64, 2, 99])
  func `the first points fill each dimension evenly`(seed: UInt64) {
    let sequence = HaltonSequence(dimensions: 3, seed: seed)
    for (dimension, parts) in [(0, 8), (0, 16), (1, 9), (1, 27), (2, 25)] {
      let places = (0..<parts).map { Int(sequence[$0][dimension] * Double(parts)) }
      #expect(Set(places).count == parts, "dimension \(dimension), \(parts) points")
    }
  }

  @Test func `a seed has its points, and another seed others that lie anywhere`() {
    #expect(
      HaltonSequence(dimensions: 2, seed: 5)[3] == HaltonSequence(dimensions: 2, seed: 5)[3])
    let firsts = (0..<400 as Range<UInt64>).map { HaltonSequence(dimensions: 1, seed: $0)[0][0] }
    #expect(firsts.allSatisfy { 0..<1 ~= $0 })
    let mean = firsts.reduce(0, +) / 400
    // Four standard errors of the mean of 400 uniform numbers.
    #expect(abs(mean - 0.5) < 4 * (1.0 / 12 / 400).squareRoot())
    #expect(Set(firsts).count > 390)
  }
}
