// Why a key has nothing to act on, in words. The footer leaves such keys out.
import RunHistory
import RunRecords

extension DashboardModel {
  package func ownRefusal(of action: KeyAction) -> String? {
    if isTooSmall, Self.opening.contains(action) { return Self.tooSmall }
    switch action {
    case .pause: return refusalToRun("pause") ?? attachment?.refusal
    case .fullSpeed: return refusalToPace("speed up")
    case .slower, .faster:
      let unpaced = "as fast as it goes: \(keys.name(of: .fullSpeed)) brings the pace back"
      return refusalToPace("pace") ?? (pace.isOn ? nil : unpaced)
    case .singleStep where source == .replay: return refusalToMove(action)
    case .replayBack, .replayForward, .replayStart, .replayEnd: return refusalToMove(action)
    case .singleStep:
      return refusalToCommand("step")
        ?? (wantsPause ? nil : "single steps are for a paused run: \(keys.name(of: .pause)) pauses")
    case .constraint: return refusalToChange("switch") ?? absence(of: SettingRow(.constraint))
    case .lowerCeiling, .raiseCeiling:
      return refusalToChange("change") ?? absence(of: ceilingSetting)
        ?? (pageLayer == nil && wanted(.maxNorm) == nil ? refusalWithoutCeiling : nil)
    case .lowerRate, .raiseRate:
      return refusalToChange("change") ?? absence(of: SettingRow(.learningRate))
    case .suggestion:
      return refusalToChange("change") ?? absence(of: ceilingSetting) ?? refusalOfSuggestion
    case .filter:
      return segment == nil
        ? "no run yet: no layers" : layer == nil ? segment?.absentLayers : nil
    case .settings: return refusalToChange("change")
    case .takeEntry:
      return refusalToChange("change") ?? refusalOfEntry
    case .lowerSetting, .raiseSetting, .enterSetting:
      return refusalToChange("change") ?? settingsPanel.flatMap { absence(of: $0.row) }
    case .twin:
      return refusalToCommand("train beside")
        ?? (hasCeiling ? nil : "no layer has a ceiling: a twin without one would be the same")
    case .fork:
      return refusalToCommand("fork")
        ?? (!hasCeiling || !wantsConstraint
          ? "the constraint is off: a twin without it would be the run itself" : nil)
    case .extend: return refusalToExtend
    case .checkpoint:
      if phase == .ended(.diverged) {
        return "the run has diverged: there is nothing to go on from"
      }
      return source == .live && hasEnded ? nil : refusalToCommand("keep")
    case .undo:
      return refusalToChange("undo") ?? (undoableChanges > 0 ? nil : "no change to undo")
    case .reset, .reseed:
      guard source.isRun else { return "this is a replay: it cannot start again from here" }
      if source == .attached { return refusalToCommand("restart") }
      return segment == nil ? "no run yet: nothing to restart" : nil
    case .stop: return refusalToCommand("stop")
    case .up, .down, .first, .last, .details:
      if movesOverMetrics { return nil }
      if action != .details, picturePage != nil { return nil }
      if action != .details, focus == .console, topLayer == .main { return refusalToScroll(action) }
      return segment == nil
        ? "no run yet: no layers"
        : layer == nil
          ? segment?.absentLayers
          : shownLayers.isEmpty ? "no layer's name holds \(filter.text): esc shows all" : nil
    case .block, .allBlocks: return refusalToFold(action)
    case .zoomOut, .zoomIn, .panBack, .panForward, .logScale, .axisUnit:
      return refusalToLook(action)
    case .left, .right:
      if movesCursor { return segment == nil ? "no run yet: no values to read out" : nil }
      return refusal(of: action == .left ? .up : .down)
    case .back where hasCursorToTakeAway || leavesToList: return nil
    case .back:
      let isFiltered = !filter.text.isEmpty
      return topLayer == .main && !isFiltered && !isMaximized
        ? "nothing is open that could be closed" : nil
    case .preset, .maximize, .hide, .showHidden, .splitLeft, .splitRight, .usualSplit:
      return refusalToArrange(action)
    default: return nil
    }
  }

  /// What opens something that nobody would see on too small a screen.
  private static let opening: Set<KeyAction> = [
    .reset, .reseed, .settings, .filter, .details,
  ]

