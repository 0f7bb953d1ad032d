// Whole runs: which records come when, counts, determinism, events and their repetition.
import Experiments
import Foundation
import RunRecords
import TestSupport
import Testing

@testable import Training

@Suite struct RunTests {
  @Test func `a run is a header, steps with evaluations at every epoch, and an end`() throws {
    let records = try RunFixture.log(try RunFixture.experiment())
    guard case .header(let header) = records[0] else {
      Issue.record("expected a header first")
      return
    }
    #expect(header.stepsPerEpoch == 4 && header.totalSteps == 40)
    #expect(header.parameters == 16 * 64 + 16 + 10 * 16 + 10)
    #expect(header.layers.map(\.name) == ["fc1", "fc2"])
    #expect(records.compactMap(\.stepRecord).map(\.step) == [10, 20, 30, 40])
    #expect(
      records.compactMap(\.evaluation).map(\.step) == Array(stride(from: 4, through: 40, by: 4)))
    #expect(records.compactMap(\.evaluation).map(\.epoch) == Array(1...10))
    #expect(records.last?.end?.reason == .finished)
    #expect(
      records.last?.end?.validationLoss == records.compactMap(\.evaluation).last?.validationLoss)
  }

  @Test func `epochs count from 1 and a step belongs to the epoch it completes`() throws {
    let records = try RunFixture.log(try RunFixture.experiment(), logEvery: 1)
    #expect(records.compactMap(\.stepRecord).prefix(9).map(\.epoch) == [1, 1, 1, 1, 2, 2, 2, 2, 3])
  }

  @Test func `the same seed gives the same records and another seed others`() throws {
    let first = try RunFixture.log(try RunFixture.experiment()).map(\.timeless)
    let second = try RunFixture.log(try RunFixture.experiment()).map(\.timeless)
    let other = try RunFixture.log(try RunFixture.experiment(["seed=2"])).map(\.timeless)
    #expect(first == second)
    #expect(first != other)
  }

  @Test func `how often is logged changes nothing of the run`() throws {
    let often = try RunFixture.log(try RunFixture.experiment(), logEvery: 1)
    let seldom = try RunFixture.log(try RunFixture.experiment(), logEvery: 40)
    #expect(often.compactMap(\.evaluation) == seldom.compactMap(\.evaluation))
    let steps = often.compactMap(\.stepRecord)
    let merged = try #require(seldom.compactMap(\.stepRecord).first)
    #expect(merged.steps == 40)
    #expect(
      merged.lossMax == steps.map(\.lossMax.known).max()
        && merged.lossMin == steps.map(\.lossMin.known).min())
    #expect(merged.gradientNormMax == steps.map(\.gradientNormMax.known).max())
    let mean = steps.map { Double($0.loss.known) }.reduce(0, +) / 40
    #expect(abs(Double(merged.loss.known) - mean) < 1e-6)
    #expect(merged.layers[0].clipped == steps.map(\.layers[0].clipped.known).reduce(0, +))
    #expect(merged.layers[0].exceeded == steps.map(\.layers[0].exceeded.known).reduce(0, +))
  }

  @Test func `no norm exceeds the ceiling while the constraint is on`() throws {
    let records = try RunFixture.log(try RunFixture.experiment(), logEvery: 1)
    let layers = records.compactMap(\.stepRecord).flatMap(\.layers)
    #expect(layers.allSatisfy { $0.normMax.known <= 0.7 * (1 + 1.5e-6) })
    #expect(layers.contains { $0.clipped.known > 0 })
    #expect(layers.allSatisfy { $0.clipped == $0.exceeded })
    #expect(layers.allSatisfy { $0.clipped == 0 ? $0.shrinkMean == 1 : $0.shrinkMean.known < 1 })
    let fc1 = layers.filter { $0.name == "fc1" }
    var total = 0
    for layer in fc1 {
      total += layer.clipped.known
      #expect(layer.clippedTotal == total)
    }
  }

  @Test func `off observes: units that exceed are counted and none is clipped`() throws {
    let records = try RunFixture.log(try RunFixture.experiment(["constraint.enabled=false"]))
    let layers = records.compactMap(\.stepRecord).flatMap(\.layers)
    #expect(layers.allSatisfy { $0.clipped == 0 && $0.clippedTotal == 0 })
    #expect(
      layers.contains { $0.exceeded.known > 0 && $0.normMax.known > 0.7 && $0.atCeiling.known > 0 })
    #expect(records.last?.end?.clippedTotal == 0)
  }

  @Test func `switching on in mid-run projects at that moment and says how many`() throws {
    let records = try RunFixture.log(
      try RunFixture.experiment(), logEvery: 10,
      schedule: .at(
        EventRecord(step: 3, action: .constraint, value: .flag(false)),
        EventRecord(step: 25, action: .constraint, value: .flag(true))))
    let events = records.compactMap(\.event)
    #expect(events.map(\.step) == [3, 25])
    #expect(events[0].clipped == nil && events[0].from == .flag(true))
    #expect((events[1].clipped ?? 0) > 0)
    // No step record spans a change.
    let steps = records.compactMap(\.stepRecord)
    #expect(steps.map(\.step) == [3, 10, 20, 25, 30, 40])
    #expect(steps.map(\.steps) == [3, 7, 10, 5, 5, 10])
    #expect(steps.map(\.constraint?.enabled) == [true, false, false, false, true, true])
    let clipped = steps.last?.layers.map(\.clippedTotal.known).reduce(0, +)
    let counted =
      steps.flatMap(\.layers).map(\.clipped.known).reduce(0, +) + (events[1].clipped ?? 0)
    #expect(clipped == counted && records.last?.end?.clippedTotal == counted)
    // The event's line follows the records of its step.
    let index = try #require(records.firstIndex { $0.event?.step == 25 })
    #expect(records[index - 1].step == 25)
  }

  @Test func `the events of a log give the same records again`() throws {
    let first = try RunFixture.log(
      try RunFixture.experiment(),
      schedule: .at(
        EventRecord(step: 0, action: .learningRate, value: .number(0.05)),
        EventRecord(step: 7, action: .maxNorm, value: .number(0.5)),
        EventRecord(step: 12, action: .constraint, value: .flag(false)),
        EventRecord(step: 12, action: .constraint, value: .flag(true), undo: true),
        EventRecord(step: 20, action: .reset),
        EventRecord(step: 5, action: .constraint, value: .flag(false)),
        EventRecord(step: 9, action: .reseed, value: .seed(7)),
        EventRecord(step: 30, action: .stop)))
    let again = try RunFixture.log(try RunFixture.experiment(), schedule: EventSchedule(first))
    #expect(first.map(\.timeless) == again.map(\.timeless))
    #expect(first.compactMap(\.event).count == 8)
    #expect(first.last?.end?.reason == .stopped && first.last?.step == 30)
  }

  @Test func `a pause changes nothing that is recorded, and events repeat a run that had one`()
    throws
  {
    let plain = try RunFixture.log(try RunFixture.experiment())
    let paused = try RunFixture.log(
      try RunFixture.experiment(), orders: [.pause, .singleStep, .singleStep, .singleStep, .resume])
    func withoutPauses(_ records: [Record]) -> [Record] {
      records.filter { $0.event == nil }.map(\.timeless)
    }
    #expect(paused.compactMap(\.event).map(\.action) == [.pause, .resume])
    #expect(withoutPauses(plain) == withoutPauses(paused))
  }

  @Test func `a reset gives the same segment again`() throws {
    let records = try RunFixture.log(
      try RunFixture.experiment(), schedule: .at(EventRecord(step: 40, action: .reset)))
    let headers = records.indices.filter { if case .header = records[$0] { true } else { false } }
    #expect(headers.count == 2)
    let first = records[..<headers[1]].filter { $0.event == nil }.map(\.timeless)
    // The reset came at step 40, before the end was written; the second segment has its end.
    #expect(first == records[headers[1]...].dropLast().map(\.timeless))
  }

  @Test func `a command that changes nothing makes no event`() throws {
    let records = try RunFixture.log(
      try RunFixture.experiment(),
      orders: [
        .set(.constraint, to: true), .set(.maxNorm, to: 0.7), .set(.learningRate, to: 0.1), .resume,
        .undo, .set(.maxNorm, to: -1.0),
        .set(.maxNorm, to: .number(.nan)), .set(.learningRate, to: 0.0),
      ])
    #expect(records.compactMap(\.event).isEmpty)
  }

  @Test func `undo takes back the last change of a setting, then the one before`() throws {
    let records = try RunFixture.log(
      try RunFixture.experiment(),
      orders: [.set(.maxNorm, to: 0.6), .set(.learningRate, to: 0.2), .undo, .undo, .undo])
    let events = records.compactMap(\.event)
    #expect(events.map(\.undo) == [false, false, true, true])
    #expect(events[2].action == .learningRate && events[2].value == .number(0.1))
    #expect(events[3].action == .maxNorm && events[3].value == .number(0.7))
  }

  @Test func `a run that diverges ends there`() throws {
    let records = try RunFixture.log(
      try RunFixture.experiment(["optimizer.learning_rate=1e30", "constraint.enabled=false"]))
    #expect(records.last?.end?.reason == .diverged)
    let last = try #require(records.compactMap(\.stepRecord).last)
    #expect(
      !last.loss.known.isFinite || !last.gradientNorm.known.isFinite || records.last?.step ?? 0 < 40
    )
  }

  @Test func `steps end a run in mid-epoch with an evaluation`() throws {
    let records = try RunFixture.log(try RunFixture.experiment(["steps=6"]))
    #expect(records.compactMap(\.evaluation).map(\.step) == [4, 6])
    #expect(records.compactMap(\.stepRecord).map(\.step) == [6])
  }

  @Test func `a layer's own ceiling and none at all are kept apart from r`() throws {
    let records = try RunFixture.log(
      try RunFixture.experiment(["model.fc1.max_norm=0.9", "model.fc2.max_norm=none"]),
      schedule: .at(EventRecord(step: 20, action: .maxNorm, value: .number(0.4))))
    for step in records.compactMap(\.stepRecord) {
      #expect(step.layers[0].maxNorm == 0.9 && step.layers[1].maxNorm == nil)
      #expect(step.layers[1].clipped == 0 && step.layers[1].normMax.known > 0)
    }
    #expect(records.compactMap(\.event).first?.clipped == 0)
  }

  @Test func `a data set smaller than a batch trains`() throws {
    let records = try RunFixture.log(
      try RunFixture.experiment(["data.train=5", "batch=64", "epochs=3"]))
    #expect(records.last?.step == 3)
  }

  private func interactive(_ experiment: Experiment) -> TrainingRun {
    var options = RunOptions()
    options.publishes = true
    options.isInteractive = true
    return TrainingRun(experiment, options: options, onNews: {})
  }

  @Test func `an order behind a reset is carried out in the new segment`() throws {
    let run = interactive(try RunFixture.experiment())
    for order in [Command.pause, .reset, .set(.constraint, to: false), .stop] { run.send(order) }
    run.start()
    #expect(run.waitUntilDone(seconds: patience))
    let actions = run.takeNews().compactMap(\.event).map(\.action)
    #expect(actions == [.pause, .reset, .constraint, .stop])
  }

  @Test func `a run that was paused to its end starts again when it is reset`() throws {
    let run = interactive(try RunFixture.experiment(["steps=2"]))
    for order in [Command.pause, .singleStep, .singleStep] { run.send(order) }
    run.start()
    #expect(run.records { $0.end != nil }.last?.end != nil)
    run.send(.reset)
    #expect(run.records { $0.end != nil }.last?.end != nil)
    #expect(run.stopAndWait())
  }

  @Test func `a screen gets its step records though every step is an epoch`() throws {
    let run = interactive(try RunFixture.experiment(["data.train=20", "batch=20", "epochs=400"]))
    run.start()
    let news = run.records { $0.end != nil }
    #expect(news.compactMap(\.stepRecord).map(\.steps.known).reduce(0, +) == 400)
    #expect(run.stopAndWait())
  }

  @Test func `events whose step never comes are counted and hold nothing up`() throws {
    var schedule = EventSchedule.at(
      EventRecord(step: 5, action: .constraint, value: .flag(false)),
      EventRecord(step: 3, action: .maxNorm, value: .number(0.5)),
      EventRecord(step: 9, action: .constraint, value: .flag(true)))
    #expect(schedule.next(at: 5, afterEnd: false)?.step == 5)
    #expect(schedule.next(at: 6, afterEnd: false) == nil)
    #expect(schedule.next(at: 9, afterEnd: false)?.step == 9)
    #expect(schedule.unapplied == 1)
  }

  @Test(arguments: ["evaluate_every=9223372036854775807", "batch=9223372036854775807"])
  func `numbers at the end of their range do no harm`(change: String) throws {
    let records = try RunFixture.log(try RunFixture.experiment([change, "steps=3"]))
    #expect(records.last?.end?.step == 3)
  }

  @Test func `an interactive run waits after its end and starts again on request`() throws {
    var options = RunOptions()
    options.publishes = true
    options.isInteractive = true
    let run = TrainingRun(try RunFixture.experiment(), options: options, onNews: {})
    run.start()
    let first = run.records { $0.end != nil }
    #expect(first.last?.end?.reason == .finished)
    #expect(run.outcome == nil)
    run.send(.pause)
    run.send(.twin(true))
    run.send(.set(.constraint, to: false))
    run.send(.reseed(5))
    let second = run.records { $0.end != nil }
    // Only settings change behind the end.
    #expect(second.compactMap(\.event).map(\.action) == [.constraint, .reseed])
    #expect(run.stopAndWait())
    guard case .ended(.finished) = run.outcome else {
      Issue.record("expected a finished run")
      return
    }
  }

  @Test(arguments: [Command.reset, .reseed(5)])
  func `a stop right behind a new start ends the log with its end record`(start: Command) throws {
    let records = try RunFixture.log(RunFixture.experiment(), orders: [start, .stop])
    #expect(records.contains { $0.event?.step == 0 })
    #expect(records.last?.end?.reason == .stopped)
  }
}
