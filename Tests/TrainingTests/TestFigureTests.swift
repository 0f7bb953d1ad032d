// Figures of the test part: measured once at the end, of the weights that were chosen, and nowhere else.
import Basics
import Datasets
import Foundation
import NeuralNetwork
import RunRecords
import TestSupport
import Testing

@testable import Experiments
@testable import Training

@Suite struct TestFigureTests {
  /// The log of a run and the weights that it leaves.
  private struct Outcome {
    var text = ""
    var records: [Record] = []
    var weights: SafetensorsFile
    var best: SafetensorsFile?
    var end: EndRecord { records.compactMap(\.end).last ?? EndRecord(0, nil) }
  }

  private func run(
    _ experiment: Experiment, schedule: EventSchedule = EventSchedule(), keepsBest: Bool = false
  ) throws -> Outcome {
    try inTemporaryFolder([:]) { folder in
      func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
      var options = RunOptions()
      options.schedule = schedule
      options.savedWeights = path("weights.safetensors")
      if keepsBest { options.savedBest = path("best.safetensors") }
      options.logs = [try LogDestination(opening: path("run.jsonl"), overwrite: false)]
      let run = TrainingRun(experiment, options: options, onNews: {})
      run.start()
      _ = run.waitUntilDone()
      if case .failed(let error) = run.outcome { throw error }
      return Outcome(
        text: try String(contentsOfFile: path("run.jsonl"), encoding: .utf8),
        records: try RecordFile.records(at: path("run.jsonl")),
        weights: try SafetensorsFile(contentsOf: path("weights.safetensors")),
        best: keepsBest ? try SafetensorsFile(contentsOf: path("best.safetensors")) : nil)
    }
  }

  /// Loss and accuracy of weights on examples, by the definitions and one example after the other.
  private func naive(
    _ experiment: Experiment, _ weights: SafetensorsFile
  ) throws -> (loss: Double, accuracy: Double) {
    let setup = try RunSetup(experiment, seed: experiment.seed)
    for tensor in weights.tensors { try setup.learner.setValues(tensor.values, of: tensor.name) }
    let test = try #require(setup.dataset.test).examples
    guard case .classes(let labels, let classes, 1) = test.targets else { return (.nan, .nan) }
    var (loss, hits) = (0.0, 0)
    for index in 0..<test.count {
      let input = Array(test.inputs[index * test.inputSize..<(index + 1) * test.inputSize])
      let outputs = setup.learner.predict(input, count: 1).map(Double.init)
      let label = Int(labels[index])
      loss -= outputs[label] - log(outputs.reduce(0) { $0 + exp($1) })
      if (0..<classes).allSatisfy({ $0 == label || outputs[$0] < outputs[label] }) { hits += 1 }
    }
    return (loss / Double(test.count), Double(hits) / Double(test.count))
  }

  @Test func `the end has the figures of the last weights, as computed anew`() throws {
    let experiment = try RunFixture.experiment(["data.test=true"])
    let outcome = try run(experiment)
    let test = try #require(outcome.end.test)
    let (loss, accuracy) = try naive(experiment, outcome.weights)
    #expect(abs(Double(test.loss.known) - loss) < 1e-5)
    #expect(test.accuracy == Float(accuracy) && test.step == 40 && test.looks == nil)
    guard case .header(let header) = outcome.records[0] else { return }
    #expect(header.testExamples == 360 && header.testMetric == "test_accuracy")
    #expect(header.trainExamples == 100 && header.validationExamples == 287)
  }

  @Test func `no record before the end tells anything of the test part`() throws {
    let outcome = try run(try RunFixture.experiment(["data.test=true"]))
    let lines = outcome.text.split(separator: "\n")
    let telling = lines.filter { $0.contains("test_") }
    #expect(telling.count == 2 && telling[0].hasPrefix(#"{"type":"header""#))
    #expect(telling[0].matches(of: /test_[a-z]+/).map(\.output) == ["test_examples"])
    #expect(telling[1].hasPrefix(#"{"type":"end""#) && telling[1] == lines.last)
    #expect(telling[1].contains(#""test_metrics":{"test_"#))
  }

