// The rows of the settings panel: their values, their next ones, and why there is nothing to change.
import PlainText
import RunHistory
import RunRecords

/// A setting of the whole run, or the chosen layer's own.
package struct SettingRow: Sendable, Hashable {
  package var setting: Setting
  package var isOfLayer = false

  /// The rows of the settings panel, from above.
  package static let all: [SettingRow] = Setting.allCases.flatMap { setting in
    let row = SettingRow(setting)
    return setting.description.layerExplanation == nil
      ? [row] : [row, SettingRow(setting, isOfLayer: true)]
  }

  package init(_ setting: Setting, isOfLayer: Bool = false) {
    self.setting = setting
    self.isOfLayer = isOfLayer
  }

  var isFlag: Bool { setting.description.range == nil }

  /// A typed number; nil if the setting cannot take it.
  func number(_ text: String) -> Float? {
    guard let number = Float(text), setting.accepts(.number(number)) else { return nil }
    return number
  }

  /// What to type instead.
  var expectation: String { setting.description.range?.phrase ?? "a switch" }

  /// What it does, for those who are learning.
  var explanation: String {
    let description = setting.description
    return isOfLayer
      ? description.layerExplanation ?? description.explanation : description.explanation
  }
}

extension Setting {
  /// The next round value above or below; nil at the end of the range.
  func next(_ value: Float, up: Bool) -> Float? {
    switch self {
    case .maxNorm: return NiceSteps.next(value, up: up, on: NiceSteps.fine)
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
}

extension DashboardModel {
  func name(of row: SettingRow) -> String {
    let description = row.setting.description
    return row.isOfLayer ? "\(description.title) of \(layer?.name ?? "a layer")" : description.name
  }

  /// Why the experiment has nothing there to change; nil if it has.
  func absence(of row: SettingRow) -> String? {
    let settings = segment?.settings
    switch row.setting {
    case .maxNorm where row.isOfLayer:
      return layer == nil
        ? segment?.absentLayers : segment?.constraintKind.refusalOfCeiling
    case .maxNorm: return refusalOfCeiling
    case .learningRate:
      let canChange = wanted(row)?.number?.isFinite ?? false
      return canChange ? nil : "no learning rate to change"
    case .momentum:
      let optimizer = segment?.header.summary.optimizer.name ?? "this optimizer"
      return settings?.momentum == nil ? "\(optimizer) has no momentum" : nil
    case .weightDecay: return settings?.weightDecay == nil ? "no weight decay" : nil
    case .dropout: return settings?.dropout.isEmpty == false ? nil : "no dropout layer"
    case .batchNormFreeze:
      return settings?.freezesBatchNorm == nil ? "no batch norm layer" : nil
    case .constraint:
      return hasCeiling ? nil : refusalWithoutCeiling ?? "no layer has a ceiling: --max-norm"
    }
  }

  /// What the setting will be once the commands under way are carried out; nil if nothing is set.
  func wanted(_ row: SettingRow) -> EventRecord.Value? {
    let name = row.isOfLayer ? layer?.name : nil
    for command in pending.reversed().map(\.command) {
      if case .set(row.setting, name, let value) = command { return value }
    }
    return row.isOfLayer
      ? layer?.ceiling.map { .number($0) } : segment?.settings.value(of: row.setting)
  }

  func wanted(_ setting: Setting) -> EventRecord.Value? { wanted(SettingRow(setting)) }
}
