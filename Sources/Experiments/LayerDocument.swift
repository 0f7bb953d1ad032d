// A layer as a document with every key filled in; reading it gives the same layer.
import NeuralNetwork
import RunRecords

extension LayerDescription {
  var document: JSONValue {
    switch content {
    case .layer(let layer): layer.document
    case .part(let part, let layers):
      .fields([.init(part.rawValue, .list(layers.map(\.document)))])
    }
  }
}

extension Layer {
  fileprivate var document: JSONValue {
    let word = kind.rawValue
    // A single key that may stand alone does.
    if Self.keys.count == 1, Self.keys[0].standsAlone, let value = Self.keys[0].document(of: self) {
      return .fields([.init(word, value)])
    }
    guard !Self.keys.isEmpty else { return .text(word) }
    let fields = Self.keys.compactMap { key in
      key.document(of: self).map { JSONValue.Field(key.name, $0) }
    }
    return .fields([.init(word, .fields(fields))])
  }
}

extension LayerKey {
  /// What stands behind the key; nil if it is left out.
  fileprivate func document(of layer: Settings) -> JSONValue? {
    switch value {
    case .name(let path): layer[keyPath: path].map { .text($0) }
    case .text(let path): .text(layer[keyPath: path])
    case .flag(let path): .flag(layer[keyPath: path])
    case .word(let path, let no, let yes): .text(layer[keyPath: path] ? yes : no)
    case .integer(let path, _, _): .integer(layer[keyPath: path])
    case .vocabulary(let path): layer[keyPath: path].map { .integer($0) }
    case .number(let path, _, _): JSONValue(layer[keyPath: path])
    case .padding(let path): layer[keyPath: path].document
    case .maxNorm(let path): layer[keyPath: path].document
    case .axes(let path): layer[keyPath: path]?.document
    }
  }
}

extension Padding {
  fileprivate var document: JSONValue {
    switch self {
    case .same: .text("same")
    case .pixels(let pixels): .integer(pixels)
    }
  }
}

extension UnitAxes {
  fileprivate var document: JSONValue {
    switch self {
    case .named(let axis): .text(axis.rawValue)
    case .keras(let axes):
      axes.count == 1 ? .integer(axes[0]) : .list(axes.map { .integer($0) })
    }
  }
}

extension MaxNormOverride {
  fileprivate var document: JSONValue? {
    switch self {
    case .inherit: nil
    case .none: .text("none")
    case .value(let ceiling): JSONValue(ceiling)
    }
  }
}
