// A run as a list of many has it: what its log says of it, how it stands, what it measured.
import Comparisons
import PlainText
import RunRecords

/// Tells a version of a file from all others.
package struct FileMark: Sendable, Hashable, Codable {
  package var device: UInt64
  package var inode: UInt64
  package var size: Int
  /// When it was written last, in nanoseconds since 1970.
  package var modified: Int

  /// Whether it may be the same file, longer.
  func isContinued(by later: FileMark) -> Bool {
    device == later.device && inode == later.inode && size <= later.size
  }
}

/// A log and what it comes to.
package struct IndexedRun: Sendable {
  package let path: String
  /// What it is called in the list: its path below the folder that was asked for, without its ending.
  package var name: String
  package var mark: FileMark
  package var about = About()
  /// How it ended: the word of its end record, empty if that gives none; nil: it has no end.
  package var end: String?
  package var figures = RunFigures()
  /// Whether all of the log has been read: else only its last figures are known.
  package var isWhole = false
  /// Up to where it was read.
  var position = LogPosition()
  /// Why nothing of it, or not all, could be read.
  package var trouble: String?
  package var process = Process.unknown

  /// What is known of the process that makes it.
  package enum Process: Sendable, Equatable {
    case alive
    /// It is gone; without an end in the log that was no end as it should be.
    case gone
    case unknown
  }

  /// What its header says.
  package struct About: Sendable, Equatable, Codable {
    package var experiment = ""
    /// What a person called the run, where its file is called by a number; nil elsewhere.
    package var displayName: String?
    package var title = ""
    package var seed: UInt64?
    package var metric: String?
    package var maximizes: Bool?
    package var totalSteps: Int?
    package var stepsPerEpoch: Int?
    package var program: String?
    package var runID: String?
    package var pid: Int?
    package var host: String?
    /// Flat keys of its experiment with their values.
    package var settings: [Setting] = []

    package init() {}
  }

  package struct Setting: Sendable, Equatable, Codable {
    package var key: String
    package var value: String
  }

  package init(path: String, name: String, mark: FileMark) {
    self.path = path
    self.name = name
    self.mark = mark
  }
}

extension IndexedRun.About {
  init(_ header: RunHeader) {
    experiment = header.name
    // Without a name of its own it has the file's.
    let isNamed = header.program == "W&B" && !header.name.hasSuffix(".wandb")
    displayName = isNamed && !header.name.isEmpty ? header.name : nil
    title = header.title
    seed = header.seed
    metric = header.metric
    maximizes = header.goal.map { $0 == .maximize }
    (totalSteps, stepsPerEpoch) = (header.totalSteps, header.stepsPerEpoch)
    program = header.program ?? header.origin?.framework
    (runID, pid, host) = (header.origin?.runID, header.origin?.pid, header.origin?.host)
    settings = ExperimentKeys.flat(header.experiment, leavingOut: Self.words).map {
      IndexedRun.Setting(key: $0.0, value: $0.1)
    }
    if let batch = header.batch, !settings.contains(where: { $0.key == "batch" }) {
      settings.append(.init(key: "batch", value: "\(batch)"))
    }
  }

  /// What a person wrote of an experiment rather than set.
  private static let words: Set<String> = ["title", "description", "compare", "comparison"]
}

extension IndexedRun {
  /// What lists call it.
  package var shownName: String { about.displayName ?? name }

  /// How a run stands.
  package enum State: String, Sendable, CaseIterable {
    /// It goes on.
    case live
    case finished
    /// Somebody ended it.
    case stopped
    case diverged
    /// Its process is gone, or failed, without an end.
    case crashed
    /// No end is in the log, nothing comes any more, and what became of its process is not known.
    case silent
  }

  /// After so long without a word a run of an unknown process no longer counts as live.
  static let silence = 60.0

  package func state(at now: WallTime) -> State {
    switch end {
    case "finished"?, ""?: return .finished
    case "diverged"?: return .diverged
    case "failed"?: return .crashed
    case .some: return .stopped
    case nil: break
    }
    switch process {
    case .alive: return .live
    case .gone: return .crashed
    case .unknown: return age(at: now) < Self.silence ? .live : .silent
    }
  }

  /// Seconds since its log was written last.
  package func age(at now: WallTime) -> Double {
    max(0, Double(now.milliseconds) / 1000 - Double(mark.modified) / 1e9)
  }

  /// The figure that says what is best: the header's, or the likeliest of those that there are.
  package var metric: String? {
    if let metric = about.metric, figures[metric] != nil { return metric }
    let usual = [
      "validation_accuracy", "validation_loss", "train_accuracy", "train_loss", "loss",
    ]
    return usual.first { figures[$0] != nil } ?? figures.figures.first?.name
  }

  /// Which way a figure improves in this run.
  package func goal(of name: String) -> Goal {
    if name == about.metric, let maximizes = about.maximizes {
      return maximizes ? .maximize : .minimize
    }
    return Goal(ofFigure: name)
  }

  /// The best value of a figure; nil before all of the log was read.
  package func best(of name: String) -> RunFigures.Place? {
    isWhole ? figures[name]?.best(goal(of: name)) : nil
  }

  /// A setting by its key.
  package func setting(_ key: String) -> String? {
    about.settings.first { $0.key == key }?.value
  }

  /// The share of the planned steps; nil if none were planned.
  package var share: Double? {
    about.totalSteps.flatMap { $0 > 0 ? min(1, Double(figures.step) / Double($0)) : nil }
  }
}
