// Runs that are cut short, kept in a checkpoint and gone on with.
import Experiments
import Foundation
import RunRecords
import TestSupport
import Testing

@testable import Training

/// A folder with a log and a checkpoint in it.
struct CheckpointFixture: ~Copyable {
  let folder: URL
  /// What the log's name ends in.
  var ending = "jsonl"
  var logEvery = 10

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "maxnorm-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var checkpoint: String { folder.appendingPathComponent("run.safetensors").path }
  var log: String { folder.appendingPathComponent("run.\(ending)").path }

  /// Runs from the start, until a recorded stop if `stop` says when.
  func start(
    _ experiment: Experiment, events: [EventRecord] = [], stop: Int? = nil, every: Int? = nil,
    twin: Bool = false
  ) throws {
    var events = events
    if let stop {
      events.append(EventRecord(step: stop, action: .stop))
      events.sort { $0.step < $1.step }
    }
    var options = RunOptions()
    options.schedule = EventSchedule(
      [.header(RunHeader.sample())] + events.map(Record.event))
    options.twin = twin
    options.checkpoint = CheckpointOptions(path: checkpoint, every: every)
    options.logs = [try LogDestination(opening: log, overwrite: true)]
    try run(experiment, options)
  }

  /// Goes on from the checkpoint, with the same log.
  func resume(_ experiment: Experiment, twin: Bool = false) throws {
    var options = RunOptions()
    options.twin = twin
    let kept = try Checkpoint(contentsOf: checkpoint)
    try kept.check(experiment)
    options.resume = kept
    options.logs = [try LogDestination(opening: log, overwrite: false, places: kept.logs)]
    try run(experiment, options)
  }

  private func run(_ experiment: Experiment, _ options: RunOptions) throws {
    var options = options
    options.logEvery = logEvery
    let run = TrainingRun(experiment, options: options, onNews: {})
    run.start()
    _ = run.waitUntilDone()
    if case .failed(let error) = run.outcome { throw error }
  }

  /// The log's records without times and checkpoints.
  func records() throws -> [Record] {
    try RecordFile.records(at: log).map(\.timeless).filter { $0.event?.action != .checkpoint }
  }

  /// Whether a run cut at a step and gone on with leaves the same log as one that was not.
  func isEqual(_ experiment: Experiment, events: [EventRecord] = [], cut: Int) throws -> Bool {
    try start(experiment, events: events)
    let whole = try records()
    try start(experiment, events: events, stop: cut)
    let first = try records()
    try resume(experiment)
    let resumed = try records()
    guard resumed != whole else { return first != whole }
    let place = zip(resumed, whole).enumerated().first { $0.element.0 != $0.element.1 }
    Issue.record(
      "\(resumed.count) records for \(whole.count), first difference: \(String(describing: place))")
    return false
  }
}
