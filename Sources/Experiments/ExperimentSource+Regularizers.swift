// Brings an experiment to chosen regularizers: adds what is missing, takes away the others.
import Basics
import NeuralNetwork
import RunRecords

extension ExperimentSource {
  /// What an arm takes where the experiment says nothing itself.
  private static let usualDecay = 0.0005
  private static let usualCeiling = 3.0
  /// Of hidden units (Srivastava and others, 2014).
  private static let usualRate = 0.5

  /// Uses these regularizers and no others.
  ///
  /// Those that the experiment has already stay as they are. Weight decay is otherwise 0.0005;
  /// dropout of 0.5 comes behind every hidden dense or recurrent layer and its activation; batch
  /// norm behind every hidden dense layer and convolution; the ceiling is 3; early stopping waits for 20
  /// evaluations and ends with the weights of the best. Norms are measured in every arm.
  ///
  /// - Throws: `ProgramError` if there is no place for one.
  package mutating func regularize(with parts: Set<Regularizer>) throws(ProgramError) {
    let own = try experiment()
    forgetWhatWasGiven()
    guard own.constraint.kind.name == .maxNorm else {
      throw ProgramError(
        experiment: name, path: "constraint.kind",
        problem: "expected max_norm for the arms that are always there, found "
          + own.constraint.kind.name.rawValue,
        hint: "name arms of your own: --arm 'on:constraint.enabled=true' "
          + "--arm 'off:constraint.enabled=false'")
    }
    if parts.contains(.maxNorm), !own.isConstrained {
      try put("constraint.max_norm", .number(Self.usualCeiling))
    }
    try put("constraint.enabled", .flag(parts.contains(.maxNorm)))
    if !parts.contains(.l2) {
      try put("optimizer.weight_decay", .number(0))
      try put("optimizer.l1", .number(0))
    } else if own.optimizer.weightDecay == 0, own.optimizer.l1 == 0 {
      try put("optimizer.weight_decay", .number(Self.usualDecay))
    }
    if !parts.contains(.earlyStop) {
      try put("stopping", .null)
    } else if own.stopping == nil {
      try put(
        "stopping", StoppingSettings(patience: StoppingSettings.usualPatience).document)
    }
    guard case .list(var layers)? = document["model"] else { return }
    try Self.place(
      .dropout, wanted: parts.contains(.dropout), in: &layers, experiment: name,
      behind: \.takesDropout, skipping: \.goesBeforeDropout,
      layer: .fields([.init(LayerKind.dropout.rawValue, .number(Self.usualRate))]))
    try Self.place(
      .batchNorm, wanted: parts.contains(.batchNorm), in: &layers, experiment: name,
      behind: \.takesBatchNorm, skipping: nil, layer: .text(LayerKind.batchNorm.rawValue))
    try put("model", .list(layers))
  }

  /// Takes away a kind of layer, or puts it behind hidden layers where a model has none.
  private static func place(
    _ kind: LayerKind, wanted: Bool, in layers: inout [JSONValue], experiment: String,
    behind hosts: KeyPath<LayerRole, Bool>, skipping followers: KeyPath<LayerRole, Bool>?,
    layer: JSONValue
  ) throws(ProgramError) {
    let has = contains(kind, in: layers)
    if !wanted { layers = removing(kind, from: layers) }
    guard wanted, !has else { return }
    var left = count(hosts, in: layers)
    // The last layer with weights is the output, if it is of that kind.
    if let last = lastWeighted(in: layers), !last[keyPath: hosts] { left += 1 }
    let places = left
    layers = inserting(layer, behind: hosts, skipping: followers, in: layers, left: &left)
    guard places > 1 else {
      throw ProgramError(
        experiment: experiment, path: "model",
        problem: "expected a hidden layer to put \(kind.rawValue) behind, found none",
        hint: "leave out the arms with \(kind == .dropout ? "dropout" : "batchnorm")")
    }
  }

