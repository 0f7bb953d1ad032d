// The settings panel's state, and what its keys do.
import RunRecords
import TerminalUI

/// Which setting is chosen, and the number being typed for it.
package struct SettingsPanel: Sendable, Equatable {
  package var row = SettingRow.all[0]
  /// Nil while nothing is typed.
  package var entry: String?

  fileprivate static let longestEntry = 12

  /// The setting `offset` rows on; the list does not wrap around.
  mutating func move(by offset: Int) {
    let all = SettingRow.all
    let index = all.firstIndex(of: row) ?? 0
    row = all[min(all.count - 1, max(0, index + offset))]
  }
}

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
}
