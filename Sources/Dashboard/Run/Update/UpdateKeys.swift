// What keys do: to the view at once, to the run by command.
import RunRecords
import TerminalUI

extension DashboardModel {
  /// Carries out what a key asks for, or says why there is nothing to act on.
  mutating func carryOut(_ key: Key, _ reads: ClosedRange<Int>?) -> [Effect] {
    let before = dialog
    defer { if before == nil, dialog != nil { opening = QuestionOpening(key: key, reads: reads) } }
    hasTakenKey = true
    hintEnd = nil
    guard let action = keys.action(of: key, on: topLayer) else {
      if topLayer == .filter, type(key) { return [] }
      if [.main, .detail, .settings, .entry].contains(topLayer) {
        say("\(key.name) does nothing here: \(keys.name(of: .help)) shows the keys", .refusal)
      }
      return []
    }
    if topLayer == .dialog, opening?.takes(key, for: action, reads) == false { return [] }
    notice = nil
    if let refusal = refusal(of: action) {
      say(refusal, .refusal)
      return []
    }
    switch action {
    case .pause, .fullSpeed, .slower, .faster: return steer(action)
    case .replayBack, .replayForward, .replayStart, .replayEnd: return move(action)
    case .singleStep where source == .replay: return move(action)
    case .suggestion: return takeSuggestion()
    case .filter, .keepFilter, .eraseFilter, .clearFilter: changeFilter(action)
    case .singleStep, .constraint, .lowerCeiling, .raiseCeiling, .lowerRate, .raiseRate, .undo,
      .twin, .fork, .extend, .checkpoint:
      return command(action)
    case .reset: dialog = .reset
    case .reseed: dialog = .reseed
    case .settings: settingsPanel = SettingsPanel()
    case .settingBefore, .settingAfter, .lowerSetting, .raiseSetting, .enterSetting, .typed, .erase,
      .takeEntry:
      return changeSettings(action, key)
    case .yes: return answer(true)
    case .no: return answer(false)
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    case .interrupt: return [.interrupt]
    case .quit: return quit()
    case .theme:
      themeIndex = (themeIndex + 1) % themeNames.count
      say("theme \(themeName)")
      return [.theme(themeIndex)]
    case .export: return [.export]
    case .copyFriendly:
      isCopyFriendly.toggle()
      say(isCopyFriendly ? "no frames, no mouse: for copying text" : "frames and mouse as before")
      return [.mouse(isMouseOn && !isCopyFriendly)]
    case .logScale, .smoothing, .window, .zoomOut, .zoomIn, .panBack, .panForward, .outliers,
      .axisUnit:
      look(action)
    case .left, .right: moveAside(action)
    case .preset, .maximize, .splitLeft, .splitRight, .usualSplit: arrange(action)
    case .mouse:
      isMouseOn.toggle()
      say(
        isMouseOn
          ? "mouse on: with shift the terminal selects text"
          : "mouse off: the terminal selects text with it")
      return [.mouse(isMouseOn)]
    case .panel: focusPanel(key)
    case .nextPanel: moveFocus(by: 1)
    case .previousPanel: moveFocus(by: -1)
    case .up, .down, .first, .last: select(action)
    case .details: isDetailOpen = true
    case .back: back()
    case .help:
      isHelpOpen.toggle()
      helpScroll = 0
    case .scrollUp, .scrollDown, .pageUp, .pageDown, .scrollToStart, .scrollToEnd: scroll(action)
    }
    return []
  }

  /// Shows an answer for a few seconds.
  mutating func say(_ text: String, _ kind: Notice.Kind = .answer) {
    notice = Notice(text, kind: kind, until: now + 4)
  }
}
