// The settings that can be changed while a run goes on: their values, their next ones, and why there
// is nothing to change.
import RunRecords

/// A setting, in the order of the settings panel.
package enum Setting: Sendable, CaseIterable {
  case ceiling, layerCeiling, learningRate, momentum, weightDecay, dropout, batchNormFreeze
  case constraint

  var isFlag: Bool { self == .batchNormFreeze || self == .constraint }

  /// The values that it can have, in words, and a test for them.
  private var range: (words: String, holds: (Float) -> Bool) {
    switch self {
    case .ceiling, .layerCeiling, .learningRate: ("a number above 0", { $0 > 0 })
    case .momentum, .dropout: ("a number from 0 to below 1", { $0 >= 0 && $0 < 1 })
    default: ("a number of 0 or more", { $0 >= 0 })
    }
  }

  /// A typed number; nil where it is none that the setting can have.
  func number(_ text: String) -> Float? {
    guard let number = Float(text), number.isFinite, range.holds(number) else { return nil }
    return number
  }

  /// What to type instead.
  var expectation: String { range.words }

  /// The next round value above or below; nil at the end of the range.
  func next(_ value: Float, up: Bool) -> Float? {
    switch self {
    case .ceiling, .layerCeiling: return NiceSteps.next(value, up: up, on: NiceSteps.fine)
    case .learningRate: return NiceSteps.next(value, up: up, on: NiceSteps.coarse)
    case .momentum: return NiceSteps.next(value, up: up, among: NiceSteps.momenta)
    case .dropout: return NiceSteps.next(value, up: up, among: NiceSteps.rates)
    case .weightDecay:
      // Below the lowest rung there is only none.
      if value < 0.99e-5 { return up ? 1e-5 : value > 0 ? 0 : nil }
      if value < 1.01e-5, !up { return 0 }
      return NiceSteps.next(value, up: up, on: NiceSteps.decades)
    case .batchNormFreeze, .constraint: return nil
    }
  }

  /// What it does, for those who are learning.
  var explanation: String {
    switch self {
    case .ceiling: "The longest a unit's weights may be; lower cuts at once."
    case .layerCeiling: "A ceiling for this layer alone, whatever r is elsewhere."
    case .learningRate: "How far each step goes along the gradient."
    case .momentum: "The share of the last update that goes into the next."
    case .weightDecay: "L2: pulls every weight towards 0, whatever the norms."
    case .dropout: "The share of activations that a training step leaves out."
    case .batchNormFreeze: "Frozen: by running statistics, which stay as they are."
    case .constraint: "Off observes: units over r are counted and left alone."
    }
  }
}

extension DashboardModel {
  func name(of setting: Setting) -> String {
    switch setting {
    case .ceiling: "r of all layers"
    case .layerCeiling: "r of \(layer?.name ?? "a layer")"
    case .learningRate: "learning rate"
    case .momentum: "momentum"
    case .weightDecay: "weight decay"
    case .dropout: "dropout"
    case .batchNormFreeze: "batch norm freeze"
    case .constraint: "constraint"
    }
  }

  /// Why the experiment has nothing there to change; nil where it has.
  func absence(of setting: Setting) -> String? {
    let settings = segment?.settings
    switch setting {
    case .ceiling: return refusalOfCeiling
    case .layerCeiling:
      return layer == nil
        ? segment?.absentLayers : segment?.constraintKind.refusalOfCeiling
    case .learningRate:
      let canChange = wanted(.learningRate)?.number?.isFinite ?? false
      return canChange ? nil : "no learning rate to change"
    case .momentum:
      let optimizer = segment?.header.experiment["optimizer"]?["name"]?.string ?? "this optimizer"
      return settings?.momentum == nil ? "\(optimizer) has no momentum" : nil
    case .weightDecay: return settings?.weightDecay == nil ? "no weight decay" : nil
    case .dropout: return settings?.dropout.isEmpty == false ? nil : "no dropout layer"
    case .batchNormFreeze:
      return settings?.freezesBatchNorm == nil ? "no batch norm layer" : nil
    case .constraint: return hasCeiling ? nil : "no layer has a ceiling: --max-norm"
    }
  }

