// Experiments as people write them: marks, whole numbers, nothing at all, anchors, the home.
import Datasets
import Foundation
import NeuralNetwork
import RunRecords
import Testing

@testable import Experiments

@Suite struct YAMLValueTests {
  private func experiment(_ yaml: String, _ changes: [String] = []) throws -> Experiment {
    var source = ExperimentSource(
      document: try JSONValue(yaml: yaml, name: "x", keys: Experiment.keys), name: "x",
      folder: URL(fileURLWithPath: "/"))
    for change in changes { try source.set(change) }
    return try source.experiment()
  }

  private func problem(_ yaml: String) -> String {
    do {
      _ = try experiment(yaml)
      return "none"
    } catch {
      return "\(error)"
    }
  }

  private let valid = """
    data: {source: digits}
    model: [dense: {name: fc1, units: 10}]
    loss: cross_entropy

    """

  @Test func `a byte order mark in front is passed over`() throws {
    #expect(try experiment("\u{FEFF}" + valid) == experiment(valid))
    #expect(try experiment("\u{FEFF}# mine\n" + valid).batch == 32)
  }

  @Test(arguments: ["8", "8.0", "0.8e1", "80e-1"])
  func `a whole number is one however it is written`(text: String) throws {
    #expect(try experiment(valid + "batch: \(text)").batch == 8)
    #expect(try experiment(valid, ["steps=\(text)"]).steps == 8)
    #expect(
      try experiment(valid, ["model.fc1.units=\(text)"]) == experiment(valid, ["model.fc1.units=8"])
    )
    let arm = try ArmSettings(argument: "a:batch=\(text),epochs=\(text)")
    let source = ExperimentSource(
      document: try JSONValue(yaml: valid, name: "x"), name: "x", folder: URL(fileURLWithPath: "/"))
    #expect(try source.arm(arm).batch == 8)
    let axis = try SweepAxis("batch=\(text),16")
    #expect(axis.values == [8, 16])
    #expect(
      try source.arm(ArmSettings(name: "a"), sweep: [.init(key: "batch", value: 8)]).batch == 8)
    let padded = try experiment(
      "data: {source: mnist}\nloss: cross_entropy\n"
        + "model: [conv2d: {channels: 2, kernel: 3, padding: \(text)}, dense: {units: 10}]")
    guard case .convolution(let convolution) = padded.layers[0] else {
      Issue.record("expected a convolution")
      return
    }
    #expect(convolution.padding == .pixels(8))
  }

  @Test(arguments: [
    ("batch: 8.5", "batch: expected a whole number of at least 1, found 8.5"),
    (
      "steps: 1e300", "steps: expected a whole number of at least 1 and at most 9223372036854775807"
    ),
    (
      "pace: 1e308", "pace: expected a number of at least 0 and at most 3.4028235e+38, found 1e+308"
    ),
    (
      "constraint: {max_norm: 1e39}",
      "constraint.max_norm: expected a number above 0 and at most 3.4028235e+38, found 1e+39"
    ),
    ("constraint: {max_norm: 1e-50}", "expected a number of at least 1e-45, found 1e-50"),
    ("constraint: {max_norm: 0}", "expected a number above 0, found 0"),
  ])
  func `an error names the limit that was passed`(line: String, expected: String) {
    #expect(problem(valid + line).contains(expected), "\(problem(valid + line))")
  }

  @Test(arguments: ["none", "null", "~", "", "None"])
  func `a part that can be absent is, by any word for nothing`(nothing: String) throws {
    let parts = [
      "gradient_clip", "schedule", "constraint", "compare", "steps", "label_smoothing", "sweep",
    ]
    let written = try experiment(valid + parts.map { "\($0): \(nothing)\n" }.joined())
    #expect(written == (try experiment(valid)))
    let cosine = try experiment(
      valid + "schedule: {name: cosine, total: \(nothing), minimum: \(nothing), warmup: \(nothing)}"
    )
    #expect(cosine.schedule == LearningRateSchedule(.cosine))
    let constraint = try experiment(valid + "constraint: {max_norm: \(nothing)}")
    #expect(constraint.constraint.maxNorm == nil)
    let optimizer = try experiment(
      valid + "optimizer: {name: sgd, weight_decay: \(nothing), l1: \(nothing)}")
    #expect(optimizer.optimizer == OptimizerSettings(.sgd()))
    let layer = try experiment(
      "data: {source: digits}\nloss: cross_entropy\n"
        + "model: [dense: {units: 10, max_norm: \(nothing)}]\nconstraint: {max_norm: 2}")
    #expect(!layer.isConstrained)
    let forecast = try experiment(
      "data: {csv: a.csv, task: forecast, column: c, season: \(nothing), train: \(nothing)}\n"
        + "model: [dense: {units: 1}]\nloss: mse")
    guard case .forecast(_, let options) = forecast.data.source else {
      Issue.record("expected a forecast")
      return
    }
    #expect(options.season == nil && forecast.data.train == nil)
  }

  @Test func `a key without a value is as good as missing`() throws {
    let parts = ["optimizer", "epochs", "batch", "seed", "pace", "title", "shuffle", "name"]
    #expect(
      try experiment(valid + parts.map { "\($0):\n" }.joined()) == experiment(valid))
    #expect(problem("data:\nmodel: [relu]\nloss: mse").contains("data: expected a mapping"))
    #expect(
      problem("data: {source: digits}\nmodel: [dense: {units: }]\nloss: mse")
        .contains("model[0].dense.units: expected a whole number of at least 1, found no such key"))
  }

  @Test(arguments: ["x-defaults", "_defaults", ".defaults", "defaults", "common"])
  func `a key on top that only holds anchors is passed over`(key: String) throws {
    let yaml = """
      \(key): &sgd {name: sgd, learning_rate: 0.1, momentum: 0.9}
      data: {source: digits}
      model:
        - dense: &hidden {units: 8, max_norm: 2}
        - relu
        - dense: {<<: *hidden, units: 10}
      loss: cross_entropy
      optimizer:
        <<: *sgd
        learning_rate: 0.05
      """
    let read = try experiment(yaml)
    #expect(read.optimizer.learningRate == 0.05 && read.optimizer.momentum == 0.9)
    guard case .dense(let last) = read.layers[2] else {
      Issue.record("expected a dense layer")
      return
    }
    #expect(last.units == 10 && last.maxNorm == .value(2))
  }

  @Test func `several mappings merge, the first that has a key, and written keys before all`()
    throws
  {
    let yaml = """
      x-a: &a {name: sgd, momentum: 0.5, learning_rate: 0.1}
      x-b: &b {<<: *a, momentum: 0.8, weight_decay: 0.01}
      \(valid)optimizer: {<<: [*b, *a], learning_rate: 0.2}
      """
    let optimizer = try experiment(yaml).optimizer
    #expect(optimizer.kind.name == .sgd && optimizer.momentum == 0.8)
    #expect(optimizer.learningRate == 0.2 && optimizer.weightDecay == 0.01)
  }

  @Test(arguments: [
    ("optimzer: &o {name: sgd}", "optimzer: expected one of"),
    ("lr: &o 0.1", "here it is optimizer.learning_rate"),
    ("x-o: &o {name: sgd}\nextra: *o", "extra: expected one of"),
    ("extra: {name: sgd}", "extra: expected one of"),
  ])
  func `a misspelt or unknown key with an anchor is an error`(line: String, expected: String) {
    #expect(problem(line + "\n" + valid).contains(expected), "\(problem(line + "\n" + valid))")
  }

  @Test func `merges of merges that stand for billions of values are refused at once`() {
    var text = "x-0: &a0 {a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8}\n"
    for level in 1..<12 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "x-\(level): &a\(level) {k\(level): 1, <<: [\(aliases)]}\n"
    }
    #expect(problem(text + valid + "optimizer: {<<: *a11}") != "none")
  }

  @Test(arguments: [
    "{csv: ~/d/a.csv, target: t}", "{text: ~/d/a.txt}", "{idx: ~/d/a}", "{cifar10: ~/d/a}",
    "{npy: {inputs: ~/d/a.npy, targets: ~/d/b.npy}}",
  ])
  func `the home stands for itself in every path`(data: String) throws {
    let home = try #require(ProcessInfo.processInfo.environment["HOME"])
    let yaml = "model: [dense: {units: 2}]\nloss: cross_entropy\n"
    let read = try experiment(yaml + "data: \(data)").data.document
    let set = try experiment(yaml + "data: {source: digits}", ["data=\(data)"]).data.document
    #expect(read == set)
    #expect(read.json.contains("\(home)/d/a") && !read.json.contains("~"))
  }
}