  @Test func `a run with a test part trains as one of the same data without`() throws {
    // Drawn data keep their other parts.
    let changes = ["data={source: moons, train: 60, validation: 40}", "model.fc2.units=2"]
    let plain = try run(try RunFixture.experiment(changes))
    let tested = try run(try RunFixture.experiment(changes + ["data.test=30"]))
    func comparable(_ records: [Record]) -> [Record] {
      records.map(\.timeless).compactMap { record in
        switch record {
        case .header: return nil
        case .end(var end):
          end.test = nil
          return .end(end)
        default: return record
        }
      }
    }
    #expect(comparable(plain.records) == comparable(tested.records))
    #expect(tested.end.test?.accuracy != nil && plain.end.test == nil)
  }

  @Test func `an end after training on says how often the part was seen`() throws {
    let schedule = EventSchedule(
      [.header(.sample()), .end(EndRecord(40, .finished))]
        + [
          EventRecord(step: 40, action: .maxNorm, value: .number(0.5)),
          EventRecord(step: 40, action: .extend, value: .steps(80)),
        ].map(Record.event))
    let outcome = try run(try RunFixture.experiment(["data.test=true"]), schedule: schedule)
    #expect(outcome.records.compactMap(\.end).map { $0.test?.looks } == [nil, 2])
    #expect(outcome.text.contains(#""test_looks":2"#))
  }

  @Test func `where the file of the best weights is wanted, they are what is tested`() throws {
    let experiment = try RunFixture.experiment(["data.test=true", "epochs=30"])
    let outcome = try run(experiment, keepsBest: true)
    let test = try #require(outcome.end.test)
    #expect(test.step == outcome.end.best?.step && test.step.known < 120)
    #expect(try test.accuracy == Float(naive(experiment, #require(outcome.best)).accuracy))
    // The run itself ends with the last weights.
    #expect(outcome.end.restored == nil && outcome.weights.tensors != outcome.best?.tensors)
  }

  @Test(arguments: [
    "source: digits", "source: fashion", "source: mnist", "source: vowels", "source: temperature",
    "source: cancer", "source: diabetes", "source: penguins", "source: wine, split: last",
    "source: oil", "source: sunspots", "source: noisy_series, length: 400",
    "source: kjv", "source: random, inputs: 3, outputs: 2, train: 20, validation: 9",
    "source: noisy_table", "source: shapes, train: 8, validation: 6",
    "source: canvas_digits, train: 8, validation: 6", "source: dates, train: 8, validation: 6",
    "source: delayed_sum, train: 8, validation: 6, standardize_target: true",
    "source: moons", "source: spirals, standardize: true",
  ])
  func `every source holds a part out, and deals it out anew for a resampling`(data: String) throws
  {
    func load(_ parts: String, seed: UInt64 = 1) throws -> Dataset {
      let document = try JSONValue(yaml: "data: {\(data), \(parts)}", name: "x")["data"] ?? .null
      var experiment = try RunFixture.experiment()
      experiment.data = try DataSettings(document, experiment: "x")
      return try Dataset(experiment, seed: seed)
    }
    let held = try load("test: true")
    let test = try #require(held.test)
    #expect(held.train.count > 0 && held.validation.count > 0 && test.examples.count > 0)
    #expect(test.examples.inputSize == held.train.inputSize && test.examples != held.validation)
    let splits = try (1...3).map { try load("test: true, resample: {split: \($0), of: 3}") }
    for split in splits {
      let counts = PartCounts(
        train: split.train.count, validation: split.validation.count,
        test: try #require(split.test).examples.count)
      #expect(counts.train > 0 && counts.validation > 0 && counts.test > 0)
    }
    #expect(splits[0].test != splits[1].test && splits[1].test != splits[2].test)
    // Whatever the seed of the run.
    #expect(try load("test: true, resample: {split: 2, of: 3}", seed: 8) == splits[1])
  }
}
