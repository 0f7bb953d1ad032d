// The table of a comparison: each arm's figures over its seeds, and its distance from the baseline.
import RunRecords

/// What all runs of a comparison say.
package struct ComparisonTable: Sendable, Equatable {
  /// The header's metric: `validation_accuracy`.
  package let metric: String
  package let goal: Goal
  /// The arm that the others are measured against.
  package let baseline: String
  /// Within which an arm counts as good as the baseline.
  package let margin: Margin
  /// The margin that the runs recorded, where it is another one than `margin`: that was chosen later.
  package let earlierMargin: Margin?
  /// The splits that the runs are of; nil: of none.
  package let resampling: Resampling?
  /// The figures are of one test part, the same in every run.
  package let isOfOneTestPart: Bool
  /// A run ended with the weights of the very evaluation that its figure is of.
  package let isChosenByFigure: Bool
  /// In the order of the arms.
  package let rows: [Row]

  /// One arm.
  package struct Row: Sendable, Equatable {
    package var arm: String
    /// Runs that have ended by themselves, those that diverged among them.
    package var runs = 0
    /// Runs that ended because loss or weights were no longer finite.
    package var diverged = 0
    /// Seeds of runs in which a setting was changed as in no other run of the arm: they are left
    /// out of everything else.
    package var steered: [UInt64] = []
    /// The metric at the end of each run, by seed, or the mean over the seeds of each split by its
    /// number; only where it is finite.
    package var values: [UInt64: Double] = [:]
    /// The metric at the end.
    package var last: Estimate?
    /// The metric at each run's best evaluation.
    package var best: Estimate?
    /// The same figure on the training part at the end.
    package var train: Estimate?
    /// The validation loss at the end.
    package var loss: Estimate?
    /// Of training.
    package var seconds: Estimate?
    /// What each run came to, by seed, or each split by its number.
    package var outcomes: [UInt64: SeedOutcome] = [:]
    /// This arm minus the baseline, its interval simultaneous with those of the other arms; nil for the
    /// baseline, and where a run of either diverged: a mean of the others leaves out what went wrong.
    package var difference: PairedDifference?
    /// Where a run of this arm or of the baseline diverged: what the order within pairs says.
    package var order: SignTest?
    /// The p value of `difference` or `order` after Holm's correction for the other arms.
    package var adjustedProbability: Double?
  }

  /// Sums up those runs that have ended; nil while no run has a header.
  ///
  /// Arms come in the order given, then as they turn up; a run that is interrupted counts as not there.
  /// Of several runs of the same arm and seed the last one counts. Without a baseline it is the arm
  /// `none`, or the first; without a margin it is the one that the runs recorded, or the standard one.
  /// `onTest` takes the figures of the test part, where the runs have one: not where something is chosen
  /// by them. `compares` is false where runs of the same seed are no pairs.
  package init?(
    _ runs: [RunDigest], arms: [String] = [], baseline: String? = nil, margin: Margin? = nil,
    onTest: Bool = false, compares: Bool = true
  ) {
    guard let header = runs.lazy.compactMap(\.header).first else { return nil }
    let testMetric = onTest ? header.testMetric : nil
    metric = testMetric ?? header.criterion.metric
    let resampling = Resampling(runs)
    self.resampling = resampling
    isOfOneTestPart = testMetric != nil && resampling == nil && !header.summary.drawsTest
    isChosenByFigure = testMetric == nil && runs.contains(where: \.isRestored)
    goal = header.criterion.goal
    var names = arms
    for run in runs where !names.contains(run.arm) { names.append(run.arm) }
    let reference = baseline ?? (names.contains("none") ? "none" : names[0])
    self.baseline = reference
    var rows = names.map { name in
      Row(
        name, runs.filter { $0.arm == name }, onTest: testMetric != nil,
        isResampled: resampling != nil)
    }
    if compares, let other = rows.first(where: { $0.arm == reference }) {
      Self.compare(&rows, with: other, goal: goal, overlap: resampling?.overlap ?? 0)
    }
    self.rows = rows
    let recorded =
      header.summary.comparison?.margin ?? .standard(for: metric)
    self.margin = margin ?? recorded
    earlierMargin = self.margin == recorded ? nil : recorded
  }

  private static func compare(
    _ rows: inout [Row], with baseline: Row, goal: Goal, overlap: Double
  ) {
    var family: [(index: Int, difference: PairedDifference)] = []
    for index in rows.indices where rows[index].arm != baseline.arm {
      if rows[index].diverged > 0 || baseline.diverged > 0 {
        let test = SignTest(of: rows[index].outcomes, against: baseline.outcomes, goal: goal)
        if test.pairs > 0 { rows[index].order = test }
      } else if let difference = PairedDifference(
        of: rows[index].values, over: baseline.values, overlap: overlap)
      {
        family.append((index, difference))
      }
    }
    var differences = family.map(\.difference)
    SimultaneousIntervals.adjust(&differences)
    for (entry, difference) in zip(family, differences) {
      rows[entry.index].difference = difference
    }
    let probabilities = Holm.adjusted(
      rows.map { $0.difference?.probability ?? $0.order?.probability })
    for index in rows.indices { rows[index].adjustedProbability = probabilities[index] }
  }

  /// The margin in the metric's own unit; nil while the baseline has no mean.
  package var marginWidth: Double? { margin.width(baseline: self[baseline]?.last?.mean) }

  /// How an arm stands to the baseline as far as its interval goes; nil if it has none.
  package func standing(of row: Row) -> Standing? {
    guard let interval = row.difference?.interval else { return nil }
    let isWithin = marginWidth.map { -$0 <= interval.lowerBound && interval.upperBound <= $0 }
    if !interval.contains(0) {
      let isBetter = (interval.lowerBound > 0) == (goal == .maximize)
      return isBetter
        ? .better(isWithinMargin: isWithin ?? false)
        : .worse(isWithinMargin: isWithin ?? false)
    }
    return isWithin == true ? .asGood : .notShownToDiffer
  }

  /// What an interval says.
  package enum Standing: Sendable, Equatable {
    /// The interval leaves out 0; it may lie within the margin all the same.
    case better(isWithinMargin: Bool), worse(isWithinMargin: Bool)
    /// The whole interval lies within the margin.
    case asGood
    case notShownToDiffer
  }

  /// The row of an arm.
  package subscript(arm: String) -> Row? { rows.first { $0.arm == arm } }

  /// The arm with the best mean at the end among those without a diverged run; nil if there is no
  /// such arm.
  package var best: Row? { best { $0.diverged == 0 } }

  /// The same among some of them.
  func best(where isIncluded: (Row) -> Bool) -> Row? {
    rows.filter { $0.last != nil && isIncluded($0) }.min { ranks($0, before: $1) }
  }

  /// Whether an arm's mean at the end is better than another's; one of which a run diverged comes behind
  /// those of which none did, and one without a mean last.
  package func ranks(_ row: Row, before other: Row) -> Bool {
    if row.last != nil, other.last != nil, (row.diverged > 0) != (other.diverged > 0) {
      return row.diverged == 0
    }
    guard let mean = row.last?.mean else { return false }
    guard let otherMean = other.last?.mean else { return true }
    return goal == .maximize ? mean > otherMean : mean < otherMean
  }
}

