// What keys do on a comparison's screen, and why they have nothing to act on.
import Comparisons
import RunRecords
import TerminalUI

extension ComparisonModel {
  package mutating func perform(_ action: KeyAction, _ key: Key) -> [ComparisonEffect] {
    switch action {
    case .pause:
      isPaused.toggle()
      say(isPaused ? "held: \(keyName(of: .pause)) lets all runs go on" : "going on")
      return [.pause(isPaused)]
    case .back where leavesToList: return quit()
    case .quit: return quit()
    case .yes:
      isAsking = false
      return isElsewhere ? [.cancel, .quit] : [.quit]
    case .no:
      isAsking = false
      // To leave them is an answer too; only Esc withdraws the question.
      if isElsewhere, key != .escape { return [.quit] }
    case .scrollUp, .scrollDown, .scrollToStart, .scrollToEnd, .pageUp, .pageDown: scroll(action)
    case .up, .down, .first, .last, .details, .back, .nextPanel, .previousPanel, .panel, .maximize,
      .preset, .logScale, .outliers, .axisUnit:
      look(action, key)
    case .redraw, .suspend, .interrupt, .export, .theme, .mouse, .copyFriendly, .grid, .help:
      // The shell's.
      break
    case .singleStep, .constraint, .lowerCeiling, .raiseCeiling, .lowerRate, .raiseRate,
      .suggestion, .undo, .stop, .reset, .reseed, .extend, .checkpoint, .twin, .fork, .fullSpeed,
      .slower, .faster, .replayBack, .replayForward, .replayStart, .replayEnd, .settings,
      .settingBefore,
      .settingAfter, .lowerSetting, .raiseSetting, .enterSetting, .typed, .erase, .takeEntry,
      .smoothing, .window, .zoomOut, .zoomIn, .panBack, .panForward, .left, .right, .filter,
      .keepFilter, .eraseFilter, .clearFilter, .block, .allBlocks, .hide, .showHidden, .splitLeft,
      .splitRight, .usualSplit:
      // A single run's.
      break
    case .mark, .markAll, .unmarkAll, .pin, .note, .sortAfter, .sortBefore, .reverseSort,
      .presetBefore, .statistics:
      // The list's.
      break
    }
    return []
  }

  // MARK: Leaving

  private mutating func quit() -> [ComparisonEffect] {
    switch topLayer {
    case .dialog:
      isAsking = false
      return [.quit]
    case .main:
      if isOver { return [.quit] }
      isAsking = true
    case .detail, .help, .filter, .settings, .entry: close()
    }
    return []
  }

  private mutating func close() {
    if shell.isHelpOpen { shell.isHelpOpen = false } else { isDetailOpen = false }
  }

  // MARK: Looking

  private mutating func look(_ action: KeyAction, _ key: Key) {
    switch action {
    case .up, .down, .first, .last:
      select(ListWindow.place(after: action, from: selectedArm, of: state.arms.count))
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
    scrollHelp(action)
  }

  /// The rows that runs have on the page of an arm.
  var runRows: Int {
    guard !isTooSmall, shell.size != .zero else { return 1 }
    return ArmPage(model: self).runRows(in: ScreenLayout(shell.size).body)
  }

  /// Keeps the page of an arm full.
  mutating func holdFirstRun() {
    let count = state.runs.count { $0.arm == arm }
    firstRun = min(max(0, firstRun), max(0, count - runRows))
  }

  // MARK: Refusals

  package func ownRefusal(of action: KeyAction) -> String? {
    if isTooSmall, action == .details { return Self.tooSmall }
    switch action {
    case .pause:
      if isElsewhere { return "Slurm's jobs are not held from here: 'scontrol hold' does that" }
      return isOver ? "all runs are over: nothing to hold" : nil
    case .up, .down, .first, .last, .details:
      return state.arms.isEmpty ? "there is no arm" : nil
    case .pageUp, .pageDown:
      guard topLayer == .detail else { return nil }
      return state.runs.count { $0.arm == arm } > runRows ? nil : "all runs of the arm are in sight"
    case .back:
      let isNothing = topLayer == .main && !isMaximized && !isFromList
      return isNothing ? "nothing is open that could be closed" : nil
    case .preset: return charts.count > 1 ? nil : "there is nothing else to show"
    case .logScale: return canBeLogarithmic ? nil : "this scale has two ends: nothing to stretch"
    case .outliers, .axisUnit:
      guard case .curves = shownChart else {
        return "this chart goes over the values: \(keyName(of: .preset)) shows curves over time"
      }
      guard action == .axisUnit else {
        return isLogarithmic && canBeLogarithmic ? "a logarithmic scale shows all values" : nil
      }
      return figures.stepsPerEpoch > 0 ? nil : "no run yet: how long an epoch is nobody knows"
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
