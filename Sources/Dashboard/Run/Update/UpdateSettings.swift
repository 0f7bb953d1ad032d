// What changes settings: the keys of the settings panel, and those that raise and lower one.
import RunHistory
import RunRecords
import TerminalUI

extension DashboardModel {
  mutating func changeSettings(_ action: KeyAction, _ key: Key) -> [Effect] {
    guard let panel = settingsPanel else { return [] }
    switch action {
    case .settingBefore: settingsPanel?.move(by: -1)
    case .settingAfter: settingsPanel?.move(by: 1)
    case .lowerSetting, .raiseSetting:
      return adjust(panel.row, up: action == .raiseSetting)
    case .enterSetting where panel.row.isFlag: return adjust(panel.row, up: true)
    case .enterSetting: settingsPanel?.entry = ""
    case .typed:
      if case .character(let character) = key { append(toEntry: String(character)) }
    case .erase: settingsPanel?.entry = panel.entry.map { String($0.dropLast()) }
    default: return takeEntry(panel)
    }
    return []
  }

  /// Takes typed or pasted text as far as a number can have it; spaces around it are left out.
  mutating func append(toEntry text: String) {
    guard let entry = settingsPanel?.entry else { return }
    let text = text.trimmingPrefix(while: \.isWhitespace).reversed()
      .trimmingPrefix(while: \.isWhitespace).reversed()
    let isNumber = text.allSatisfy {
      keys.action(of: .character($0), on: .entry) == .typed
    }
    guard isNumber else {
      say("a number is typed here: what was pasted is none", .refusal)
      return
    }
    guard entry.count + text.count <= SettingsPanel.longestEntry else {
      say("no number is as long as that", .refusal)
      return
    }
    settingsPanel?.entry = entry + String(text)
  }

  /// Why the typed text cannot be taken; nil if it can.
  var refusalOfEntry: String? {
    guard let panel = settingsPanel, let text = panel.entry else { return nil }
    guard panel.row.number(text) == nil else { return nil }
    let found = text.isEmpty ? "nothing" : text
    return "\(name(of: panel.row)): expected \(panel.row.expectation), found \(found)"
  }

  private mutating func takeEntry(_ panel: SettingsPanel) -> [Effect] {
    guard let number = panel.entry.flatMap(panel.row.number) else { return [] }
    settingsPanel?.entry = nil
    if wanted(panel.row) == .number(number) { return [] }
    return set(panel.row, to: .number(number))
  }

  // MARK: Commands

  /// The command that gives a setting a value, and what the status line says until it is done.
  func command(_ row: SettingRow, _ value: EventRecord.Value) -> (Command, String)? {
    guard let text = row.setting.text(value) else { return nil }
    guard row.isOfLayer else { return (.set(row.setting, to: value), text) }
    return layer.map { (.set(row.setting, layer: $0.name, to: value), "\($0.name): \(text)") }
  }

  /// Raises or lowers a setting by a step, or turns a switch.
  mutating func adjust(_ row: SettingRow, up: Bool) -> [Effect] {
    if let absence = absence(of: row) {
      say(absence, .refusal)
      return []
    }
    let value: EventRecord.Value
    switch wanted(row) {
    case .flag(let flag): value = .flag(!flag)
    case .number(0) where row.setting == .learningRate:
      // The next round number above 0 would be so low that nothing moved.
      say(
        "the learning rate is 0: type one in the settings (\(keys.name(of: .settings)))", .refusal)
      return []
    case .number(let number):
      guard let next = row.setting.next(number, up: up) else {
        let subject = row.setting == .learningRate ? "the learning rate" : name(of: row)
        say(
          "\(row == SettingRow(.maxNorm) ? "r" : subject) is at the end of its range", .refusal)
        return []
      }
      value = .number(next)
    default:
      say(
        "\(name(of: row)): there is no ceiling yet: type one in the settings (\(keys.name(of: .settings)))",
        .refusal)
      return []
    }
    return set(row, to: value)
  }

  mutating func adjust(_ setting: Setting, up: Bool) -> [Effect] {
    adjust(SettingRow(setting), up: up)
  }

  mutating func set(_ row: SettingRow, to value: EventRecord.Value) -> [Effect] {
    guard let (command, text) = command(row, value) else { return [] }
    if row.setting == .maxNorm, let segment, let ceiling = value.number,
      let refusal = segment.constraintKind.refusal(of: ceiling, segment.header.summary.constraint)
    {
      say(refusal, .refusal)
      return []
    }
    return send(command, text)
  }
}
