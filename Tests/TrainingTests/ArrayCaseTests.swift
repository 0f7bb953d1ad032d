// Experiments on arrays as people saved them: each has the values that NumPy shows.
import Basics
import Experiments
import Foundation
import RunRecords
import Testing

@testable import Datasets
@testable import Training

@Suite struct ArrayCaseTests {
  private func experiment(_ name: String, _ changes: [String] = []) throws -> Experiment {
    let folder = try #require(Bundle.module.resourceURL).appendingPathComponent("Arrays")
    var source = try ExperimentSource(folder.appendingPathComponent("\(name).yaml").path)
    for change in changes { try source.set(change) }
    return try source.experiment()
  }

  private func load(_ name: String, _ changes: [String] = []) throws -> Dataset {
    let experiment = try experiment(name, changes)
    return try Dataset(experiment, seed: experiment.seed)
  }

  private func lastAccuracy(_ name: String) throws -> Float {
    let records = try RunFixture.log(try experiment(name))
    return try #require(records.compactMap(\.evaluation).last?.validationAccuracy)
  }

  private let first: [Float] = [
    0.12573022, -0.13210486, 0.64042264, 0.104900114, -0.5356694, 0.36159506,
  ]

  @Test(arguments: [
    ("b-fortran", [] as [String]), ("e-f16", []),
    ("j-float-labels", ["float32 targets are whole numbers: read as classes"]),
    ("n-labels-from-1", ["labels 1 to 2 read as classes 0 to 1"]),
  ])
  func `arrays of other orders and kinds are the same examples`(name: String, notes: [String])
    throws
  {
    let data = try load(name)
    #expect(data.train.count == 160 && data.validation.count == 40 && data.inputShape == [6])
    for (value, expected) in zip(data.train.inputs, first) {
      #expect(abs(value - expected) < (name == "e-f16" ? 5e-4 : 1e-7))
    }
    guard case .classes(let labels, classes: 2, positions: 1) = data.train.targets else {
      Issue.record("expected two classes, found others")
      return
    }
    #expect(labels.prefix(8) == [1, 0, 1, 0, 0, 1, 1, 0])
    #expect(data.notes == notes)
    #expect(data.classNames == (name == "n-labels-from-1" ? ["1", "2"] : ["0", "1"]))
  }

  @Test func `channels last are named, and read with the layout`() throws {
    let problem = #expect(throws: ProgramError.self) { try load("p-nhwc") }
    #expect(
      problem?.description.contains(
        "shape [200, 8, 8, 3], which looks like [N, H, W, C]: "
          + "set data.layout: nhwc") == true)
    let data = try load("p-nhwc", ["data.layout=nhwc"])
    #expect(data.inputShape == [3, 8, 8])
    #expect(data.train.inputs.prefix(3) == [207, 71, 125])
    // The second row of the first channel, the second channel, the second image.
    #expect(data.train.inputs[8..<11] == [211, 131, 158])
    #expect(data.train.inputs[64..<72] == [154, 118, 235, 203, 86, 61, 116, 115])
    #expect([0, 64, 128].map { data.train.inputs[192 + $0] } == [61, 151, 17])
  }

  @Test func `rows sorted by class are in both parts, and it is said`() throws {
    let data = try load("x-sorted")
    for part in [data.train, data.validation] {
      guard case .classes(let labels, classes: 2, positions: 1) = part.targets else { return }
      let share = Double(labels.count { $0 == 1 }) / Double(part.count)
      #expect(abs(share - 113.0 / 200) < 0.02)
    }
    #expect(data.train.count == 160 && data.notes.count == 1)
    #expect(data.notes[0].hasPrefix("split by class, for the last rows would leave a part"))
    let last = try load("x-sorted", ["data.split=last"])
    #expect(last.notes == ["the validation part has no example of class '0'"])
    let table = try load("sorted")
    #expect(table.classNames == ["cat", "dog"] && table.notes.isEmpty)
    let header = try RunSetup(experiment("x-sorted"), seed: 1).header(
      experiment("x-sorted"), seed: 1, threads: 1)
    #expect(header.notes == data.notes)
  }

  @Test func `seconds since 1970 decide the class as well as seconds from 0`() throws {
    let far = try load("npy-x64")
    let near = try load("npy-xok")
    #expect(far.train.inputs == near.train.inputs)
    #expect(try lastAccuracy("npy-x64") == lastAccuracy("npy-xok"))
    #expect(try lastAccuracy("npy-x64") > 0.9)
  }
}
