// Events and the end of a run: what was changed, when it took effect, and how the run closed.

/// A change that took effect after `step` optimizer steps (0: before the first).
package struct EventRecord: Sendable, Equatable {
  package var step: Int
  /// What was done.
  package var action: Action
  /// The value before; nil where the action has none, and for dropout where rates differ.
  package var from: Value?
  /// The value from now on; nil where the action has none, or an undo leads back to no ceiling or to
  /// dropout rates that differ.
  package var value: Value?
  /// The units that switching on or lowering r rescaled at that moment.
  package var clipped: Int?
  /// The layer, where the change concerns one alone.
  package var layer: String?
  /// True where the event took back an earlier one.
  package var undo: Bool

  /// A setting is told that was as it is already: first weights far over r were brought back to it.
  package var changesNothing: Bool {
    action == .constraint && step == 0 && clipped != nil && !undo && from == .flag(true)
      && value == from
  }

  /// What was done.
  package enum Action: String, Sendable, CaseIterable {
    case constraint
    case maxNorm = "max_norm"
    case learningRate = "learning_rate"
    case momentum
    case weightDecay = "weight_decay"
    case dropout
    case batchNormFreeze = "batch_norm_freeze"
    case twin, fork
    /// After an end: the run goes on to a new number of steps.
    case extend
    /// The run was written to a file; it changes nothing.
    case checkpoint
    case pause, resume, reset, reseed, stop

    /// Whether it changes a setting, which an undo takes back.
    package var isSetting: Bool {
      switch self {
      case .constraint, .maxNorm, .learningRate, .momentum, .weightDecay, .dropout,
        .batchNormFreeze:
        true
      case .twin, .fork, .extend, .checkpoint, .pause, .resume, .reset, .reseed, .stop: false
      }
    }
  }

  /// A switch's state or a setting's number.
  package enum Value: Sendable, Equatable {
    case flag(Bool)
    case number(Float)
    case seed(UInt64)
    /// Optimizer steps.
    case steps(Int)
    /// A file.
    case path(String)
  }

  package init(
    step: Int, action: Action, from: Value? = nil, value: Value? = nil, clipped: Int? = nil,
    layer: String? = nil, undo: Bool = false
  ) {
    self.step = step
    self.action = action
    self.from = from
    self.value = value
    self.clipped = clipped
    self.layer = layer
    self.undo = undo
  }
}

extension EventRecord: JSONObject, Decodable {
  func write(to json: inout JSONWriter) {
    json.field("step", step)
    json.field("action", action.rawValue)
    if let layer { json.field("layer", layer) }
    if let from { json.field("from", from) }
    if let value { json.field("value", value) }
    if let clipped { json.field("clipped", clipped) }
    if undo { json.field("undo", true) }
  }

  enum CodingKeys: String, CodingKey {
    case step, action, from, value, clipped, layer, undo
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    step = try values.decode(Int.self, forKey: .step)
    let name = try values.decode(String.self, forKey: .action)
    guard let action = Action(rawValue: name) else { throw RecordError.unknownKind(name) }
    self.action = action
    func read(_ key: CodingKeys) throws -> Value? {
      guard values.contains(key), try !values.decodeNil(forKey: key) else { return nil }
      if let flag = try? values.decode(Bool.self, forKey: key) { return .flag(flag) }
      if action == .reseed { return .seed(try values.decode(UInt64.self, forKey: key)) }
      if action == .checkpoint { return .path(try values.decode(String.self, forKey: key)) }
      if action == .extend { return .steps(try values.decode(Int.self, forKey: key)) }
      return .number(try values.decode(Float.self, forKey: key))
    }
    from = try read(.from)
    value = try read(.value)
    clipped = try values.decodeIfPresent(Int.self, forKey: .clipped)
    layer = try values.decodeIfPresent(String.self, forKey: .layer)
    undo = try values.decodeIfPresent(Bool.self, forKey: .undo) ?? false
  }
}

/// Closes a run.
package struct EndRecord: Sendable, Equatable {
  package var step: Int
  /// Why it ended.
  package var reason: Reason
  /// The figures of the last evaluation; nil where there was none.
  package var validationLoss: Float?
  /// Share of right answers, 0…1; nil without an evaluation or for regression.
  package var validationAccuracy: Float?
  /// Nil where nothing was evaluated.
  package var best: Best?
  /// Units rescaled in the whole run, all layers together.
  package var clippedTotal: Int
  /// Seconds without pauses.
  package var elapsed: Double

  /// Why a run ended.
  package enum Reason: String, Sendable, Codable {
    case finished, stopped, interrupted, diverged
  }

  /// The evaluation at which the header's metric was best.
  package struct Best: Sendable, Equatable {
    package var step: Int
    /// The header's `metric`.
    package var metric: String
    /// The metric's best value.
    package var value: Float

    package init(step: Int, metric: String, value: Float) {
      self.step = step
      self.metric = metric
      self.value = value
    }
  }

  package init(
    step: Int, reason: Reason, validationLoss: Float?, validationAccuracy: Float?, best: Best?,
    clippedTotal: Int, elapsed: Double
  ) {
    self.step = step
    self.reason = reason
    self.validationLoss = validationLoss
    self.validationAccuracy = validationAccuracy
    self.best = best
    self.clippedTotal = clippedTotal
    self.elapsed = elapsed
  }
}

extension EndRecord: JSONObject, Decodable {
  func write(to json: inout JSONWriter) {
    json.field("step", step)
    json.field("reason", reason.rawValue)
    if let validationLoss { json.field("validation_loss", validationLoss) }
    if let validationAccuracy { json.field("validation_accuracy", validationAccuracy) }
    if let best {
      json.object("best") { json in
        json.field("step", best.step)
        json.field(best.metric, best.value)
      }
    }
    json.field("clipped_total", clippedTotal)
    json.field("elapsed", elapsed)
  }

  enum CodingKeys: String, CodingKey {
    case step, reason, best, elapsed
    case validationLoss = "validation_loss"
    case validationAccuracy = "validation_accuracy"
    case clippedTotal = "clipped_total"
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    step = try values.decode(Int.self, forKey: .step)
    reason = try values.decode(Reason.self, forKey: .reason)
    validationLoss = try values.decodeIfPresent(Float.self, forKey: .validationLoss)
    validationAccuracy = try values.decodeIfPresent(Float.self, forKey: .validationAccuracy)
    clippedTotal = try values.decode(Int.self, forKey: .clippedTotal)
    elapsed = try values.decode(Double.self, forKey: .elapsed)
    best = try values.decodeIfPresent(Best.self, forKey: .best)
  }
}

extension EndRecord.Best: Decodable {
  /// Reads `{"step": …, METRIC: …}`.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: AnyKey.self)
    step = try values.decode(Int.self, forKey: AnyKey(stringValue: "step"))
    guard let key = values.allKeys.first(where: { $0.stringValue != "step" }) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "expected a metric beside the step")
      )
    }
    metric = key.stringValue
    value = try values.decode(Float.self, forKey: key)
  }
}
