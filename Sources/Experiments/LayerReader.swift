// Reads the layers of a model, each a name or a name with its keys, by what each kind says of them.
import Basics
import NeuralNetwork
import RunRecords

extension LayerDescription {
  /// The layers of a list at `path`.
  static func list(
    _ document: JSONValue, experiment: String, path: String, example: String
  ) throws(ProgramError) -> [LayerDescription] {
    guard case .list(let entries) = document, !entries.isEmpty else {
      throw ProgramError(
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
}

/// One entry of a list of layers.
private struct LayerReader {
  let experiment: String
  /// `model[2].dense`.
  let path: String
  let kind: LayerKind
  let value: JSONValue?

  init(_ entry: JSONValue, _ experiment: String, path: String) throws(ProgramError) {
    self.experiment = experiment
    let word: String
    switch entry {
    case .text(let name): (word, value) = (name, nil)
    case .fields(let fields) where fields.count == 1:
      word = fields[0].key
      value = fields[0].value == .null ? nil : fields[0].value
    default:
      throw ProgramError(
        experiment: experiment, path: path,
        problem: "expected one layer, found \(entry.kindAndText)",
        hint: "a layer is a name (relu) or a name with its keys (dense: {units: 10})")
    }
    guard let kind = LayerKind(rawValue: word) else {
      let kinds = LayerKind.allCases.map(\.rawValue)
      throw ProgramError(
        experiment: experiment, path: path,
        problem: "expected one of \(kinds.joined(separator: ", ")); found '\(word)'",
        hint: ForeignNames.hint(for: word, at: .layerKind, among: kinds) ?? "")
    }
    self.kind = kind
    self.path = path + "." + word
  }

  func layer() throws(ProgramError) -> LayerDescription {
    switch kind.prototype {
    case .layer(let prototype): return try read(prototype)
    case .part(let part, _):
      return part.holding(
        try LayerDescription.list(
          value ?? .null, experiment: experiment, path: path,
          example: "\(kind.rawValue): [lstm: {hidden: 128}]"))
    }
  }

  private func read<Settings: Layer>(_ prototype: Settings) throws(ProgramError)
    -> LayerDescription
  {
    var mapping = value
    if let value, let short = Settings.keys.first(where: \.standsAlone) {
      // `dropout: 0.5`, `keep: a`.
      if case .fields = value {} else { mapping = .fields([.init(short.name, value)]) }
    }
    let fields = try FieldReader(
      mapping, experiment: experiment, path: path, keys: Settings.keys.map(\.name),
      place: .layer(kind))
    var layer = prototype
    for key in Settings.keys { try fields.read(key, into: &layer) }
    return layer.asDescription
  }
}

extension FieldReader {
  /// Sets what stands behind a layer's key, or its default.
  fileprivate func read<Settings: Layer>(_ key: LayerKey<Settings>, into layer: inout Settings)
    throws(ProgramError)
  {
    let name = key.name
    switch key.value {
    case .name(let path): layer[keyPath: path] = has(name) ? try text(name) : nil
    case .text(let path): layer[keyPath: path] = try text(name)
    case .flag(let path):
      layer[keyPath: path] = try flag(name, default: layer[keyPath: path])
    case .word(let path, let no, let yes):
      let usual = layer[keyPath: path] ? yes : no
      layer[keyPath: path] = try choice(name, [no, yes], default: usual) == yes
    case .integer(let path, let least, let missing):
      layer[keyPath: path] = try integer(name, atLeast: least, default: missing.value(of: layer))
    case .vocabulary(let path):
      layer[keyPath: path] = has(name) ? try integer(name, atLeast: 1) : nil
    case .number(let path, let range, let missing):
      layer[keyPath: path] = Float(
        try number(name, in: range, default: missing.value(of: layer).map(Double.init)))
    case .padding(let path):
      layer[keyPath: path] = try padding(name) ?? layer[keyPath: path]
    case .maxNorm(let path): layer[keyPath: path] = try maxNorm(name)
    case .axes(let path): layer[keyPath: path] = try axes(name)
    }
  }

  private func padding(_ key: String) throws(ProgramError) -> Padding? {
    switch self[key] {
    case nil: return nil
    case .text("valid"): return .pixels(0)
    case .text("same"): return .same
    case .some(let value):
      guard value.isNone || value.whole ?? -1 >= 0 else {
        throw error(
          key, expected: "same, valid or a whole number of at least 0", found: value)
      }
      return .pixels(value.whole ?? 0)
    }
  }

  /// A word, a dimension as Keras counts it, or several.
  private func axes(_ key: String) throws(ProgramError) -> UnitAxes? {
    guard let value = self[key] else { return nil }
    if let axis = value.string.flatMap(ConstraintAxis.init(rawValue:)) { return .named(axis) }
    let list: [JSONValue] = if case .list(let values) = value { values } else { [value] }
    let dimensions = list.compactMap(\.whole)
    guard !dimensions.isEmpty, dimensions.count == list.count else {
      throw error(
        key,
        expected:
          "incoming, outgoing, tensor, or dimensions as Keras counts them (0, or [0, 1, 2])",
        found: value)
    }
    return .keras(dimensions)
  }

  private func maxNorm(_ key: String) throws(ProgramError) -> MaxNormOverride {
    if isNull(key) { return .none }
    guard let value = self[key] else { return .inherit }
    return value.isNone ? .none : .value(Float(try number(key, above: 0)))
  }
}

extension LayerKey.Missing {
  fileprivate func value(of layer: Settings) -> Value? {
    switch self {
    case .isAnError: nil
    case .takes(let path): layer[keyPath: path]
    }
  }
}
