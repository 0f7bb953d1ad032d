// A run resumed from a checkpoint: the same records, whatever it consists of and wherever it is cut.
import Basics
import Experiments
import Foundation
import NeuralNetwork
import RunRecords
import Testing

@testable import Training

@Suite struct CheckpointTests {
  @Test(arguments: [
    "{name: sgd, learning_rate: 0.1, momentum: 0.9, nesterov: true, weight_decay: 0.001}",
    "{name: sgd, learning_rate: 0.1}", "{name: adam, learning_rate: 0.01}",
    "{name: adamw, learning_rate: 0.01, l1: 0.0001}",
    "{name: rmsprop, learning_rate: 0.001, momentum: 0.5}",
    "{name: lion, learning_rate: 0.001, weight_decay: 0.1}",
    "{name: adagrad, lr_decay: 0.01, initial_accumulator_value: 0.1}",
    "{name: nadam, momentum_decay: 0.1, decoupled_weight_decay: true, weight_decay: 0.01}",
  ])
  func `every optimizer resumes bit for bit within an epoch and between two records`(
    optimizer: String
  ) throws {
    let fixture = try CheckpointFixture()
    let experiment = try RunFixture.experiment([
      "optimizer=\(optimizer)", "steps=60", "evaluate_every=2",
    ])
    #expect(try fixture.isEqual(experiment, cut: 37))
  }

  @Test(arguments: ["sgd", "rmsprop"], [8, 16, 24, 40])
  func `a momentum that comes and goes keeps its velocity`(optimizer: String, cut: Int) throws {
    let fixture = try CheckpointFixture()
    let experiment = try RunFixture.experiment([
      "optimizer={name: \(optimizer), learning_rate: 0.001}", "steps=50",
    ])
    let events = [(12, Float(0.9)), (20, 0), (32, 0.5)].map { step, momentum in
      EventRecord(step: step, action: .momentum, value: .number(momentum))
    }
    #expect(try fixture.isEqual(experiment, events: events, cut: cut))
  }

