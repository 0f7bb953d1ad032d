// What keys do to what lies over the panels: questions, help, settings, a layer's page.
import RunHistory
import RunRecords
import TerminalUI

extension DashboardModel {
  /// Closes all that lies over the panels at once, so that three presses lead out of anywhere: what
  /// is open, the question, and the answer.
  mutating func quit() -> [Effect] {
    if dialog == .quit { return answer(true) }
    if topLayer != .main {
      dialog = nil
      shell.isHelpOpen = false
      settingsPanel = nil
      closePage()
      return []
    }
    let isGoing = phase == .training || phase == .paused
    guard source == .live, isGoing else { return [.quit] }
    dialog = .quit
    return []
  }

  mutating func answer(_ isYes: Bool) -> [Effect] {
    let question = dialog
    dialog = nil
    guard isYes else { return [] }
    switch question {
    case .quit: return [.quit]
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
    default: changeFilter(.clearFilter)
    }
  }

  private mutating func closePage() {
    isDetailOpen = false
    layout.isPageMaximized = false
  }
}

extension DashboardModel.Dialog {
  /// The question in words.
  func question(nextSeed: UInt64) -> String {
    switch self {
    case .quit: "The run is still going. Stop it and quit?"
    case .reset: "Start again from the same seed? What was learned is lost."
    case .reseed: "Start again from seed \(nextSeed)? What was learned is lost."
    }
  }
}
