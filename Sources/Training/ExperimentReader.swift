// Reads an experiment from its document, key by key, with every default in one place.
import Foundation
import NeuralNetwork
import RunRecords

extension Experiment {
  /// Reads and checks an experiment.
  ///
  /// `name` is what messages call it, and its name where the document has none. Paths in it are
  /// relative to `folder`.
  ///
  /// - Throws: `ExperimentError` with the path of the first key that does not fit.
  package init(_ document: Document, name: String, folder: URL) throws(ExperimentError) {
    let top = try FieldReader(
      document, experiment: name, path: "",
      keys: [
        "name", "title", "description", "data", "model", "loss", "optimizer", "constraint", "batch",
        "epochs", "steps", "evaluate_every", "shuffle", "seed", "pace",
      ])
    self.name = try top.text("name", default: Self.word(name))
    guard self.name.wholeMatch(of: /[A-Za-z0-9_.-]+/) != nil else {
      throw top.error("name", "expected letters, digits, '_', '-' and '.'; found '\(self.name)'")
    }
    title = try top.text("title", default: self.name)
    details = try top.text("description", default: "")
    guard let data = top["data"] else {
      throw top.error("data", "expected a mapping, found no such key", "add data: {source: digits}")
    }
    self.data = try DataSettings(data, experiment: name)
    layers = try Self.layers(top)
    let losses = [LossFunction.crossEntropy, .binaryCrossEntropy, .meanSquaredError]
    let lossName = try top.choice("loss", losses.map(\.rawValue))
    loss = losses.first { $0.rawValue == lossName } ?? .crossEntropy
    optimizer = try OptimizerSettings(top["optimizer"], experiment: name)
    constraint = try ConstraintSettings(top["constraint"], experiment: name)
    batch = try top.integer("batch", atLeast: 1, default: 32)
    epochs = try top.integer("epochs", atLeast: 1, default: 10)
    steps = top["steps"] ?? .null == .null ? nil : try top.integer("steps", atLeast: 1)
    evaluateEvery = try top.integer("evaluate_every", atLeast: 1, default: 1)
    shuffle = try top.flag("shuffle", default: true)
    seed = UInt64(try top.integer("seed", atLeast: 0, default: 1))
    pace = try top.number("pace", atLeast: 0, default: 0)
    self.folder = folder
  }

  /// A file's path as a name: its last part without the ending, other characters as '_'.
  private static func word(_ name: String) -> String {
    let last = URL(fileURLWithPath: name).deletingPathExtension().lastPathComponent
    let word = last.map {
      $0.isASCII && ($0.isLetter || $0.isNumber) || "_-.".contains($0) ? $0 : "_"
    }
    return word.isEmpty ? "experiment" : String(word)
  }

  private static func layers(_ top: FieldReader) throws(ExperimentError) -> [LayerDescription] {
    guard case .list(let entries) = top["model"] ?? .null, !entries.isEmpty else {
      throw top.error(
        "model", "expected a list of layers, found \((top["model"] ?? .null).kindAndText)",
        "for example: model: [dense: {units: 10}]")
    }
    var layers: [LayerDescription] = []
    for (index, entry) in entries.enumerated() {
      layers.append(
        try LayerDescription(entry, experiment: top.experiment, path: "model[\(index)]"))
    }
    return layers
  }
}

extension LayerDescription {
  private static let kinds = ["dense", "relu", "leaky_relu", "tanh", "sigmoid", "dropout"]