  private static func kind(_ entry: JSONValue) -> LayerKind? {
    switch entry {
    case .text(let name): LayerKind(rawValue: name)
    case .fields(let fields) where fields.count == 1: LayerKind(rawValue: fields[0].key)
    default: nil
    }
  }

  /// Whether the layer's role is one of those.
  private static func isOne(_ entry: JSONValue, of roles: KeyPath<LayerRole, Bool>) -> Bool {
    kind(entry)?.role?[keyPath: roles] ?? false
  }

  /// The layers of a part of the network, below its word.
  private static func inner(_ entry: JSONValue) -> (word: String, layers: [JSONValue])? {
    guard let kind = kind(entry), case .part = kind.prototype,
      case .list(let layers)? = entry[kind.rawValue]
    else { return nil }
    return (kind.rawValue, layers)
  }

  private static func contains(_ kind: LayerKind, in layers: [JSONValue]) -> Bool {
    layers.contains { entry in
      Self.kind(entry) == kind || (inner(entry).map { contains(kind, in: $0.layers) } ?? false)
    }
  }

  private static func count(_ roles: KeyPath<LayerRole, Bool>, in layers: [JSONValue]) -> Int {
    layers.reduce(0) { sum, entry in
      sum + (isOne(entry, of: roles) ? 1 : 0)
        + (inner(entry).map { count(roles, in: $0.layers) } ?? 0)
    }
  }

  private static func lastWeighted(in layers: [JSONValue]) -> LayerRole? {
    for entry in layers.reversed() {
      if let role = kind(entry)?.role, role.hasWeights { return role }
      if let last = inner(entry).flatMap({ lastWeighted(in: $0.layers) }) { return last }
    }
    return nil
  }

  private static func removing(_ kind: LayerKind, from layers: [JSONValue]) -> [JSONValue] {
    layers.filter { Self.kind($0) != kind }.map { entry in
      guard let part = inner(entry) else { return entry }
      return .fields([.init(part.word, .list(removing(kind, from: part.layers)))])
    }
  }

  /// `left` counts the hosts still to come, the output among them.
  private static func inserting(
    _ layer: JSONValue, behind hosts: KeyPath<LayerRole, Bool>,
    skipping followers: KeyPath<LayerRole, Bool>?, in layers: [JSONValue], left: inout Int
  ) -> [JSONValue] {
    var result: [JSONValue] = []
    var isDue = false
    for entry in layers {
      if isDue, !(followers.map { isOne(entry, of: $0) } ?? false) {
        result.append(layer)
        isDue = false
      }
      if let part = inner(entry) {
        let inner = inserting(
          layer, behind: hosts, skipping: followers, in: part.layers, left: &left)
        result.append(.fields([.init(part.word, .list(inner))]))
        continue
      }
      result.append(entry)
      guard isOne(entry, of: hosts) else { continue }
      left -= 1
      isDue = left > 0
    }
    return isDue ? result + [layer] : result
  }
}

extension LayerRole {
  /// Whether it holds weights that a constraint may hold: the last such layer is the output.
  fileprivate var hasWeights: Bool {
    switch self {
    case .dense, .convolution, .recurrent, .embedding: true
    case .normalization, .activation, .arrangement: false
    }
  }

  /// Whether dropout comes behind it where it is hidden, its activation in between.
  fileprivate var takesDropout: Bool {
    switch self {
    case .dense, .recurrent: true
    case .convolution, .embedding, .normalization, .activation, .arrangement: false
    }
  }

  fileprivate var goesBeforeDropout: Bool {
    switch self {
    case .normalization, .activation: true
    case .dense, .convolution, .recurrent, .embedding, .arrangement: false
    }
  }

  /// Whether batch normalization comes right behind it where it is hidden.
  fileprivate var takesBatchNorm: Bool {
    switch self {
    case .dense, .convolution: true
    case .recurrent, .embedding, .normalization, .activation, .arrangement: false
    }
  }
}
