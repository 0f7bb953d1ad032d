// Changes of the learning rate while a schedule changes it too.
import NeuralNetwork
import RunHistory
import RunRecords
import TestSupport
import Testing

@testable import Training

@Suite struct ScheduledRateTests {
  @Test func `undoing a learning rate returns to the schedule, and its events repeat the run`()
    throws
  {
    let experiment = try RunFixture.experiment([
      "schedule={name: exponential, every: 4, factor: 0.5}"
    ])
    func schedule(_ undo: [EventRecord]) -> EventSchedule {
      EventSchedule(
        [.header(.sample())]
          + ([EventRecord(step: 8, action: .learningRate, value: .number(0.3))] + undo)
          .map(Record.event))
    }
    let plain = try RunFixture.log(experiment, logEvery: 1).compactMap(\.stepRecord)
    // A recorded undo at the schedule's own rate is what a person's would be.
    let rate = plain[16].learningRate.known
    let undo = EventRecord(step: 16, action: .learningRate, value: .number(rate), undo: true)
    let changed = try RunFixture.log(experiment, logEvery: 1, schedule: schedule([undo]))
    let steps = changed.compactMap(\.stepRecord)
    #expect(steps[7].learningRate == plain[7].learningRate)
    #expect(steps[8].learningRate == 0.3 && abs(steps[12].learningRate.known - 0.15) < 1e-8)
    for index in 16..<24 {
      #expect(abs(steps[index].learningRate.known / plain[index].learningRate.known - 1) < 1e-6)
    }
    let again = try RunFixture.log(experiment, logEvery: 1, schedule: EventSchedule(changed))
    #expect(again.map(\.timeless) == changed.map(\.timeless))
  }

  @Test func `undo under a schedule takes back the change of the rate, not the schedule's own`()
    throws
  {
    let experiment = try RunFixture.experiment([
      "schedule={name: exponential, every: 4, factor: 0.5}", "epochs=3", "pace=1",
    ])
    let segment = try RunFixture.segment(experiment)
    _ = try segment.perform(.set(.learningRate, to: 0.3))
    for _ in 0..<4 { _ = segment.learner.step(segment.setup.train, indices: [0, 1]) }
    #expect(abs(segment.learner.learningRate - 0.15) < 1e-9)
    _ = try segment.perform(.undo)
    #expect(abs(segment.learner.learningRate - 0.05) < 1e-8)
    #expect(segment.changes.isEmpty)
    // Nothing is left to undo, and the schedule continues.
    _ = try segment.perform(.undo)
    for _ in 0..<4 { _ = segment.learner.step(segment.setup.train, indices: [0, 1]) }
    #expect(abs(segment.learner.learningRate - 0.025) < 1e-8)
  }

  @Test(arguments: ["{name: step, every: 2, factor: 0}", "{name: cosine, total: 6}"])
  func `a rate given where its schedule has come to 0 holds from there, and events repeat it`(
    schedule: String
  ) throws {
    let experiment = try RunFixture.experiment(["schedule=\(schedule)"])
    let records = try RunFixture.log(
      experiment, logEvery: 1,
      schedule: .at(
        EventRecord(step: 8, action: .learningRate, value: .number(0.3)),
        EventRecord(step: 20, action: .learningRate, undo: true),
        EventRecord(step: 22, action: .learningRate, value: .number(0.02))))
    let events = records.compactMap(\.event)
    #expect(events.map(\.value) == [.number(0.3), .number(0), .number(0.02)])
    #expect(events.map(\.from) == [.number(0), .number(0.3), .number(0)])
    let rates = records.compactMap(\.stepRecord).map(\.learningRate)
    #expect(rates[6..<8].allSatisfy { $0 == 0 } && rates[8..<20].allSatisfy { $0 == 0.3 })
    #expect(rates[20..<22].allSatisfy { $0 == 0 } && rates[22...].allSatisfy { $0 == 0.02 })
    let again = try RunFixture.log(experiment, logEvery: 1, schedule: EventSchedule(records))
    #expect(again.map(\.timeless) == records.map(\.timeless))
  }
}
