// Checkpoints that are damaged, foreign, of a later version or cannot be written; the best weights.
import Basics
import Experiments
import Foundation
import NeuralNetwork
import RunRecords
import Testing

@testable import Training

@Suite struct CheckpointFileTests {
  /// The bytes of a small run's checkpoint.
  private func checkpoint(_ fixture: borrowing CheckpointFixture) throws -> [UInt8] {
    let experiment = try RunFixture.experiment(["model.fc1.units=4", "steps=20"])
    try fixture.start(experiment, stop: 15)
    return Array(try Data(contentsOf: URL(fileURLWithPath: fixture.checkpoint)))
  }

  @Test func `a checkpoint cut short anywhere is an error`() throws {
    let fixture = try CheckpointFixture()
    let bytes = try checkpoint(fixture)
    for count in stride(from: 0, to: bytes.count, by: 97) {
      try Data(bytes[..<count]).write(to: URL(fileURLWithPath: fixture.checkpoint))
      let error = #expect(throws: ProgramError.self) {
        try Checkpoint(contentsOf: fixture.checkpoint)
      }
      #expect(error?.kind == .bad)
    }
    #expect(bytes.count > 5000)
  }

  @Test func `a bit that was flipped anywhere is an error`() throws {
    let fixture = try CheckpointFixture()
    let bytes = try checkpoint(fixture)
    for place in stride(from: 0, to: bytes.count, by: 41) {
      var flipped = bytes
      flipped[place] ^= 1 << UInt8(place / 41 % 8)
      try Data(flipped).write(to: URL(fileURLWithPath: fixture.checkpoint))
      let error = #expect(throws: ProgramError.self, "byte \(place)") {
        try Checkpoint(contentsOf: fixture.checkpoint)
      }
      #expect(error?.kind == .bad)
    }
  }

  @Test func `a later version, weights alone and no file are different errors`() throws {
    let fixture = try CheckpointFixture()
    _ = try checkpoint(fixture)
    var file = try SafetensorsFile(contentsOf: fixture.checkpoint)
    file.metadata["maxnorm_checkpoint"] = "3"
    try file.write(to: fixture.checkpoint)
    let later = #expect(throws: ProgramError.self) {
      try Checkpoint(contentsOf: fixture.checkpoint)
    }
    #expect(later?.description.contains("expected version 2, found 3") == true)
    file.metadata = [:]
    try file.write(to: fixture.checkpoint)
    let weights = #expect(throws: ProgramError.self) {
      try Checkpoint(contentsOf: fixture.checkpoint)
    }
    #expect(weights?.hint.contains("--init") == true)
    let missing = #expect(throws: ProgramError.self) {
      try Checkpoint(contentsOf: fixture.folder.path + "/none")
    }
    #expect(missing?.kind == .unreadable)
  }

  @Test func `what would change the past is refused, what ends the run later is not`() throws {
    let fixture = try CheckpointFixture()
    let experiment = try RunFixture.experiment(["steps=20"])
    try fixture.start(experiment, stop: 15)
    let kept = try Checkpoint(contentsOf: fixture.checkpoint)
    for (change, kind, key) in [
      ("optimizer.learning_rate=0.2", ProgramError.Kind.usage, "optimizer.learning_rate"),
      ("seed=2", .usage, "seed"), ("constraint.max_norm=1", .usage, "constraint.max_norm"),
      ("model.fc1.units=8", .bad, "model.0.dense.units"), ("data.train=50", .bad, "data.train"),
    ] {
      let other = try RunFixture.experiment(["steps=20", change])
      let error = #expect(throws: ProgramError.self) { try kept.check(other) }
      #expect(error?.kind == kind && error?.problem.hasPrefix(key + ": expected") == true)
    }
    try kept.check(try RunFixture.experiment(["steps=90", "pace=3", "title=Other"]))
    #expect(try kept.source.experiment() == experiment)
  }

  @Test func `other examples under the same name are another run`() throws {
    let fixture = try CheckpointFixture()
    func experiment(_ last: Int) throws -> Experiment {
      let rows = (0..<20).map { "\($0),\($0 % 2)" } + ["\(last),1"]
      try (["x,kind"] + rows).joined(separator: "\n").write(
        to: fixture.folder.appendingPathComponent("mine.csv"), atomically: true, encoding: .utf8)
      return try Experiment(
        try JSONValue(
          yaml: """
            data: {csv: mine.csv, target: kind, task: classification}
            model: [{dense: {units: 2}}]
            loss: cross_entropy
            steps: 20
            """, name: "mine"), name: "mine", folder: fixture.folder)
    }
    try fixture.start(try experiment(7), stop: 10)
    let error = #expect(throws: ProgramError.self) { try fixture.resume(try experiment(8)) }
    #expect(error?.kind == .bad)
    try fixture.resume(try experiment(7))
  }

  @Test func `a checkpoint holds the states that its optimizer has, and no others`() throws {
    for (optimizer, expected) in [
      ("sgd", []), ("{name: sgd, momentum: 0.9}", ["first"]), ("adam", ["first", "second"]),
      ("rmsprop", ["second"]), ("{name: rmsprop, momentum: 0.9}", ["first", "second"]),
      ("lion", ["momentum"]), ("adagrad", ["sum"]), ("nadam", ["first", "second"]),
    ] {
      let fixture = try CheckpointFixture()
      let experiment = try RunFixture.experiment(["optimizer=\(optimizer)", "steps=20"])
      try fixture.start(experiment, stop: 15)
      let names = try SafetensorsFile(contentsOf: fixture.checkpoint).tensors.map(\.name)
      let states = names.map { $0.split(separator: ".") }.filter { $0[0] == "optimizer" }
      #expect(Set(states.map { String($0[1]) }).sorted() == expected, "\(optimizer)")
    }
  }

  /// Version 1 of the format, where every optimizer had the settings of all.
  @Test(arguments: [
    ("sgd", OptimizerSettings(.sgd(SGD(momentum: 0.9, nesterov: true)), learningRate: 0.1)),
    ("adam", OptimizerSettings(.adam(), learningRate: 0.1)),
    ("adamw", OptimizerSettings(.adamw(), learningRate: 0.1, weightDecay: 0)),
  ])
  func `the settings of former checkpoints are read`(kind: String, expected: OptimizerSettings)
    throws
  {
    let text = """
      {"alpha":0.99,"beta1":0.9,"beta2":0.999,"epsilon":1e-08,"kind":"\(kind)","l1":0,\
      "learning_rate":0.1,"momentum":0.9,"nesterov":true,"weight_decay":0}
      """
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    #expect(try decoder.decode(OptimizerSettings.self, from: Data(text.utf8)) == expected)
  }

  @Test func `a checkpoint holds weights that a run can start from`() throws {
    let fixture = try CheckpointFixture()
    let experiment = try RunFixture.experiment(["steps=20"])
    try fixture.start(experiment, stop: 15)
    let setup = try RunSetup(experiment, seed: 5)
    _ = try setup.learner.loadWeights(from: fixture.checkpoint)
    let file = try SafetensorsFile(contentsOf: fixture.checkpoint)
    let weights = try #require(file.tensors.first { $0.name == "fc1.weight" })
    #expect(try setup.learner.values(of: "fc1.weight") == weights.values)
    #expect(file.tensors.contains { $0.name == "optimizer.first.fc1.weight" })
  }

  @Test func `the best weights are those of the best evaluation`() throws {
    let fixture = try CheckpointFixture()
    let path = fixture.folder.path + "/best.safetensors"
    // Learned by heart, wrong labels make it worse.
    let experiment = try RunFixture.experiment([
      "model.fc1.units=64", "data.label_noise=0.5", "constraint.enabled=false", "epochs=120",
    ])
    var options = RunOptions()
    options.savedBest = path
    options.logs = [try LogDestination(opening: fixture.log, overwrite: true)]
    let run = TrainingRun(experiment, options: options, onNews: {})
    run.start()
    _ = run.waitUntilDone()
    let end = try #require(try RecordFile.records(at: fixture.log).compactMap(\.end).last)
    let best = try #require(end.best)
    let setup = try RunSetup(experiment, seed: experiment.seed)
    _ = try setup.learner.loadWeights(from: path)
    let accuracy = setup.learner.evaluate(setup.validation).accuracy.map { Float($0) }
    #expect(accuracy == best.value && best.step < end.step)
    #expect(try SafetensorsFile(contentsOf: path).metadata["step"] == "\(best.step)")
  }

  @Test func `a checkpoint that cannot be written ends a run without a screen alone`() throws {
    let fixture = try CheckpointFixture()
    let experiment = try RunFixture.experiment(["steps=40"])
    var options = RunOptions()
    options.checkpoint = CheckpointOptions(path: fixture.folder.path + "/none/x", every: 10)
    options.logs = [try LogDestination(opening: fixture.log, overwrite: true)]
    let run = TrainingRun(experiment, options: options, onNews: {})
    run.start()
    _ = run.waitUntilDone()
    guard case .failed(let error as ProgramError) = run.outcome, error.subject == .checkpoint else {
      Issue.record("\(String(describing: run.outcome))")
      return
    }
    #expect(error.kind == .unwritable)
    let end = try RecordFile.records(at: fixture.log).compactMap(\.end).last
    #expect(end?.reason == .interrupted && end?.step == 10)

    options.logs = []
    options.isInteractive = true
    options.publishes = true
    let shown = TrainingRun(experiment, options: options, onNews: {})
    shown.start()
    _ = shown.records { $0.end != nil }
    #expect(shown.stopAndWait())
    #expect(
      shown.troubles.count == 4
        && (shown.troubles.last as? ProgramError)?.subject == .checkpoint)
  }

  @Test
  func `a run that has made all its steps has finished, though its checkpoint cannot be written`()
    throws
  {
    let fixture = try CheckpointFixture()
    var options = RunOptions()
    options.checkpoint = CheckpointOptions(path: fixture.folder.path + "/none/x")
    options.logs = [try LogDestination(opening: fixture.log, overwrite: true)]
    let run = TrainingRun(
      try RunFixture.experiment(["steps=40"]), options: options, onNews: {})
    run.start()
    _ = run.waitUntilDone()
    guard case .failed(let error as ProgramError) = run.outcome, error.subject == .checkpoint else {
      Issue.record("\(String(describing: run.outcome))")
      return
    }
    let end = try RecordFile.records(at: fixture.log).compactMap(\.end).last
    #expect(end?.reason == .finished && end?.step == 40)
  }
}
