// What keys do: to the view at once, to the run by command.
import RunRecords
import TerminalUI

extension DashboardModel {
  package mutating func noticeInput() {
    hasTakenKey = true
    hintEnd = nil
  }

  package mutating func perform(_ action: KeyAction, _ key: Key) -> [Effect] {
    switch action {
    case .pause, .fullSpeed, .slower, .faster: return steer(action)
    case .replayBack, .replayForward, .replayStart, .replayEnd: return move(action)
    case .singleStep where source == .replay: return move(action)
    case .suggestion: return takeSuggestion()
    case .filter, .keepFilter, .eraseFilter, .clearFilter: changeFilter(action)
    case .singleStep, .constraint, .lowerCeiling, .raiseCeiling, .lowerRate, .raiseRate, .undo,
      .twin, .fork, .extend, .checkpoint:
      return command(action)
    case .stop: dialog = .stop
    case .reset: dialog = .reset
    case .reseed: dialog = .reseed
    case .settings: settingsPanel = SettingsPanel()
    case .settingBefore, .settingAfter, .lowerSetting, .raiseSetting, .enterSetting, .typed, .erase,
      .takeEntry:
      return changeSettings(action, key)
    case .yes: return answer(true)
    case .no: return answer(false)
    case .quit: return quit()
    case .logScale, .smoothing, .window, .zoomOut, .zoomIn, .panBack, .panForward, .outliers,
      .axisUnit:
      look(action)
    case .left, .right: moveAside(action)
    case .preset, .maximize, .hide, .showHidden, .splitLeft, .splitRight, .usualSplit:
      arrange(action)
    case .panel: focusPanel(key)
    case .nextPanel: moveFocus(by: 1)
    case .previousPanel: moveFocus(by: -1)
    case .up, .down, .first, .last: select(action)
    case .details: openDetails()
    case .block, .allBlocks: fold(action)
    case .back where leavesToList: return quit()
    case .back: back()
    case .scrollUp, .scrollDown, .pageUp, .pageDown, .scrollToStart, .scrollToEnd:
      scrollHelp(action)
    case .redraw, .suspend, .interrupt, .export, .theme, .mouse, .copyFriendly, .grid, .help:
      // The shell's.
      break
    case .mark, .markAll, .unmarkAll, .pin, .note, .sortAfter, .sortBefore, .reverseSort,
      .presetBefore, .statistics:
      // The list of runs has them.
      break
    }
    return []
  }
}
