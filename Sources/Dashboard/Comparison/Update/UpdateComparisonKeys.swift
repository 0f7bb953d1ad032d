// What keys do on a comparison's screen, and why they have nothing to act on.
import Comparisons
import RunRecords
import TerminalUI

extension ComparisonModel {
  /// Carries out what a key asks for, or says why there is nothing to act on.
  mutating func carryOut(_ key: Key, _ reads: ClosedRange<Int>?) -> [ComparisonEffect] {
    let wasAsking = isAsking
    defer { if !wasAsking, isAsking { opening = QuestionOpening(key: key, reads: reads) } }
    guard let action = ComparisonKeys.action(of: key, on: topLayer, in: bindings) else {
      if [.main, .detail].contains(topLayer) {
        say("\(key.name) does nothing here: \(keyName(of: .help)) shows the keys", .refusal)
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
    case .pause:
      isPaused.toggle()
      say(isPaused ? "held: \(keyName(of: .pause)) lets all runs go on" : "going on")
      return [.pause(isPaused)]
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    case .interrupt: return [.interrupt]
    case .export: return [.export]
    case .quit: return quit()
    case .yes:
      isAsking = false
      return [.quit]
    case .no: isAsking = false
    case .theme:
      themeIndex = (themeIndex + 1) % themeNames.count
      say("theme \(themeName)")
      return [.theme(themeIndex)]
    case .mouse:
      isMouseOn.toggle()
      say(
        isMouseOn
          ? "mouse on: with shift the terminal selects text"
          : "mouse off: the terminal selects text with it")
      return [.mouse(isMouseOn)]
    case .copyFriendly:
      isCopyFriendly.toggle()
      say(isCopyFriendly ? "no frames, no mouse: for copying text" : "frames and mouse as before")
      return [.mouse(isMouseOn && !isCopyFriendly)]
    case .scrollUp, .scrollDown, .scrollToStart, .scrollToEnd, .pageUp, .pageDown: scroll(action)
    case .help:
      isHelpOpen.toggle()
      helpScroll = 0
    default: look(action, key)
    }
    return []
  }

  /// Shows an answer for a few seconds.
  mutating func say(_ text: String, _ kind: Notice.Kind = .answer) {
    notice = Notice(text, kind: kind, until: now + 4)
  }

  // MARK: Leaving

  /// The question before runs are stopped.
  package static let question =
    "Runs are still going on. Stop them and quit? Finished runs are kept; the same command goes on"
    + " with the rest."

  private mutating func quit() -> [ComparisonEffect] {
    switch topLayer {
    case .dialog:
      isAsking = false
      return [.quit]
    case .main:
      if isOver { return [.quit] }
      isAsking = true
    default: close()
    }
    return []
  }

  private mutating func close() {
    if isHelpOpen { isHelpOpen = false } else { isDetailOpen = false }
  }

  // MARK: Looking

  private mutating func look(_ action: KeyAction, _ key: Key) {
    switch action {
    case .up: select(selectedArm - 1)
    case .down: select(selectedArm + 1)
    case .first: select(0)
    case .last: select(state.arms.count - 1)
    case .details:
      isDetailOpen = true
      firstRun = 0
    case .back:
      if topLayer == .main { isMaximized = false } else { close() }
    case .nextPanel: moveFocus(by: 1)
    case .previousPanel: moveFocus(by: -1)
    case .panel:
      guard case .character(let character) = key, let number = character.wholeNumberValue,
        panels.indices.contains(number - 1)
      else {
        say("there is no panel \(key.name)", .refusal)
        return
      }
      focus = panels[number - 1]
    case .maximize: isMaximized.toggle()
    case .preset:
      let index = charts.firstIndex(of: chart) ?? -1
      chart = charts[(index + 1) % charts.count]
      say("the chart shows: \(title(of: chart))")
    case .logScale: isLogarithmic.toggle()
    case .outliers:
      showsAll.toggle()
      say(showsAll ? "scaled by all values" : "scaled without the start of the curves")
    case .axisUnit:
      countsEpochs.toggle()
      say(countsEpochs ? "curves count epochs" : "curves count optimizer steps")
    default: break
    }
  }

  mutating func select(_ index: Int) {
    let index = min(max(0, index), max(0, state.arms.count - 1))
    if index != selectedArm { firstRun = 0 }
    selectedArm = index
  }

  private mutating func moveFocus(by offset: Int) {
    let index = panels.firstIndex(of: focus) ?? 0
    focus = panels[(index + offset + panels.count) % panels.count]
  }

  mutating func scroll(_ action: KeyAction) {
    if topLayer == .detail {
      firstRun += (action == .pageUp ? -1 : 1) * max(1, runRows - 1)
      return holdFirstRun()
    }
    helpScroll = HelpText.scrolled(
      helpScroll, by: action, rows: helpRows, end: lastHelpScroll)
  }

  /// The rows that runs have on the page of an arm.
  var runRows: Int {
    guard !isTooSmall, size != .zero else { return 1 }
    return ArmPage(model: self).runRows(in: ScreenLayout(size).body)
  }

  /// Keeps the page of an arm full.
  mutating func holdFirstRun() {
    let count = state.runs.count { $0.arm == arm }
    firstRun = min(max(0, firstRun), max(0, count - runRows))
  }

  // MARK: Refusals

  /// What to say instead of acting; nil where there is something to act on.
  func refusal(of action: KeyAction) -> String? {
    if isTooSmall, [.details, .help].contains(action) {
      return "the screen is too small for that"
    }
    switch action {
    case .pause: return isOver ? "all runs are over: nothing to hold" : nil
    case .up, .down, .first, .last, .details:
      return state.arms.isEmpty ? "there is no arm" : nil
    case .pageUp, .pageDown:
      guard topLayer == .detail else { return nil }
      return state.runs.count { $0.arm == arm } > runRows ? nil : "all runs of the arm are in sight"
    case .back:
      return topLayer == .main && !isMaximized ? "nothing is open that could be closed" : nil
    case .preset: return charts.count > 1 ? nil : "there is nothing else to show"
    case .logScale: return canBeLogarithmic ? nil : "this scale has two ends: nothing to stretch"
    case .outliers:
      guard case .curves = shownChart else {
        return "this chart goes over the values: \(keyName(of: .preset)) shows curves over time"
      }
      return isLogarithmic && canBeLogarithmic ? "a logarithmic scale shows all values" : nil
    case .axisUnit:
      guard case .curves = shownChart else {
        return "this chart goes over the values: \(keyName(of: .preset)) shows curves over time"
      }
      return figures.stepsPerEpoch > 0 ? nil : "no run yet: how long an epoch is nobody knows"
    case .mouse:
      return isCopyFriendly
        ? "the mouse is the terminal's while there are no frames: \(keyName(of: .copyFriendly))"
        : nil
    case .theme: return themeNames.count > 1 ? nil : "there is no other theme"
    default: return nil
    }
  }

  /// The chart that is on the screen: a page has curves.
  var shownChart: Chart {
    guard isDetailOpen else { return chart }
    if case .curves = chart { return chart }
    return .curves(.metric)
  }

  /// A share has two ends, and so has what is measured over values.
  var canBeLogarithmic: Bool {
    switch shownChart {
    case .curves(.metric): !MetricName.isShare(figures.metric)
    case .curves: true
    case .heat, .overKey: false
    }
  }
}
