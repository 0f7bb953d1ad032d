// Controls of a run: momentum, decay, dropout, frozen batch norm, a ceiling of one layer, more steps.
import Foundation
import NeuralNetwork
import RunHistory
import RunRecords
import Testing

@testable import Training

@Suite struct ControlTests {
  @Test func `every setting is an event with the value before and after, and undo leads back`()
    throws
  {
    let experiment = try RunFixture.experiment(["model.fc2.max_norm=none"])
    let records = try RunFixture.log(
      experiment,
      orders: [
        .set(.momentum, to: 0.5), .set(.weightDecay, to: 0.001), .set(.dropout, to: 0.4),
        .set(.maxNorm, layer: "fc1", to: 0.5),
        .set(.maxNorm, layer: "fc2", to: 0.25), .undo, .undo, .undo, .undo, .undo, .undo,
      ])
    let events = records.compactMap(\.event)
    #expect(
      events.map(\.action) == [
        .momentum, .weightDecay, .dropout, .maxNorm, .maxNorm, .maxNorm, .maxNorm, .dropout,
        .weightDecay, .momentum,
      ])
    #expect(
      events.map(\.undo) == Array(repeating: false, count: 5) + Array(repeating: true, count: 5))
    #expect(events.map(\.layer) == [nil, nil, nil, "fc1", "fc2", "fc2", "fc1", nil, nil, nil])
    #expect(
      events.map(\.value) == [
        .number(0.5), .number(0.001), .number(0.4), .number(0.5), .number(0.25), nil, .number(0.7),
        .number(0.1), .number(0), .number(0.9),
      ])
    #expect(
      events[0].from == .number(0.9) && events[4].from == nil && events[5].from == .number(0.25))
    #expect(events[3].clipped != nil && events[4].clipped != nil && events[5].clipped == nil)
    // All of it is undone before the first step: the run is the same.
    let plain = try RunFixture.log(experiment)
    #expect(
      records.compactMap(\.evaluation).last?.validationLoss
        != plain.compactMap(\.evaluation).last?.validationLoss
        || events.compactMap(\.clipped).allSatisfy { $0 == 0 })
  }

  @Test func `events repeat a run whose settings were changed`() throws {
    let experiment = try RunFixture.experiment(["model.fc1.max_norm=0.9"])
    let first = try RunFixture.log(
      experiment,
      schedule: .at(
        EventRecord(step: 3, action: .momentum, value: .number(0.5)),
        EventRecord(step: 5, action: .maxNorm, value: .number(0.4), layer: "fc2"),
        EventRecord(step: 12, action: .dropout, value: .number(0.5)),
        EventRecord(step: 14, action: .maxNorm, value: .number(0.3)),
        EventRecord(step: 16, action: .weightDecay, value: .number(0.01)),
        EventRecord(step: 20, action: .weightDecay, undo: true),
        EventRecord(step: 20, action: .maxNorm, undo: true),
        EventRecord(step: 22, action: .dropout, undo: true),
        EventRecord(step: 24, action: .maxNorm, undo: true),
        EventRecord(step: 26, action: .maxNorm, value: .number(0.6))))
    let again = try RunFixture.log(experiment, schedule: EventSchedule(first))
    #expect(first.map(\.timeless) == again.map(\.timeless))
    #expect(first.compactMap(\.event).count == 10)
    // No step record spans a change, and fc2 goes by the global ceiling again after its undo.
    let steps = first.compactMap(\.stepRecord)
    #expect(steps.map(\.step) == [3, 5, 10, 12, 14, 16, 20, 22, 24, 26, 30, 40])
    #expect(
      steps.map { $0.layers[1].maxNorm } == [0.7, 0.7] + Array(repeating: 0.4, count: 7) + [
        0.7, 0.6, 0.6,
      ])
    #expect(steps.allSatisfy { $0.layers[0].maxNorm == 0.9 })
    let lowered = try #require(first.compactMap(\.event).first { $0.layer == "fc2" })
    #expect((lowered.clipped ?? 0) > 0 && lowered.from == .number(0.7))
  }

  @Test(
    arguments: [
      (Command.set(.momentum, to: 0.1), "optimizer.momentum=0.1"),
      (.set(.weightDecay, to: 0.05), "optimizer.weight_decay=0.05"),
      (.set(.dropout, to: 0.6), "model.2.dropout=0.6"),
      (.set(.maxNorm, layer: "fc1", to: 0.3), "model.fc1.max_norm=0.3"),
    ])
  func `a setting changed before the first step is the experiment's own`(
    command: Command, change: String
  ) throws {
    let changed = try RunFixture.log(try RunFixture.experiment(), orders: [command])
    let own = try RunFixture.log(try RunFixture.experiment([change]))
    let plain = try RunFixture.log(try RunFixture.experiment())
    let losses = changed.compactMap(\.stepRecord).map(\.loss)
    // A lowered ceiling projects at once, which the experiment does only after its first step.
    if case .set(.maxNorm, _, _) = command {
      #expect(changed.compactMap(\.stepRecord).allSatisfy { $0.layers[0].maxNorm == 0.3 })
    } else {
      #expect(losses == own.compactMap(\.stepRecord).map(\.loss))
    }
    #expect(losses != plain.compactMap(\.stepRecord).map(\.loss))
  }

  @Test func `what the experiment has nothing for, or no value at all, changes nothing`() throws {
    let records = try RunFixture.log(
      try RunFixture.experiment(["optimizer={name: adam, learning_rate: 0.01}", "model.2=relu"]),
      orders: [
        .set(.momentum, to: 0.5), .set(.dropout, to: 0.5), .set(.batchNormFreeze, to: true),
        .set(.maxNorm, layer: "fc9", to: 1.0),
        .set(.maxNorm, layer: "fc1", to: 0.0), .set(.weightDecay, to: -1.0),
        .set(.weightDecay, to: .number(.nan)), .extend,
      ])
    #expect(records.compactMap(\.event).isEmpty)
    let other = try RunFixture.log(
      try RunFixture.experiment(),
      orders: [.set(.momentum, to: 1.0), .set(.dropout, to: 1.0), .set(.dropout, to: -0.1)])
    #expect(other.compactMap(\.event).isEmpty)
  }

  @Test func `a frozen batch norm keeps its running statistics while the rest learns`() throws {
    let experiment = try RunFixture.experiment([
      "model=[dense: {name: fc1, units: 16}, batch_norm, relu, dense: {name: fc2, units: 10}]"
    ])
    let segment = try RunFixture.segment(experiment)
    func statistics() throws -> [Float] {
      try segment.learner.values(of: "batch_norm1.running_mean")
        + segment.learner.values(of: "batch_norm1.running_var")
    }
    func step() { _ = segment.learner.step(segment.setup.train, indices: [0, 1, 2, 3]) }
    step()
    _ = try segment.perform(.set(.batchNormFreeze, to: true))
    let frozen = try statistics()
    let scale = try segment.learner.values(of: "batch_norm1.weight")
    step()
    #expect(try statistics() == frozen)
    #expect(try segment.learner.values(of: "batch_norm1.weight") != scale)
    _ = try segment.perform(.undo)
    step()
    #expect(try statistics() != frozen)
  }

  @Test func `after its end a run trains as many steps again, and events repeat that`() throws {
    let experiment = try RunFixture.experiment(["schedule={name: cosine, minimum: 0.01}"])
    var options = RunOptions()
    options.publishes = true
    options.isInteractive = true
    options.twin = true
    let path = NSTemporaryDirectory() + "maxnorm-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: path) }
    options.logs = [try LogDestination(opening: path, overwrite: false)]
    let run = TrainingRun(experiment, options: options, onNews: {})
    run.start()
    _ = run.records { $0.end != nil }
    run.send(.extend)
    _ = run.records { $0.end != nil }
    #expect(run.stopAndWait())
    let records = try RecordFile.records(at: path)
    let event = try #require(records.compactMap(\.event).first { $0.action == .extend })
    #expect(event.step == 40 && event.value == .steps(80))
    #expect(records.compactMap(\.end).map(\.step) == [40, 80])
    #expect(records.compactMap(\.ofTwin).compactMap(\.end).map(\.step) == [40, 80])
    let rates = records.compactMap(\.stepRecord).filter { $0.step > 40 }.map(\.learningRate)
    #expect(!rates.isEmpty && rates.allSatisfy { $0 == 0.01 })
    let again = try RunFixture.log(experiment, schedule: EventSchedule(records))
    #expect(again.map(\.timeless) == records.map(\.timeless))
  }
}
