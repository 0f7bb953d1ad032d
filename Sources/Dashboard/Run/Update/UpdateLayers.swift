// What keys do to what lies over the panels: questions, help, settings, a layer's page.
import RunHistory
import RunRecords
import TerminalUI

extension DashboardModel {
  /// Closes all that lies over the panels at once, so that three presses lead out of anywhere: what
  /// is open, the question, and the answer.
  mutating func quit() -> [Effect] {
    if dialog?.isAboutLeaving == true, dialog != .stop { return answer(true) }
    if topLayer != .main {
      dialog = nil
      shell.isHelpOpen = false
      settingsPanel = nil
      closePage()
      return []
    }
    let isGoing = phase == .training || phase == .paused
    switch source {
    case .live where isGoing: dialog = .quit
    case .attached where phase == .paused && attachment?.refusal == nil: dialog = .leavePaused
    case .live, .attached, .replay: return [.quit]
    }
    return []
  }

  mutating func answer(_ isYes: Bool) -> [Effect] {
    let question = dialog
    dialog = nil
    guard isYes else { return [] }
    switch question {
    case .quit, .leavePaused: return [.quit]
    case .stop: return send(.stop, "ending the run")
    case .reseed: return send(.reseed(nextSeed), "starting again from seed \(nextSeed)")
    case .reset, nil: return send(.reset, "starting again")
    }
  }

  /// The seed that a new start takes: the one after, as long as YAML's whole numbers hold it.
  var nextSeed: UInt64 {
    let seed = segment?.header.seed ?? 0
    return seed < UInt64(Int.max) ? seed + 1 : 0
  }

  /// The cursor goes first; one that is out of sight does not hold a page open.
  mutating func back() {
    if hasCursorToTakeAway {
      charts.cursor = nil
    } else if [.main, .detail].contains(topLayer), isMaximized {
      restorePanels()
    } else {
      close()
    }
  }

  private mutating func close() {
    switch topLayer {
    case .help: shell.isHelpOpen = false
    case .entry: settingsPanel?.entry = nil
    case .settings: settingsPanel = nil
    case .detail: closePage()
    case .main, .filter, .dialog: changeFilter(.clearFilter)
    }
  }

  /// What `enter` opens: the layer's page, or what the chosen row stands for.
  mutating func openDetails() {
    if movesOverMetrics {
      pinMetric()
    } else if isOnBlock {
      fold(.block)
    } else {
      isDetailOpen = true
    }
  }

  private mutating func closePage() {
    isDetailOpen = false
    layout.isPageMaximized = false
  }
}

extension DashboardModel.Dialog {
  var title: String {
    switch self {
    case .quit: "quit"
    case .stop: "stop"
    case .leavePaused: "leave"
    case .reset, .reseed: "restart"
    }
  }

  /// It is answered though nothing else can be seen, and goes with the run's end.
  var isAboutLeaving: Bool {
    switch self {
    case .quit, .stop, .leavePaused: true
    case .reset, .reseed: false
    }
  }

  /// The question in words.
  func question(nextSeed: UInt64) -> String {
    switch self {
    case .quit: "The run is still going. Stop it and quit?"
    case .stop: "End the run? Its log is completed, and whoever else watches sees it end."
    case .leavePaused: "The run is paused, and stays so. Leave it?"
    case .reset: "Start again from the same seed? What was learned is lost."
    case .reseed: "Start again from seed \(nextSeed)? What was learned is lost."
    }
  }
}
