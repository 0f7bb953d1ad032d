// The footer, made from the key table.
import TerminalUI

/// An entry of the footer.
package struct FooterItem: Sendable, Equatable {
  package var keys: [Key]
  package var label: String
  /// Shown however narrow the screen is.
  package var isEssential: Bool

  /// The keys' names: "space", "- +".
  package var names: String { keys.map(\.name).joined(separator: " ") }

  /// The key at so many columns from the start of the entry; beside all names it is the first.
  func key(at offset: Int) -> Key? {
    var start = 0
    for key in keys {
      let end = start + DisplayWidth.of(key.name)
      if (start..<end).contains(offset) { return key }
      start = end + 1
    }
    return keys.first
  }
}

extension DashboardModel {
  /// The keys that have something to act on now, the most important first.
  package var footer: [FooterItem] {
    var items: [FooterItem] = []
    for binding in keys.bindings {
      let name = label(of: binding)
      guard !name.isEmpty, binding.layers.contains(topLayer),
        refusal(of: binding.action) == nil, let key = binding.keys.first
      else { continue }
      let opposite = isOpposite(binding.action) ? binding.oppositeLabel : nil
      let label = opposite ?? name
      if let last = items.last, last.label == label {
        items[items.count - 1].keys.append(key)
      } else {
        items.append(
          FooterItem(
            keys: [key], label: label,
            isEssential: [.help, .quit, .yes, .no, .extend].contains(binding.action)))
      }
    }
    return items
  }

  /// Arrows are named where they do what no mark on the screen shows.
  private func label(of binding: KeyBinding) -> String {
    switch binding.action {
    case .up, .down: picturePage != nil ? "pictures" : binding.label
    case .slower, .faster: source == .live ? binding.label : "speed"
    case .left, .right: movesCursor ? binding.label : ""
    case .back where hasCursorToTakeAway: "cursor off"
    case .back where isMaximized: "all panels"
    case .back where topLayer == .main: "all layers"
    default: binding.label
    }
  }

  private func isOpposite(_ action: KeyAction) -> Bool {
    switch action {
    case .pause: wantsPause
    case .fullSpeed: !pace.isOn
    case .twin: wantsTwin
    case .logScale: isLogarithmic(focus)
    case .window: charts.window == .recent || charts.zoom != nil
    case .outliers: charts.isRobust
    case .maximize: isMaximized
    case .mouse: !isMouseOn
    default: false
    }
  }
}
