// The arms and trials of a study: what is drawn, and how rows are dealt out.
import Foundation
import NeuralNetwork
import RunRecords
import Testing
import Training

@testable import Experiments

@Suite("Advised arms")
struct AdvisedArmTests {
  private let source: ExperimentSource

  init() throws { source = try ExperimentSource("cancer") }

  private func trials(_ name: String, _ count: Int = 8, seed: UInt64 = 1) throws -> [Experiment] {
    try AdvisedArm(name, of: source).trials(
      count, seed: seed, .init(split: 3, of: 15, test: .sealed), epochs: 1000)
  }

  @Test(arguments: AdvisedArm.names)
  func `a trial has the arm's parts and no others, and its rows dealt out`(name: String) throws {
    for trial in try trials(name) {
      let document = trial.document
      #expect(trial.arm == name)
      #expect(trial.constraint.enabled == name.contains("max-norm"))
      #expect((trial.optimizer.weightDecay > 0) == name.contains("l2"))
      #expect((trial.stopping != nil) == name.contains("early-stop"))
      #expect((trial.layers.compactMap(\.dropoutRate).count == 2) == name.contains("dropout"))
      #expect(document["data"]?["test"] == .flag(true))
      #expect(document["data"]?["sealed"] == .flag(true))
      #expect(document["data"]?["resample"]?["split"] == .integer(3))
      #expect(document["data"]?["resample"]?["of"] == .integer(15))
      // 1,000 epochs, about 50 evaluations.
      #expect(trial.evaluateEvery == 20)
    }
  }

  @Test func `all arms are tried at the same learning rates, spread over two decades`() throws {
    let rates = try AdvisedArm.names.map { try trials($0).map(\.optimizer.learningRate) }
    #expect(rates.allSatisfy { $0 == rates[0] })
    let places = rates[0].map { Int((log10($0 / 0.002) * 4).rounded(.down)) }
    // One of eight in each eighth of the decades 0.002 to 0.2.
    #expect(Set(places) == Set(0..<8), "\(rates[0])")
    #expect(try trials("none", seed: 2).map(\.optimizer.learningRate) != rates[0])
  }

  @Test func `further trials leave the first ones as they are`() throws {
    let few = try trials("l2+max-norm", 4)
    #expect(try trials("l2+max-norm", 16).prefix(4) == few[...])
    // The ceiling is drawn alike with and without other parts.
    let ceilings = try trials("max-norm").map(\.constraint.maxNorm)
    #expect(try trials("dropout+max-norm").map(\.constraint.maxNorm) == ceilings)
    #expect(Set(ceilings).count == 8 && ceilings.allSatisfy { 0.075...1.2 ~= $0 ?? 0 })
  }

  @Test func `what was drawn stands in the trial's sweep and in its settings`() throws {
    let trial = try trials("dropout+max-norm")[1]
    let values = Dictionary(trial.sweep.map { ($0.key, $0.value) }) { first, _ in first }
    #expect(values["constraint.max_norm"].map { Float($0) } == trial.constraint.maxNorm)
    let rates = trial.sweep.filter { $0.key.hasSuffix("dropout") }.map(\.value)
    // Behind both hidden layers, at one rate.
    #expect(rates.count == 2 && rates[0] == rates[1] && 0.1...0.6 ~= rates[0])
    #expect(trial.layers.compactMap(\.dropoutRate) == rates.map { Float($0) })
    let patience = try #require(try trials("early-stop")[0].stopping?.patience)
    #expect(2...20 ~= patience)
  }

  @Test func `a straight line is the last layer on the inputs`() throws {
    let line = try #require(AdvisedArm(straightLineOf: source))
    let trial = try #require(
      try line.trials(1, seed: 1, .init(split: 1, of: 5, test: .measured), epochs: 10).first)
    #expect(trial.layers.count == 2 && trial.arm == AdvisedArm.straightLine)
    #expect(trial.optimizer.weightDecay > 0 && !trial.constraint.enabled)
    let header = try trial.header()
    // 30 measures and a bias.
    #expect(header.parameters == 31)
    // A text has no such line.
    #expect(AdvisedArm(straightLineOf: try ExperimentSource("charlm")) == nil)
  }

  @Test func `a trial holds the test rows out and does not measure them`() throws {
    let arm = try AdvisedArm("none", of: source)
    func end(_ test: AdvisedArm.Parts.Test) throws -> EndRecord? {
      var trial = try #require(
        try arm.trials(1, seed: 1, .init(split: 1, of: 5, test: test), epochs: 1).first)
      trial.epochs = 1
      var options = RunOptions()
      options.publishes = true
      let run = TrainingRun(trial, options: options, onNews: {})
      run.start()
      #expect(run.waitUntilDone())
      return run.takeNews().lazy.compactMap { record in
        if case .end(let end) = record { end } else { nil }
      }.first
    }
    #expect(try #require(try end(.sealed)).test == nil)
    #expect(try #require(try end(.measured)).test?.accuracy != nil)
  }

  @Test func `without a test part all rows are dealt out to two`() throws {
    let arm = try AdvisedArm("none", of: source)
    let trial = try #require(
      try arm.trials(1, seed: 1, .init(split: 2, of: 5, test: .none), epochs: 10).first)
    let header = try trial.header()
    #expect(header.testExamples == nil)
    #expect((header.trainExamples ?? 0) + (header.validationExamples ?? 0) == 569)
    let tested = try #require(try trials("none", 1).first).header()
    #expect(tested.testExamples == 114)
  }

  @Test func `a recommended experiment is one of its own`() throws {
    let arm = try AdvisedArm("max-norm", of: source)
    let experiment = try arm.experiment(
      with: [
        SweptValue(key: "constraint.max_norm", value: 0.45),
        SweptValue(key: "optimizer.learning_rate", value: 0.01),
      ], epochs: 1000)
    #expect(experiment.evaluateEvery == 20)
    #expect(experiment.arm == nil && experiment.sweep.isEmpty)
    #expect(experiment.constraint.maxNorm == 0.45 && experiment.optimizer.learningRate == 0.01)
    #expect(experiment.data == (try source.experiment()).data.absolute(in: source.folder))
  }
}

extension LayerDescription {
  fileprivate var dropoutRate: Float? {
    if case .dropout(let rate) = self { rate } else { nil }
  }
}
