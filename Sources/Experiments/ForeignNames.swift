// What Keras, PyTorch, Lightning, scikit-learn and others call things, and what they are called here.
import NeuralNetwork
import RunRecords

/// Answers names from other frameworks with ours.
///
/// They are not accepted: with two names for one thing, experiments would be hard to read. But
/// someone who knows a thing by another name should learn ours, and not the name that happens to be
/// spelt alike.
package enum ForeignNames {
  /// Where a name was found.
  package enum Context: Sendable, Equatable {
    /// The keys of an experiment.
    case top
    case data, optimizer, schedule, constraint
    /// The keys of a layer of this kind.
    case layer(LayerKind)
    /// Values: a layer's kind, the names of a loss, an optimizer, a schedule.
    case layerKind, loss, optimizerName, scheduleName, constraintKind, axis
    /// A long option of the command line.
    case option
    case other
  }

  /// What a hint says of an unknown name: its name here, else the candidate that is spelt most like it;
  /// nil if there is neither.
  package static func hint(for name: String, at place: Context, among candidates: [String])
    -> String?
  {
    if let same = candidates.first(where: { squashed($0) == squashed(name) }) {
      return "here it is written \(same)"
    }
    return cure(for: name, at: place)
      ?? nearest(name, among: candidates).map { "did you mean \($0)?" }
  }

  /// What a name from another framework is called here; nil for unknown names.
  package static func cure(for name: String, at place: Context) -> String? {
    let word = squashed(name)
    // A layer lists its own foreign names: one that is here is no longer missing.
    if place == .layerKind, let kind = layerKinds[word] { return "here it is \(kind)" }
    if let remark = remarks(at: place)[word] { return remark }
    switch place {
    case .option:
      if let option = options[word] { return "here it is \(option)" }
      return settings[word].map { "here it is \(option(for: $0))" } ?? generalRemarks[word]
    case .layerKind, .loss, .optimizerName, .scheduleName, .constraintKind:
      return names(at: place)[word].map { "here it is \($0)" }
    case .axis, .other: return nil
    case .top, .data, .optimizer, .schedule, .constraint, .layer:
      if let key = names(at: place)[word] { return "here it is \(key)" }
      return settings[word].map { "here it is \($0)" } ?? generalRemarks[word]
    }
  }

  /// How a key is set on the command line.
  private static func option(for key: String) -> String {
    switch key {
    case "epochs", "steps", "seed", "pace": "--\(key)"
    case "constraint.max_norm": "--max-norm"
    case "model", "data", "optimizer", "schedule", "loss": "the key \(key) of the experiment"
    default: "--set \(key)=VALUE"
    }
  }

  /// A name without what people write differently: `max_epochs`, `maxEpochs`, `max-epochs`.
  static func squashed(_ name: String) -> String {
    name.lowercased().filter { $0.isLetter || $0.isNumber }
  }

  private static func names(at place: Context) -> [String: String] {
    switch place {
    case .data: dataKeys
    case .schedule: scheduleKeys
    case .constraint: constraintKeys
    case .layerKind: layerKinds
    case .loss: losses
    case .optimizerName: optimizers
    case .scheduleName: schedules
    case .constraintKind: constraintKinds
    case .layer(let kind): layerKeys(of: kind)
    case .top, .optimizer, .axis, .option, .other: [:]
    }
  }

  private static func remarks(at place: Context) -> [String: String] {
    switch place {
    case .optimizer: optimizerRemarks
    case .schedule: scheduleRemarks
    case .layer: layerRemarks
    case .layerKind: layerKindRemarks
    case .loss: lossRemarks
    case .optimizerName: optimizerNameRemarks
    case .scheduleName: scheduleNameRemarks
    case .axis: axisRemarks
    case .constraint: constraintRemarks
    case .top, .data, .constraintKind, .option, .other: [:]
    }
  }

  /// The foreign names of a layer's keys, as the layer lists them.
  private static func layerKeys(of kind: LayerKind) -> [String: String] {
    func names<Settings: Layer>(_ layer: Settings) -> [String: String] {
      table(Settings.keys.map { ($0.name, $0.elsewhere) })
    }
    switch kind.prototype {
    case .layer(let layer): return names(layer)
    case .part: return [:]
    }
  }

  /// The foreign names of layers, as they list them, and of what takes more than one layer here.
  private static let layerKinds = table(
    LayerKind.allCases.compactMap { kind in
      guard case .layer(let layer) = kind.prototype else { return nil }
      return (kind.rawValue, layer.namesElsewhere)
    } + otherLayerKinds)

  /// The layers that have a role, in words.
  static func layers(_ role: LayerRole) -> String {
    let kinds = LayerKind.allCases.filter { $0.role == role }.map(\.rawValue)
    let most = kinds.dropLast().joined(separator: ", ")
    return (most.isEmpty ? "" : most + " and ") + (kinds.last ?? "")
  }

  /// A table from lists of names, each in front of what it is here.
  static func table(_ rows: KeyValuePairs<String, String>) -> [String: String] {
    table(rows.map { ($0, $1) })
  }

  private static func table(_ rows: [(key: String, names: String)]) -> [String: String] {
    Dictionary(
      rows.flatMap { key, names in names.split(separator: " ").map { (squashed(String($0)), key) }
      },
      uniquingKeysWith: { first, _ in first })
  }
}
