// Experiments: what ships, what a document may say, and what an error says.
import Basics
import Datasets
import Foundation
import NeuralNetwork
import Resources
import RunRecords
import TestSupport
import Testing

@testable import Experiments
@testable import Training

@Suite struct ExperimentTests {
  private func problem(_ yaml: String) -> String {
    do throws(ProgramError) {
      _ = try Experiment(
        JSONValue(yaml: yaml, name: "x"), name: "x", folder: URL(fileURLWithPath: "/"))
      return "none"
    } catch {
      return "\(error)"
    }
  }

  private let valid = """
    data: {source: digits}
    model: [dense: {units: 10}]
    loss: cross_entropy
    """

  @Test(arguments: try ShippedFiles.names(in: .experiments))
  func `every shipped experiment reads, fits its data, and resolves to itself`(name: String) throws
  {
    let source = try ExperimentSource(name)
    let experiment = try source.experiment()
    #expect(experiment.name == name)
    #expect(!experiment.title.isEmpty)
    // CIFAR-10 and the whole of MNIST do not ship: everything but their data is checked.
    if !["cifar", "table9"].contains(name) {
      #expect(try experiment.header().totalSteps.known > 0)
    }
    let resolved = try JSONValue(yaml: experiment.document.yaml(), name: name)
    #expect(try Experiment(resolved, name: name, folder: experiment.folder) == experiment)
  }

  @Test(arguments: [
    ("optimizer: {lerning_rate: 1}", "x: optimizer.lerning_rate: expected one of"),
    ("optimizer: {lerning_rate: 1}", "did you mean learning_rate?"),
    (
      "optimizer: {learning_rate: 0}", "optimizer.learning_rate: expected a number above 0, found 0"
    ),
    ("optimizer: {learning_rate: fast}", "expected a number above 0, found 'fast'"),
    ("optimizer: {learning_rate: .nan}", "expected a number above 0, found '.nan'"),
    ("optimizer: {name: adm}", "found 'adm': did you mean adam?"),
    ("optimizer: {name: adam, momentum: 0.9}", "optimizer.momentum: expected one of"),
    ("optimizer: {nesterov: true}", "optimizer.nesterov: expected a momentum above 0"),
    ("optimizer: {name: adam, betas: [0.9]}", "optimizer.betas: expected two numbers"),
    ("optimizer: {name: lion, betas: [0.9, 1]}", "of at least 0 and below 1, found a list of 2"),
    (
      "optimizer: {name: adagrad, lr_decay: -1}",
      "optimizer.lr_decay: expected a number of at least 0, found -1"
    ),
    (
      "optimizer: {name: nadam, decoupled_weight_decay: 0.1}",
      "optimizer.decoupled_weight_decay: expected true or false, found 0.1"
    ),
    ("optimizer: {name: nadam, nesterov: true}", "sgd has it: set optimizer.name"),
    ("constraint: {max_norm: -2}", "constraint.max_norm: expected a number above 0, found -2"),
    ("constraint: {axis: sideways}", "constraint.axis: expected one of incoming, outgoing, tensor"),
    ("constraint: 3", "constraint: expected a mapping, found 3"),
    ("batch: 0", "batch: expected a whole number of at least 1, found 0"),
    ("batch: 1.5", "batch: expected a whole number of at least 1, found 1.5"),
    ("shuffle: maybe", "shuffle: expected true or false, found 'maybe'"),
    ("colour: red", "colour: expected one of"),
    ("name: a b", "name: expected letters"),
    ("pace: -1", "pace: expected a number of at least 0, found -1"),
  ])
  func `an error names the key's path, what was expected and what stands there`(
    line: String, expected: String
  ) {
    #expect(problem(valid + "\n" + line).contains(expected))
  }

