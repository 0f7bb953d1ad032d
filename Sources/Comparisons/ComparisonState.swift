// A comparison in progress: its runs, how far each has come, and the table of those that have
// ended.
import RunRecords

/// All runs of a comparison or a sweep.
package struct ComparisonState: Sendable, Equatable {
  /// The experiment's name.
  package let name: String
  /// The experiment's title.
  package let title: String
  package let kind: Kind
  /// In the order of the arms.
  package let arms: [String]
  /// Within which an arm counts as good; nil: what the runs recorded.
  package let margin: Margin?
  /// In the order in which they are started.
  package private(set) var runs: [Run]
  /// What is said of trials; other runs say it by their table.
  package private(set) var sentences: [String] = []

  /// Arms against a baseline, values of keys against the best of them, or trials of arms.
  package enum Kind: Sendable, Equatable {
    case arms(baseline: String)
    case sweep(keys: [String], candidates: [SweepTable.Candidate])
    /// Every run has settings of its own, and an answer comes of all of them together: see
    /// `AdviceStudy`. `stage` says which of its runs these are.
    case trials(stage: String)
  }

  /// One run of an arm under a seed.
  package struct Run: Sendable, Equatable {
    package let arm: String
    package let seed: UInt64
    package var phase = Phase.waiting
    /// What its records say so far.
    package var digest: RunDigest

    package init(arm: String, seed: UInt64) {
      self.arm = arm
      self.seed = seed
      digest = RunDigest(arm: arm)
    }

    /// Optimizer steps done of those planned, 0…1.
    package var share: Double {
      if phase.isOver { return 1 }
      guard let total = digest.header?.totalSteps, total > 0 else { return 0 }
      return min(1, Double(digest.step) / Double(total))
    }
  }

  /// How far a run is.
  package enum Phase: Sendable, Equatable {
    case waiting
    case running
    /// It ran to its end.
    case ended
    /// It had ended in an earlier session; its log was read.
    case kept
    /// A command or a signal ended it early; it resumes when the comparison is run again.
    case interrupted
    /// It could not start or continue.
    case failed(String)

    package var isOver: Bool {
      switch self {
      case .waiting, .running, .interrupted: false
      case .ended, .kept, .failed: true
      }
    }
  }

  package init(
    name: String, title: String, kind: Kind, arms: [String], margin: Margin? = nil,
    runs: [(arm: String, seed: UInt64)]
  ) {
    self.name = name
    self.title = title
    self.kind = kind
    self.arms = arms
    self.margin = margin
    self.runs = runs.map { Run(arm: $0.arm, seed: $0.seed) }
  }

  /// Says something else of trials.
  package mutating func say(_ sentences: [String]) { self.sentences = sentences }

  /// Changes one run.
  package mutating func update(_ index: Int, _ change: (inout Run) -> Void) {
    change(&runs[index])
  }

  /// Runs that need no more work.
  package var over: Int { runs.count { $0.phase.isOver } }

  /// What the runs' headers say of how data and experiments were read, each sentence once.
  package var notes: [String] {
    var notes: [String] = []
    for note in runs.flatMap({ $0.digest.header?.notes ?? [] }) where !notes.contains(note) {
      notes.append(note)
    }
    return notes
  }

  /// The part of all steps that is done, 0…1, where runs are equally long.
  package var share: Double {
    guard !runs.isEmpty else { return 1 }
    return runs.reduce(0) { $0 + $1.share } / Double(runs.count)
  }

  /// The table of the runs that have ended; nil before the first record.
  package var table: ComparisonTable? {
    switch kind {
    case .arms(let baseline):
      ComparisonTable(
        runs.map(\.digest), arms: arms, baseline: baseline, margin: margin, onTest: true)
    case .sweep: sweep?.table
    case .trials:
      ComparisonTable(runs.map(\.digest), arms: arms, margin: margin, compares: false)
    }
  }

  /// What all of this says, in words.
  package var verdict: [String] {
    switch kind {
    case .arms: table?.verdict ?? []
    case .sweep: sweep?.verdict ?? []
    case .trials: sentences
    }
  }

  /// The curve of a sweep; nil for arms.
  package var sweep: SweepTable? {
    guard case .sweep(let keys, let candidates) = kind else { return nil }
    return SweepTable(keys: keys, candidates: candidates, runs: runs.map(\.digest), margin: margin)
  }

  /// The curve of an arm over its runs; see `ArmCurve`.
  package func curve(of arm: String) -> ArmCurve {
    ArmCurve(runs.filter { $0.arm == arm }.map(\.digest))
  }
}
