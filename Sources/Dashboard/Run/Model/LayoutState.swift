// How the screen is shared out among the panels: the preset, the border, the panel that has it all.

/// What keys and the mouse change about the layout.
package struct LayoutState: Sendable, Equatable {
  package var preset = Preset.standard
  /// The part of the width that lies left of the border; nil: as is usual at the size.
  package var split: Double?
  /// Whether the panel in focus has the whole room, on the main screen and on a layer's page.
  package var isMaximized = false
  package var isPageMaximized = false
  /// The panels that a key has taken off the main screen; they keep their numbers.
  package var hidden: Set<DashboardModel.PanelKind> = []
  /// What follows the mouse while its button is held down; nil: nothing.
  package var drag: Drag?

  package init() {}

  /// A choice of panels.
  package enum Preset: String, Sendable, CaseIterable {
    case standard, loss, norms, everything, presentation

    var next: Preset {
      let all = Preset.allCases
      let index = all.firstIndex(of: self) ?? 0
      return all[(index + 1) % all.count]
    }

    /// What it shows, in words.
    var words: String {
      switch self {
      case .standard: "standard"
      case .loss: "loss only"
      case .norms: "norms only"
      case .everything: "everything"
      case .presentation: "presentation"
      }
    }
  }

  /// What can be moved with the mouse.
  package enum Drag: Sendable, Equatable {
    case border, cursor
  }

  /// Neither part gets narrower than this.
  static let leastColumns = 24

  /// How many of `columns` columns lie right of the border.
  func right(of columns: Int, usual: Int) -> Int {
    guard let split, split.isFinite else { return usual }
    let wanted = columns - Int((Double(columns) * min(1, max(0, split))).rounded())
    return min(max(Self.leastColumns, wanted), max(Self.leastColumns, columns - Self.leastColumns))
  }

  /// Puts the border before a column, out of `columns` columns.
  mutating func putBorder(before column: Int, of columns: Int) {
    let least = Self.leastColumns
    let column = min(max(least, column), max(least, columns - least))
    split = (Double(column) / Double(max(1, columns)) * 10_000).rounded() / 10_000
  }
}