  /// Each kind of layer as a person may write it, and as `show` does: with every key.
  @Test(arguments: [
    ("dense: {units: 3}", "dense: {units: 3, bias: true}"),
    (
      "dense: {name: a, units: 3, bias: false, max_norm: none}",
      "dense: {name: a, units: 3, bias: false, max_norm: none}"
    ),
    (
      "conv2d: {channels: 3, kernel: 5}",
      "conv2d: {channels: 3, kernel: 5, stride: 1, padding: 0, bias: true}"
    ),
    (
      "conv_transpose2d: {channels: 3, kernel: 5, stride: 2, padding: same, max_norm: 2}",
      "conv_transpose2d: {channels: 3, kernel: 5, stride: 2, padding: same, bias: true, max_norm: 2.0}"
    ),
    ("max_pool: 3", "max_pool: {size: 3, stride: 3}"),
    ("avg_pool: {size: 3, stride: 1}", "avg_pool: {size: 3, stride: 1}"),
    ("global_avg_pool", "global_avg_pool"), ("flatten: {}", "flatten"), ("relu: {}", "relu"),
    ("gelu", "gelu"), ("tanh", "tanh"), ("sigmoid", "sigmoid"), ("silu", "silu"),
    ("leaky_relu", "leaky_relu: {slope: 0.01}"), ("elu", "elu: {alpha: 1.0}"),
    ("elu: {alpha: 0.5}", "elu: {alpha: 0.5}"),
    ("batch_norm", "batch_norm: {epsilon: 1e-05, momentum: 0.1}"),
    ("layer_norm", "layer_norm: {epsilon: 1e-05}"),
    ("layer_norm: {name: ln1, epsilon: 0.1}", "layer_norm: {name: ln1, epsilon: 0.1}"),
    ("group_norm: {groups: 2}", "group_norm: {groups: 2, epsilon: 1e-05}"),
    ("embedding: {size: 3}", "embedding: {size: 3}"),
    ("embedding: {vocabulary: 7, size: 3}", "embedding: {vocabulary: 7, size: 3}"),
    (
      "lstm: {hidden: 3}",
      "lstm: {hidden: 3, layers: 1, return: last, bidirectional: false}"
    ),
    (
      "gru: {hidden: 3, layers: 2, return: sequence, bidirectional: true}",
      "gru: {hidden: 3, layers: 2, return: sequence, bidirectional: true}"
    ),
    ("dropout: {rate: 0.5}", "dropout: 0.5"), ("keep: {name: a}", "keep: a"), ("add: a", "add: a"),
    ("encoder: [relu, dropout: 0.5]", "encoder: [relu, dropout: 0.5]"),
  ])
  func `a layer is shown with every key, and reads the same again`(
    written: String, shown: String
  ) throws {
    func layers(_ layer: String) throws -> [LayerDescription] {
      let model = try #require(JSONValue(yaml: "model: [\(layer)]", name: "x")["model"])
      return try LayerDescription.list(model, experiment: "x", path: "model", example: "")
    }
    let read = try layers(written)
    #expect(try layers(shown) == read)
    let expected = try #require(JSONValue(yaml: "model: [\(shown)]", name: "x")["model"])
    #expect(JSONValue.list(read.map(\.document)).json == expected.json)
  }

  @Test(arguments: [
    ("model: [dens: {units: 3}]", "model[0]: expected one of dense"),
    ("model: [dense: {units: 3}, relu: {slope: 1}]", "model[1].relu"),
    ("model: [dense: {}]", "model[0].dense.units: expected a whole number"),
    (
      "model: [dense: {units: 3, max_norm: big}]",
      "model[0].dense.max_norm: expected a number above 0"
    ),
    ("model: [dropout: 1]", "model[0].dropout.rate: expected a number of at least 0 and below 1"),
    ("model: [elu: {alpha: -1}]", "model[0].elu.alpha: expected a number of at least 0, found -1"),
    ("model: [group_norm]", "model[0].group_norm.groups: expected a whole number of at least 1"),
    (
      "model: [layer_norm: {epsilon: 0}]",
      "model[0].layer_norm.epsilon: expected a number above 0, found 0"
    ),
    ("model: [layer_norm: {max_norm: 3}]", "model[0].layer_norm.max_norm: expected one of name"),
    ("model: [silu: {slope: 1}]", "model[0].silu.slope: expected no key, found one"),
    ("model: []", "model: expected a list of layers"),
    ("model: 5", "model: expected a list of layers, found 5"),
    ("model: [[relu]]", "model[0]: expected one layer"),
  ])
  func `an error in a layer names its place`(model: String, expected: String) {
    let text = problem("data: {source: digits}\nloss: mse\n" + model)
    #expect(text.contains(expected), "\(text)")
  }

  @Test func `text that is not YAML is an error on one line`() {
    let text = problem("model: [\n  - {")
    #expect(text.hasPrefix("experiment: x: expected YAML"))
    #expect(!text.contains("\n"))
  }

