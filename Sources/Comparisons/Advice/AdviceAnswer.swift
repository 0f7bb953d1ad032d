// What a study answers: whether max-norm helps, and what else it shows, which is secondary.
import RunRecords

/// The answer to one primary question, and the secondary comparisons.
///
/// The primary question has one interval to itself: the best by validation among all arms against the best
/// among those without max-norm. All secondary intervals hold together.
package struct AdviceAnswer: Sendable, Equatable {
  package let design: AdviceDesign
  package let testPart: AdviceStudy.TestPart
  /// What counts as good, in the metric's own unit; nil as long as nothing is scored.
  package let margin: Double?
  /// Best of all minus best without max-norm, on the test part.
  ///
  /// In the good direction: above 0 is better, whichever way the metric improves. Nil before a resampling
  /// is scored.
  package let gain: PairedDifference?
  /// The test scores of both, in the metric's own unit.
  package let without: Estimate?
  package let all: Estimate?
  /// In how many resamplings an arm with max-norm was the best of all.
  package let timesChosen: Int
  /// Runs that score either choice and diverged.
  package let divergedScores: Int
  package let secondary: [Comparison]
  /// Test scores of each arm's choice.
  package let scores: [String: Estimate]

  /// A secondary comparison, in the good direction.
  package struct Comparison: Sendable, Equatable {
    package let subject: Subject
    package let difference: PairedDifference
  }

  /// What is compared.
  package enum Subject: Sendable, Equatable {
    /// An arm's choice minus that of the arm `none`.
    case arm(String)
    /// What the procedure chose minus the trivial answer.
    case trivial
    /// The same minus the arm of reference.
    case reference(String)
  }

  /// What the interval of the gain says.
  package enum Finding: Sendable, Equatable {
    /// The whole interval lies above 0.
    case helps
    /// The whole interval lies within the margin.
    case asGood
    /// The whole interval lies below 0.
    case harms
    /// Neither.
    case notShown
  }

  package init(_ study: AdviceStudy, margin: Margin) {
    design = study.design
    testPart = study.testPart
    let goal = design.goal
    let overlap = testPart.overlap
    func difference(
      _ first: [UInt64: Double], _ second: [UInt64: Double]
    ) -> PairedDifference? {
      goal == .maximize
        ? PairedDifference(of: first, over: second, overlap: overlap)
        : PairedDifference(of: second, over: first, overlap: overlap)
    }
    let selections = study.selections
    let withoutScores = study.scores(of: selections, \.without)
    let allScores = study.scores(of: selections, \.all)
    gain = difference(allScores, withoutScores)
    without = Self.estimate(withoutScores)
    all = Self.estimate(allScores)
    self.margin = margin.width(baseline: without?.mean)
    let roles = Dictionary(design.arms.map { ($0.name, $0.role) }) { first, _ in first }
    timesChosen = selections.count { $0.all.flatMap { roles[$0.arm] } == .with }

    divergedScores = zip(study.resamplings, selections).reduce(0) { sum, entry in
      let keys = Set([entry.1.without, entry.1.all].compactMap { $0 })
      return sum + keys.flatMap { entry.0.scores[$0] ?? [] }.count { $0 == .diverged }
    }

    var arms: [String: [UInt64: Double]] = [:]
    for arm in design.arms { arms[arm.name] = study.scores(of: selections) { $0.ofArm[arm.name] } }
    scores = arms.compactMapValues(Self.estimate)
    var family: [(subject: Subject, difference: PairedDifference)] = []
    func compare(_ subject: Subject, _ first: [UInt64: Double], _ second: [UInt64: Double]) {
      if let difference = difference(first, second) { family.append((subject, difference)) }
    }
    let plain = arms[Self.plainArm] ?? [:]
    for arm in design.contestants where arm.name != Self.plainArm {
      compare(.arm(arm.name), arms[arm.name] ?? [:], plain)
    }
    compare(.trivial, allScores, study.trivialScores)
    for arm in design.arms where arm.role == .reference {
      compare(.reference(arm.name), allScores, arms[arm.name] ?? [:])
    }
    var differences = family.map(\.difference)
    SimultaneousIntervals.adjust(&differences)
    secondary = zip(family, differences).map { Comparison(subject: $0.subject, difference: $1) }
  }

  /// The arm without anything, which secondary comparisons go by.
  package static let plainArm = "none"

  /// In the order of the resamplings: a sum's last digit depends on the order.
  private static func estimate(_ scores: [UInt64: Double]) -> Estimate? {
    Estimate(scores.sorted { $0.key < $1.key }.map(\.value))
  }

  /// What the interval says; nil as long as there is none.
  package var finding: Finding? { finding(of: gain) }

  /// What the interval of a secondary comparison says.
  package func finding(of comparison: Comparison) -> Finding? { finding(of: comparison.difference) }

  private func finding(of difference: PairedDifference?) -> Finding? {
    guard let interval = difference?.interval, let margin else { return nil }
    if interval.lowerBound > 0 { return .helps }
    if interval.upperBound < 0 { return .harms }
    return -margin <= interval.lowerBound && interval.upperBound <= margin ? .asGood : .notShown
  }

  /// Neither shown nor excluded, and the interval so wide that a gain which matters much would not have
  /// been seen: several margins.
  package var hasTooFewRows: Bool {
    guard finding == .notShown, let half = gain?.halfWidth, let margin else { return false }
    return half > Self.mostMargins * margin
  }

  private static let mostMargins = 3.0

  /// A secondary comparison.
  package func comparison(with subject: Subject) -> Comparison? {
    secondary.first { $0.subject == subject }
  }
}
