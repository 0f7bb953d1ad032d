// Runs that start from files of weights and leave some.
import Basics
import Experiments
import Foundation
import NeuralNetwork
import RunRecords
import Testing

@testable import Training

@Suite struct WeightFileTests {
  private func run(_ experiment: Experiment, initial: String? = nil, saved: String? = nil) throws
    -> EndRecord.Reason
  {
    var options = RunOptions()
    options.initialWeights = initial
    options.savedWeights = saved
    let run = TrainingRun(experiment, options: options, onNews: {})
    run.start()
    _ = run.waitUntilDone()
    switch run.outcome {
    case .ended(let reason): return reason
    case .failed(let error): throw error
    case nil: return .interrupted
    }
  }

  @Test func `a run starts from another's weights`() throws {
    let folder = NSTemporaryDirectory()
    let (half, whole, rest) = (
      folder + "\(UUID()).safetensors", folder + "\(UUID()).safetensors",
      folder + "\(UUID()).safetensors"
    )
    defer { for path in [half, whole, rest] { try? FileManager.default.removeItem(atPath: path) } }
    // Without momentum, dropout and shuffling the weights are all a run needs to continue from.
    let changes = ["shuffle=false", "model[2]=relu", "optimizer.momentum=0", "data.label_noise=0"]
    let short = try RunFixture.experiment(changes + ["epochs=2"])
    #expect(try run(short, saved: half) == .finished)
    #expect(try run(RunFixture.experiment(changes + ["epochs=4"]), saved: whole) == .finished)
    #expect(try run(short, initial: half, saved: rest) == .finished)
    let files = try [half, whole, rest].map { try SafetensorsFile(contentsOf: $0) }
    #expect(files[2].tensors == files[1].tensors)
    #expect(files[0].tensors != files[1].tensors)
    #expect(
      files[0].tensors.map(\.name) == ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"])
  }

  @Test func `another model's weights are refused`() throws {
    let path = NSTemporaryDirectory() + "\(UUID()).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    _ = try run(RunFixture.experiment(["epochs=1"]), saved: path)
    #expect(throws: ProgramError.self) {
      try run(RunFixture.experiment(["model.fc1.units=17"]), initial: path)
    }
  }

  @Test func `NaN weights are refused, with tensor and count`() throws {
    let path = NSTemporaryDirectory() + "\(UUID()).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let experiment = try RunFixture.experiment(["epochs=1"])
    #expect(try run(experiment, saved: path) == .finished)
    var file = try SafetensorsFile(contentsOf: path)
    file.tensors[0].values[3] = .nan
    file.tensors[0].values[7] = .infinity
    file.tensors[3].values[0] = .nan
    try file.write(to: path)
    do {
      _ = try run(experiment, initial: path)
      Issue.record("NaN was taken")
    } catch let error as ProgramError {
      #expect(error.kind == .bad)
      #expect(
        error.problem
          == "expected finite numbers, found 2 of the 1024 of fc1.weight NaN or infinite, "
          + "and such in 1 more tensors")
    }
  }

  @Test func `a wrapper's prefix is taken off and noted in the header`() throws {
    let path = NSTemporaryDirectory() + "\(UUID()).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let experiment = try RunFixture.experiment(["epochs=1"])
    #expect(try run(experiment, saved: path) == .finished)
    var file = try SafetensorsFile(contentsOf: path)
    for index in file.tensors.indices {
      file.tensors[index].name = "module." + file.tensors[index].name
    }
    try file.write(to: path)
    var options = RunOptions()
    options.initialWeights = path
    let setup = try RunSetup(experiment, seed: 1, options: options)
    #expect(setup.notes == ["weights: 'module.' taken off the names of all 4 tensors"])
    #expect(setup.learner.weightsFile.tensors[0].values == file.tensors[0].values)
  }

  @Test func `a run that diverged leaves no weights`() throws {
    let path = NSTemporaryDirectory() + "\(UUID()).safetensors"
    let experiment = try RunFixture.experiment([
      "optimizer.learning_rate=1e30", "constraint.enabled=false",
    ])
    #expect(try run(experiment, saved: path) == .diverged)
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
