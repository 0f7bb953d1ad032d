// The records of a running segment: when which of them goes to which sink.
import RunRecords

extension TrainingSegment {
  /// Measures, and hands on what was measured; false where a loss is not finite.
  ///
  /// Nothing is handed on, and nothing measured, where the run is to end before it is done; nor where an
  /// order comes that may break it off: what it changes is then changed before all of the evaluation.
  func evaluate(_ strand: Strand, untilOrder breaksOff: Bool = false) throws -> Bool {
    let record: Record
    let samples: [TaskReport.Sample]
    var failure: (any Error)?
    do throws(GivenUp) {
      (record, samples) = try strand.evaluate { () throws(GivenUp) in
        if exchange.givesUp || breaksOff && exchange.hasOrder { throw GivenUp() }
        do { try tellRefusals() } catch {
          failure = error
          throw GivenUp()
        }
      }
    } catch {
      if let failure { throw failure }
      return true
    }
    if strand.isTwin {
      try sinks.emit(record)
      // The screen's panels of norms are of the run.
      try sinks.log(strand.norms)
      return strand.isFinite
    }
    try takeBestWeights(of: strand)
    let norms = strand.norms
    try sinks.emit(record)
    try sinks.emit(norms)
    for sample in samples {
      try sinks.emit(
        .sample(
          SampleRecord(step: strand.step, title: sample.title, content: sample.content)))
    }
    return strand.isFinite
  }

  private func takeBestWeights(of strand: Strand) throws {
    guard let best, let record = strand.best, record.step == strand.step else { return }
    do {
      try best.take(strand.learner, record)
    } catch {
      try sinks.report(error)
    }
  }

  /// Writes the record of the steps since the last one, so that none spans a change.
  func logPendingSteps(of strand: Strand) throws {
    guard sinks.hasLog else { return strand.forgetLogSteps(time: elapsed) }
    if let record = strand.takeLogRecord(time: elapsed) { try sinks.log(record) }
  }

  func showPendingSteps() {
    guard sinks.hasScreen else { return }
    var records: [Record] = []
    if let record = main.takeScreenRecord(time: elapsed) { records += [record, main.norms] }
    if let record = twin?.strand.takeScreenRecord(time: elapsed) { records.append(record) }
    sinks.show(records)
  }

  /// Records the steps since the last record, for every sink.
  func recordPendingSteps() throws {
    try logPendingSteps(of: main)
    showPendingSteps()
  }

  func showNorms() {
    if sinks.hasScreen { sinks.show(main.norms) }
  }

  /// Puts an event into every sink, after the steps it follows.
  ///
  /// Pauses, twins and checkpoints change nothing that the run computes, so the log's records of it go
  /// on across them: they are the same without.
  func emit(_ event: EventRecord) throws {
    switch event.action {
    case .pause, .resume, .step, .pace, .twin, .fork, .checkpoint: showPendingSteps()
    case .setting, .extend, .reset, .reseed, .stop: try recordPendingSteps()
    }
    var event = event
    if let inHand, inHand.isAnswered(by: event), case .file(let id, _) = inHand.source {
      event.id = id
    }
    if event.isKept { events.append(event) }
    try sinks.emit(.event(event))
    // Who asked waits for it.
    if case .file = inHand?.source { try sinks.flush(all: true) }
    if event.clipped != nil {
      showNorms()
      exchange.leaveUnitNorms { main.norms }
    }
  }

  /// Pending steps and a last evaluation; the reason that results.
  func close(_ strand: Strand, _ reason: EndRecord.Reason) throws -> EndRecord.Reason {
    try logPendingSteps(of: strand)
    showPendingSteps()
    guard strand.isUnevaluated, reason == .finished || reason == .stopped else { return reason }
    let isFinite = try evaluate(strand)
    guard reason == .finished else { return reason }
    // All its steps are made, but not what is measured after them.
    if strand.isUnevaluated, let reason = exchange.endWanted { return reason }
    return isFinite ? .finished : .diverged
  }
}