extension ComparisonTable.Row {
  fileprivate init(_ arm: String, _ runs: [RunDigest], onTest: Bool, isResampled: Bool) {
    self.init(arm: arm)
    var bySeed: [UInt64: RunDigest] = [:]
    for run in runs where run.end == .finished || run.end == .diverged {
      if let seed = run.seed { bySeed[seed] = run }
    }
    let all = bySeed.sorted { $0.key < $1.key }.map(\.value)
    // What was changed alike in all of them was planned, by `--events`.
    let isPlanned = all.count > 1 && all.allSatisfy { $0.changes == all[0].changes }
    let ended = all.filter { isPlanned || !$0.isSteered }
    steered = all.filter { !isPlanned && $0.isSteered }.compactMap(\.seed)
    self.runs = ended.count
    diverged = ended.count { $0.end == .diverged }
    // The last measurement of a run that diverged is not its result.
    let whole = ended.filter { $0.end == .finished }
    var results: [UInt64: [Double]] = [:]
    for run in ended {
      let split = isResampled ? run.split.map { UInt64(clamping: $0) } : nil
      guard let key = split ?? run.seed else { continue }
      if run.end == .diverged {
        outcomes[key] = .diverged
      } else if let value = run.result(onTest: onTest), value.isFinite {
        results[key, default: []].append(Double(asWritten: value))
      }
    }
    // The seeds of one split say how one split came out; what splits differ in is another thing.
    for (key, figures) in results where outcomes[key] == nil {
      let mean = figures.reduce(0, +) / Double(figures.count)
      values[key] = mean
      outcomes[key] = .value(mean)
    }
    func estimate(_ value: (RunDigest) -> Float?) -> Estimate? {
      Estimate(whole.compactMap(value).filter(\.isFinite).map { Double(asWritten: $0) })
    }
    last = Estimate(values.sorted { $0.key < $1.key }.map(\.value))
    best = estimate { $0.best?.value }
    train = estimate { $0.last?.trainValue }
    loss = estimate { $0.last?.validationLoss }
    seconds = Estimate(ended.map(\.elapsed))
  }
}

extension Double {
  /// The number as its record has it in text: 0.7185, where the nearest Float is 0.71850002.
  ///
  /// So that figures computed from the logs come out the same.
  package init(asWritten value: Float) { self = Double(value.description) ?? Double(value) }
}
