// What a person, or an earlier log, tells a run to do.

/// A command to a run, carried out between two steps.
package enum Command: Sendable, Equatable {
  /// Switches the constraint on or off.
  case constraint(Bool)
  /// Sets the global ceiling r.
  case maxNorm(Float)
  /// Gives one weight tensor, named as in the header's layers, a ceiling of its own.
  case layerMaxNorm(String, Float)
  case learningRate(Float)
  /// SGD's and RMSprop's.
  case momentum(Float)
  case weightDecay(Float)
  /// The rate of all dropout layers.
  case dropout(Float)
  /// Keeps the running statistics of batch normalization, and trains by them.
  case batchNormFreeze(Bool)
  /// Starts or removes the twin: the same seed without the constraint.
  case twin(Bool)
  /// Makes the twin go on from the present weights, without the constraint.
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
  /// Takes back the last change of a setting.
  case undo
}

extension Command {
  /// The command that repeats an event of an earlier run; nil for what `--events` leaves out.
  package init?(repeating event: EventRecord) {
    if event.undo {
      self = .undo
      return
    }
    // A run from the same weights does it by itself.
    if event.changesNothing { return nil }
    switch (event.action, event.value) {
    case (.constraint, .flag(let enabled)): self = .constraint(enabled)
    case (.maxNorm, .number(let ceiling)):
      self = event.layer.map { .layerMaxNorm($0, ceiling) } ?? .maxNorm(ceiling)
    case (.learningRate, .number(let rate)): self = .learningRate(rate)
    case (.momentum, .number(let momentum)): self = .momentum(momentum)
    case (.weightDecay, .number(let decay)): self = .weightDecay(decay)
    case (.dropout, .number(let rate)): self = .dropout(rate)
    case (.batchNormFreeze, .flag(let freezes)): self = .batchNormFreeze(freezes)
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
