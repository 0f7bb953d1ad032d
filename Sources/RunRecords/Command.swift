// What a person, or an earlier log, asks of a run.

/// A command to a run, carried out between two steps.
package enum Command: Sendable, Equatable {
  /// Gives a setting a value: for the whole run, or for one weight tensor, named as in the header's
  /// layers, where a layer can have its own.
  case set(Setting, layer: String? = nil, to: EventRecord.Value)
  /// Starts or removes the twin: the same seed without the constraint.
  case twin(Bool)
  /// Starts the twin from the present weights, without the constraint.
  case fork
  /// After the end: trains as many steps again.
  case extend
  /// Writes a checkpoint now.
  case checkpoint
  case pause, resume
  /// Makes one step while paused.
  case singleStep
  /// Steps per second; 0 is as fast as it goes.
  case pace(Double)
  /// Starts again from the same seed.
  case reset
  /// Starts again from this seed.
  case reseed(UInt64)
  /// Ends the run.
  case stop
  /// Takes back the last change of a setting that the asker has made.
  case undo
  /// Takes back the last change of this setting, no matter who made it: an undo repeated from a
  /// log.
  case undoChange(of: Setting, layer: String?)
}

extension Command {
  /// The command that repeats an event of an earlier run; nil for what `--events` leaves out.
  package init?(repeating event: EventRecord) {
    if event.undo, case .setting(let setting) = event.action {
      self = .undoChange(of: setting, layer: event.layer)
      return
    }
    // A run from the same weights does it without being asked.
    if event.changesNothing { return nil }
    switch (event.action, event.value) {
    case (.setting(let setting), let value?) where setting.isOfKind(value):
      let layer = setting.description.layerExplanation == nil ? nil : event.layer
      self = .set(setting, layer: layer, to: value)
    case (.twin, .flag(let isOn)): self = .twin(isOn)
    case (.fork, _): self = .fork
    case (.extend, _): self = .extend
    case (.reset, _): self = .reset
    // YAML's whole numbers end there.
    case (.reseed, .seed(let seed)) where seed <= Int.max: self = .reseed(seed)
    case (.stop, _): self = .stop
    default: return nil
    }
  }
}

extension Command {
  /// The action of the event that records it; nil for an undo, whose event names what it takes
  /// back.
  package var action: EventRecord.Action? {
    switch self {
    case .set(let setting, _, _): .setting(setting)
    case .twin: .twin
    case .fork: .fork
    case .extend: .extend
    case .checkpoint: .checkpoint
    case .pause: .pause
    case .resume: .resume
    case .reset: .reset
    case .reseed: .reseed
    case .stop: .stop
    case .singleStep: .step
    case .pace: .pace
    case .undo, .undoChange: nil
    }
  }
}
