// The settings panel's state.

/// Which setting is chosen, and the number being typed for it.
package struct SettingsPanel: Sendable, Equatable {
  package var row = SettingRow.all[0]
  /// Nil while nothing is typed.
  package var entry: String?

  static let longestEntry = 12

  /// The setting `offset` rows on; the list does not wrap around.
  mutating func move(by offset: Int) {
    let all = SettingRow.all
    let index = all.firstIndex(of: row) ?? 0
    row = all[min(all.count - 1, max(0, index + offset))]
  }
}
