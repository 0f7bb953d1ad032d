// Logs of independent runs put together: which arm each belongs to, and which of them count.
import Basics
import Comparisons
import RunRecords

/// A log with what its run came to.
package struct ReadLog: Sendable {
  package var path: String
  package var digest: RunDigest

  package init(path: String, digest: RunDigest) {
    self.path = path
    self.digest = digest
  }
}

/// The runs of a comparison or a sweep, wherever they were made.
package struct GatheredLogs: Sendable {
  /// In the order in which they were given.
  package private(set) var logs: [Log] = []
  /// The baseline first, then in the order in which they turned up; of a sweep by value.
  package let arms: [String]
  package let table: ComparisonTable
  /// Where the logs are those of a sweep.
  package let sweep: SweepTable?

  package struct Log: Sendable {
    package var path: String
    package var digest: RunDigest
    package var standing: Standing
  }

  /// Whether a log's run stands in the table.
  package enum Standing: Sendable, Equatable {
    case counted
    /// Why it did not run to its end, in words.
    case unfinished(String)
    /// Another log of the same arm and seed counts instead.
    case superseded(by: String)
  }

  /// Puts logs together; the first header says what all of them must be runs of.
  ///
  /// - Throws: `ProgramError` if logs are of different experiments, or no arm is the baseline's.
  package init(
    _ read: [ReadLog], baseline: String? = nil, margin: Margin? = nil
  ) throws(ProgramError) {
    var read = read
    try Self.check(read)
    ArmNames(read).name(&read)
    try Self.checkArms(read)
    var names: [String] = []
    for log in read where !names.contains(log.digest.arm) { names.append(log.digest.arm) }
    if let baseline, !names.contains(baseline) {
      throw ProgramError(
        "report: --baseline: expected one of \(names.joined(separator: ", ")), found "
          + "'\(baseline)': give the name of an arm", .usage)
    }
    let sweep = SweepCandidates(read)
    // Values of a sweep stand in their order, whatever order the files had.
    let reference = baseline ?? Self.baseline(of: read, names)
    if let sweep {
      names = sweep.candidates.map(\.arm)
    } else {
      // As the comparison had them; else the one that the others are read against stands first.
      let order = Self.membership(read)?.arms ?? reference.map { [$0] } ?? []
      names = order.filter(names.contains) + names.filter { !order.contains($0) }
    }
    arms = names
    logs = Self.standing(of: read)
    let counted = logs.filter { $0.standing == .counted }.map(\.digest)
    // A table of no run still names the metric.
    let digests = counted.isEmpty ? read.map(\.digest) : counted
    if let sweep, baseline == nil {
      let table = SweepTable(
        keys: sweep.keys, candidates: sweep.candidates, runs: counted, margin: margin)
      self.sweep = table.table == nil ? nil : table
    } else {
      self.sweep = nil
    }
    let own = ComparisonTable(
      digests, arms: names, baseline: reference, margin: margin, onTest: true)
    guard let table = self.sweep?.table ?? own else {
      throw ProgramError("report: expected logs with a header, found none", .bad)
    }
    self.table = table
  }

  /// The runs that stand in the table.
  package var counted: [RunDigest] {
    logs.filter { $0.standing == .counted }.map(\.digest)
  }

  /// The curve of an arm over the runs that count.
  func curve(of arm: String) -> ArmCurve { ArmCurve(counted.filter { $0.arm == arm }) }

  /// A header of an arm.
  func header(of arm: String) -> RunHeader? {
    logs.first { $0.digest.arm == arm }?.digest.header
  }

  // MARK: What counts

  private static func standing(of read: [ReadLog]) -> [Log] {
    var logs = read.map { log in
      let standing: Standing =
        switch log.digest.end {
        case .finished, .diverged: .counted
        case .stopped: .unfinished("stopped by hand")
        case .interrupted: .unfinished("interrupted")
        case .failed: .unfinished("failed")
        case nil: .unfinished("not ended")
        }
      return Log(path: log.path, digest: log.digest, standing: standing)
    }
    // Of several logs of the same run the last one counts that has ended.
    for index in logs.indices where logs[index].standing == .counted {
      let (arm, seed) = (logs[index].digest.arm, logs[index].digest.seed)
      let later = logs[(index + 1)...].last {
        $0.standing == .counted && $0.digest.arm == arm && $0.digest.seed == seed
      }
      if let later { logs[index].standing = .superseded(by: later.path) }
    }
    return logs
  }

  /// The comparison's own, `none`, or an arm without the constraint; nil: the table's own choice.
  private static func baseline(of read: [ReadLog], _ names: [String]) -> String? {
    let headers = read.lazy.compactMap(\.digest.header)
    // Logs of an earlier version have it where the experiment's own comparison names one.
    let own = membership(read)?.baseline ?? headers.compactMap(\.summary.baseline).first
    if let own, names.contains(own) { return own }
    guard !names.contains("none") else { return "none" }
    return names.first { name in
      let header = read.first { $0.digest.arm == name }?.digest.header
      return header?.summary.constraint.isEnabled == false
    }
  }

  /// The comparison that the logs were made for, where one of them names it.
  private static func membership(_ read: [ReadLog]) -> ComparisonMembership? {
    read.lazy.compactMap { $0.digest.header?.summary.comparison }.first
  }

  // MARK: Checks

  /// Refuses logs that no table can hold together.
  private static func check(_ read: [ReadLog]) throws(ProgramError) {
    guard let first = read.first, let header = first.digest.header else { return }
    for log in read.dropFirst() {
      guard let other = log.digest.header else { continue }
      func refuse(_ what: String, _ mine: String, _ theirs: String) -> ProgramError {
        ProgramError(
          "report: \(log.path): expected \(what) \(mine), as in \(first.path), found "
            + "\(theirs): give the logs of one comparison", .bad)
      }
      guard other.criterion.metric == header.criterion.metric,
        other.criterion.goal == header.criterion.goal
      else {
        throw refuse("the metric", header.criterion.metric, other.criterion.metric)
      }
      // Arms and values of a sweep may change the data on purpose.
      let areNamed = [header, other].allSatisfy {
        $0.summary.arm != nil || $0.summary.sweep != nil
      }
      if areNamed, header.name != other.name {
        throw refuse("the experiment", header.name, other.name)
      }
      let (mine, theirs) = (header.experiment["data"], other.experiment["data"])
      if !areNamed, mine != theirs {
        let key = difference(of: mine ?? .null, theirs ?? .null)
        throw refuse("data.\(key.name)", key.mine, key.theirs)
      }
    }
  }

  /// Refuses an arm whose logs are runs of different experiments: their seeds would make no sample.
  private static func checkArms(_ read: [ReadLog]) throws(ProgramError) {
    var firsts: [String: ReadLog] = [:]
    for log in read {
      guard let first = firsts[log.digest.arm] else {
        firsts[log.digest.arm] = log
        continue
      }
      guard let mine = first.digest.header?.experiment, let theirs = log.digest.header?.experiment
      else { continue }
      let key = difference(of: mine, theirs, leavingOut: ExperimentKeys.identity)
      guard key.mine != key.theirs else { continue }
      throw ProgramError(
        "report: \(log.path): expected \(key.name) \(key.mine), as in \(first.path) of "
          + "the same arm '\(log.digest.arm)', found \(key.theirs): give the logs of one comparison",
        .bad
      )
    }
  }

  /// The first key whose values differ.
  private static func difference(
    of mine: JSONValue, _ theirs: JSONValue, leavingOut names: Set<String> = []
  ) -> (name: String, mine: String, theirs: String) {
    let (mine, theirs) = (
      ExperimentKeys.flat(mine, leavingOut: names), ExperimentKeys.flat(theirs, leavingOut: names)
    )
    let values = Dictionary(theirs) { first, _ in first }
    // Other data are said best by their name.
    let named = mine.filter { $0.0 == "source" } + mine
    for (key, value) in named where values[key] != value {
      return (key, value, values[key] ?? "none")
    }
    let known = Set(mine.map(\.0))
    for (key, value) in theirs where !known.contains(key) { return (key, "none", value) }
    return ("", "", "")
  }
}
