// What keys do to the layout: presets, the border between left and right, one panel large.
import TerminalUI

extension DashboardModel {
  mutating func arrange(_ action: KeyAction) {
    switch action {
    case .preset: apply(preset: layout.preset.next)
    case .maximize where topLayer == .detail: layout.isPageMaximized.toggle()
    case .maximize: layout.isMaximized.toggle()
    case .hide: hideFocus()
    case .showHidden:
      layout.hidden = []
      keepFocus()
      say("all panels are shown again")
    case .usualSplit:
      layout.split = nil
      say("the border is where it usually is")
    default: moveBorder(by: action == .splitLeft ? -2 : 2)
    }
  }

  private mutating func apply(preset: LayoutState.Preset) {
    layout.preset = preset
    // A run without layers has no panels of norms.
    while panels(of: layout.preset).isEmpty, layout.preset != .standard {
      layout.preset = layout.preset.next
    }
    layout.isMaximized = false
    keepFocus()
    say("layout: \(layout.preset.words)" + absent)
  }

  /// Takes the panel in focus off the screen; the next one gets the focus, the others its room.
  private mutating func hideFocus() {
    let hidden = focus
    moveFocus(by: 1)
    layout.isMaximized = false
    layout.hidden.insert(hidden)
    keepFocus()
    let key = panels.firstIndex(of: hidden).flatMap { $0 < 9 ? String($0 + 1) : nil }
    say(
      "\(hidden.description.title) is hidden: \(key ?? keys.name(of: .showHidden)) shows it again")
  }

  /// Moves the focus from a panel that is not there, or not any more.
  mutating func keepFocus() {
    let panels = arrangedPanels
    if !panels.contains(focus) { focus = panels.first ?? .loss }
  }

  /// How many panels of the preset found no room, in words.
  private var absent: String {
    guard layout.preset == .everything, let body else { return "" }
    let count = PanelLayout(model: self).places(in: body).count
    let all = arrangedPanels.count
    return count < all
      ? ", \(count) of \(all) panels find room: \(keys.name(of: .nextPanel)) shows the others" : ""
  }

  private mutating func moveBorder(by columns: Int) {
    guard let body, let border else { return }
    layout.putBorder(before: border - body.left + columns, of: body.columns)
  }

  // MARK: What there is

  /// The panels that have something to show and are not hidden; all of them if that would be none.
  var shownPanels: [PanelKind] {
    let shown = panels.filter { !layout.hidden.contains($0) }
    return shown.isEmpty ? panels : shown
  }

  /// The panels that the preset has and that have something to show.
  package var arrangedPanels: [PanelKind] { panels(of: arrangement) }

  /// The preset as it applies: the standard one where it has no panel to show.
  var arrangement: LayoutState.Preset {
    panels(of: layout.preset).isEmpty ? .standard : layout.preset
  }

  private func panels(of preset: LayoutState.Preset) -> [PanelKind] {
    let kinds = preset.panels
    return shownPanels.filter { kinds?.contains($0) ?? true }
  }

  /// Where panels stand; nil on a screen too small for any.
  var body: Rect? { ScreenLayout.isLargeEnough(shell.size) ? ScreenLayout(shell.size).body : nil }

  /// The first column right of the border that can be moved; nil without such a border.
  var border: Int? {
    guard let body else { return nil }
    if isDetailOpen, let layer { return LayerPage(model: self, layer: layer).border(in: body) }
    return PanelLayout(model: self).border(in: body)
  }

  /// Whether a panel has the whole room on what is on the screen.
  var isMaximized: Bool { isDetailOpen ? layout.isPageMaximized : layout.isMaximized }

  /// Gives all panels their room again.
  mutating func restorePanels() {
    if isDetailOpen { layout.isPageMaximized = false } else { layout.isMaximized = false }
  }

  // MARK: Refusals

  func refusalToArrange(_ action: KeyAction) -> String? {
    switch action {
    case .preset:
      return isDetailOpen ? "layouts are for the main screen: esc closes the page" : nil
    case .maximize: return nil
    case .hide: return shownPanels.count > 1 ? nil : "this is the only panel that is shown"
    case .showHidden:
      return panels.contains(where: layout.hidden.contains) ? nil : "no panel is hidden"
    case .usualSplit where layout.split == nil:
      return border == nil ? refusalOfBorder : "the border is where it usually is"
    default:
      guard let body, let border else { return refusalOfBorder }
      let least = LayoutState.leastColumns
      let left = border - body.left
      switch action {
      case .splitLeft where left <= least: return "no narrower on the left"
      case .splitRight where body.columns - left <= least: return "no narrower on the right"
      default: return nil
      }
    }
  }

  private var refusalOfBorder: String {
    isMaximized
      ? "one panel has the whole room: \(keys.name(of: .maximize)) gives the others theirs"
      : "there is no border between left and right here"
  }
}

extension LayoutState.Preset {
  /// The panels it has; nil: all.
  fileprivate var panels: [DashboardModel.PanelKind]? {
    switch self {
    case .standard, .everything: nil
    case .loss: [.loss, .metric]
    case .norms: [.norms, .normsOverTime, .clipping, .clipRate]
    case .presentation: [.loss, .normsOverTime]
    }
  }
}