  fileprivate init(_ entry: Document, experiment: String, path: String) throws(ExperimentError) {
    func fail(_ problem: String, _ hint: String) -> ExperimentError {
      ExperimentError(experiment: experiment, path: path, problem: problem, hint: hint)
    }
    let kind: String
    let value: Document?
    switch entry {
    case .text(let name): (kind, value) = (name, nil)
    case .fields(let fields) where fields.count == 1:
      (kind, value) = (fields[0].key, fields[0].value)
    default:
      throw fail(
        "expected one layer, found \(entry.kindAndText)",
        "a layer is a name (relu) or a name with its keys (dense: {units: 10})")
    }
    let path = "\(path).\(kind)"
    func fields(_ keys: [String]) throws(ExperimentError) -> FieldReader {
      try FieldReader(
        value == .null ? nil : value, experiment: experiment, path: path, keys: keys)
    }
    switch kind {
    case "dense":
      let fields = try fields(["name", "units", "bias", "max_norm"])
      self = .dense(
        DenseDescription(
          name: fields.has("name") ? try fields.text("name") : nil,
          units: try fields.integer("units", atLeast: 1),
          bias: try fields.flag("bias", default: true),
          maxNorm: try Self.maxNorm(fields)))
    case "relu", "tanh", "sigmoid":
      _ = try fields([])
      self = kind == "relu" ? .relu : kind == "tanh" ? .tanh : .sigmoid
    case "leaky_relu":
      self = .leakyReLU(
        slope: Float(try fields(["slope"]).number("slope", atLeast: 0, default: 0.01)))
    case "dropout":
      // `dropout: 0.5` is short for `dropout: {rate: 0.5}`.
      let long = value?.double == nil ? value : .fields([.init("rate", value ?? .null)])
      let reader = try FieldReader(long, experiment: experiment, path: path, keys: ["rate"])
      self = .dropout(rate: Float(try reader.number("rate", atLeast: 0, below: 1)))
    default:
      throw fail(
        "expected one of \(Self.kinds.joined(separator: ", ")); found '\(kind)'",
        nearest(kind, among: Self.kinds).map { "did you mean \($0)?" } ?? "")
    }
  }

  private static func maxNorm(_ fields: FieldReader) throws(ExperimentError) -> MaxNormOverride {
    switch fields["max_norm"] {
    case nil: return .inherit
    case .text("none"), .null: return .none
    case .some(let value):
      guard let ceiling = value.double, Float(ceiling) > 0, Float(ceiling).isFinite else {
        throw fields.error("max_norm", expected: "a number above 0, or none", found: value)
      }
      return .value(Float(ceiling))
    }
  }
}

extension OptimizerSettings {
  fileprivate init(_ document: Document?, experiment: String) throws(ExperimentError) {
    let names = ["sgd", "adam", "adamw", "rmsprop"]
    let name: String
    if case .text(let short) = document {
      // `optimizer: adam` is short for `optimizer: {name: adam}`.
      try self.init(.fields([.init("name", .text(short))]), experiment: experiment)
      return
    }
    let any = try FieldReader(
      document, experiment: experiment, path: "optimizer",
      keys: [
        "name", "learning_rate", "momentum", "nesterov", "weight_decay", "betas", "epsilon",
        "alpha",
      ])
    name = try any.choice("name", names, default: "sgd")
    let specific: [String] =
      switch name {
      case "sgd": ["momentum", "nesterov"]
      case "rmsprop": ["momentum", "alpha", "epsilon"]
      default: ["betas", "epsilon"]
      }
    // A key of another optimizer would do nothing: that is an error too.
    let fields = try FieldReader(
      document, experiment: experiment, path: "optimizer",
      keys: ["name", "learning_rate", "weight_decay"] + specific)
    self.init(Kind(rawValue: name) ?? .sgd)
    learningRate = try fields.number("learning_rate", above: 0, default: learningRate)
    weightDecay = try fields.number("weight_decay", atLeast: 0, default: weightDecay)
    momentum = try fields.number("momentum", atLeast: 0, below: 1, default: 0)
    nesterov = try fields.flag("nesterov", default: false)
    if nesterov && momentum == 0 {
      throw fields.error(
        "nesterov", "expected a momentum above 0, found 0", "set optimizer.momentum")
    }
    epsilon = try fields.number("epsilon", above: 0, default: epsilon)
    alpha = try fields.number("alpha", atLeast: 0, below: 1, default: alpha)
    guard let betas = fields["betas"] else { return }
    guard case .list(let values) = betas, values.count == 2, let first = values[0].double,
      let second = values[1].double, 0..<1 ~= first, 0..<1 ~= second
    else {
      throw fields.error("betas", expected: "two numbers of at least 0 and below 1", found: betas)
    }
    (beta1, beta2) = (first, second)
  }
}

extension ConstraintSettings {
  fileprivate init(_ document: Document?, experiment: String) throws(ExperimentError) {
    let fields = try FieldReader(
      document, experiment: experiment, path: "constraint", keys: ["max_norm", "axis", "enabled"])
    let axes = [ConstraintAxis.incoming, .outgoing, .tensor]
    let axisName = try fields.choice("axis", axes.map(\.rawValue), default: "incoming")
    let ceiling: Float? =
      switch fields["max_norm"] {
      case nil, .null, .text("none"): nil
      default: Float(try fields.number("max_norm", above: 0))
      }
    self.init(
      maxNorm: ceiling, axis: axes.first { $0.rawValue == axisName } ?? .incoming,
      enabled: try fields.flag("enabled", default: true))
  }
}
