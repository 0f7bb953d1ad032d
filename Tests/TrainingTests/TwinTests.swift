// The twin beside a run: what it computes, what it leaves alone, and what the log says of it.
import Foundation
import RunRecords
import TestSupport
import Testing

@testable import Training

@Suite struct TwinTests {
  /// What is recorded of the run itself, without its twin.
  private func main(_ records: [Record]) -> [Record] {
    records.filter { record in
      record.ofTwin == nil && record.event?.action != .twin && record.event?.action != .fork
    }.map(\.timeless)
  }

  /// The twin's records, as a separate run would write them.
  private func twin(_ records: [Record]) -> [Record] {
    records.compactMap(\.ofTwin).map(\.timeless)
  }

  /// Steps, norms, evaluations and the end of a run, from a step on.
  private func course(_ records: [Record], after step: Int = 0) -> [Record] {
    records.filter { record in
      let isNorms = if case .norms = record { true } else { false }
      return record.step > step
        && (record.stepRecord != nil || isNorms || record.evaluation != nil || record.end != nil)
    }.map(\.timeless)
  }

  private static let changes: [EventRecord] = [
    EventRecord(step: 6, action: .momentum, value: .number(0.5)),
    EventRecord(step: 9, action: .constraint, value: .flag(false)),
    EventRecord(step: 13, action: .dropout, value: .number(0.3)),
    EventRecord(step: 13, action: .constraint, value: .flag(true)),
    EventRecord(step: 17, action: .maxNorm, value: .number(0.5)),
    EventRecord(step: 22, action: .weightDecay, value: .number(0.01)),
    EventRecord(step: 25, action: .weightDecay, value: .number(0), undo: true),
  ]

  private func schedule(_ events: [EventRecord]) -> EventSchedule {
    EventSchedule([.header(.sample())] + events.sorted { $0.step < $1.step }.map(Record.event))
  }

  @Test func `a run is the same with a twin and without, whenever it comes and goes`() throws {
    let experiment = try RunFixture.experiment()
    let plain = main(try RunFixture.log(experiment, schedule: schedule(Self.changes)))
    let twins: [[EventRecord]] = [
      [EventRecord(step: 0, action: .twin, value: .flag(true))],
      [
        EventRecord(step: 11, action: .twin, value: .flag(true)),
        EventRecord(step: 21, action: .twin, value: .flag(false)),
        EventRecord(step: 23, action: .fork),
      ],
      [EventRecord(step: 39, action: .twin, value: .flag(true))],
    ]
    for events in twins {
      let records = try RunFixture.log(experiment, schedule: schedule(Self.changes + events))
      #expect(main(records) == plain)
      #expect(records.contains { $0.ofTwin != nil })
    }
  }

