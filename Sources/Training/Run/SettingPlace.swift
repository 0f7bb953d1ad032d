// Where each setting is kept in a run: the one place that says so for every setting there is.
import NeuralNetwork
import RunRecords

/// What a setting is to a learner, and how it gets a value.
struct SettingPlace {
  /// The setting as events have it; nil: no ceiling, or dropout rates that differ.
  let value: (Learner) -> EventRecord.Value?
  /// Whether the experiment has what could get this value, which is one that the setting accepts.
  let takes: (Learner, EventRecord.Value) -> Bool
  /// The settings with this value.
  let settings: (Learner, EventRecord.Value) -> LearnerState.Settings
  /// Restores it from other settings, and leaves the rest alone.
  let restore: (inout LearnerState.Settings, _ before: LearnerState.Settings) -> Void
}

extension Setting {
  /// The setting of a learner, or of one of its weight tensors.
  func place(tensor: Int?) -> SettingPlace {
    switch self {
    case .maxNorm:
      if let tensor {
        return SettingPlace(
          value: { $0.weights[tensor].maxNorm.map { .number($0) } },
          takes: { learner, value in value.number.map(learner.constraint.allows) ?? false },
          settings: { learner, value in
            var settings = learner.settings
            if let ceiling = value.number { settings.ceilingOverrides[tensor] = .value(ceiling) }
            return settings
          },
          restore: { $0.ceilingOverrides[tensor] = $1.ceilingOverrides[tensor] })
      }
      return SettingPlace(
        \.constraint.maxNorm, get: { $0.map { .number($0) } }, set: { $0 = $1.number ?? $0 },
        takes: { learner, value in value.number.map(learner.constraint.allows) ?? false })
    case .learningRate:
      // A rate that is taken back returns to its schedule, not to where that was then.
      return SettingPlace(
        value: { .number(Float($0.learningRate)) }, takes: { _, _ in true },
        settings: { learner, value in
          value.written.map { learner.settings(withLearningRate: $0) } ?? learner.settings
        },
        restore: {
          $0.optimizer.learningRate = $1.optimizer.learningRate
          $0.holdsRate = $1.holdsRate
        })
    case .momentum:
      return SettingPlace(
        \.optimizer.momentum, get: { $0.map { .number(Float($0)) } },
        set: { $0 = $1.written ?? $0 }, takes: { learner, _ in learner.optimizer.momentum != nil })
    case .weightDecay:
      return SettingPlace(
        \.optimizer.weightDecay, get: { .number(Float($0)) }, set: { $0 = $1.written ?? $0 })
    case .dropout:
      return SettingPlace(
        \.dropoutRates, get: { Set($0).count == 1 ? $0.first.map { .number($0) } : nil },
        set: { rates, value in rates = rates.map { value.number ?? $0 } },
        takes: { learner, _ in !learner.dropoutRates.isEmpty })
    case .batchNormFreeze:
      return SettingPlace(
        \.freezesBatchNorm, get: { .flag($0) }, set: { $0 = $1.flag ?? $0 },
        takes: { learner, _ in learner.hasBatchNorm })
    case .constraint:
      return SettingPlace(
        \.constraint.enabled, get: { .flag($0) }, set: { $0 = $1.flag ?? $0 })
    }
  }
}

extension SettingPlace {
  /// A setting that is one value among a learner's.
  fileprivate init<Value>(
    _ path: WritableKeyPath<LearnerState.Settings, Value>,
    get: @escaping (Value) -> EventRecord.Value?,
    set: @escaping (inout Value, EventRecord.Value) -> Void,
    takes: @escaping (Learner, EventRecord.Value) -> Bool = { _, _ in true }
  ) {
    self.init(
      value: { get($0.settings[keyPath: path]) }, takes: takes,
      settings: { learner, value in
        var settings = learner.settings
        set(&settings[keyPath: path], value)
        return settings
      },
      restore: { $0[keyPath: path] = $1[keyPath: path] })
  }
}

extension EventRecord.Value {
  /// The number a person would write: 0.1 as a Float is 0.10000000149 as a Double.
  fileprivate var written: Double? { number.map { Double($0.description) ?? Double($0) } }
}
