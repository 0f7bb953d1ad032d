// Reads the layers of a model, each a name or a name with its keys.
import NeuralNetwork
import RunRecords

extension LayerDescription {
  private static let kinds = [
    "dense", "conv2d", "conv_transpose2d", "max_pool", "avg_pool", "global_avg_pool", "flatten",
    "batch_norm", "embedding", "rnn", "lstm", "gru", "relu", "gelu", "tanh", "sigmoid",
    "leaky_relu", "dropout", "keep", "concatenate", "add", "encoder", "decoder",
  ]

  /// The layers of a list at `path`.
  static func list(
    _ document: Document, experiment: String, path: String, example: String
  ) throws(ExperimentError) -> [LayerDescription] {
    guard case .list(let entries) = document, !entries.isEmpty else {
      throw ExperimentError(
        experiment: experiment, path: path,
        problem: "expected a list of layers, found \(document.kindAndText)",
        hint: "for example \(example)")
    }
    var layers: [LayerDescription] = []
    for (index, entry) in entries.enumerated() {
      layers.append(try LayerReader(entry, experiment, path: "\(path)[\(index)]").layer())
    }
    return layers
  }

  fileprivate static func unknown(_ kind: String, _ experiment: String, path: String)
    -> ExperimentError
  {
    ExperimentError(
      experiment: experiment, path: path,
      problem: "expected one of \(kinds.joined(separator: ", ")); found '\(kind)'",
      hint: ForeignNames.hint(for: kind, at: .layerKind, among: kinds) ?? "")
  }
}

/// One entry of a list of layers.
private struct LayerReader {
  let experiment: String
  /// `model[2].dense`.
  let path: String
  let kind: String
  let value: Document?

  init(_ entry: Document, _ experiment: String, path: String) throws(ExperimentError) {
    self.experiment = experiment
    switch entry {
    case .text(let name): (kind, value) = (name, nil)
    case .fields(let fields) where fields.count == 1:
      kind = fields[0].key
      value = fields[0].value == .null ? nil : fields[0].value
    default:
      throw ExperimentError(
        experiment: experiment, path: path,
        problem: "expected one layer, found \(entry.kindAndText)",
        hint: "a layer is a name (relu) or a name with its keys (dense: {units: 10})")
    }
    self.path = path + "." + kind
  }

  private func fields(_ keys: String...) throws(ExperimentError) -> FieldReader {
    try FieldReader(value, experiment: experiment, path: path, keys: keys, place: .layer(kind))
  }

  /// The keys of a layer whose only value may stand alone: `dropout: 0.5`, `keep: a`.
  private func fields(short key: String, _ others: String...) throws(ExperimentError)
    -> FieldReader
  {
    var long = value
    if let value, case .fields = value {} else { long = value.map { .fields([.init(key, $0)]) } }
    return try FieldReader(
      long, experiment: experiment, path: path, keys: [key] + others,
      place: .layer(kind))
  }

  func layer() throws(ExperimentError) -> LayerDescription {
    switch kind {
    case "dense": return try dense()
    case "conv2d", "conv_transpose2d": return try convolution()
    case "max_pool": return .maxPool(try pool())
    case "avg_pool": return .averagePool(try pool())
    case "batch_norm": return try batchNorm()
    case "embedding": return try embedding()
    case "rnn", "lstm", "gru": return try recurrent()
    case "leaky_relu":
      return .leakyReLU(
        slope: Float(try fields("slope").number("slope", atLeast: 0, default: 0.01)))
    case "dropout":
      let fields = try fields(short: "rate")
      return .dropout(rate: Float(try fields.number("rate", atLeast: 0, below: 1)))
    case "keep": return .keep(try fields(short: "name").text("name"))
    case "concatenate": return .concatenate(try fields(short: "name").text("name"))
    case "add": return .add(try fields(short: "name").text("name"))
    case "encoder", "decoder":
      let inner = try LayerDescription.list(
        value ?? .null, experiment: experiment, path: path,
        example: "\(kind): [lstm: {hidden: 128}]")
      return kind == "encoder" ? .encoder(inner) : .decoder(inner)
    default: return try plain()
    }
  }

