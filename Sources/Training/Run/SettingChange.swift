// Changes of settings while a run goes on: carried out, told as events, and taken back.
import NeuralNetwork
import RunRecords

/// A change that can be taken back: what it was of, and all settings as they were before.
struct UndoableChange: Equatable {
  var setting: Setting
  /// The weight tensor, where the change was of one alone.
  var layer: String?
  var before: LearnerState.Settings
}

extension TrainingSegment {
  /// Gives a setting a value and tells of it; nothing where there is nothing to change.
  func change(_ setting: Setting, of layer: String? = nil, to value: EventRecord.Value) throws {
    guard setting.accepts(value), let place = place(of: setting, layer),
      place.takes(learner, value), place.value(learner) != value
    else { return }
    try become(place.settings(learner, value), by: setting, of: layer, undo: false)
  }

  /// Takes back the last change: the setting, not what the network has learned with it.
  func undo() throws {
    guard let last = changes.last, let place = place(of: last.setting, last.layer) else { return }
    changes.removeLast()
    var settings = learner.settings
    place.restore(&settings, last.before)
    try become(settings, by: last.setting, of: last.layer, undo: true)
  }

  /// Lets the settings be these from now on.
  private func become(
    _ settings: LearnerState.Settings, by setting: Setting, of layer: String?, undo: Bool
  ) throws {
    guard let place = place(of: setting, layer) else { return }
    let before = learner.settings
    var event = EventRecord(
      step: main.step, action: .setting(setting), from: place.value(learner), layer: layer,
      undo: undo)
    // The pending steps belong to the old setting: they are recorded before it changes.
    try recordPendingSteps()
    let concernsTwin = !setting.description.isOfConstraint
    if concernsTwin { try recordPendingStepsOfLevelTwin() }
    do { try learner.setSettings(settings) } catch { return try sinks.report(error) }
    event.value = place.value(learner)
    if projects(event) {
      // After the end the weights stay what they came to, unless the run goes on.
      if ending == nil { event.clipped = main.project() } else { isProjectionDue = true }
    }
    if concernsTwin { settingsSoFar.append(SettingsAtStep(step: main.step, settings: settings)) }
    if !undo { changes.append(UndoableChange(setting: setting, layer: layer, before: before)) }
    try emit(event)
  }

  /// Where a setting is kept; nil where no layer has that name.
  private func place(of setting: Setting, _ layer: String?) -> SettingPlace? {
    guard let layer else { return setting.place(tensor: nil) }
    return learner.weights.firstIndex { $0.name == layer }.map { setting.place(tensor: $0) }
  }

  /// Switching on, or lowering a ceiling, projects at that moment; while off nothing is scaled.
  private func projects(_ event: EventRecord) -> Bool {
    guard learner.constraint.enabled else { return false }
    if event.action == .constraint { return true }
    guard event.action == .maxNorm, let now = event.value?.number else { return false }
    guard let before = event.from?.number else { return true }
    return now < before
  }
}
