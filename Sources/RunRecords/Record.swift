// The one stream a run speaks in: a record is a line of the log, and all that the screen knows.

/// One record of a run.
package enum Record: Sendable, Equatable {
  /// Opens a run, and a new segment after a reset.
  case header(RunHeader)
  /// What happened in the optimizer steps since the last step record.
  case step(StepRecord)
  /// The norm of every unit.
  case norms(NormsRecord)
  /// Losses and figures measured in inference mode.
  case evaluation(EvaluationRecord)
  /// What the task has to show: a table, a text, a series, a picture, confusions.
  case sample(SampleRecord)
  /// A change that took effect.
  case event(EventRecord)
  /// Closes a run.
  case end(EndRecord)
  /// Answers a command that was not carried out; it changes nothing.
  case refused(RefusedRecord)
  /// A record of the twin beside the run, `"run":"twin"` in a log.
  case twin(Twin)
  /// What another rank of a distributed run tells, `"run":"rank1"` in a log.
  case rank(RankRecord)

  /// A record of the same-seed run without the constraint; there are no others of it.
  package enum Twin: Sendable, Equatable {
    case step(StepRecord)
    case norms(NormsRecord)
    case evaluation(EvaluationRecord)
    case end(EndRecord)
  }

  /// The number of optimizer steps completed when the record was made; 0 for a header, and for
  /// records without a step.
  package var step: Int {
    switch self {
    case .header, .refused: 0
    case .step(let record): record.step
    case .norms(let record): record.step
    case .evaluation(let record): record.step
    case .sample(let record): record.step
    case .event(let record): record.step
    case .end(let record): record.step
    case .twin(.step(let record)): record.step
    case .twin(.norms(let record)): record.step
    case .twin(.evaluation(let record)): record.step
    case .twin(.end(let record)): record.step
    case .rank(let record): record.step
    }
  }
}

/// Which way a metric improves.
package enum Goal: String, Sendable, FieldWord {
  case maximize, minimize

  /// Tells whether `candidate` is better than `best`.
  package func prefers(_ candidate: Float, to best: Float) -> Bool {
    switch self {
    case .maximize: candidate > best
    case .minimize: candidate < best
    }
  }

  /// Whether a value is the best so far: a finite number, better than the best before it; nil: none
  /// came before.
  package func isBest(_ value: Float, after best: Float?) -> Bool {
    value.isFinite && (best.map { prefers(value, to: $0) } ?? true)
  }
}

/// The version of the record format that this program writes.
package let recordFormatVersion = 1

/// The name and version of the program, as headers state it.
package let programVersion = "maxnorm 0.1.0"