  private func plain() throws(ExperimentError) -> LayerDescription {
    let layer: LayerDescription
    switch kind {
    case "global_avg_pool": layer = .globalAveragePool
    case "flatten": layer = .flatten
    case "relu": layer = .relu
    case "gelu": layer = .gelu
    case "tanh": layer = .tanh
    case "sigmoid": layer = .sigmoid
    default:
      let place = String(path.dropLast(kind.count + 1))
      throw LayerDescription.unknown(kind, experiment, path: place)
    }
    _ = try fields()
    return layer
  }

  private func dense() throws(ExperimentError) -> LayerDescription {
    let fields = try fields("name", "units", "bias", "max_norm")
    return .dense(
      DenseDescription(
        name: try name(fields), units: try fields.integer("units", atLeast: 1),
        bias: try fields.flag("bias", default: true), maxNorm: try maxNorm(fields)))
  }

  private func convolution() throws(ExperimentError) -> LayerDescription {
    let fields = try fields(
      "name", "channels", "kernel", "stride", "padding", "bias", "max_norm")
    let padding: Padding
    switch fields["padding"] {
    case nil, .text("valid"): padding = .pixels(0)
    case .text("same"): padding = .same
    case .some(let value):
      guard value.isNone || value.whole ?? -1 >= 0 else {
        throw fields.error(
          "padding", expected: "same, valid or a whole number of at least 0", found: value)
      }
      padding = .pixels(value.whole ?? 0)
    }
    return .convolution(
      ConvolutionDescription(
        name: try name(fields), channels: try fields.integer("channels", atLeast: 1),
        kernel: try fields.integer("kernel", atLeast: 1),
        stride: try fields.integer("stride", atLeast: 1, default: 1), padding: padding,
        bias: try fields.flag("bias", default: true), isTransposed: kind == "conv_transpose2d",
        maxNorm: try maxNorm(fields)))
  }

  private func pool() throws(ExperimentError) -> PoolDescription {
    let fields = try fields(short: "size", "stride")
    let size = try fields.integer("size", atLeast: 1)
    return PoolDescription(
      size: size, stride: try fields.integer("stride", atLeast: 1, default: size))
  }

  private func batchNorm() throws(ExperimentError) -> LayerDescription {
    let fields = try fields("name", "epsilon", "momentum")
    return .batchNorm(
      BatchNormDescription(
        name: try name(fields),
        epsilon: Float(try fields.number("epsilon", above: 0, default: 1e-5)),
        momentum: Float(try fields.number("momentum", atLeast: 0, atMost: 1, default: 0.1))))
  }

  private func embedding() throws(ExperimentError) -> LayerDescription {
    let fields = try fields("name", "vocabulary", "size", "max_norm")
    return .embedding(
      EmbeddingDescription(
        name: try name(fields),
        vocabulary: fields.has("vocabulary") ? try fields.integer("vocabulary", atLeast: 1) : nil,
        size: try fields.integer("size", atLeast: 1), maxNorm: try maxNorm(fields)))
  }

  private func recurrent() throws(ExperimentError) -> LayerDescription {
    let fields = try fields("name", "hidden", "layers", "return", "bidirectional", "max_norm")
    return .recurrent(
      RecurrentDescription(
        RecurrentDescription.Cell(rawValue: kind) ?? .rnn, name: try name(fields),
        hidden: try fields.integer("hidden", atLeast: 1),
        layers: try fields.integer("layers", atLeast: 1, default: 1),
        returnsSequence: try fields.choice("return", ["last", "sequence"], default: "last")
          == "sequence",
        isBidirectional: try fields.flag("bidirectional", default: false),
        maxNorm: try maxNorm(fields)))
  }

  private func name(_ fields: FieldReader) throws(ExperimentError) -> String? {
    fields.has("name") ? try fields.text("name") : nil
  }

  private func maxNorm(_ fields: FieldReader) throws(ExperimentError) -> MaxNormOverride {
    if fields.isNull("max_norm") { return .none }
    guard let value = fields["max_norm"] else { return .inherit }
    return value.isNone ? .none : .value(Float(try fields.number("max_norm", above: 0)))
  }
}
