// The event record: what was changed in a run, and when it took effect.

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
  package enum Action: String, Sendable, CaseIterable, FieldWord {
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

extension EventRecord: RecordFields {
  static var blank: EventRecord { EventRecord(step: 0, action: .stop) }

  mutating func code(_ fields: inout some FieldCoder) {
    fields.required("step", &step)
    fields.required("action", &action)
    fields.field("layer", &layer, .ifAny)
    fields.field("from", &from, .ifAny)
    fields.field("value", &value, .ifAny)
    fields.field("clipped", &clipped, .ifAny)
    fields.mark("undo", &undo)
    from = from?.meant(by: action)
    value = value?.meant(by: action)
  }
}

extension EventRecord.Action {
  /// - Throws: `RecordError.unknownKind` for what a later version does.
  package init(from decoder: any Decoder) throws {
    let name = try decoder.singleValueContainer().decode(String.self)
    guard let action = Self(rawValue: name) else { throw RecordError.unknownKind(name) }
    self = action
  }
}

extension EventRecord.Value: FieldValue {
  func write(to json: inout JSONWriter, _ key: String?) {
    switch self {
    case .flag(let flag): flag.write(to: &json, key)
    case .number(let number): number.write(to: &json, key)
    case .seed(let seed): seed.write(to: &json, key)
    case .steps(let steps): steps.write(to: &json, key)
    case .path(let path): path.write(to: &json, key)
    }
  }

  var cell: String {
    switch self {
    case .flag(let flag): flag.cell
    case .number(let number): number.cell
    case .seed(let seed): seed.cell
    case .steps(let steps): steps.cell
    case .path(let path): path
    }
  }

  /// A whole number is a seed at first: only those need all their digits.
  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let flag = try? value.decode(Bool.self) {
      self = .flag(flag)
    } else if let seed = try? value.decode(UInt64.self) {
      self = .seed(seed)
    } else if let number = try? value.decode(Float.self) {
      self = .number(number)
    } else {
      self = .path(try value.decode(String.self))
    }
  }

  /// The value, as an action has it.
  fileprivate func meant(by action: EventRecord.Action) -> Self {
    guard case .seed(let seed) = self else { return self }
    return switch action {
    case .reseed: self
    case .extend: .steps(Int(clamping: seed))
    case .constraint, .maxNorm, .learningRate, .momentum, .weightDecay, .dropout,
      .batchNormFreeze, .twin, .fork, .checkpoint, .pause, .resume, .reset, .stop:
      .number(Float(seed))
    }
  }
}