  private func refusalToRun(_ verb: String) -> String? {
    let run = source.isRun ? "run" : "replay"
    if phase == .waiting { return "no run yet: nothing to \(verb)" }
    return hasEnded ? "the \(run) has ended: nothing to \(verb)" : nil
  }

  private func refusalToCommand(_ verb: String) -> String? {
    guard source.isRun else { return "this is a replay: nothing to \(verb)" }
    return refusalToRun(verb) ?? attachment?.refusal
  }

  /// Settings can change after the end too, and the run continues with them; not after it diverged.
  private func refusalToChange(_ verb: String) -> String? {
    canExtend ? nil : refusalToCommand(verb)
  }

  private func refusalToPace(_ verb: String) -> String? {
    canExtend ? nil : refusalToRun(verb) ?? attachment?.refusal
  }

  /// The run has ended, and can be extended.
  private var canExtend: Bool {
    guard source == .live, case .ended(let reason) = phase else { return false }
    return reason != .diverged
  }

  private var refusalToExtend: String? {
    guard case .ended(let reason) = phase else {
      return segment == nil
        ? "no run yet: nothing to train on"
        : "\(keys.name(of: .extend)) is for after the end of the run"
    }
    if reason == .diverged { return "the run has diverged: there is nothing to go on from" }
    let schedule = segment?.header.summary.schedule
    let endsAtZero = schedule?.name == "cosine" && schedule?.minimum == 0
    let isRateGiven =
      segment?.settings.learningRate != segment?.latest?.learningRate
      && segment?.settings.learningRate ?? 0 > 0
    return endsAtZero && !isRateGiven
      ? "the schedule has brought the learning rate to 0: give one first (\(keys.name(of: .raiseRate)))"
      : nil
  }

  var hasCeiling: Bool {
    guard let segment else { return false }
    return segment.settings.maxNorm != nil || segment.layers.contains(where: segment.isHeld)
  }

  /// Whether a run that is only observed so far can be given a ceiling: of our own those alone in which
  /// no layer has one.
  var takesFirstCeiling: Bool {
    guard source.isRun, let segment, segment.settings.maxNorm == nil,
      segment.layers.contains(where: { $0.ceiling == nil })
    else { return false }
    let isForeign = source == .attached && segment.header.origin?.framework != "maxnorm"
    return isForeign
      || segment.constraintKind.refusalOfCeiling == nil
        && !segment.layers.contains(where: segment.isHeld)
  }

  var refusalWithoutCeiling: String? {
    guard takesFirstCeiling else { return nil }
    return "no ceiling yet: \(keys.name(of: .suggestion)) takes the suggested r, "
      + "\(keys.name(of: .settings)) one that is typed"
  }

  var refusalOfCeiling: String? {
    if let refusal = segment?.constraintKind.refusalOfCeiling { return refusal }
    if takesFirstCeiling { return nil }
    guard let segment, let ceiling = segment.settings.maxNorm else {
      return "there is no global ceiling r to change: --max-norm gives one"
    }
    guard segment.layers.contains(where: { $0.ceiling == ceiling }) else {
      return "no layer goes by the global r: each has a ceiling of its own or none"
    }
    return nil
  }
}

// What will hold once the commands on their way are carried out: keys act on that.
extension DashboardModel {
  var wantsPause: Bool {
    for change in pending.reversed() {
      if change.command == .pause { return true }
      if change.command == .resume { return false }
    }
    return phase == .paused
  }

  var wantsConstraint: Bool { wanted(.constraint)?.flag ?? true }

  var wantsTwin: Bool {
    for command in pending.reversed().map(\.command) {
      if case .twin(let isOn) = command { return isOn }
      if command == .fork { return true }
    }
    return segment?.twin != nil
  }

  /// Changes that an undo could take back, the commands on their way counted in.
  var undoableChanges: Int {
    pending.reduce(attachment?.undoable ?? segment?.undoable ?? 0) { count, change in
      switch change.command {
      case .set: count + 1
      case .undo, .undoChange: count - 1
      case .twin, .fork, .extend, .checkpoint, .pause, .resume, .singleStep, .pace, .reset, .reseed,
        .stop:
        count
      }
    }
  }
}
