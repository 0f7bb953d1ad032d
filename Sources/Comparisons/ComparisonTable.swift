// The table of a comparison: each arm's figures over its seeds, and its distance from the baseline.
import RunRecords

/// What all runs of a comparison say.
package struct ComparisonTable: Sendable, Equatable {
  /// The header's metric: `validation_accuracy`.
  package let metric: String
  package let goal: Goal
  /// The arm that the others are measured against.
  package let baseline: String
  /// In the order of the arms.
  package let rows: [Row]

  /// One arm.
  package struct Row: Sendable, Equatable {
    package var arm: String
    /// Runs that have ended by themselves, those that diverged among them.
    package var runs = 0
    /// Runs that ended because loss or weights were no longer finite.
    package var diverged = 0
    /// Runs of which somebody changed a setting.
    package var steered = 0
    /// The metric at the end of each run, by seed; only where it is finite.
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
    /// This arm minus the baseline; nil for the baseline.
    package var difference: PairedDifference?
  }

  /// Sums up those runs that have ended; nil while no run has a header.
  ///
  /// Arms come in the order given, then as they turn up; a run that is interrupted counts as not there.
  /// Of several runs of the same arm and seed the last one counts. Without a baseline it is the arm
  /// `none`, or the first.
  package init?(_ runs: [RunDigest], arms: [String] = [], baseline: String? = nil) {
    guard let header = runs.lazy.compactMap(\.header).first else { return nil }
    metric = header.criterion.metric
    goal = header.criterion.goal
    var names = arms
    for run in runs where !names.contains(run.arm) { names.append(run.arm) }
    let reference = baseline ?? (names.contains("none") ? "none" : names[0])
    self.baseline = reference
    var rows = names.map { name in Row(name, runs.filter { $0.arm == name }) }
    if let values = rows.first(where: { $0.arm == reference })?.values {
      for index in rows.indices where rows[index].arm != reference {
        rows[index].difference = PairedDifference(of: rows[index].values, over: values)
      }
    }
    self.rows = rows
  }

  /// The row of an arm.
  package subscript(arm: String) -> Row? { rows.first { $0.arm == arm } }

  /// The arm with the best mean at the end, of those of which no run diverged; nil where there is none.
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
  fileprivate init(_ arm: String, _ runs: [RunDigest]) {
    self.init(arm: arm)
    var bySeed: [UInt64: RunDigest] = [:]
    for run in runs where run.end == .finished || run.end == .diverged {
      if let seed = run.seed { bySeed[seed] = run }
    }
    let ended = bySeed.sorted { $0.key < $1.key }.map(\.value)
    self.runs = ended.count
    diverged = ended.count { $0.end == .diverged }
    steered = ended.count(where: \.isSteered)
    // What a run that diverged measured last says nothing of what it came to.
    let whole = ended.filter { $0.end == .finished }
    for run in whole {
      if let seed = run.seed, let value = run.last?.value, value.isFinite {
        values[seed] = Double(asWritten: value)
      }
    }
    func estimate(_ value: (RunDigest) -> Float?) -> Estimate? {
      Estimate(whole.compactMap(value).filter(\.isFinite).map { Double(asWritten: $0) })
    }
    last = estimate { $0.last?.value }
    best = estimate { $0.best?.value }
    train = estimate { $0.last?.trainValue }
    loss = estimate { $0.last?.validationLoss }
    seconds = Estimate(ended.map(\.elapsed))
  }
}

extension Double {
  /// The number as its record has it in text: 0.7185, where the nearest Float is 0.71850002.
  ///
  /// So that whoever computes from the logs comes to the same figures.
  init(asWritten value: Float) { self = Double(value.description) ?? Double(value) }
}
