// The records of a running segment: when which of them goes to which sink.
import RunRecords

extension TrainingSegment {
  /// Measures, and hands on what was measured; false if a loss is not finite.
  ///
  /// Nothing is handed on, and nothing measured, where the run is to end before it is done; nor where an
  /// order comes that may break it off: what it changes is then changed before all of the evaluation.
  func evaluate(_ run: NetworkRun, untilOrder breaksOff: Bool = false) throws -> Bool {
    let record: Record
    let samples: [TaskReport.Sample]
    var failure: (any Error)?
    do throws(GivenUp) {
      (record, samples) = try run.evaluate { () throws(GivenUp) in
        if mailbox.givesUp || breaksOff && mailbox.hasOrder { throw GivenUp() }
        do { try tellRefusals() } catch {
          failure = error
          throw GivenUp()
        }
      }
    } catch {
      if let failure { throw failure }
      return true
    }
    if run.isTwin {
      try sinks.emit(record)
      // The screen's panels of norms are of the run.
      try sinks.log(run.norms())
      return run.isFinite
    }
    select(from: run)
    try keepBestWeights(of: run)
    let norms = run.norms(withHistograms: sinks.wantsHistograms)
    try sinks.emit(record)
    try sinks.emit(norms)
    for sample in samples {
      try sinks.emit(
        .sample(
          SampleRecord(step: run.step, title: sample.title, content: sample.content)))
    }
    return run.isFinite
  }

  private func keepBestWeights(of run: NetworkRun) throws {
    guard let best, let record = run.best, record.step == run.step else { return }
    do {
      let metadata = try weightsMetadata ?? setup.weightsMetadata(of: experiment)
      weightsMetadata = metadata
      try best.keep(run.learner, metadata, record)
    } catch {
      try sinks.report(error)
    }
  }

  /// Writes the record of the steps since the last one, so that none spans a change.
  func logPendingSteps(of run: NetworkRun) throws {
    guard sinks.hasLog else { return run.forgetLogSteps(time: elapsed) }
    if let record = run.takeLogRecord(time: elapsed) { try sinks.log(record) }
  }

  func showPendingSteps() {
    guard sinks.hasScreen else { return }
    var records: [Record] = []
    if let record = main.takeScreenRecord(time: elapsed) {
      records += [record, main.norms(withHistograms: true)]
    }
    if let record = twin?.run.takeScreenRecord(time: elapsed) { records.append(record) }
    sinks.show(records)
  }

  /// Records the steps since the last record, for every sink.
  func recordPendingSteps() throws {
    try logPendingSteps(of: main)
    showPendingSteps()
  }

  func showNorms() {
    if sinks.hasScreen { sinks.show(main.norms(withHistograms: true)) }
  }

  /// Puts an event into every sink, after the steps it follows.
  ///
  /// Pauses, twins and checkpoints change nothing that the run computes, so the log's step records
  /// continue across them: they are the same without.
  func emit(_ event: EventRecord) throws {
    switch event.action {
    case .pause, .resume, .step, .pace, .twin, .fork, .checkpoint: showPendingSteps()
    case .setting, .extend, .reset, .reseed, .stop: try recordPendingSteps()
    }
    var event = event
    if let pendingCommand, pendingCommand.isAnswered(by: event),
      case .file(let id, _) = pendingCommand.source
    {
      event.id = id
    }
    if event.isKept { events.append(event) }
    try sinks.emit(.event(event))
    // Who asked waits for it.
    if case .file = pendingCommand?.source { try sinks.flush(all: true) }
    if event.clipped != nil {
      showNorms()
      mailbox.leaveUnitNorms { main.norms(withHistograms: true) }
    }
  }

  /// Pending steps and a last evaluation; the reason that results.
  func close(_ run: NetworkRun, _ reason: EndRecord.Reason) throws -> EndRecord.Reason {
    try logPendingSteps(of: run)
    showPendingSteps()
    guard run.isUnevaluated, reason == .finished || reason == .stopped else { return reason }
    let isFinite = try evaluate(run)
    guard reason == .finished else { return reason }
    // All its steps are made, but not what is measured after them.
    if run.isUnevaluated, let reason = mailbox.endWanted { return reason }
    return isFinite ? .finished : .diverged
  }
}
