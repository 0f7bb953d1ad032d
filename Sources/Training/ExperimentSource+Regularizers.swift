// Brings an experiment to chosen regularizers: adds what is missing, takes away the others.
import NeuralNetwork
import RunRecords

extension ExperimentSource {
  /// What an arm takes where the experiment says nothing itself.
  private static let usualDecay = 0.0005
  private static let usualCeiling = 3.0
  /// Of hidden units (Srivastava and others, 2014).
  private static let usualRate = 0.5

  /// Leaves these regularizers and no others.
  ///
  /// What the experiment has of them stays as it is. Weight decay is otherwise 0.0005; dropout of 0.5
  /// comes behind every hidden dense or recurrent layer and its activation; batch norm behind every
  /// hidden dense layer and convolution; the ceiling is 3. Norms are measured in every arm.
  ///
  /// - Throws: `ExperimentError` where there is no place for one.
  package mutating func regularize(with parts: Set<Regularizer>) throws(ExperimentError) {
    let own = try experiment()
    forgetWhatWasGiven()
    if parts.contains(.maxNorm), !own.hasCeiling {
      try put("constraint.max_norm", .number(Self.usualCeiling))
    }
    try put("constraint.enabled", .flag(parts.contains(.maxNorm)))
    if !parts.contains(.l2) {
      try put("optimizer.weight_decay", .number(0))
      try put("optimizer.l1", .number(0))
    } else if own.optimizer.weightDecay == 0, own.optimizer.l1 == 0 {
      try put("optimizer.weight_decay", .number(Self.usualDecay))
    }
    guard case .list(var layers)? = document["model"] else { return }
    try Self.place(
      "dropout", wanted: parts.contains(.dropout), in: &layers, experiment: name,
      behind: ["dense", "rnn", "lstm", "gru"],
      skipping: ["batch_norm", "relu", "gelu", "tanh", "sigmoid", "leaky_relu"],
      layer: .fields([.init("dropout", .number(Self.usualRate))]))
    try Self.place(
      "batch_norm", wanted: parts.contains(.batchNorm), in: &layers, experiment: name,
      behind: ["dense", "conv2d", "conv_transpose2d"], skipping: [], layer: .text("batch_norm"))
    try put("model", .list(layers))
  }

  /// Takes away a kind of layer, or puts it behind hidden layers where a model has none.
  private static func place(
    _ kind: String, wanted: Bool, in layers: inout [Document], experiment: String,
    behind hosts: Set<String>, skipping followers: Set<String>, layer: Document
  ) throws(ExperimentError) {
    let has = contains(kind, in: layers)
    if !wanted { layers = removing(kind, from: layers) }
    guard wanted, !has else { return }
    var left = count(hosts, in: layers)
    // The last layer with weights is the output, if it is of that kind.
    if let last = lastWeighted(in: layers), !hosts.contains(last) { left += 1 }
    let places = left
    layers = inserting(layer, behind: hosts, skipping: followers, in: layers, left: &left)
    guard places > 1 else {
      throw ExperimentError(
        experiment: experiment, path: "model",
        problem: "expected a hidden layer to put \(kind) behind, found none",
        hint: "leave out the arms with \(kind == "dropout" ? kind : "batchnorm")")
    }
  }

  private static let weighted: Set = [
    "dense", "conv2d", "conv_transpose2d", "rnn", "lstm", "gru", "embedding",
  ]

  private static func kind(_ entry: Document) -> String {
    switch entry {
    case .text(let name): name
    case .fields(let fields) where fields.count == 1: fields[0].key
    default: ""
    }
  }

  /// The layers below an encoder or a decoder.
  private static func inner(_ entry: Document) -> [Document]? {
    guard ["encoder", "decoder"].contains(kind(entry)),
      case .list(let layers)? = entry[kind(entry)]
    else { return nil }
    return layers
  }

  private static func contains(_ kind: String, in layers: [Document]) -> Bool {
    layers.contains { entry in
      Self.kind(entry) == kind || (inner(entry).map { contains(kind, in: $0) } ?? false)
    }
  }

  private static func count(_ kinds: Set<String>, in layers: [Document]) -> Int {
    layers.reduce(0) { sum, entry in
      sum + (kinds.contains(kind(entry)) ? 1 : 0) + (inner(entry).map { count(kinds, in: $0) } ?? 0)
    }
  }

  private static func lastWeighted(in layers: [Document]) -> String? {
    for entry in layers.reversed() {
      if weighted.contains(kind(entry)) { return kind(entry) }
      if let last = inner(entry).flatMap({ lastWeighted(in: $0) }) { return last }
    }
    return nil
  }

  private static func removing(_ kind: String, from layers: [Document]) -> [Document] {
    layers.filter { Self.kind($0) != kind }.map { entry in
      guard let layers = inner(entry) else { return entry }
      return .fields([.init(Self.kind(entry), .list(removing(kind, from: layers)))])
    }
  }

  /// `left` counts the hosts still to come, the output among them.
  private static func inserting(
    _ layer: Document, behind hosts: Set<String>, skipping followers: Set<String>,
    in layers: [Document], left: inout Int
  ) -> [Document] {
    var result: [Document] = []
    var isDue = false
    for entry in layers {
      if isDue, !followers.contains(kind(entry)) {
        result.append(layer)
        isDue = false
      }
      if let layers = inner(entry) {
        let inner = inserting(layer, behind: hosts, skipping: followers, in: layers, left: &left)
        result.append(.fields([.init(kind(entry), .list(inner))]))
        continue
      }
      result.append(entry)
      guard hosts.contains(kind(entry)) else { continue }
      left -= 1
      isDue = left > 0
    }
    return isDue ? result + [layer] : result
  }
}
