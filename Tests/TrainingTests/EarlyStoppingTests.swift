// Early stopping: when a run ends before its last step, and with which weights.
import Experiments
import Foundation
import NeuralNetwork
import RunRecords
import TestSupport
import Testing

@testable import Training

@Suite struct EarlyStoppingTests {
  /// Weights that never move have their best evaluation after the first epoch, which has four steps.
  @Test func `a run ends after as many evaluations as it has patience for`() throws {
    let records = try RunFixture.log(
      try RunFixture.experiment([
        "optimizer.learning_rate=1e-30", "stopping={patience: 3}",
      ]))
    let end = try #require(records.compactMap(\.end).last)
    #expect(records.compactMap(\.evaluation).map(\.step) == [4, 8, 12, 16])
    #expect(end.step == 16 && end.reason == .finished && end.early == true)
    #expect(end.best?.step == 4 && end.restored == 4)
    guard case .header(let header) = records[0] else { return }
    #expect(header.experiment["stopping"]?.json == #"{"patience":3,"restore":true}"#)
    #expect(header.totalSteps == 40)
  }

  @Test func `the weights of the best evaluation are put back at the end`() throws {
    let experiment = try RunFixture.experiment([
      "epochs=60", "stopping={patience: 5}", "data.train=60", "data.label_noise=0.4",
    ])
    try inTemporaryFolder([:]) { folder in
      func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
      var options = RunOptions()
      options.savedWeights = path("weights.safetensors")
      options.savedBest = path("best.safetensors")
      options.logs = [try LogDestination(opening: path("run.jsonl"), overwrite: false)]
      let run = TrainingRun(experiment, options: options, onNews: {})
      run.start()
      _ = run.waitUntilDone()
      let records = try RecordFile.records(at: path("run.jsonl"))
      let end = try #require(records.compactMap(\.end).last)
      let best = try #require(end.best)
      #expect(end.early == true && end.restored == best.step && best.step < end.step)
      let chosen = try #require(records.compactMap(\.evaluation).first { $0.step == best.step })
      #expect(end.validationLoss == chosen.validationLoss)
      #expect(end.validationAccuracy == chosen.validationAccuracy)
      let weights = try SafetensorsFile(contentsOf: path("weights.safetensors")).tensors
      #expect(try weights == SafetensorsFile(contentsOf: path("best.safetensors")).tensors)
    }
  }

  @Test func `without restoring, the last weights stand`() throws {
    let records = try RunFixture.log(
      try RunFixture.experiment([
        "optimizer.learning_rate=1e-30", "stopping={patience: 2, restore: false}",
      ]))
    let end = try #require(records.compactMap(\.end).last)
    #expect(end.step == 12 && end.early == true && end.restored == nil)
  }

  @Test func `a run that is trained on goes on from its last weights, and waits anew`() throws {
    let schedule = EventSchedule([
      .header(.sample()), .end(EndRecord(40, .finished)),
      .event(EventRecord(step: 40, action: .extend, value: .steps(80))),
    ])
    let kept = try RunFixture.log(
      try RunFixture.experiment(["stopping={patience: 100}"]), schedule: schedule)
    let plain = try RunFixture.log(try RunFixture.experiment(), schedule: schedule)
    #expect(kept.compactMap(\.end).allSatisfy { $0.restored != nil && $0.early == nil })
    #expect(
      kept.compactMap(\.stepRecord).map { Record.step($0).timeless }
        == plain.compactMap(\.stepRecord).map { Record.step($0).timeless })
    let waiting = try RunFixture.log(
      try RunFixture.experiment(["optimizer.learning_rate=1e-30", "stopping={patience: 3}"]),
      schedule: EventSchedule([
        .header(.sample()), .end(EndRecord(16, .finished)),
        .event(EventRecord(step: 16, action: .extend, value: .steps(56))),
      ]))
    #expect(waiting.compactMap(\.end).map(\.step) == [16, 28])
  }

  @Test(arguments: [13, 24, 37])
  func `a run resumes with its patience, its best weights and its looks`(cut: Int) throws {
    let fixture = try CheckpointFixture()
    let experiment = try RunFixture.experiment([
      "epochs=60", "stopping={patience: 6}", "data.train=60", "data.label_noise=0.4",
    ])
    #expect(try fixture.isEqual(experiment, cut: cut))
  }

  @Test func `a look at the test part counts for who resumes behind it`() throws {
    let fixture = try CheckpointFixture()
    let experiment = try RunFixture.experiment(["data.test=true", "stopping={patience: 100}"])
    try fixture.start(experiment, stop: 20)
    #expect(try fixture.records().compactMap(\.end).last?.test?.looks == nil)
    try fixture.resume(experiment)
    let end = try #require(fixture.records().compactMap(\.end).last)
    #expect(end.step == 40 && end.test?.looks == 2)
  }

  @Test func `patience is a number of evaluations`() {
    #expect(throws: (any Error).self) { try RunFixture.experiment(["stopping={patience: 0}"]) }
    #expect(throws: (any Error).self) { try RunFixture.experiment(["stopping={restore: true}"]) }
  }
}
