// Changes of settings while a run goes on: carried out, told as events, and taken back.
import NeuralNetwork
import RunRecords

/// A setting and the value that it is to have.
struct SettingChange {
  var action: EventRecord.Action
  /// The weight tensor, where the change concerns one alone.
  var layer: String?
  var value: EventRecord.Value

  /// Nil for what is no setting.
  init?(_ command: Command) {
    switch command {
    case .constraint(let enabled): (action, value) = (.constraint, .flag(enabled))
    case .maxNorm(let ceiling): (action, value) = (.maxNorm, .number(ceiling))
    case .layerMaxNorm(let name, let ceiling):
      (action, layer, value) = (.maxNorm, name, .number(ceiling))
    case .learningRate(let rate): (action, value) = (.learningRate, .number(rate))
    case .momentum(let momentum): (action, value) = (.momentum, .number(momentum))
    case .weightDecay(let decay): (action, value) = (.weightDecay, .number(decay))
    case .dropout(let rate): (action, value) = (.dropout, .number(rate))
    case .batchNormFreeze(let freezes): (action, value) = (.batchNormFreeze, .flag(freezes))
    default: return nil
    }
  }

  /// Whether the setting can have this value.
  var isValid: Bool {
    guard case .number(let number) = value else { return true }
    guard number.isFinite else { return false }
    switch action {
    case .maxNorm, .learningRate: return number > 0
    case .momentum, .dropout: return number >= 0 && number < 1
    default: return number >= 0
    }
  }
}

/// A change that can be taken back: what it was of, and all settings as they were before.
struct UndoableChange: Equatable {
  var action: EventRecord.Action
  var layer: String?
  var before: LearnerState.Settings
}

extension TrainingSegment {
  /// Makes a change and tells of it; nothing where there is nothing to change.
  func apply(_ change: SettingChange) throws {
    guard change.isValid, isThere(change),
      value(of: change.action, layer: change.layer) != change.value
    else { return }
    try become(settings(after: change), by: change.action, layer: change.layer, undo: false)
  }

  /// Takes back the last change: the setting, not what the network has learned with it.
  func undo() throws {
    guard let last = changes.last else { return }
    changes.removeLast()
    var settings = learner.settings
    settings.takeBack(last, tensor: last.layer.flatMap(tensor(named:)))
    try become(settings, by: last.action, layer: last.layer, undo: true)
  }

  /// Lets the settings be these from now on.
  private func become(
    _ settings: LearnerState.Settings, by action: EventRecord.Action, layer: String?, undo: Bool
  ) throws {
    let before = learner.settings
    var event = EventRecord(
      step: main.step, action: action, from: value(of: action, layer: layer), layer: layer,
      undo: undo)
    // The pending steps belong to the old setting: they are recorded before it changes.
    try recordPendingSteps()
    let concernsTwin = action != .constraint && action != .maxNorm
    if concernsTwin { try recordPendingStepsOfLevelTwin() }
    do { try learner.setSettings(settings) } catch { return try sinks.report(error) }
    event.value = value(of: action, layer: layer)
    if projects(event) {
      // After the end the weights stay what they came to, unless the run goes on.
      if ending == nil { event.clipped = main.project() } else { isProjectionDue = true }
    }
    if concernsTwin { settingsSoFar.append(SettingsAtStep(step: main.step, settings: settings)) }
    if !undo { changes.append(UndoableChange(action: action, layer: layer, before: before)) }
    try emit(event)
  }

  /// The settings with one of them changed.
  private func settings(after change: SettingChange) -> LearnerState.Settings {
    var settings = learner.settings
    switch (change.action, change.value) {
    case (.constraint, .flag(let enabled)): settings.constraint.enabled = enabled
    case (.maxNorm, .number(let ceiling)):
      if let tensor = change.layer.flatMap(tensor(named:)) {
        settings.ceilingOverrides[tensor] = .value(ceiling)
      } else {
        settings.constraint.maxNorm = ceiling
      }
    case (.learningRate, .number(let rate)):
      settings = learner.settings(withLearningRate: Self.double(rate))
    case (.momentum, .number(let momentum)): settings.optimizer.momentum = Self.double(momentum)
    case (.weightDecay, .number(let decay)): settings.optimizer.weightDecay = Self.double(decay)
    case (.dropout, .number(let rate)):
      settings.dropoutRates = settings.dropoutRates.map { _ in rate }
    case (.batchNormFreeze, .flag(let freezes)): settings.freezesBatchNorm = freezes
    default: break
    }
    return settings
  }

  /// Whether the experiment has what the change is of.
  private func isThere(_ change: SettingChange) -> Bool {
    let settings = learner.settings
    switch change.action {
    case .maxNorm:
      guard case .number(let ceiling) = change.value, settings.constraint.allows(ceiling) else {
        return false
      }
      return change.layer.map { tensor(named: $0) != nil } ?? true
    case .momentum: return settings.optimizer.momentum != nil
    case .dropout: return !settings.dropoutRates.isEmpty
    case .batchNormFreeze: return learner.hasBatchNorm
    default: return true
    }
  }

  /// What an event says the setting is; nil: no ceiling, or dropout rates that differ.
  private func value(of action: EventRecord.Action, layer: String?) -> EventRecord.Value? {
    let settings = learner.settings
    switch action {
    case .constraint: return .flag(settings.constraint.enabled)
    case .maxNorm:
      guard let layer else { return settings.constraint.maxNorm.map { .number($0) } }
      return tensor(named: layer).flatMap { learner.weights[$0].maxNorm }.map { .number($0) }
    case .learningRate: return .number(Float(learner.learningRate))
    case .momentum: return settings.optimizer.momentum.map { .number(Float($0)) }
    case .weightDecay: return .number(Float(settings.optimizer.weightDecay))
    case .dropout:
      guard Set(settings.dropoutRates).count == 1 else { return nil }
      return settings.dropoutRates.first.map { .number($0) }
    case .batchNormFreeze: return .flag(settings.freezesBatchNorm)
    default: return nil
    }
  }

  /// Switching on, or lowering a ceiling, projects at that moment; while off nothing is scaled.
  private func projects(_ event: EventRecord) -> Bool {
    guard learner.constraint.enabled else { return false }
    if event.action == .constraint { return true }
    guard event.action == .maxNorm, case .number(let now) = event.value else { return false }
    guard case .number(let before) = event.from else { return true }
    return now < before
  }

  private func tensor(named name: String) -> Int? {
    learner.weights.firstIndex { $0.name == name }
  }

  /// The number a person would write: 0.1 as a Float is 0.10000000149 as a Double.
  private static func double(_ value: Float) -> Double {
    Double(value.description) ?? Double(value)
  }
}

extension LearnerState.Settings {
  /// One setting as it was; the others stay.
  ///
  /// A learning rate returns to its schedule, not to where that was then.
  fileprivate mutating func takeBack(_ change: UndoableChange, tensor: Int?) {
    let before = change.before
    switch change.action {
    case .constraint: constraint.enabled = before.constraint.enabled
    case .maxNorm:
      if let tensor {
        ceilingOverrides[tensor] = before.ceilingOverrides[tensor]
      } else {
        constraint.maxNorm = before.constraint.maxNorm
      }
    case .learningRate:
      optimizer.learningRate = before.optimizer.learningRate
      holdsRate = before.holdsRate
    case .momentum: optimizer.momentum = before.optimizer.momentum
    case .weightDecay: optimizer.weightDecay = before.optimizer.weightDecay
    case .dropout: dropoutRates = before.dropoutRates
    case .batchNormFreeze: freezesBatchNorm = before.freezesBatchNorm
    default: break
    }
  }
}