  @Test func `aliases that stand for billions of values are refused at once`() {
    var text = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    for level in 1..<10 {
      let alias = "*a\(level - 1)"
      text +=
        "a\(level): &a\(level) [\(Array(repeating: alias, count: 10).joined(separator: ", "))]\n"
    }
    #expect(problem(text).contains("expected at most 100000 values"))
  }

  @Test(arguments: [
    "{source: random, inputs: 9223372036854775807, outputs: 2}",
    "{source: random, inputs: 1000000000, outputs: 1, train: 1000000000}",
    "{source: noisy_table, train: 9223372036854775807}",
  ])
  func `generated data that no machine holds is refused`(data: String) {
    let text = problem("data: \(data)\nmodel: [dense: {units: 1}]\nloss: mse")
    #expect(text.contains("data.train: expected at most"), "\(text)")
  }

  private func settings(_ data: String) throws -> DataSettings {
    try Experiment(
      JSONValue(yaml: "data: \(data)\nmodel: [relu]\nloss: mse", name: "x"), name: "x",
      folder: URL(fileURLWithPath: "/")
    ).data
  }

  @Test(arguments: [
    "{source: digits}", "{source: digits, image: true, train: 50, standardize: true}",
    "{source: fashion}", "{source: mnist, full: true, label_noise: 0.1}", "{source: cifar10}",
    "{idx: folder, validation: 0.1}", "{cifar10: folder}",
    "{npy: {inputs: a, targets: b}, classes: 4, validation: 0}",
    "{npy: {inputs: a, targets: b, validation_inputs: c, validation_targets: d}}",
    "{npy: {inputs: a, decoder_inputs: b, targets: c}, validation: 0.1}",
    "{source: temperature}", "{source: random, inputs: 3, outputs: 2}", "{source: noisy_table}",
    "{csv: a, target: b}", "{csv: a, target: b, task: regression, standardize_target: false}",
    "{csv: a, target: b, missing: mean, ignore: [c, 2024]}",
    "{csv: a, column: b, task: forecast}",
    "{csv: a, column: b, task: forecast, inputs: [c], window: 9, horizon: 2, season: 7}",
    "{csv: a, column: b, task: forecast, transform: log_difference, missing: interpolate}",
    "{source: cancer}", "{source: wine}", "{source: diabetes, train: 100}",
    "{source: penguins, missing: mean, ignore: []}",
    "{source: oil}", "{source: weather}", "{source: weather, column: wind, season: none}",
    "{source: co2, missing: drop}", "{source: airline}", "{source: sunspots, train: 50}",
    "{source: noisy_series, length: 500}", "{source: random_walk}",
    "{source: kjv}", "{text: a, task: language, window: 7, validation: 0.5}", "{text: a}",
    "{source: vowels, standardize: false}", "{source: shapes}",
    "{source: shapes, task: detection, size: 64, train: 5, validation: 4, standardize: true}",
    "{source: canvas_digits, size: 48}", "{source: dates, train: 30}", "{source: delayed_sum}",
    "{source: spirals, noise: 0, label_noise: 0.2}", "{source: moons, standardize: true}",
    "{csv: a, target: b, group: c, test: 0.1}", "{source: mnist, validation: 0.1, test: true}",
    "{source: oil, test: true, resample: {split: 2, of: 5}}", "{source: moons, test: true}",
    "{npy: {inputs: a, targets: b, test_inputs: c, test_targets: d}, validation: 0.3}",
  ])
  func `data settings with every key filled in are the same settings`(data: String) throws {
    let settings = try settings(data)
    let resolved = JSONValue.fields([.init("data", settings.document)])
    let again = try JSONValue(yaml: resolved.yaml(), name: "x")["data"] ?? .null
    #expect(try DataSettings(again, experiment: "x") == settings)
  }

