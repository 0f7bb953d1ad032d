// Changes of settings in mid-run: carried out, recorded as events, and undone.
import NeuralNetwork
import RunRecords

/// A change that can be taken back: what it was of, and all settings as they were before.
struct UndoableChange: Equatable {
  var setting: Setting
  /// The weight tensor, where the change was of one alone.
  var layer: String?
  /// Who made it, as `CommandSource` has it.
  var asker: String?
  var before: LearnerState.Settings
}

extension TrainingSegment {
  /// Gives a setting a value and records the event; does nothing if nothing changes.
  @discardableResult
  func change(
    _ setting: Setting, of layer: String? = nil, to value: EventRecord.Value
  ) throws -> Outcome {
    let name = setting.rawValue
    guard setting.accepts(value) else { return .refused("\(name): not a value that it can have") }
    guard let place = place(of: setting, layer) else {
      return .refused("\(name): expected a layer of this run, found \(layer ?? "none")")
    }
    guard place.takes(learner, value) else {
      return .refused("\(name): this run has nothing that could have that value")
    }
    guard place.value(learner) != value else {
      return .refused("\(name): it has that value already", isUnchanged: true)
    }
    try applySettings(place.settings(learner, value), by: setting, of: layer, undo: false)
    return .done
  }

  /// Takes back the last change that the same asker has made: the setting, not what the network has
  /// learned with it.
  func undo(by asker: String?) throws -> Outcome {
    guard let index = changes.lastIndex(where: { $0.asker == asker }) else {
      return .refused("undo: no change of this asker's to take back")
    }
    let last = changes[index]
    let isCovered = changes[(index + 1)...].contains {
      $0.setting == last.setting && $0.layer == last.layer
    }
    guard !isCovered else {
      return .refused("undo: \(last.setting.rawValue) was changed by another since")
    }
    return try takeBack(index)
  }

  /// Takes back the last change of a setting, as an earlier log did.
  func undo(_ setting: Setting, of layer: String?) throws -> Outcome {
    // A log written by hand need not name the layer.
    let index =
      changes.lastIndex { $0.setting == setting && $0.layer == layer }
      ?? changes.lastIndex { $0.setting == setting }
    return try index.map(takeBack) ?? .refused("undo: no change to take back")
  }

  private func takeBack(_ index: Int) throws -> Outcome {
    let change = changes[index]
    guard let place = place(of: change.setting, change.layer) else { return .done }
    changes.remove(at: index)
    var settings = learner.settings
    place.restore(&settings, change.before)
    try applySettings(settings, by: change.setting, of: change.layer, undo: true)
    return .done
  }

  /// Lets the settings be these from now on.
  private func applySettings(
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
      // After the end the weights stay what they came to, unless the run continues.
      if ending == nil { event.clipped = main.project() } else { isProjectionDue = true }
    }
    if concernsTwin { settingsSoFar.append(SettingsAtStep(step: main.step, settings: settings)) }
    if !undo {
      changes.append(
        UndoableChange(
          setting: setting, layer: layer, asker: pendingCommand?.source.asker, before: before))
    }
    try emit(event)
  }

  /// Where a setting is kept; nil if no layer has that name.
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
