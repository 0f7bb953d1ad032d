// Why a key has nothing to act on, in words. The footer leaves such keys out.
import RunRecords

extension DashboardModel {
  /// What to say instead of acting; nil where there is something to act on.
  func refusal(of action: KeyAction) -> String? {
    switch action {
    case .pause: return refusalToRun("pause")
    case .fullSpeed: return refusalToRun("speed up")
    case .slower, .faster:
      let unpaced = "as fast as it goes: f brings the pace back"
      return refusalToRun("pace") ?? (pace.isOn ? nil : unpaced)
    case .singleStep:
      return refusalToCommand("step")
        ?? (wantsPause ? nil : "single steps are for a paused run: space pauses")
    case .constraint:
      return refusalToCommand("switch") ?? (hasCeiling ? nil : "no layer has a ceiling: --max-norm")
    case .lowerCeiling, .raiseCeiling: return refusalToCommand("change") ?? refusalOfCeiling
    case .lowerRate, .raiseRate:
      return refusalToCommand("change")
        ?? (wantedRate.map { $0 > 0 && $0.isFinite } == true ? nil : "no learning rate to change")
    case .suggestion:
      return refusalToCommand("change") ?? refusalOfCeiling ?? refusalOfSuggestion
    case .filter:
      return segment == nil
        ? "no run yet: no layers" : layer == nil ? "this run has no layer with weights" : nil
    case .undo:
      return refusalToCommand("undo") ?? (undoableChanges > 0 ? nil : "no change to undo")
    case .reset:
      guard source == .live else { return "this is a replay: it cannot start again from here" }
      return segment == nil ? "no run yet: nothing to restart" : nil
    case .up, .down, .first, .last, .details:
      if action != .details, picturePage != nil { return nil }
      return segment == nil
        ? "no run yet: no layers"
        : layer == nil
          ? "this run has no layer with weights"
          : shownLayers.isEmpty ? "no layer's name holds \(filter.text): esc shows all" : nil
    case .back:
      let isFiltered = !filter.text.isEmpty
      return topLayer == .main && !isFiltered ? "nothing is open that could be closed" : nil
    case .theme: return themeNames.count > 1 ? nil : "there is no other theme"
    default: return nil
    }
  }

  private func refusalToRun(_ verb: String) -> String? {
    let run = source == .live ? "run" : "replay"
    if phase == .waiting { return "no run yet: nothing to \(verb)" }
    return hasEnded ? "the \(run) has ended: nothing to \(verb)" : nil
  }

  private func refusalToCommand(_ verb: String) -> String? {
    guard source == .live else { return "this is a replay: nothing to \(verb)" }
    return refusalToRun(verb)
  }

  private var hasCeiling: Bool {
    segment?.settings.maxNorm != nil || segment?.layers.contains { $0.ceiling != nil } == true
  }

  private var refusalOfCeiling: String? {
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

  var wantsConstraint: Bool {
    for case .constraint(let isOn) in pending.reversed().map(\.command) { return isOn }
    return segment?.settings.isConstraintOn ?? true
  }

  var wantedCeiling: Float? {
    for case .maxNorm(let ceiling) in pending.reversed().map(\.command) { return ceiling }
    return segment?.settings.maxNorm
  }

  var wantedRate: Float? {
    for case .learningRate(let rate) in pending.reversed().map(\.command) { return rate }
    return segment?.settings.learningRate
  }

  /// Changes that an undo could take back, the commands on their way counted in.
  var undoableChanges: Int {
    pending.reduce(segment?.undoable ?? 0) { count, change in
      switch change.command {
      case .constraint, .maxNorm, .learningRate: count + 1
      case .undo: count - 1
      default: count
      }
    }
  }
}