  @Test(arguments: [
    ("{}", "data.source: expected one of digits, "),
    ("{source: fashon}", "did you mean fashion?"),
    ("{source: digits, full: true}", "data.full: expected one of"),
    ("{source: cifar10, full: true}", "data.full: expected one of"),
    ("{idx: a, csv: b}", "expected one of"),
    ("{npy: a}", "data.npy: expected a mapping, found 'a'"),
    (
      "{npy: {inputs: a, decoder_inputs: b, targets: c}, standardize: true}",
      "data.standardize: expected no scale for characters"
    ),
    (
      "{npy: {inputs: a, decoder_inputs: b, targets: c, validation_inputs: d, validation_targets: e}}",
      "data.npy.validation_decoder_inputs: expected all validation files or none"
    ),
    ("{npy: {inputs: a}}", "data.npy.targets: expected text, found no such key"),
    (
      "{npy: {inputs: a, targets: b, validation_inputs: c}}",
      "data.npy.validation_targets: expected all validation files or none"
    ),
    (
      "{npy: {inputs: a, targets: b, validation_inputs: c, validation_targets: d}, validation: 0.1}",
      "data.validation: expected no share beside validation files"
    ),
    ("{source: digits, validation: 0.1}", "data.validation: expected data.test beside it"),
    ("{source: wine, test: 3}", "data.test: expected true, or a share above 0 and below 1"),
    ("{source: moons, test: 0.5}", "data.test: expected true, or a number of examples"),
    ("{source: wine, resample: {split: 4, of: 3}}", "data.resample.split: expected at most 3"),
    ("{source: wine, resample: {split: 1}}", "data.resample.of: expected a whole number"),
    ("{source: wine, group: a, split: last}", "data.split: expected none beside data.group"),
    (
      "{npy: {inputs: a, targets: b, test_inputs: c}}",
      "data.npy.test_targets: expected all test files or none"
    ),
    (
      "{npy: {inputs: a, targets: b, test_inputs: c, test_targets: d}, test: 0.2}",
      "data.test: expected no share beside test files"
    ),
    ("{csv: a, target: b, task: forecats}", "data.task: expected one of"),
    ("{csv: a, targett: b}", "did you mean target?"),
    ("{csv: a, task: forecast, colum: b}", "did you mean column?"),
    ("{csv: a, task: forecast}", "data.column: expected text, found no such key"),
    ("{csv: a, target: b, missing: interpolate}", "data.missing: expected one of none, drop, mean"),
    ("{csv: a, target: b, ignore: c}", "data.ignore: expected a list of names, found 'c'"),
    ("{source: co2, missing: mean}", "data.missing: expected one of none, drop, interpolate"),
    ("{source: oil, season: 0}", "data.season: expected a whole number of at least 1, found 0"),
    ("{source: oil, label_noise: 0.1}", "data.label_noise: expected one of"),
    ("{source: random_walk, length: 100000000}", "data.length: expected at most"),
    ("{source: dates, standardize: true}", "data.standardize: expected no scale for characters"),
    ("{source: dates, train: 73000}", "data.train: expected at most 73049 dates in both parts"),
    ("{source: shapes, size: 8}", "data.size: expected a whole number of at least 24, found 8"),
    ("{source: shapes, task: sorting}", "data.task: expected one of segmentation, detection"),
    ("{source: shapes, size: 9223372036854775807}", "data.train: expected at most"),
    ("{source: delayed_sum, length: 9223372036854775807}", "data.train: expected at most"),
    ("{source: canvas_digits, label_noise: 0.1}", "data.label_noise: expected one of"),
    ("{source: moons, noise: -1}", "data.noise: expected a number of at least 0, found -1"),
    ("{source: kjv, standardize: true}", "data.standardize: expected no scale for characters"),
    ("{text: a, task: forecast}", "data.task: expected one of language"),
  ])
  func `an error in the data names its key`(data: String, expected: String) {
    let text = problem("data: \(data)\nloss: mse\nmodel: [relu]")
    #expect(text.contains(expected), "\(text)")
  }

  private func dataset(_ data: String) throws -> Dataset {
    let experiment = try Experiment(
      JSONValue(yaml: "data: \(data)\nmodel: [relu]\nloss: mse", name: "x"), name: "x",
      folder: URL(fileURLWithPath: "/nowhere"))
    return try Dataset(experiment, seed: 1, searchPath: [URL(fileURLWithPath: "/elsewhere")])
  }

  @Test func `a forecast is standardized as a whole, a regression's target by a separate key`()
    throws
  {
    guard case .forecast(let scaled) = try dataset("{source: airline}").task,
      case .forecast(let plain) = try dataset("{source: airline, standardize: false}").task,
      case .regression(let target) = try dataset("{source: diabetes, standardize: false}").task,
      case .regression(let units) = try dataset("{source: diabetes, standardize_target: false}")
        .task
    else {
      Issue.record("expected forecasts and regressions")
      return
    }
    #expect(scaled.deviation < 0.5 && scaled.truth == plain.truth)
    #expect(plain.deviation == 1 && plain.mean == 0)
    #expect(target.isStandardized && !units.isStandardized)
    #expect(target.baselineRMSE == units.baselineRMSE)
  }

