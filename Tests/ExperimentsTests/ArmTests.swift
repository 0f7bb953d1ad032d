// Arms of a comparison: what regularizers make of an experiment, and what a sweep goes over.
import Basics
import Foundation
import NeuralNetwork
import RunRecords
import Testing

@testable import Experiments

@Suite struct ArmTests {
  private func source(_ yaml: String) throws -> ExperimentSource {
    ExperimentSource(
      document: try JSONValue(yaml: yaml, name: "x"), name: "x",
      folder: URL(fileURLWithPath: "/somewhere"))
  }

  /// The layers of an arm in words.
  private func layers(_ words: String, of yaml: String) throws -> [String] {
    let experiment = try source(yaml).arm(ArmSettings(name: "arm", from: words))
    guard case .list(let layers)? = experiment.document["model"] else { return [] }
    return layers.map { layer in
      switch layer {
      case .text(let name): name
      case .fields(let fields): fields[0].key
      default: ""
      }
    }
  }

  private let plain = """
    data: {source: digits}
    model: [dense: {units: 8}, relu, dense: {units: 8}, tanh, dense: {units: 10}]
    loss: cross_entropy
    optimizer: {learning_rate: 0.1}
    """

  @Test func `an arm of none has no regularizer but measures norms`() throws {
    let experiment = try source(
      """
      data: {source: digits}
      model: [dense: {units: 8}, batch_norm, relu, dropout: 0.3, dense: {units: 10}]
      loss: cross_entropy
      optimizer: {learning_rate: 0.1, weight_decay: 0.01, l1: 0.1}
      constraint: {max_norm: 2}
      """
    ).arm(ArmSettings(name: "none", from: "none"))
    #expect(experiment.layers.count == 3)
    #expect(experiment.optimizer.weightDecay == 0 && experiment.optimizer.l1 == 0)
    #expect(!experiment.constraint.enabled && experiment.constraint.maxNorm == 2)
    #expect(experiment.arm == "none")
  }