  /// What the setting will be once the commands on their way are carried out; nil where there is none.
  func wanted(_ setting: Setting) -> EventRecord.Value? {
    for command in pending.reversed().map(\.command) {
      switch (setting, command) {
      case (.ceiling, .maxNorm(let value)), (.learningRate, .learningRate(let value)),
        (.momentum, .momentum(let value)), (.weightDecay, .weightDecay(let value)),
        (.dropout, .dropout(let value)):
        return .number(value)
      case (.layerCeiling, .layerMaxNorm(layer?.name, let value)): return .number(value)
      case (.batchNormFreeze, .batchNormFreeze(let flag)), (.constraint, .constraint(let flag)):
        return .flag(flag)
      default: continue
      }
    }
    guard let settings = segment?.settings else { return nil }
    switch setting {
    case .ceiling: return settings.maxNorm.map { .number($0) }
    case .layerCeiling: return layer?.ceiling.map { .number($0) }
    case .learningRate: return settings.learningRate.map { .number($0) }
    case .momentum: return settings.momentum.map { .number($0) }
    case .weightDecay: return settings.weightDecay.map { .number($0) }
    case .dropout: return settings.dropout.first.map { .number($0) }
    case .batchNormFreeze: return settings.freezesBatchNorm.map { .flag($0) }
    case .constraint: return .flag(settings.isConstraintOn)
    }
  }

  /// The command that gives a setting a value, and what the status line says until it is done.
  func command(_ setting: Setting, _ value: EventRecord.Value) -> (Command, String)? {
    switch (setting, value) {
    case (.ceiling, .number(let number)): return (.maxNorm(number), "r \(Wording.norm(number))")
    case (.layerCeiling, .number(let number)):
      return layer.map { (.layerMaxNorm($0.name, number), "\($0.name): r \(Wording.norm(number))") }
    case (.learningRate, .number(let number)):
      return (.learningRate(number), "learning rate \(Wording.short(number))")
    case (.momentum, .number(let number)):
      return (.momentum(number), "momentum \(Wording.short(number))")
    case (.weightDecay, .number(let number)):
      return (.weightDecay(number), "weight decay \(Wording.short(number))")
    case (.dropout, .number(let number)):
      return (.dropout(number), "dropout \(Wording.short(number))")
    case (.batchNormFreeze, .flag(let flag)):
      return (.batchNormFreeze(flag), flag ? "batch norm frozen" : "batch norm learning")
    case (.constraint, .flag(let flag)):
      return (.constraint(flag), flag ? "constraint on" : "constraint off")
    default: return nil
    }
  }

  /// Raises or lowers a setting by a step, or turns a switch.
  mutating func adjust(_ setting: Setting, up: Bool) -> [Effect] {
    if let absence = absence(of: setting) {
      say(absence, .refusal)
      return []
    }
    let value: EventRecord.Value
    switch wanted(setting) {
    case .flag(let flag): value = .flag(!flag)
    case .number(0) where setting == .learningRate:
      // The next round number above 0 would be so low that nothing moved.
      say(
        "the learning rate is 0: type one in the settings (\(keys.name(of: .settings)))", .refusal)
      return []
    case .number(let number):
      guard let next = setting.next(number, up: up) else {
        let subject = setting == .learningRate ? "the learning rate" : name(of: setting)
        say("\(setting == .ceiling ? "r" : subject) is at the end of its range", .refusal)
        return []
      }
      value = .number(next)
    default:
      say(
        "\(name(of: setting)): there is no ceiling yet: type one in the settings (\(keys.name(of: .settings)))",
        .refusal)
      return []
    }
    return set(setting, to: value)
  }

  mutating func set(_ setting: Setting, to value: EventRecord.Value) -> [Effect] {
    guard let (command, text) = command(setting, value) else { return [] }
    if setting == .ceiling || setting == .layerCeiling, let segment, let ceiling = value.number,
      let refusal = segment.constraintKind.refusal(of: ceiling, segment.header.experiment)
    {
      say(refusal, .refusal)
      return []
    }
    return send(command, text)
  }
}

extension EventRecord.Value {
  var number: Float? { if case .number(let number) = self { number } else { nil } }
  var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }
}
