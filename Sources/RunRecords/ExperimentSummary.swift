// What screens, reports and comparisons ask of an experiment, read from its document once.

/// Keys of a resolved experiment; nil or empty if it does not have them, as another program's.
package struct ExperimentSummary: Sendable, Equatable {
  package var constraint = Constraint()
  package var optimizer = Optimizer()
  package var schedule = Schedule()
  /// Nil if gradients are not clipped.
  package var gradientClip: GradientClip?
  /// The rate of each dropout layer.
  package var dropoutRates: [Float] = []
  /// Whether a layer normalizes by batches.
  package var normalizesBatches = false
  /// Steps per second on the screen.
  package var pace: Double?
  /// The arm of a comparison that the run belongs to.
  package var arm: String?
  /// The comparison that the run was made for.
  package var comparison: ComparisonMembership?
  /// The arm that the experiment's own comparison reads the others against.
  package var baseline: String?
  /// What a sweep gave to this run.
  package var sweep: Sweep?
  /// Which split of a resampling its data are; nil: of none.
  package var resample: Resample?
  /// The test part is drawn with the rest of the data, by the seed of the run.
  package var drawsTest = false

  package struct Constraint: Sendable, Equatable {
    /// Its rule: `max_norm`.
    package var kind: String?
    package var isEnabled: Bool?
    package var maxNorm: Float?
    /// The bounds of a rule that has two.
    package var minimum: Float?
    package var maximum: Float?
  }

  package struct Optimizer: Sendable, Equatable {
    package var name: String?
    package var learningRate: Float?
    package var momentum: Float?
    package var weightDecay: Float?
  }

  package struct Schedule: Sendable, Equatable {
    package var name: String?
    /// The rate that it ends at.
    package var minimum: Double?
  }

  package struct GradientClip: Sendable, Equatable {
    /// All gradients together are scaled down to this norm.
    package var norm: Float?
    /// Each gradient is cut off at this value.
    package var value: Float?
  }

  /// One split of several, from 1.
  package struct Resample: Sendable, Equatable {
    package var number: Int
    package var count: Int
  }

  /// Keys and the values that they have in this run.
  package struct Sweep: Sendable, Equatable {
    package var keys: [String]
    /// Nil if one of them is not finite.
    package var values: [Double]?
  }

  package init(_ experiment: JSONValue) {
    let constraint = experiment["constraint"]
    self.constraint = Constraint(
      kind: constraint?["kind"]?.string, isEnabled: constraint?["enabled"]?.flag,
      maxNorm: constraint?["max_norm"]?.float, minimum: constraint?["min"]?.float,
      maximum: constraint?["max"]?.float)
    let optimizer = experiment["optimizer"]
    self.optimizer = Optimizer(
      name: optimizer?["name"]?.string, learningRate: optimizer?["learning_rate"]?.float,
      momentum: optimizer?["momentum"]?.float, weightDecay: optimizer?["weight_decay"]?.float)
    let schedule = experiment["schedule"]
    self.schedule = Schedule(
      name: schedule?["name"]?.string ?? schedule?.string, minimum: schedule?["minimum"]?.double)
    if let clip = experiment["gradient_clip"], clip != .null {
      gradientClip = GradientClip(norm: clip["norm"]?.float, value: clip["value"]?.float)
    }
    let layers = Self.layers(experiment["model"])
    dropoutRates = layers.compactMap { layer in
      layer["dropout"].flatMap { ($0["rate"] ?? $0).float }
    }
    normalizesBatches = layers.contains { $0.string == "batch_norm" || $0["batch_norm"] != nil }
    pace = experiment["pace"]?.double
    arm = experiment["arm"]?.string
    comparison = ComparisonMembership(experiment["comparison"])
    baseline = experiment["compare"]?["baseline"]?.string
    sweep = experiment["sweep"].map(Sweep.init)
    let data = experiment["data"]
    if let number = data?["resample"]?["split"]?.whole, let count = data?["resample"]?["of"]?.whole
    {
      resample = Resample(number: number, count: count)
    }
    if case .integer? = data?["test"] { drawsTest = true }
  }

  /// The layers of a model, those of an encoder and a decoder too.
  private static func layers(_ model: JSONValue?, depth: Int = 0) -> [JSONValue] {
    // A damaged log may nest them without end.
    guard case .list(let layers)? = model, depth < 4 else { return [] }
    return layers.flatMap { layer -> [JSONValue] in
      let inner = ["encoder", "decoder"].compactMap { layer[$0] }
      return inner.isEmpty ? [layer] : inner.flatMap { Self.layers($0, depth: depth + 1) }
    }
  }
}

extension ExperimentSummary.Sweep {
  fileprivate init(_ document: JSONValue) {
    guard case .fields(let fields) = document, !fields.isEmpty else {
      self.init(keys: [], values: nil)
      return
    }
    let values = fields.compactMap { $0.value.double }
    let areNumbers = values.count == fields.count && values.allSatisfy(\.isFinite)
    self.init(keys: fields.map(\.key), values: areNumbers ? values : nil)
  }
}

extension JSONValue {
  fileprivate var float: Float? { double.map(Float.init) }
  fileprivate var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }
}
