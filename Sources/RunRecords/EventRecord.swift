// The event record: what was changed in a run, and when it took effect.

/// A change that took effect after `step` optimizer steps (0: before the first).
package struct EventRecord: Sendable, Equatable {
  package var step: Int
  /// What was done.
  package var action: Action
  /// The value before; nil if the action has none, and for dropout where rates differ.
  package var from: Value?
  /// The value from now on; nil if the action has none, or an undo leads back to no ceiling or to
  /// dropout rates that differ.
  package var value: Value?
  /// The units that switching on or lowering r rescaled at that moment.
  package var clipped: Int?
  /// The layer, where the change concerns one alone.
  package var layer: String?
  /// True if the event took back an earlier one.
  package var undo: Bool
  /// The command's that it answers; nil if none from outside has brought it about.
  package var id: String?
  /// Wall-clock time, for what a clock is drawn by: pauses and whatever continues after an end.
  package var time: WallTime?

  /// A setting that did not change is recorded: initial weights far over r were brought back to it.
  package var changesNothing: Bool {
    action == .constraint && step == 0 && clipped != nil && !undo && from == .flag(true)
      && value == from
  }

  /// What was done.
  package enum Action: Sendable, Hashable {
    /// A setting was changed; an undo takes that back.
    case setting(Setting)
    case twin, fork
    /// After an end: the run continues to a new number of steps.
    case extend
    /// The run was written to a file; it changes nothing.
    case checkpoint
    case pause, resume
    /// A step was made while paused, or the pace changed, as a command from outside asked for.
    case step, pace
    case reset, reseed, stop
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
    layer: String? = nil, undo: Bool = false, id: String? = nil, time: WallTime? = nil
  ) {
    self.step = step
    self.action = action
    self.from = from
    self.value = value
    self.clipped = clipped
    self.layer = layer
    self.undo = undo
    self.id = id
    self.time = time
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
    fields.field("id", &id, .aside)
    fields.field("time", &time, .aside)
    from = from?.meant(by: action)
    value = value?.meant(by: action)
  }
}

extension EventRecord.Action: FieldWord, CaseIterable {
  package static let maxNorm = Self.setting(.maxNorm)
  package static let learningRate = Self.setting(.learningRate)
  package static let momentum = Self.setting(.momentum)
  package static let weightDecay = Self.setting(.weightDecay)
  package static let dropout = Self.setting(.dropout)
  package static let batchNormFreeze = Self.setting(.batchNormFreeze)
  package static let constraint = Self.setting(.constraint)

  package static let allCases: [Self] =
    Setting.allCases.map(Self.setting)
    + [.twin, .fork, .extend, .checkpoint, .pause, .resume, .step, .pace, .reset, .reseed, .stop]

  private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

  package init?(rawValue: String) {
    guard let action = Self.byName[rawValue] else { return nil }
    self = action
  }

  package var rawValue: String {
    switch self {
    case .setting(let setting): setting.rawValue
    case .twin: "twin"
    case .fork: "fork"
    case .extend: "extend"
    case .checkpoint: "checkpoint"
    case .pause: "pause"
    case .resume: "resume"
    case .step: "step"
    case .pace: "pace"
    case .reset: "reset"
    case .reseed: "reseed"
    case .stop: "stop"
    }
  }

  /// Whether it changes a setting, which an undo takes back.
  package var isSetting: Bool { if case .setting = self { true } else { false } }

  /// - Throws: `RecordError.unknownKind` for what a later version does.
  package init(from decoder: any Decoder) throws {
    let name = try decoder.singleValueContainer().decode(String.self)
    guard let action = Self(rawValue: name) else { throw RecordError.unknownKind(name) }
    self = action
  }
}

extension EventRecord.Value: ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral {
  package init(floatLiteral number: Float) { self = .number(number) }
  package init(booleanLiteral flag: Bool) { self = .flag(flag) }
}

extension EventRecord.Value {
  /// Nil if it is not valid.
  package var number: Float? { if case .number(let number) = self { number } else { nil } }
  package var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }
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
    case .setting, .twin, .fork, .checkpoint, .pause, .resume, .step, .pace, .reset, .stop:
      .number(Float(seed))
    }
  }
}