  @Test func `the scale is that of the examples that are kept`() throws {
    let data = try dataset("{source: sunspots, train: 20}")
    let all = try dataset("{source: sunspots}")
    let mean = data.train.inputs.reduce(0, +) / Float(data.train.inputs.count)
    #expect(data.train.count == 20 && abs(mean) < 1e-5)
    #expect(data.validation.inputs != all.validation.inputs)
  }

  @Test(arguments: [
    (
      "{source: cifar10}", "data: cifar10: expected a readable file: no folder cifar-10-batches-bin"
    ),
    ("{source: mnist, full: true}", " in /elsewhere: put MNIST's four files"),
    ("{csv: t.csv, target: y}", "data: /nowhere/t.csv: expected a readable file"),
    ("{text: t.txt}", "data: /nowhere/t.txt: expected a readable file"),
    ("{idx: images}", "data: /nowhere/images: expected a readable file"),
    ("{npy: {inputs: a, targets: b}}", "data: /nowhere/a: expected a readable file"),
    ("{source: diabetes, label_noise: 0.1}", "data.label_noise: expected one class an example"),
    ("{source: wine, train: 143}", "data.train: expected at most 142 examples, found 143"),
    ("{source: oil, window: 9000}", "expected windows of 9000 steps and their targets"),
    ("{source: weather, column: rain}", "expected a column 'rain', found date, precipitation"),
    ("{source: penguins, missing: none}", "penguins.csv: line 5, column 3 (bill_length_mm)"),
  ])
  func `data that cannot be had or used says why`(data: String, expected: String) {
    do {
      _ = try dataset(data)
      Issue.record("expected an error")
    } catch {
      #expect("\(error)".contains(expected), "\(error)")
    }
  }

  @Test func `sizes and losses that don't fit are found before the first step`() throws {
    #expect(throws: ProgramError.self) {
      try RunFixture.experiment(["model.fc2.units=9"]).header()
    }
    #expect(throws: ProgramError.self) { try RunFixture.experiment(["loss=mse"]).header() }
    #expect(throws: ProgramError.self) {
      try RunFixture.experiment(["loss=binary_cross_entropy"]).header()
    }
    #expect(throws: ProgramError.self) {
      try RunFixture.experiment(["model.fc2.name=fc1"]).header()
    }
  }

  @Test func `set reaches every key, layers by name or place`() throws {
    let experiment = try RunFixture.experiment([
      "optimizer.learning_rate=0.05", "model.fc1.units=7", "model[3].dense.units=10",
      "model[2]=tanh", "data.train=50", "title='a: b'", "constraint={max_norm: 2, axis: outgoing}",
    ])
    #expect(experiment.optimizer.learningRate == 0.05)
    #expect(
      experiment.layers[0] == .dense(.init(name: "fc1", units: 7, bias: true, maxNorm: .inherit)))
    #expect(experiment.layers[2] == .tanh)
    #expect(experiment.data.train == 50)
    #expect(experiment.constraint.maxNorm == 2 && experiment.constraint.axis == .outgoing)
  }

  @Test(arguments: ["novalue", "=3", "model.fc9.units=3", "batch.size=3", "model[9]=relu"])
  func `set of what is not there is an error`(assignment: String) {
    #expect(throws: ProgramError.self) { try RunFixture.experiment([assignment]) }
  }

  @Test func `an unknown experiment is an error with the nearest name`() {
    #expect {
      try ExperimentSource("digitz")
    } throws: { error in
      "\(error)".contains("did you mean digits?")
    }
    #expect(throws: ProgramError.self) { try ExperimentSource("./nowhere.yaml") }
  }

  @Test func `numbers, words and quotes keep their kind through YAML`() throws {
    let document = JSONValue.fields([
      .init("a", .text("1")), .init("b", .integer(1)), .init("c", .number(0.1)),
      .init("d", .text("true")), .init("e", .flag(true)), .init("f", .text("")),
      .init("g", .null), .init("h", .text("two\nlines\n")), .init("i", .text("a: b")),
      .init("j", .list([.text("x"), .fields([.init("k", .number(1e-30))])])),
    ])
    #expect(try JSONValue(yaml: document.yaml(), name: "x") == document)
  }
}
