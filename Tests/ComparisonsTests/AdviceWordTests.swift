// What the five sentences of an answer say.
import RunRecords
import Testing

@testable import Comparisons

@Suite("Sentences of advice")
struct AdviceWordTests {
  private static let design = AdviceDesign(
    arms: [
      .init("none", .without), .init("l2", .without), .init("max-norm", .with),
      .init("l2+max-norm", .with), .init("straight-line", .reference),
    ], trials: 3, resamplings: 3, metric: "validation_accuracy", goal: .maximize)

  private static func key(_ arm: String) -> TrialKey { TrialKey(arm: arm, number: 0) }

  private static func study(
    _ gains: [Double], _ testPart: AdviceStudy.TestPart = .drawn(ratio: 0.25)
  ) -> AdviceStudy {
    AdviceStudy(
      design, testPart: testPart,
      resamplings: gains.map { gain in
        AdviceStudy.Resampling(
          [
            key("none"): TrialOutcome(.value(0.7)), key("max-norm"): TrialOutcome(.value(0.8)),
            key("straight-line"): TrialOutcome(.value(0.7)),
          ],
          scores: [
            key("none"): [.value(0.7)], key("max-norm"): [.value(0.7 + gain)],
            key("straight-line"): [.value(0.7)],
          ], trivial: 0.5)
      })
  }

  /// Trials on all rows at these r, on which max-norm is better than `none`.
  private static func recommendation(_ ceilings: [Double], helps: Bool) -> Recommendation? {
    let trials = ceilings.map { r in
      [
        key("none"): TrialOutcome(
          .value(0.7), settings: [TrialSetting("optimizer.learning_rate", 0.1)]),
        key("max-norm"): TrialOutcome(
          .value(0.8),
          settings: [
            TrialSetting("optimizer.learning_rate", 0.2), TrialSetting("constraint.max_norm", r),
          ]),
      ]
    }
    return Recommendation(trials, design, helps: helps)
  }

  private static func sentences(
    _ gains: [Double], _ testPart: AdviceStudy.TestPart = .drawn(ratio: 0.25),
    ceilings: [Double] = [0.5, 1, 2], margin: Double = 0.01
  ) -> [String] {
    let answer = AdviceAnswer(study(gains, testPart), margin: .absolute(margin))
    return answer.sentences(
      recommendation(ceilings, helps: answer.finding == .helps),
      .init(train: 64, validation: 16, test: 20))
  }

  @Test func `where it helps all five questions are answered`() {
    // s = 0.02, s.e. = s √(1/3 + 1/4), times 4.303.
    #expect(
      Self.sentences([0.1, 0.12, 0.14]) == [
        "Max-norm helps on these data.",
        "The best of all arms by validation gains +12.0 ± 6.6 points of test accuracy over the best "
          + "without max-norm: +5.4 to +18.6 points with 95 % (corrected resampled t over 3 resamplings).",
        "Both were chosen among 12 trials in each resampling, arms with max-norm in 3 of 3; without max-norm "
          + "the choice comes to test accuracy 70.0 ± 0.0 %; the net is better than always answering the "
          + "same by +32.0 ± 15.2 points; the net is not shown to be better than a straight line: +12.0 ± 15.2 "
          + "points.",
        "Chosen again on all rows, r is 1 with max-norm (0.5 to 2 in 3 resamplings).",
        "The interval is for the procedure of choosing and holds for other rows of the same kind; it is no "
          + "score of the recommended settings, and all other comparisons are secondary.",
      ])
  }

  @Test func `it also says no`() {
    #expect(
      Self.sentences([-0.001, 0, 0.001])[0]
        == "Max-norm is as good as going without it, within 1 point: leave it out.")
    #expect(
      Self.sentences([-0.1, -0.11, -0.12])[0]
        == "Max-norm does not help on these data: with it among the arms the choice is worse.")
    #expect(
      Self.sentences([-0.005, 0.01, 0.002])[0]
        == "It is not shown that max-norm helps on these data.")
    let few = Self.sentences([-0.1, 0.1, 0.2])
    #expect(
      few[0]
        == "These are too few rows to tell whether max-norm helps: 20 are tested on at a time.")
    #expect(few[1].hasSuffix("resamplings), none of which is excluded."))
    #expect(few[2].contains("the net is not shown to be better than a straight line"))
    #expect(few[3].hasPrefix("Whoever takes it all the same takes r = 1 with max-norm"))
    #expect(
      Self.sentences([0.004, 0.005, 0.006])[0]
        == "Max-norm helps on these data, but by less than 1 point.")
    #expect(
      Self.sentences([0.1]) == [
        "No answer yet: fewer than two resamplings are scored on the test part."
      ])
  }

  @Test func `an arm that is never chosen is left out, whatever the interval`() {
    let study = AdviceStudy(
      Self.design, testPart: .drawn(ratio: 0.25),
      resamplings: (0..<3).map { _ in
        AdviceStudy.Resampling(
          [
            Self.key("none"): TrialOutcome(.value(0.8)),
            Self.key("max-norm"): TrialOutcome(.value(0.7)),
          ], scores: [Self.key("none"): [.value(0.7)]], trivial: 0.5)
      })
    let answer = AdviceAnswer(study, margin: .absolute(0.01))
    #expect(answer.finding == .asGood && answer.timesChosen == 0)
    #expect(
      answer.sentences(nil, nil)[0]
        == "In no resampling was an arm with max-norm the best on validation: leave it out.")
  }

  @Test func `a fixed test part speaks for itself alone`() {
    let sentences = Self.sentences([0.1, 0.12, 0.14], .fixed)
    #expect(sentences[1].contains("(paired t over 3 seeds, for this test part only)"))
    #expect(sentences[4].contains("holds for these test rows only"))
  }

  @Test func `a wide range of r is called one`() {
    #expect(
      Self.sentences([0.1, 0.12, 0.14], ceilings: [0.1, 0.1, 1, 2, 2])[3].contains(
        "a wide range: these rows say little about r"))
    #expect(!Self.sentences([0.1, 0.12, 0.14], ceilings: [0.1, 1, 1, 1, 2])[3].contains("wide"))
  }

  @Test func `what is recommended are medians, with max-norm only where that helps`() throws {
    let with = try #require(Self.recommendation([0.5, 2], helps: true))
    #expect(with.arm == "max-norm" && with.settings.map(\.median) == [0.2, 1])
    let without = try #require(Self.recommendation([0.5, 2], helps: false))
    #expect(without.arm == "none" && without.settings.map(\.key) == ["optimizer.learning_rate"])
    #expect(without.armWithMaxNorm == "max-norm" && without.ceiling?.range == 0.5...2)
    #expect(Recommendation([], Self.design, helps: true) == nil)
  }

  @Test func `an answer is written as a table and as records`() {
    let study = Self.study([0.1, 0.12, 0.14])
    let answer = AdviceAnswer(study, margin: .absolute(0.01))
    let markdown = answer.markdown(nil, nil, study.selections)
    #expect(markdown.contains("| max-norm"))
    #expect(markdown.contains("3 of 3"))
    let lines = answer.jsonLines(nil, nil).split(separator: "\n")
    #expect(lines.count == 1 + answer.secondary.count + 1)
    #expect(lines[0].contains(#""type":"primary""#) && lines[0].contains(#""finding":"helps""#))
    #expect(answer.csv.split(separator: "\n").count == 1 + 1 + answer.secondary.count)
  }
}
