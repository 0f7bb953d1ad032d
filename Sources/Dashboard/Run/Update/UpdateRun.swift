// What keys do to the run: pace, pauses, changes, and the commands that ask for them.
import RunHistory
import RunRecords
import TerminalUI

extension DashboardModel {
  mutating func steer(_ action: KeyAction) -> [Effect] {
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
        say(
          isSlower
            ? "no slower pace: \(keys.name(of: .pause)) pauses"
            : "no faster pace: \(keys.name(of: .fullSpeed)) is full speed", .refusal)
        return []
      }
    }
    speed.forget()
    if source == .replay {
      say(pace.isOn ? "speed x\(Wording.short(Float(pace.rate)))" : "as fast as it goes")
      return [.replaySpeed(pace.value)]
    }
    let rate = Wording.short(Float(pace.rate))
    // The run's answer says it.
    if source == .attached { return send(.pace(pace.value), "pace") }
    say(pace.isOn ? "pace \(rate) steps a second" : "full speed: as fast as it goes")
    return [.send(.pace(pace.value))]
  }

  mutating func command(_ action: KeyAction) -> [Effect] {
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

  mutating func takeSuggestion() -> [Effect] {
    guard let suggestion,
      let (command, text) = command(ceilingSetting, .number(suggestion.ceiling))
    else { return [] }
    return send(command, "\(text) holds \(Wording.part(suggestion.held, suggestion.units))")
  }

  /// On a layer's own page the keys are for its own ceiling.
  var ceilingSetting: SettingRow { SettingRow(.maxNorm, isOfLayer: pageLayer != nil) }

  mutating func send(_ command: Command, _ text: String) -> [Effect] {
    attachment?.sent += 1
    pending.append(
      PendingChange(command: command, text: text, number: attachment?.sent, since: shell.now))
    if pending.count > 64 { pending.removeFirst() }
    return [.send(command)]
  }
}
