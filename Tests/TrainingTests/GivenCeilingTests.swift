// A ceiling given from outside holds, though the experiment has the constraint off.
import Experiments
import Foundation
import NeuralNetwork
import RunRecords
import Testing

@testable import Training

@Suite struct GivenCeilingTests {
  private func source() throws -> ExperimentSource {
    ExperimentSource(
      document: try JSONValue(
        yaml: """
          data: {source: digits, train: 100}
          model: [dense: {name: fc1, units: 8}, relu, dense: {name: fc2, units: 10}]
          loss: cross_entropy
          constraint: {max_norm: 0.6, enabled: false}
          epochs: 2
          """, name: "off"), name: "off", folder: URL(fileURLWithPath: "/"))
  }

  private func experiment(_ changes: String...) throws -> Experiment {
    var source = try source()
    for change in changes { try source.set(change) }
    return try source.experiment()
  }

  @Test(arguments: ["constraint.max_norm=0.1", "model.fc1.max_norm=0.1", "model[0].max_norm=0.1"])
  func `giving r switches the constraint on and says so`(change: String) throws {
    let experiment = try experiment(change)
    #expect(experiment.constraint.enabled)
    #expect(
      experiment.notes.count == 1 && experiment.notes[0].hasPrefix("constraint switched on: "))
    #expect(experiment.notes[0].contains("= 0.1 was given, and off has constraint.enabled: false"))
    let records = try RunFixture.log(experiment)
    #expect((records.compactMap(\.end).last?.clippedTotal ?? 0) > 0)
  }

  @Test func `it stays off where that is said beside it, in either order, and without r`() throws {
    for experiment in [
      try experiment("constraint.enabled=false", "constraint.max_norm=0.1"),
      try experiment("constraint.max_norm=0.1", "constraint.enabled=false"),
      try experiment("constraint={max_norm: 0.1, enabled: false}"),
      try experiment("optimizer.learning_rate=0.1"), try experiment("constraint.max_norm=none"),
    ] {
      #expect(!experiment.constraint.enabled && experiment.notes.isEmpty)
    }
    let whole = try experiment("constraint={max_norm: 0.1}")
    #expect(whole.constraint.enabled)
  }

  @Test func `an arm and a sweep that give r switch it on, one that leaves it out does not`() throws
  {
    let source = try source()
    func arm(_ argument: String) throws -> Experiment {
      try source.arm(try ArmSettings(argument: argument))
    }
    #expect(try arm("a:constraint.max_norm=0.1").constraint.enabled)
    #expect(try arm("a:constraint.max_norm=0.1,from=dropout").constraint.enabled)
    #expect(try !arm("a:constraint.max_norm=0.1,constraint.enabled=false").constraint.enabled)
    #expect(try !arm("none").constraint.enabled && arm("max-norm").constraint.enabled)
    let swept = try source.arm(
      ArmSettings(name: "a"), sweep: [.init(key: "constraint.max_norm", value: 0.2)])
    #expect(swept.constraint.enabled)
    // What is given for all arms does not switch on the one that is without.
    var given = source
    try given.set("constraint.max_norm=0.1")
    #expect(try !given.arm(ArmSettings(name: "none", from: "none")).constraint.enabled)
    #expect(try given.arm(ArmSettings(name: "as-is")).constraint.enabled)
  }
}