  @Test func `a twin from the start equals a separate run without the constraint`() throws {
    let records = try RunFixture.log(try RunFixture.experiment(), twin: true)
    let own = try RunFixture.log(try RunFixture.experiment(["constraint.enabled=false"]))
    #expect(twin(records) == course(own))
    let events = records.compactMap(\.event)
    #expect(
      events.map(\.action) == [.twin] && events[0].step == 0 && events[0].value == .flag(true))
    // The run's own end is the last line.
    #expect(records.last?.end?.reason == .finished)
    #expect(twin(records) != course(records))
  }

  @Test func `a twin takes over every change but those of the constraint`() throws {
    let records = try RunFixture.log(
      try RunFixture.experiment(), schedule: schedule(Self.changes), twin: true)
    let own = try RunFixture.log(
      try RunFixture.experiment(["constraint.enabled=false"]),
      schedule: schedule(Self.changes.filter { $0.action != .constraint && $0.action != .maxNorm }))
    #expect(twin(records) == course(own))
  }

  @Test(arguments: [1, 20, 38, 40])
  func `a twin that comes late starts at the first step and catches up`(step: Int) throws {
    let records = try RunFixture.log(
      try RunFixture.experiment(), logEvery: 5,
      schedule: schedule(
        Self.changes + [EventRecord(step: step, action: .twin, value: .flag(true))]))
    let early = try RunFixture.log(
      try RunFixture.experiment(), logEvery: 5, schedule: schedule(Self.changes), twin: true)
    #expect(twin(records) == twin(early))
    // It does not hold up the run: some of its records come between the run's own.
    if step == 20 {
      let last = try #require(records.lastIndex { $0.ofTwin?.step == 20 })
      #expect(records[..<last].contains { $0.stepRecord?.step == 25 })
    }
  }

  @Test(arguments: [4, 15])
  func `a forked twin does what the run would do with the constraint off from there`(step: Int)
    throws
  {
    let experiment = try RunFixture.experiment()
    let records = try RunFixture.log(
      experiment, schedule: schedule([EventRecord(step: step, action: .fork)]))
    let own = try RunFixture.log(
      experiment,
      schedule: schedule([EventRecord(step: step, action: .constraint, value: .flag(false))]))
    #expect(twin(records) == course(own, after: step))
  }

  @Test(
    arguments: [
      "optimizer={name: adam, learning_rate: 0.01}",
      "optimizer={name: rmsprop, learning_rate: 0.001, momentum: 0.5}",
      "optimizer={name: adagrad, initial_accumulator_value: 0.1}",
      "schedule={name: cosine}",
    ])
  func `a fork copies all that decides the steps to come`(change: String) throws {
    let experiment = try RunFixture.experiment([change])
    let records = try RunFixture.log(
      experiment, schedule: schedule([EventRecord(step: 15, action: .fork)]))
    let own = try RunFixture.log(
      experiment,
      schedule: schedule([EventRecord(step: 15, action: .constraint, value: .flag(false))]))
    #expect(twin(records) == course(own, after: 15))
  }

  @Test func `there is no fork while the constraint is off, and no twin without a ceiling`() throws
  {
    let off = try RunFixture.log(
      try RunFixture.experiment(["constraint.enabled=false"]), orders: [.fork])
    #expect(off.compactMap(\.event).isEmpty)
    let free = try RunFixture.log(
      try RunFixture.experiment(["constraint.max_norm=none"]), orders: [.twin(true), .fork])
    #expect(free.compactMap(\.event).isEmpty && free.allSatisfy { $0.ofTwin == nil })
  }

  @Test func `events repeat a run with its twin, record for record`() throws {
    let events = [
      EventRecord(step: 3, action: .twin, value: .flag(true)),
      EventRecord(step: 18, action: .fork),
      EventRecord(step: 30, action: .reset),
      EventRecord(step: 8, action: .twin, value: .flag(false)),
    ]
    let first = try RunFixture.log(
      try RunFixture.experiment(),
      schedule: EventSchedule([.header(.sample())] + events.map(Record.event)))
    let again = try RunFixture.log(try RunFixture.experiment(), schedule: EventSchedule(first))
    #expect(first.map(\.timeless) == again.map(\.timeless))
    // The reset starts the twin again too.
    #expect(
      first.compactMap(\.event).map(\.action) == [.twin, .fork, .reset, .twin, .twin])
    let started = try RunFixture.log(try RunFixture.experiment(), twin: true)
    let repeated = try RunFixture.log(try RunFixture.experiment(), schedule: EventSchedule(started))
    #expect(started.map(\.timeless) == repeated.map(\.timeless))
  }

  @Test func `a twin that diverges ends, and the run continues`() throws {
    let records = try RunFixture.log(
      try RunFixture.experiment(["optimizer.learning_rate=1e12", "constraint.max_norm=0.1"]),
      twin: true)
    let ends = records.compactMap(\.ofTwin).compactMap(\.end)
    guard ends.first?.reason == .diverged else {
      Issue.record("expected a twin that diverges, found \(ends)")
      return
    }
    #expect(ends.count == 1 && ends[0].step < 40)
    #expect(records.last?.end?.step == 40)
  }
}
