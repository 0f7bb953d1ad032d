// The help as lines: the panel in focus first, then all keys by subject, then the words.
import RunHistory
import TerminalUI

/// A line of the help.
package enum HelpLine: Sendable, Equatable {
  case heading(String)
  case binding(keys: String, text: String)
  /// A word of the screen; empty where the line before goes on.
  case word(term: String, text: String)
  case blank
}

/// What the help says.
package enum HelpText {
  /// All words, and all keys but those that the question box shows itself.
  package static func lines(about subject: HelpSubject, _ keys: KeyMap) -> [HelpLine] {
    let (first, others) = bindings(subject, keys)
    return lines(
      title: subject.title, explanation: subject.explanation, first: first, others: others,
      words: Glossary.all, keysWidth: keysWidth)
  }

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
  package static let keysWidth = keysWidth(KeyTable.bindings, Glossary.all)

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

  /// The keys for the panel in focus, and the others.
  private static func bindings(
    _ subject: HelpSubject, _ keys: KeyMap
  ) -> (first: [KeyBinding], others: [KeyBinding]) {
    let all = keys.bindings.filter { $0.group != .asking }
    let isFirst = { (binding: KeyBinding) in
      subject.actions.contains(binding.action) && binding.layers.contains(subject.layer)
    }
    return (all.filter(isFirst), all.filter { !isFirst($0) })
  }

  private static func wrapped(_ explanation: Explanation, _ width: Int) -> [HelpLine] {
    Paragraph.wrap(explanation.full, width: width).enumerated().map {
      .word(term: $0 == 0 ? explanation.term : "", text: $1)
    }
  }
}

/// What had the focus when the help was asked for.
package struct HelpSubject: Sendable {
  var title: String
  var explanation: Explanation
  /// What keys do in it that they do not do elsewhere.
  var actions: Set<KeyAction>
  var layer: DashboardModel.ScreenLayer
}

extension DashboardModel {
  /// What the help begins with.
  package var helpSubject: HelpSubject {
    if isDetailOpen, let layer {
      let panel = pageFocus(of: layer)
      return HelpSubject(
        title: "The page of \(ScreenText.printable(layer.name))",
        explanation: explanation(of: panel),
        actions: [
          .back, .up, .down, .left, .right, .first, .last, .nextPanel, .previousPanel, .suggestion,
        ],
        layer: .detail)
    }
    let panel = focus.description
    return HelpSubject(
      title: "In focus: \(panel.title)", explanation: explanation(of: focus), actions: panel.keys,
      layer: .main)
  }

  /// The lines of the help as it is now.
  package var helpLines: [HelpLine] { HelpText.lines(about: helpSubject, keys) }

  /// The rows of the help that fit on the screen: a frame and a line of margin above and below.
  package var helpRows: Int { max(1, size.rows - 4) }

  /// The scroll at which the last line of the help is on the last row.
  var lastHelpScroll: Int { max(0, helpLines.count - helpRows) }
}
