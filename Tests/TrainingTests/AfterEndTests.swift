// Changes after a run's end: they hold once the run continues, and events repeat them.
import Foundation
import RunRecords
import TestSupport
import Testing

@testable import Training

@Suite struct AfterEndTests {
  /// Events behind the end at step 40 of the fixture.
  private func schedule(_ events: [EventRecord]) -> EventSchedule {
    let end = EndRecord(40, .finished) {
      $0.clippedTotal = 0
      $0.elapsed = 0
    }
    return EventSchedule([.header(.sample()), .end(end)] + events.map(Record.event))
  }

  private let changes = [
    EventRecord(step: 40, action: .learningRate, value: .number(0.02)),
    EventRecord(step: 40, action: .momentum, value: .number(0.5)),
    EventRecord(step: 40, action: .momentum, undo: true),
    EventRecord(step: 40, action: .maxNorm, value: .number(0.3)),
    EventRecord(step: 40, action: .maxNorm, value: .number(0.2), layer: "fc2"),
    EventRecord(step: 40, action: .dropout, value: .number(0.4)),
  ]

  @Test func `settings change after the end, and the run continues with them`() throws {
    let experiment = try RunFixture.experiment(["schedule={name: cosine}"])
    let records = try RunFixture.log(
      experiment,
      schedule: schedule(
        changes + [EventRecord(step: 40, action: .extend, value: .steps(80))]))
    #expect(records.compactMap(\.end).map(\.step) == [40, 80])
    let events = records.compactMap(\.event)
    #expect(
      events.map(\.action) == [
        .learningRate, .momentum, .momentum, .maxNorm, .maxNorm, .dropout, .extend,
      ])
    // The weights stay those of the end until the run continues, which is when they are projected.
    #expect(events.dropLast().allSatisfy { $0.clipped == nil })
    #expect((events.last?.clipped ?? 0) > 0)
    let steps = records.compactMap(\.stepRecord).filter { $0.step > 40 }
    #expect(!steps.isEmpty && steps.allSatisfy { $0.learningRate == 0.02 })
    #expect(steps.allSatisfy { $0.constraint?.maxNorm == 0.3 && $0.layers[1].maxNorm == 0.2 })
    #expect(steps.allSatisfy { $0.layers[0].normMax.known <= 0.3 * 1.000002 })
    let again = try RunFixture.log(experiment, schedule: EventSchedule(records))
    #expect(again.map(\.timeless) == records.map(\.timeless))
  }

  @Test func `without an extension nothing of the run changes`() throws {
    let experiment = try RunFixture.experiment()
    let plain = try RunFixture.log(experiment)
    let changed = try RunFixture.log(experiment, schedule: schedule(changes))
    #expect(Array(changed.map(\.timeless).prefix(plain.count)) == plain.map(\.timeless))
    #expect(changed.dropFirst(plain.count).allSatisfy { $0.event != nil })
    #expect(changed.count == plain.count + changes.count)
    let again = try RunFixture.log(experiment, schedule: EventSchedule(changed))
    #expect(again.map(\.timeless) == changed.map(\.timeless))
  }

  @Test func `events of every kind repeat a run, before and after its end, with a twin too`() throws
  {
    let experiment = try RunFixture.experiment([
      "schedule={name: cosine, minimum: 0.01, warmup: 4}", "model.fc2.max_norm=1",
    ])
    let before = [
      EventRecord(step: 0, action: .twin, from: .flag(false), value: .flag(true)),
      EventRecord(step: 0, action: .constraint, value: .flag(false)),
      EventRecord(step: 2, action: .learningRate, value: .number(0.2)),
      EventRecord(step: 7, action: .constraint, value: .flag(true)),
      EventRecord(step: 9, action: .weightDecay, value: .number(0.01)),
      EventRecord(step: 12, action: .fork),
      EventRecord(step: 15, action: .learningRate, value: .number(0.005)),
      EventRecord(step: 21, action: .learningRate, undo: true),
      EventRecord(step: 30, action: .learningRate, value: .number(0.3)),
    ].map(Record.event)
    let end = EndRecord(40, .finished) {
      $0.clippedTotal = 0
      $0.elapsed = 0
    }
    let after = changes + [EventRecord(step: 40, action: .extend, value: .steps(80))]
    let first = try RunFixture.log(
      experiment, logEvery: 3,
      schedule: EventSchedule([.header(.sample())] + before + [.end(end)] + after.map(Record.event))
    )
    #expect(first.compactMap(\.event).count == before.count + after.count)
    #expect(first.compactMap(\.end).map(\.step) == [40, 80])
    let again = try RunFixture.log(experiment, logEvery: 3, schedule: EventSchedule(first))
    #expect(again.map(\.timeless) == first.map(\.timeless))
  }
}
