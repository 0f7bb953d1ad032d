// What keys do: to the view at once, to the run by command.
import RunRecords
import TerminalUI

extension DashboardModel {
  /// Carries out what a key asks for, or says why there is nothing to act on.
  mutating func carryOut(_ key: Key) -> [Effect] {
    hasTakenKey = true
    hintEnd = nil
    guard let action = KeyTable.action(of: key, on: topLayer, in: source) else {
      if topLayer == .filter, type(key) { return [] }
      if [.main, .detail, .settings, .entry].contains(topLayer) {
        say("\(key.name) does nothing here: ? shows the keys", .refusal)
      }
      return []
    }
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

  // MARK: The run

  private mutating func steer(_ action: KeyAction) -> [Effect] {
    switch action {
    case .pause where source == .replay:
      phase = phase == .paused ? .training : .paused
      speed.forget()
      return [.holdReplay(phase == .paused)]
    case .pause: return wantsPause ? send(.resume, "going on") : send(.pause, "pause")
    case .fullSpeed: pace.toggle()
    default:
      guard pace.scale(by: action == .slower ? 0.5 : 2) else {
        let isSlower = action == .slower
        say(isSlower ? "no slower pace: space pauses" : "no faster pace: f is full speed", .refusal)
        return []
      }
    }
    speed.forget()
    if source == .replay {
      say(pace.isOn ? "speed x\(Wording.short(Float(pace.rate)))" : "as fast as it goes")
      return [.replaySpeed(pace.value)]
    }
    let rate = Wording.short(Float(pace.rate))
    say(pace.isOn ? "pace \(rate) steps a second" : "full speed: as fast as it goes")
    return [.send(.pace(pace.value))]
  }

  private mutating func command(_ action: KeyAction) -> [Effect] {
    switch action {
    case .singleStep: return send(.singleStep, "one step")
    case .constraint: return adjust(.constraint, up: true)
    case .lowerCeiling, .raiseCeiling:
      return adjust(ceilingSetting, up: action == .raiseCeiling)
    case .lowerRate, .raiseRate: return adjust(.learningRate, up: action == .raiseRate)
    case .twin: return send(.twin(!wantsTwin), wantsTwin ? "removing the twin" : "twin")
    case .fork: return send(.fork, "forking the twin")
    case .checkpoint: return send(.checkpoint, "writing a checkpoint")
    case .extend: return send(.extend, "as many steps again")
    default: return send(.undo, "undo")
    }
  }

  private mutating func takeSuggestion() -> [Effect] {
    guard let suggestion else { return [] }
    let part = Wording.part(suggestion.held, suggestion.units)
    let ceiling = Wording.norm(suggestion.ceiling)
    return send(.maxNorm(suggestion.ceiling), "r \(ceiling) holds \(part)")
  }

  /// On a layer's own page the keys are for its own ceiling.
  var ceilingSetting: Setting { topLayer == .detail ? .layerCeiling : .ceiling }

  mutating func send(_ command: Command, _ text: String) -> [Effect] {
    pending.append(PendingChange(command: command, text: text))
    if pending.count > 64 { pending.removeFirst() }
    return [.send(command)]
  }

  // MARK: What lies on top

  private mutating func quit() -> [Effect] {
    switch topLayer {
    case .dialog: return dialog == .quit ? answer(true) : answer(false)
    case .help, .entry, .settings, .detail, .filter: close()
    case .main:
      let isGoing = phase == .training || phase == .paused
      guard source == .live, isGoing else { return [.quit] }
      dialog = .quit
    }
    return []
  }

  private mutating func answer(_ isYes: Bool) -> [Effect] {
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
  private mutating func back() {
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
    case .help: isHelpOpen = false
    case .entry: settingsPanel?.entry = nil
    case .settings: settingsPanel = nil
    case .detail:
      isDetailOpen = false
      layout.isPageMaximized = false
    default: changeFilter(.clearFilter)
    }
  }

  mutating func scroll(_ action: KeyAction) {
    let end = lastHelpScroll
    let page = max(1, helpRows - 1)
    let wanted =
      switch action {
      case .scrollUp: helpScroll - 1
      case .scrollDown: helpScroll + 1
      case .pageUp: helpScroll - page
      case .pageDown: helpScroll + page
      case .scrollToEnd: end
      default: 0
      }
    helpScroll = min(end, max(0, wanted))
  }

  // MARK: The view

  private mutating func focusPanel(_ key: Key) {
    guard case .character(let character) = key, let number = character.wholeNumberValue else {
      return
    }
    guard panels.indices.contains(number - 1) else {
      say("there is no panel \(number)", .refusal)
      return
    }
    guard arrangedPanels.contains(panels[number - 1]) else {
      say("panel \(number) is not in this layout: p goes on to the next", .refusal)
      return
    }
    focus = panels[number - 1]
  }

  private mutating func moveFocus(by offset: Int) {
    if topLayer == .detail { return movePageFocus(by: offset) }
    let panels = arrangedPanels
    guard !panels.isEmpty else { return }
    let index = panels.firstIndex(of: focus) ?? 0
    focus = panels[(index + offset + panels.count) % panels.count]
  }

  mutating func select(_ action: KeyAction) {
    if let page = picturePage { return turn(page, action) }
    chooseLayer(action)
  }

  mutating func chooseLayer(_ action: KeyAction) {
    guard !shownLayers.isEmpty else { return }
    let end = shownLayers.count - 1
    let place = shownLayers.firstIndex(of: selectedLayer) ?? 0
    let wanted =
      switch action {
      case .up: place - 1
      case .down: place + 1
      case .last: end
      default: 0
      }
    selectedLayer = shownLayers[min(end, max(0, wanted))]
  }
}
