// Which layers the panels list: those whose names hold what was typed.
import PlainText
import RunHistory
import TerminalUI

/// What was typed to narrow the layers down.
package struct LayerFilter: Sendable, Equatable {
  /// Empty: all layers.
  package var text = ""
  /// Whether keys are being typed into the filter.
  package var isTyping = false

  /// Longer names are cut on the screen anyway.
  static let mostCharacters = 64

  /// Which of the names hold every word that was typed, in small letters or capitals.
  package func matches(in names: [String]) -> [Int] {
    let words = text.lowercased().split(separator: " ")
    guard !words.isEmpty else { return Array(names.indices) }
    return names.indices.filter { index in
      let name = names[index].lowercased()
      return words.allSatisfy { name.contains($0) }
    }
  }
}

extension DashboardModel {
  /// Brings the list of layers up to date, and the selection to a layer on it.
  mutating func refilter() {
    shownLayers = filter.matches(in: (segment?.layers ?? []).map(\.name))
    if !shownLayers.contains(selectedLayer), let first = shownLayers.first {
      selectedLayer = first
    }
    listLayers()
  }

  /// Takes a key while the filter is typed; false if it is not one for the text.
  package mutating func type(_ key: Key) -> Bool {
    guard topLayer == .filter, case .character(let character) = key else { return false }
    append(toFilter: String(character))
    return true
  }

  /// Takes typed or pasted text, as much as there is room for.
  mutating func append(toFilter text: String) {
    let room = LayerFilter.mostCharacters - filter.text.count
    filter.text += ScreenText.printable(text).prefix(max(0, room))
    refilter()
  }

  /// Carries out what a key means for the filter.
  mutating func changeFilter(_ action: KeyAction) {
    switch action {
    case .filter: filter.isTyping = true
    case .keepFilter: filter.isTyping = false
    case .eraseFilter: if !filter.text.isEmpty { filter.text.removeLast() }
    default: filter = LayerFilter()
    }
    refilter()
  }

  /// What the filter lets through, in words: "12 of 60 layers".
  var filterNote: String {
    let count = segment?.layers.count ?? 0
    return "\(shownLayers.count) of \(count) layer" + (count == 1 ? "" : "s")
  }
}
