// Small experiments, and runs of them whose log is read back.
import Experiments
import Foundation
import RunRecords
import TestSupport
import Testing

@testable import Training

enum RunFixture {
  /// A net of 26 thousand values on 300 noisy digits, or what `changes` makes of it.
  static func experiment(_ changes: [String] = []) throws -> Experiment {
    var source = ExperimentSource(
      document: try JSONValue(
        yaml: """
          data: {source: digits, train: 100, label_noise: 0.2}
          model:
            - dense: {name: fc1, units: 16}
            - relu
            - dropout: 0.1
            - dense: {name: fc2, units: 10}
          loss: cross_entropy
          optimizer: {name: sgd, learning_rate: 0.1, momentum: 0.9}
          constraint: {max_norm: 0.7}
          batch: 32
          epochs: 10
          """, name: "small"), name: "small", folder: URL(fileURLWithPath: "/"))
    for change in changes { try source.set(change) }
    return try source.experiment()
  }

  /// Runs to the end and returns the records of the log.
  static func log(
    _ experiment: Experiment, logEvery: Int = 10, schedule: EventSchedule = EventSchedule(),
    orders: [Command] = [], twin: Bool = false
  ) throws -> [Record] {
    let path = NSTemporaryDirectory() + "maxnorm-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: path) }
    var options = RunOptions()
    options.logEvery = logEvery
    options.schedule = schedule
    options.twin = twin
    options.logs = [try LogDestination(opening: path, overwrite: false)]
    let run = TrainingRun(experiment, options: options, onNews: {})
    for order in orders { run.send(order) }
    run.start()
    _ = run.waitUntilDone()
    if case .failed(let error) = run.outcome { throw error }
    return try RecordFile.records(at: path)
  }
}

extension RunFixture {
  /// A segment that nobody runs, for its commands.
  static func segment(
    _ experiment: Experiment, options: RunOptions = RunOptions()
  ) throws -> TrainingSegment {
    let mailbox = RunMailbox(onNews: {})
    return TrainingSegment(
      experiment, setup: try RunSetup(experiment, seed: experiment.seed),
      seed: experiment.seed, options: options, mailbox: mailbox,
      sinks: RunSinks(options, mailbox: mailbox),
      controls: RunControls(schedule: EventSchedule(), pace: 0))
  }
}

/// Seconds to wait for what surely comes, on a machine however busy: only a broken program needs them.
let patience = 120.0

extension TrainingRun {
  /// Takes records until one of them is as wanted; what came without it where it never did.
  func records(until isLast: (Record) -> Bool) -> [Record] {
    let deadline = ContinuousClock.now + .seconds(patience)
    var records: [Record] = []
    while !records.contains(where: isLast), ContinuousClock.now < deadline {
      requestNews()
      _ = waitUntilDone(seconds: 0.002)
      records += takeNews()
    }
    return records
  }

  /// Stops a run that waits for the user after its end; returns whether it is done then.
  func stopAndWait() -> Bool {
    send(.stop)
    return waitUntilDone(seconds: patience)
  }
}

extension Record {
  /// The record with its times set to 0: what two runs of the same experiment agree in.
  var timeless: Record {
    switch self {
    case .step(var step):
      step.elapsed = 0
      step.examplesPerSecond = 0
      return .step(step)
    case .end(var end):
      end.elapsed = 0
      return .end(end)
    case .header(var header):
      (header.origin, header.time) = (nil, nil)
      return .header(header)
    case .event(var event):
      (event.id, event.time) = (nil, nil)
      return .event(event)
    case .twin(.step(let step)):
      guard case .step(let timeless) = Record.step(step).timeless else { return self }
      return .twin(.step(timeless))
    case .twin(.end(let end)):
      guard case .end(let timeless) = Record.end(end).timeless else { return self }
      return .twin(.end(timeless))
    default: return self
    }
  }

  /// A twin's record as the record of a separate run; nil for all others.
  var ofTwin: Record? {
    switch self {
    case .twin(.step(let record)): .step(record)
    case .twin(.norms(let record)): .norms(record)
    case .twin(.evaluation(let record)): .evaluation(record)
    case .twin(.end(let record)): .end(record)
    default: nil
    }
  }

  var event: EventRecord? { if case .event(let event) = self { event } else { nil } }
  var stepRecord: StepRecord? { if case .step(let step) = self { step } else { nil } }
  var evaluation: EvaluationRecord? {
    if case .evaluation(let record) = self { record } else { nil }
  }
  var end: EndRecord? { if case .end(let end) = self { end } else { nil } }
}

extension EventSchedule {
  /// What happens at given steps of a run.
  static func at(_ events: EventRecord...) -> EventSchedule {
    EventSchedule([.header(RunHeader.sample())] + events.map(Record.event))
  }
}
