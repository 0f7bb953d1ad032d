// The help as lines: the panel in focus first, then all keys by subject, then the words.
import RunHistory
import TerminalUI

/// A line of the help.
package enum HelpLine: Sendable, Equatable {
  case heading(String)
  case binding(keys: String, text: String)
  /// A word of the screen; empty in a line that continues the one before.
  case word(term: String, text: String)
  case blank
}

/// What the help says.
package enum HelpText {
  /// What is in focus with its keys, the other keys by subject, the words.
  static func lines(
    title: String, explanation: Explanation, first: [KeyBinding], others: [KeyBinding],
    words: [Explanation], keysWidth: Int
  ) -> [HelpLine] {
    // So that the help stands on a screen of 80 columns.
    let width = 74 - keysWidth
    var lines: [HelpLine] = [.heading(title)]
    lines += wrapped(explanation, width) + first.map(line)
    for group in KeyBinding.Group.allCases {
      let members = others.filter { $0.group == group }
      guard !members.isEmpty else { continue }
      lines += [.blank, .heading(group.rawValue)] + members.map(line)
    }
    return lines + [.blank, .heading("Words")] + words.flatMap { wrapped($0, width) }
  }

  /// How wide the column of key names and words is.
  static func keysWidth(_ bindings: [KeyBinding], _ words: [Explanation]) -> Int {
    (bindings.map(\.names.count) + words.map(\.term.count)).max() ?? 0
  }

  /// Where the help is scrolled to by a key; `rows` have room, and the last line is at `end`.
  static func scrolled(_ scroll: Int, by action: KeyAction, rows: Int, end: Int) -> Int {
    let page = max(1, rows - 1)
    let wanted =
      switch action {
      case .scrollUp: scroll - 1
      case .scrollDown: scroll + 1
      case .pageUp: scroll - page
      case .pageDown: scroll + page
      case .scrollToEnd: end
      default: 0
      }
    return min(end, max(0, wanted))
  }

  private static func line(_ binding: KeyBinding) -> HelpLine {
    .binding(keys: binding.names, text: binding.help)
  }

  private static func wrapped(_ explanation: Explanation, _ width: Int) -> [HelpLine] {
    Paragraph.wrap(explanation.full, width: width).enumerated().map {
      .word(term: $0 == 0 ? explanation.term : "", text: $1)
    }
  }
}