  @Test func `early stopping joins others, as the experiment has it or with a patience of 20`()
    throws
  {
    let usual = try source(plain).arm(ArmSettings(name: "arm", from: "early-stop+max-norm"))
    #expect(usual.stopping == StoppingSettings(patience: 20) && usual.constraint.enabled)
    let own = "\(plain)\nstopping: {patience: 7, restore: false}"
    #expect(
      try source(own).arm(ArmSettings(name: "arm", from: "early-stop")).stopping
        == StoppingSettings(patience: 7, restore: false))
    #expect(try source(own).arm(ArmSettings(name: "arm", from: "none")).stopping == nil)
    // What an arm is without it does not change by its being there.
    #expect(
      try source(plain).arm(ArmSettings(name: "arm", from: "none")).document["stopping"] == nil)
  }

  @Test func `what is missing comes behind hidden layers and not behind the output`() throws {
    #expect(
      try layers("dropout", of: plain)
        == ["dense", "relu", "dropout", "dense", "tanh", "dropout", "dense"])
    #expect(
      try layers("batchnorm", of: plain)
        == ["dense", "batch_norm", "relu", "dense", "batch_norm", "tanh", "dense"])
    #expect(
      try layers("dropout+batchnorm", of: plain)
        == [
          "dense", "batch_norm", "relu", "dropout", "dense", "batch_norm", "tanh", "dropout",
          "dense",
        ])
    let recurrent = """
      data: {source: kjv}
      model: [embedding: {vocabulary: 63, size: 8}, rnn: {hidden: 8, return: sequence}, dense: {units: 63}]
      loss: cross_entropy
      """
    #expect(try layers("dropout", of: recurrent) == ["embedding", "rnn", "dropout", "dense"])
  }

  @Test func `normalizations of examples stay, and dropout comes behind them`() throws {
    let yaml = """
      data: {source: digits}
      model: [dense: {units: 8}, layer_norm, silu, dense: {units: 8}, elu: {alpha: 0.5}, dense: {units: 10}]
      loss: cross_entropy
      """
    #expect(
      try layers("dropout", of: yaml)
        == ["dense", "layer_norm", "silu", "dropout", "dense", "elu", "dropout", "dense"])
    #expect(
      try layers("batchnorm", of: yaml)
        == ["dense", "batch_norm", "layer_norm", "silu", "dense", "batch_norm", "elu", "dense"])
    #expect(
      try layers("none", of: yaml) == ["dense", "layer_norm", "silu", "dense", "elu", "dense"])
  }

  @Test func `what the experiment has of a regularizer stays as it is`() throws {
    let yaml = """
      data: {source: digits}
      model: [dropout: 0.2, dense: {units: 8}, relu, dense: {units: 10}]
      loss: cross_entropy
      optimizer: {learning_rate: 0.1, weight_decay: 0.01}
      constraint: {max_norm: 2, enabled: false}
      """
    #expect(try layers("dropout", of: yaml) == ["dropout", "dense", "relu", "dense"])
    #expect(try layers("l2", of: yaml) == ["dense", "relu", "dense"])
    let experiment = try source(yaml).arm(ArmSettings(name: "all", from: "l2+max-norm"))
    #expect(experiment.optimizer.weightDecay == 0.01)
    #expect(experiment.constraint.enabled && experiment.constraint.maxNorm == 2)
    let usual = try source(plain).arm(ArmSettings(name: "all", from: "l2+max-norm"))
    #expect(usual.optimizer.weightDecay == 0.0005 && usual.constraint.maxNorm == 3)
  }

  @Test func `a net without a hidden layer has no place for dropout`() throws {
    let yaml = """
      data: {source: digits}
      model: [dense: {units: 10}]
      loss: cross_entropy
      """
    #expect(throws: ProgramError.self) { _ = try layers("dropout", of: yaml) }
    #expect(try layers("l2+max-norm", of: yaml) == ["dense"])
  }

  @Test func `an encoder and its decoder are one net with one output`() throws {
    let yaml = """
      data: {source: dates}
      model:
        - encoder: [embedding: {vocabulary: 38, size: 8}, lstm: {hidden: 8}]
        - decoder:
          - embedding: {vocabulary: 38, size: 8}
          - lstm: {hidden: 8, return: sequence}
          - dense: {units: 38}
      loss: cross_entropy
      """
    let experiment = try source(yaml).arm(ArmSettings(name: "dropout", from: "dropout"))
    let text = experiment.document.json
    #expect(text.components(separatedBy: "\"dropout\":").count - 1 == 2)
  }

  @Test func `settings of an arm come on top, and paths are absolute`() throws {
    let experiment = try source(
      """
      data: {csv: rows.csv, target: y}
      model: [dense: {units: 1}]
      loss: mse
      """
    ).arm(
      try ArmSettings(
        argument: "r2:constraint.max_norm=2,optimizer={name: adam, learning_rate: 0.1}"))
    #expect(experiment.constraint.maxNorm == 2 && experiment.optimizer.kind.name == .adam)
    guard case .table(.file(let path), _) = experiment.data.source else {
      Issue.record("expected a table")
      return
    }
    #expect(path == "/somewhere/rows.csv")
  }

  @Test func `an arm is evaluated about a hundred times unless the experiment says how often`()
    throws
  {
    let often = try source(plain + "\nepochs: 1280").arm(ArmSettings(name: "a"))
    #expect(often.evaluateEvery == 12)
    let own = try source(plain + "\nepochs: 1280\nevaluate_every: 1").arm(ArmSettings(name: "a"))
    #expect(own.evaluateEvery == 1)
    #expect(try source(plain).arm(ArmSettings(name: "a")).evaluateEvery == 1)
  }

  @Test func `an arm resolves to itself`() throws {
    let arm = try source(plain).arm(
      ArmSettings(name: "x", from: "dropout"), sweep: [SweptValue(key: "batch", value: 16)])
    let resolved = try JSONValue(yaml: arm.document.yaml(), name: "x")
    #expect(try Experiment(resolved, name: "x", folder: arm.folder) == arm)
    #expect(arm.batch == 16 && arm.document["sweep"]?["batch"] == .number(16))
  }

  @Test(arguments: [
    "", ":a=1", "x:a", "x:=1", "x:from=l3", "dropout+dropout", "nothing",
  ])
  func `an arm that is written badly is refused`(argument: String) {
    #expect(throws: ProgramError.self) { _ = try ArmSettings(argument: argument) }
  }

  @Test(arguments: [
    ("arms: [none]", "at least two different arms"),
    ("arms: [none, l3]", "compare.arms: expected none, or"),
    ("arms: {a: {}, b: 3}", "compare.arms.b: expected a mapping"),
    ("arms: {a: {from: x}, b: {}}", "compare.arms.a.from"),
    ("arms: [none, l2], baseline: dropout", "compare.baseline: expected one of none, l2"),
    ("arms: [none, l2], seeds: 0", "compare.seeds: expected a whole number of at least 1"),
    ("seeds: 3", "compare.arms: expected a list of names"),
  ])
  func `a comparison that does not fit is refused`(compare: String, problem: String) throws {
    do throws(ProgramError) {
      let document: JSONValue
      do { document = try JSONValue(yaml: plain + "\ncompare: {\(compare)}", name: "x") }
      _ = try Experiment(document, name: "x", folder: URL(fileURLWithPath: "/"))
      Issue.record("expected an error")
    } catch {
      #expect("\(error)".contains(problem), "\(error)")
    }
  }
}