  @Test(arguments: [
    "{name: cosine, warmup: 10}", "{name: step, every: 25, factor: 0.5}",
    "{name: inverse_time, every: 10, factor: 0.5}",
  ])
  func `schedules resume where they were, and changes with them`(schedule: String) throws {
    let fixture = try CheckpointFixture()
    let experiment = try RunFixture.experiment(["schedule=\(schedule)", "steps=60"])
    let events = [
      EventRecord(step: 5, action: .learningRate, value: .number(0.2)),
      EventRecord(step: 33, action: .constraint, value: .flag(false)),
      EventRecord(step: 37, action: .dropout, value: .number(0.3)),
      EventRecord(step: 37, action: .maxNorm, value: .number(0.9), layer: "fc1"),
      // Taken back after the cut: an undo goes behind the checkpoint.
      EventRecord(step: 41, action: .constraint, value: .flag(true)),
      EventRecord(step: 45, action: .constraint, undo: true),
      EventRecord(step: 45, action: .maxNorm, undo: true),
      EventRecord(step: 46, action: .dropout, undo: true),
      EventRecord(step: 47, action: .constraint, undo: true),
      EventRecord(step: 50, action: .learningRate, undo: true),
    ]
    for cut in [34, 37, 45] { #expect(try fixture.isEqual(experiment, events: events, cut: cut)) }
  }

  @Test func `running statistics and carried states are kept`() throws {
    let norms = try RunFixture.experiment([
      "model=[{dense: {name: fc1, units: 16}}, {batch_norm: {}}, relu, {dense: {name: fc2, units: 10}}]",
      "steps=40",
    ])
    #expect(try CheckpointFixture().isEqual(norms, cut: 23))
    let ofExamples = try RunFixture.experiment([
      "model=[{dense: {name: fc1, units: 16}}, layer_norm, silu, {dense: {units: 8}}, "
        + "{group_norm: {groups: 2}}, {elu: {alpha: 0.5}}, {dense: {name: fc2, units: 10}}]",
      "steps=40", "optimizer={name: adam, learning_rate: 0.01}",
    ])
    #expect(try CheckpointFixture().isEqual(ofExamples, cut: 23))
    let text = try Experiment(
      try JSONValue(
        yaml: """
          data: {source: kjv, window: 8, train: 400, validation: 0.01}
          model:
            - embedding: {vocabulary: 63, size: 8}
            - lstm: {name: lstm, hidden: 12, return: sequence}
            - dense: {units: 63}
          loss: cross_entropy
          optimizer: {name: adam, learning_rate: 0.01}
          constraint: {max_norm: 0.5}
          batch: 16
          steps: 40
          """, name: "text"), name: "text", folder: URL(fileURLWithPath: "/"))
    #expect(try CheckpointFixture().isEqual(text, cut: 31))
  }

  @Test func `the last step and the first can be cut at, and a table is gone on with too`() throws {
    let experiment = try RunFixture.experiment(["steps=40"])
    for cut in [0, 1, 20, 40] { #expect(try CheckpointFixture().isEqual(experiment, cut: cut)) }
    func rows(_ fixture: borrowing CheckpointFixture) throws -> [[Substring]] {
      let table = try String(contentsOfFile: fixture.log, encoding: .utf8).split(separator: "\n")
        .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      let columns = (table.first ?? []).indices.filter {
        !["examples_per_second", "elapsed"].contains(table[0][$0])
      }
      return table.map { row in columns.map { row[$0] } }.filter { !$0.contains("checkpoint") }
    }
    var fixture = try CheckpointFixture()
    fixture.ending = "csv"
    try fixture.start(experiment)
    let whole = try rows(fixture)
    try fixture.start(experiment, stop: 23)
    try fixture.resume(experiment)
    #expect(try rows(fixture) == whole && whole.count > 10)
  }

  @Test func `more steps than planned run as if they had been planned`() throws {
    let fixture = try CheckpointFixture()
    let short = try RunFixture.experiment(["steps=37"])
    let long = try RunFixture.experiment(["steps=60"])
    try fixture.start(long)
    let whole = try fixture.records()
    try fixture.start(short)
    try fixture.resume(long)
    let resumed = try fixture.records()
    #expect(resumed.contains { $0.event?.value == .steps(60) })
    #expect(resumed.dropFirst().filter { $0.event?.action != .extend } == Array(whole.dropFirst()))
    #expect(throws: ProgramError.self) {
      try fixture.resume(try RunFixture.experiment(["steps=20"]))
    }
  }

  @Test func `a log that a crash left longer, and torn, is cut back`() throws {
    let fixture = try CheckpointFixture()
    let experiment = try RunFixture.experiment(["steps=60"])
    try fixture.start(experiment)
    let whole = try fixture.records()
    // The checkpoint of step 40 with the log of step 60.
    try fixture.start(experiment, stop: 40)
    let kept = try Data(contentsOf: URL(fileURLWithPath: fixture.checkpoint))
    let place = try #require(try Checkpoint(contentsOf: fixture.checkpoint).logs.first)
    try fixture.resume(experiment)
    try kept.write(to: URL(fileURLWithPath: fixture.checkpoint))
    let log = URL(fileURLWithPath: fixture.log)
    try (try Data(contentsOf: log).dropLast(7)).write(to: log)
    let opened = try LogDestination(opening: fixture.log, overwrite: false, places: [place])
    #expect(opened.kept == place.bytes && opened.cutOff > 1000)
    // Nobody else may write to it before.
    #expect(throws: ProgramError.self) { try fixture.resume(experiment) }
    close(opened.descriptor)
    try fixture.resume(experiment)
    #expect(try fixture.records() == whole)
  }

  @Test func `a checkpoint knows its log from another`() throws {
    let fixture = try CheckpointFixture()
    let experiment = try RunFixture.experiment(["steps=30"])
    try fixture.start(experiment, stop: 20)
    let log = URL(fileURLWithPath: fixture.log)
    var bytes = try Data(contentsOf: log)
    let place = try #require(try Checkpoint(contentsOf: fixture.checkpoint).logs.first)
    bytes[place.bytes - 20] ^= 1
    try bytes.write(to: log)
    #expect(throws: ProgramError.self) { try fixture.resume(experiment) }
    #expect(try Data(contentsOf: log) == bytes)
    // Without a log there is nothing to fit: a new one starts with the header and the changes so far.
    try FileManager.default.removeItem(at: log)
    try fixture.resume(experiment)
    let records = try RecordFile.records(at: fixture.log)
    guard case .header? = records.first else {
      Issue.record("no header")
      return
    }
    #expect(records[1].event?.action == .checkpoint && records[1].step == 20)
  }

  @Test func `checkpoints cut no record, and a new log has the changes before it`() throws {
    let fixture = try CheckpointFixture()
    let experiment = try RunFixture.experiment(["steps=45"])
    let change = EventRecord(step: 12, action: .maxNorm, value: .number(0.5))
    try fixture.start(experiment, events: [change])
    let plain = try fixture.records()
    try fixture.start(experiment, events: [change], every: 7)
    let all = try RecordFile.records(at: fixture.log)
    #expect(try fixture.records() == plain)
    #expect(
      all.compactMap { $0.event?.action == .checkpoint ? $0.step : nil }
        == [7, 14, 21, 28, 35, 42, 45])
    try FileManager.default.removeItem(atPath: fixture.log)
    try fixture.resume(experiment)
    let events = try RecordFile.records(at: fixture.log).compactMap(\.event)
    #expect(events.map(\.action) == [.maxNorm, .checkpoint])
  }

  @Test func `a twin starts again beside a resumed run, and catches up`() throws {
    let fixture = try CheckpointFixture()
    let experiment = try RunFixture.experiment([
      "steps=60", "schedule={name: cosine}", "constraint.enabled=true",
    ])
    let change = EventRecord(step: 12, action: .learningRate, value: .number(0.2))
    try fixture.start(experiment, events: [change], twin: true)
    let whole = try fixture.records()
    try fixture.start(experiment, events: [change], stop: 37, twin: true)
    try fixture.resume(experiment, twin: true)
    let resumed = try RecordFile.records(at: fixture.log)
    let events = resumed.filter { $0.step == 37 }.compactMap(\.event)
    #expect(events.map(\.action) == [.checkpoint, .twin, .twin])
    #expect(events.dropFirst().map(\.value) == [.flag(false), .flag(true)])
    func ofRun(_ records: [Record]) -> [Record] {
      records.filter { $0.ofTwin == nil && ![.twin, .checkpoint].contains($0.event?.action) }
        .map(\.timeless)
    }
    #expect(ofRun(resumed) == ofRun(whole))
    let last = { (records: [Record]) in records.last { $0.ofTwin?.end != nil }?.timeless }
    #expect(last(resumed) == last(whole) && last(whole) != nil)
  }
}
