// What an experiment without optimizer, length and pace comes to, and the experiments of the manual.
import Experiments
import Foundation
import NeuralNetwork
import RunRecords
import TestSupport
import Testing

@testable import Training

@Suite struct StandardRunTests {
  private func source(_ yaml: String, in folder: URL = URL(fileURLWithPath: "/")) throws
    -> ExperimentSource
  {
    ExperimentSource(
      document: try JSONValue(yaml: yaml, name: "mine"), name: "mine", folder: folder)
  }

  /// The experiment of one's own table as the manual has it.
  private func example() throws -> String {
    let blocks = try Documentation.article("your-table").codeBlocks
    return try #require(blocks.first { $0.hasPrefix("# mine.yaml") })
  }

  /// 200 rows of three kinds, each around its own centre.
  private func table() -> String {
    var seed: UInt64 = 1
    func noise() -> Double {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(seed >> 40) / Double(1 << 24) - 0.5
    }
    let rows = (0..<200).map { row -> String in
      let (kind, x, y) = [("oak", 0.0, 0.0), ("elm", 4.0, 1.0), ("fir", 1.0, 5.0)][row % 3]
      return "\(x + noise()),\(y + noise()),\(noise()),\(kind)"
    }
    return (["width,height,weight,kind"] + rows).joined(separator: "\n") + "\n"
  }

  @Test func `the manual's table, typed as it stands, learns and clips`() throws {
    let folder = URL(fileURLWithPath: NSTemporaryDirectory())
      .appendingPathComponent("maxnorm-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try table().write(
      to: folder.appendingPathComponent("mine.csv"), atomically: true, encoding: .utf8)
    let experiment = try source(example(), in: folder).experiment()
    let records = try RunFixture.log(experiment)
    let end = try #require(records.compactMap(\.end).last)
    #expect(end.step == 3000 && end.reason == .finished)
    #expect((end.validationAccuracy ?? 0) > 0.95)
    #expect(end.clippedTotal.known > 0)
    guard case .header(let header) = records[0] else {
      Issue.record("expected a header")
      return
    }
    // 3,000 steps in a minute.
    #expect(header.experiment["pace"]?.double == 50)
    #expect(header.experiment["optimizer"]?["name"] == .text("adam"))
  }

  private let plain = "data: {source: digits}\nmodel: [dense: {units: 10}]\nloss: cross_entropy\n"

  @Test func `without optimizer it is adam at 0.001, without length 3,000 steps`() throws {
    let experiment = try source(plain).experiment()
    #expect(experiment.optimizer == OptimizerSettings(.adam(), learningRate: 0.001))
    #expect(experiment.steps == 3000 && experiment.pace == nil && experiment.notes.isEmpty)
    let epochs = try source(plain + "epochs: 7").experiment()
    #expect(epochs.steps == nil && epochs.epochs == 7)
    let steps = try source(plain + "steps: 70").experiment()
    #expect(steps.steps == 70)
    #expect(try source(plain + "pace: 0").experiment().pace == 0)
    #expect(try experiment.header().totalSteps == 3000)
    // What `show` prints and a checkpoint holds is the same experiment.
    let again = try Experiment(
      JSONValue(yaml: experiment.document.yaml(), name: "mine"), name: "mine",
      folder: experiment.folder)
    #expect(again == experiment)
  }

  @Test func `a part of the optimizer alone is a part of adam, and of sgd where only that has it`()
    throws
  {
    var adam = try source(plain)
    try adam.set("optimizer.learning_rate=0.01")
    #expect(try adam.experiment().optimizer == OptimizerSettings(.adam(), learningRate: 0.01))
    let unnamed = try source(plain + "optimizer: {learning_rate: 0.1}").experiment()
    #expect(unnamed.optimizer.kind.name == .adam)
    let momentum = try source(plain + "optimizer: {momentum: 0.9}").experiment()
    #expect(momentum.optimizer.kind.name == .sgd && momentum.optimizer.momentum == 0.9)
  }

  @Test func `on a screen a run without a pace lasts about a minute`() throws {
    let header = try source(plain + "epochs: 100").experiment().header()
    // 45 batches of 32 an epoch.
    #expect(header.totalSteps == 4500 && header.experiment["pace"]?.double == 75)
    #expect(try source(plain + "steps: 5").experiment().header().experiment["pace"]?.double == 1)
    #expect(
      try source(plain + "steps: 5\npace: 300").experiment().header().experiment["pace"]?.double
        == 300)
  }

  /// Blocks of keys, what they leave out put before them.
  private static let blocks =
    (try? Documentation.articles())?.flatMap { article in
      // The configuration file has other keys.
      article.name == "configuration"
        ? [] : article.codeBlocks.filter { $0.contains(#/^[a-z_]+:/#.anchorsMatchLineEndings()) }
    } ?? []

  @Test(arguments: blocks)
  func `every experiment of the manual is one`(block: String) throws {
    let defaults = [
      "data: {source: digits, image: true}", "model: [dense: {units: 10}]", "loss: cross_entropy",
    ]
    let missing = defaults.filter {
      !block.contains("\n" + $0.prefix { $0 != ":" } + ":")
        && !block.hasPrefix($0.prefix { $0 != ":" } + ":")
    }
    let experiment = try source((missing + [block]).joined(separator: "\n")).experiment()
    #expect(!experiment.layers.isEmpty)
  }

  @Test func `the manual has experiments`() { #expect(Self.blocks.count >= 8) }
}
