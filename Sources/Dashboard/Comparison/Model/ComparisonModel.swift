// The state of a comparison's screen: its runs in progress, and the user's view of them.
import Comparisons
import TerminalUI

/// What the screen of `compare` and `sweep` shows.
///
/// Only `update` changes it; views read it.
package struct ComparisonModel: ScreenModel {
  package typealias News = ComparisonNews
  package typealias Wish = ComparisonWish

  package var shell: Shell
  /// The runs and how far they are.
  package internal(set) var state: ComparisonState
  /// Whether no run is in progress or waiting.
  package var isOver = false
  /// What views need of the runs, put together when it changes.
  var figures = ComparisonFigures()
  var clock = ComparisonClock()

  /// An index into the arms.
  package var selectedArm = 0
  package var focus = Panel.chart
  /// What the chart shows; one of `charts`.
  package var chart: Chart
  package var isLogarithmic = false
  /// Whether curves are scaled by all their values rather than by those after their start.
  package var showsAll = false
  /// Whether charts over time count epochs rather than steps.
  package var countsEpochs = false
  package var isMaximized = false
  /// Whether the page of the selected arm is open, and the first of its runs that is shown.
  package var isDetailOpen = false
  package var firstRun = 0
  /// Whether it was opened from the list of runs, to which `esc` goes back.
  package var isFromList = false
  /// Whether all runs in progress are paused.
  package var isPaused = false

  /// Whether the runs go on without this program, and so are cancelled or left.
  package var isElsewhere = false

  /// Whether the question stands whether to stop the runs.
  package var isAsking = false

  /// Which keys do what.
  package let bindings: [KeyBinding]

  /// A screen before the first run has started.
  package init(
    state: ComparisonState, themeNames: [String] = [], themeIndex: Int = 0,
    isCopyFriendly: Bool = false, keys: KeyMap = KeyMap()
  ) {
    self.state = state
    bindings = ComparisonKeys.bindings(keys)
    shell = Shell(
      themeNames: themeNames, themeIndex: themeIndex, isCopyFriendly: isCopyFriendly)
    figures.update(state)
    chart = Self.charts(state, figures)[0]
  }

  /// What the chart shows.
  package enum Chart: Sendable, Equatable {
    /// The means of two keys' values.
    case heat
    /// The metric over the values of the key with this index.
    case overKey(Int)
    /// Curves over time, an arm each.
    case curves(Figure)
  }

  /// What a curve is of.
  package enum Figure: Sendable, Equatable, CaseIterable {
    case metric, validationLoss, trainLoss
  }
}

extension ComparisonModel {
  /// What there is to show in the chart, in the order in which a key goes through it.
  package var charts: [Chart] { Self.charts(state, figures) }

  private static func charts(_ state: ComparisonState, _ figures: ComparisonFigures) -> [Chart] {
    var charts: [Chart] = []
    if case .sweep(let keys, _) = state.kind {
      if figures.grid != nil { charts.append(.heat) }
      charts += keys.indices.map(Chart.overKey)
    }
    let isLoss = figures.metric == "validation_loss"
    let curves = Figure.allCases.filter { $0 != .validationLoss || !isLoss }
    return charts + curves.map(Chart.curves)
  }

  package var isSweep: Bool {
    if case .sweep = state.kind { true } else { false }
  }

  /// Whether every run has settings of its own.
  package var areTrials: Bool {
    if case .trials = state.kind { true } else { false }
  }

  /// The command that the runs belong to.
  var command: String {
    switch state.kind {
    case .arms: "compare"
    case .sweep: "sweep"
    case .trials: "advise"
    }
  }

  /// The arm that keys act on; nil if there is none.
  package var arm: String? {
    state.arms.indices.contains(selectedArm) ? state.arms[selectedArm] : nil
  }

  package func count(of phase: ComparisonState.Phase) -> Int {
    state.runs.count { $0.phase == phase }
  }

  /// The runs that could not start or continue, and why.
  package var failures: [(run: ComparisonState.Run, reason: String)] {
    state.runs.compactMap { run in
      if case .failed(let reason) = run.phase { (run, reason) } else { nil }
    }
  }

  /// What keys go to.
  package var topLayer: ScreenLayer {
    if isTooSmall { return isAsking ? .dialog : .main }
    if isAsking { return .dialog }
    return shell.isHelpOpen ? .help : isDetailOpen ? .detail : .main
  }

  /// Whether nothing is left to close but the screen itself.
  var leavesToList: Bool { isFromList && topLayer == .main && !isMaximized }

  /// The question before runs are stopped.
  package var question: Question? {
    guard isAsking else { return nil }
    if isElsewhere {
      let text =
        "Cancel the jobs that have not ended? With no they stay with Slurm, and the same command follows"
        + " them again; Esc stays here."
      return Question(title: "quit", text: text, isQuit: true)
    }
    let text =
      "Runs are still going on. Stop them and quit? Finished runs are kept; the same command goes on"
      + " with the rest."
    return Question(title: "quit", text: text, isQuit: true)
  }

  /// What becomes of the runs at present.
  enum Phase: String {
    case running, paused, interrupted, finished
  }

  var phase: Phase {
    if !isOver { return isPaused ? .paused : .running }
    return count(of: .interrupted) > 0 ? .interrupted : .finished
  }

  /// The state in one word, for the header.
  package var stateLabel: String { phase.rawValue }

  /// When the next tick is needed though nothing else happens; nil: never.
  package var wakeTime: Double? {
    let second = isOver || isPaused ? nil : shell.now.rounded(.down) + 1
    return [shell.notice?.until, second].compactMap { $0 }.min()
  }

  /// What a written view is called.
  package var exportName: String {
    ExportName.plain(state.name, kind: command, number: state.over)
  }

  /// What is remembered from one run of the program to the next.
  package func preferences(since start: Preferences) -> Preferences {
    var preferences = start
    shell.leave(&preferences)
    return preferences
  }
}

/// How long a comparison has been running, and how long it will take.
struct ComparisonClock: Sendable {
  /// Seconds during which runs were in progress.
  private(set) var elapsed = 0.0
  private var last: Double?
  private var firstShare: Double?

  mutating func advance(to time: Double, isGoing: Bool) {
    if let last, isGoing { elapsed += max(0, time - last) }
    last = time
  }

  /// The speed of earlier sessions says nothing about this one.
  mutating func begin(at share: Double) {
    if firstShare == nil { firstShare = share }
  }

  /// At the speed so far; nil as long as that cannot be estimated.
  func left(_ share: Double) -> Double? {
    guard let firstShare, elapsed >= 1, share - firstShare > 0.003 else { return nil }
    return max(0, (1 - share) * elapsed / (share - firstShare))
  }
}
