// What keys do to the focus: which panel, which layer.
import TerminalUI

extension DashboardModel {
  mutating func focusPanel(_ key: Key) {
    guard case .character(let character) = key, let number = character.wholeNumberValue else {
      return
    }
    guard panels.indices.contains(number - 1) else {
      say("there is no panel \(number)", .refusal)
      return
    }
    let panel = panels[number - 1]
    let wasHidden = layout.hidden.remove(panel) != nil
    if wasHidden { keepFocus() }
    guard arrangedPanels.contains(panel) else {
      say(
        "panel \(number) is not in this layout: \(keys.name(of: .preset)) goes on to the next",
        .refusal)
      return
    }
    focus = panel
    if wasHidden { say("\(panel.description.title) is shown again") }
  }

  mutating func moveFocus(by offset: Int) {
    if topLayer == .detail { return movePageFocus(by: offset) }
    let panels = arrangedPanels
    guard !panels.isEmpty else { return }
    let index = panels.firstIndex(of: focus) ?? 0
    focus = panels[(index + offset + panels.count) % panels.count]
  }

  mutating func select(_ action: KeyAction) {
    if let page = picturePage { return turn(page, action) }
    if let page = consolePage { return scroll(page, action) }
    if movesOverMetrics { chooseMetric(action) } else { chooseLayer(action) }
  }
}