@Suite struct SweepSpaceTests {
  @Test func `ranges are even by ratio or difference, in numbers a person would write`() throws {
    let log = try SweepAxis("constraint.max_norm=0.5:4:log4")
    #expect(log.values == [0.5, 1, 2, 4] && log.isLogarithmic)
    #expect(try SweepAxis("a=0.5:4:log8").values == [0.5, 0.673, 0.906, 1.22, 1.64, 2.21, 2.97, 4])
    #expect(try SweepAxis("a=0:1:lin5").values == [0, 0.25, 0.5, 0.75, 1])
    #expect(try SweepAxis("a=0:1:3").values == [0, 0.5, 1])
    #expect(try SweepAxis("a=3,1,2").values == [3, 1, 2])
  }

  @Test(arguments: [
    "a", "=1", "a=", "a=x", "a=1,1", "a=2:1:log3", "a=0:1:log3", "a=1:2:log1", "a=1:2:log9999",
    "a=1:2", "a=1:2:3:4", "a=1:inf:log3", "a=1:2:logx",
  ])
  func `a range that is written badly is refused`(argument: String) {
    #expect(throws: ProgramError.self) { _ = try SweepAxis(argument) }
  }

  @Test func `a grid holds every combination, the last key changing fastest`() throws {
    let grid = SweepSpace.grid([try SweepAxis("a.r=1,2"), try SweepAxis("b=0.1,0.2")])
    #expect(grid.map(SweepSpace.name) == ["r=1,b=0.1", "r=1,b=0.2", "r=2,b=0.1", "r=2,b=0.2"])
    let twice = [SweptValue(key: "a.r", value: 1), SweptValue(key: "b.r", value: 2)]
    #expect(SweepSpace.name(twice) == "a.r=1,b.r=2")
  }

  @Test func `draws are different, within their ranges, and the same for a seed`() throws {
    let axes = [try SweepAxis("r=0.1:10:log"), try SweepAxis("b=16,32")]
    let draws = SweepSpace.draws(axes, count: 50, seed: 3)
    #expect(draws.count == 50 && Set(draws.map(SweepSpace.name)).count == 50)
    #expect(
      draws.allSatisfy { (0.1...10).contains($0[0].value) && [16, 32].contains($0[1].value) })
    // Evenly by ratio: half of them below 1.
    #expect((15...35).contains(draws.count { $0[0].value < 1 }))
    #expect(SweepSpace.draws(axes, count: 50, seed: 3) == draws)
    #expect(SweepSpace.draws([axes[1]], count: 5, seed: 1).count == 2)
  }
}
