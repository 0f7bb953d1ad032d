// The state of the screen of many runs: the list as it is known, and how somebody looks at it.
import RunHistory
import RunIndex
import RunRecords
import TerminalUI

/// What the screen of `maxnorm runs` shows.
///
/// Only `update` changes it; views read it.
package struct RunsModel: ScreenModel {
  package typealias News = RunsNews
  package typealias Wish = RunsWish

  package var shell: Shell
  /// What was asked for, as the header says it.
  package let place: String
  /// The runs as they were known last.
  package internal(set) var index = RunIndex.Snapshot()
  /// The clock on the wall, and when it was that late on the shell's.
  var wall = (time: WallTime(milliseconds: 0), at: 0.0)

  /// The runs that the filter lets through, by their index, in their order; pinned ones first.
  var shown: [Int] = []
  /// The path of the run that keys act on.
  package internal(set) var selected: String?
  /// The marked runs by their path, each with the place whose letter and colour it keeps.
  package internal(set) var marks: [String: Int] = [:]
  /// What is remembered of runs.
  package internal(set) var notes: RunNotes

  package internal(set) var filter = ""
  var query = RunQuery("")
  /// What is typed: into the filter, or as a note; nil: nothing is.
  var typing: Typing?
  package internal(set) var order = RunOrder(.name)
  /// The figure that columns and chart are of; nil: each run's own.
  package internal(set) var metric: String?

  package internal(set) var focus = Panel.list
  package internal(set) var isMaximized = false
  /// The first of the settings that is shown.
  var firstSetting = 0
  package internal(set) var smoothing = Smoothing.off
  package internal(set) var isLogarithmic = false
  /// Whether curves are scaled by all their values rather than by those after their start.
  package internal(set) var showsAll = false
  package internal(set) var unit = ChartState.Unit.steps

  /// Which keys do what.
  package let bindings: [KeyBinding]

  /// A text that is being typed.
  enum Typing: Equatable {
    case filter
    /// A note, as far as it is typed.
    case note(String)
  }

  /// A screen before any run is known.
  package init(
    place: String, notes: RunNotes = RunNotes(), themeNames: [String] = [], themeIndex: Int = 0,
    isCopyFriendly: Bool = false, keys: KeyMap = KeyMap()
  ) {
    self.place = place
    self.notes = notes
    bindings = RunsKeys.bindings(keys)
    shell = Shell(themeNames: themeNames, themeIndex: themeIndex, isCopyFriendly: isCopyFriendly)
  }
}

/// What a user keeps of runs, by the path of their log.
package struct RunNotes: Sendable, Equatable {
  package var pinned: Set<String> = []
  package var notes: [String: String] = [:]

  package init() {}
}

extension RunsModel {
  /// More could not be distinguished.
  static let mostMarks = 18
  static let longestNote = 200

  var runs: [IndexedRun] { index.runs }

  /// The run that keys act on; nil if there is none.
  package var run: IndexedRun? {
    guard let place = selectedRow else { return nil }
    return runs[shown[place]]
  }

  /// The row of the selected run.
  var selectedRow: Int? { shown.firstIndex { runs[$0].path == selected } }

  /// The marked runs in the order of their letters; those that the filter hides too.
  package var marked: [IndexedRun] {
    marks.sorted { $0.value < $1.value }.compactMap { mark in
      runs.first { $0.path == mark.key }
    }
  }

  /// The runs whose curves are shown: the marked ones, else the selected one.
  package var charted: [IndexedRun] {
    let marked = marked
    return marked.isEmpty ? run.map { [$0] } ?? [] : marked
  }

  /// Whose curves are to be there in full.
  package var wantedCurves: [String] {
    let paths = charted.map(\.path)
    return paths + (run.map { paths.contains($0.path) ? [] : [$0.path] } ?? [])
  }

  /// The time on the wall's clock.
  package var time: WallTime {
    WallTime(milliseconds: wall.time.milliseconds + Int((shell.now - wall.at) * 1000))
  }

  /// The figure that the chart shows.
  package var chartMetric: String? { metric ?? charted.lazy.compactMap(\.metric).first }

  /// The figures that there are, those that most runs go by first.
  package var metrics: [String] {
    var names: [String] = []
    var known: Set<String> = []
    let charted = charted
    for run in charted + runs.prefix(50) {
      for name in [run.metric].compactMap({ $0 }) + run.figures.figures.map(\.name)
      where known.insert(name).inserted {
        names.append(name)
      }
    }
    return names
  }

  /// What keys go to.
  package var topLayer: ScreenLayer {
    if isTooSmall { return .main }
    if shell.isHelpOpen { return .help }
    switch typing {
    case .filter: return .filter
    case .note: return .entry
    case nil: return .main
    }
  }

  package var question: Question? { nil }
  package mutating func withdrawQuestion() {}

  package var stateLabel: String { index.isWhole ? "watching" : "reading" }

  /// Ages go on while nothing else does.
  package var wakeTime: Double? {
    let hasYoung = shown.contains { runs[$0].age(at: time) < 120 }
    let next = shell.now.rounded(.down) + (hasYoung ? 1 : 30)
    return [shell.notice?.until, runs.isEmpty ? nil : next].compactMap { $0 }.min()
  }

  package var exportName: String {
    ExportName.plain("runs", number: index.revision)
  }

  /// What is remembered from one run of the program to the next.
  package func preferences(since start: Preferences) -> Preferences {
    var preferences = start
    shell.leave(&preferences)
    preferences.smoothing = smoothing
    return preferences
  }

  /// The run with this log.
  package func knownRun(at path: String) -> IndexedRun? { runs.first { $0.path == path } }

  /// How the command line wants it.
  package mutating func begin(filter: String, order: RunOrder?, metric: String?) {
    self.filter = filter
    query = RunQuery(filter)
    if let order { self.order = order }
    self.metric = metric
  }

  /// As somebody likes charts and mouse.
  package mutating func take(_ preferences: Preferences) {
    smoothing = preferences.smoothing
    shell.take(preferences)
  }
}
