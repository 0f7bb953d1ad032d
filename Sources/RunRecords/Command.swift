// What a person, or an earlier log, tells a run to do.

/// A command to a run, carried out between two steps.
package enum Command: Sendable, Equatable {
  /// Switches the constraint on or off.
  case constraint(Bool)
  /// Sets the global ceiling r.
  case maxNorm(Float)
  case learningRate(Float)
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
  /// Takes back the last change of a setting.
  case undo
}

extension Command {
  /// The command that repeats an event of an earlier run; nil for what `--events` leaves out.
  package init?(repeating event: EventRecord) {
    switch (event.action, event.value) {
    case (.constraint, .flag(let enabled)): self = .constraint(enabled)
    case (.maxNorm, .number(let ceiling)): self = .maxNorm(ceiling)
    case (.learningRate, .number(let rate)): self = .learningRate(rate)
    case (.reset, _): self = .reset
    // YAML's whole numbers end there.
    case (.reseed, .seed(let seed)) where seed <= Int.max: self = .reseed(seed)
    case (.stop, _): self = .stop
    default: return nil
    }
  }
}
