// Footer and help, made from the key table.
import TerminalUI

/// An entry of the footer.
package struct FooterItem: Sendable, Equatable {
  /// The keys' names: "space", "- +".
  package var keys: String
  package var label: String
  /// Shown however narrow the screen is.
  package var isEssential: Bool
}

/// A line of the help.
package enum HelpLine: Sendable, Equatable {
  case heading(String)
  case binding(keys: String, text: String)
  case blank
}

/// The help as lines.
package enum HelpText {
  /// All keys by subject; what the question box shows itself is left out.
  package static let lines: [HelpLine] = KeyBinding.Group.allCases.filter { $0 != .asking }
    .flatMap { group -> [HelpLine] in
      [.blank, .heading(group.rawValue)]
        + KeyTable.bindings.filter { $0.group == group }
        .map { .binding(keys: $0.names, text: $0.help) }
    }
    .dropFirst().map { $0 }

  /// How wide the column of key names is.
  package static let keysWidth =
    lines.map { line in
      if case .binding(let keys, _) = line { keys.count } else { 0 }
    }.max() ?? 0
}

extension DashboardModel {
  /// The keys that have something to act on now, the most important first.
  package var footer: [FooterItem] {
    var items: [FooterItem] = []
    for binding in KeyTable.bindings {
      let name = label(of: binding)
      guard !name.isEmpty, binding.layers.contains(topLayer),
        refusal(of: binding.action) == nil, let key = binding.keys.first
      else { continue }
      let opposite = isOpposite(binding.action) ? binding.oppositeLabel : nil
      let label = opposite ?? name
      if let last = items.last, last.label == label {
        items[items.count - 1].keys += " " + key.name
      } else {
        items.append(
          FooterItem(
            keys: key.name, label: label,
            isEssential: [.help, .quit, .yes, .no].contains(binding.action)))
      }
    }
    return items
  }

  /// Arrows are named where they do what no mark on the screen shows.
  private func label(of binding: KeyBinding) -> String {
    let turns = [.up, .down].contains(binding.action) && picturePage != nil
    return turns ? "pictures" : binding.label
  }

  private func isOpposite(_ action: KeyAction) -> Bool {
    switch action {
    case .pause: wantsPause
    case .fullSpeed: !pace.isOn
    case .twin: wantsTwin
    case .logScale: isLogScale
    case .window: window == .recent
    default: false
    }
  }

  /// The rows of the help that fit on the screen: a frame and a line of margin above and below.
  package var helpRows: Int { max(1, size.rows - 4) }

  /// The scroll at which the last line of the help is on the last row.
  var lastHelpScroll: Int { max(0, HelpText.lines.count - helpRows) }
}
