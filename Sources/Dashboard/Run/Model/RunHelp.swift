// The help of a run's screen: the panel in focus, all keys, the words.
import PlainText
import RunHistory
import TerminalUI

extension HelpText {
  /// All words, and all keys but those that the question box shows itself.
  package static func lines(about subject: HelpSubject, _ keys: KeyMap) -> [HelpLine] {
    let (first, others) = bindings(subject, keys)
    return lines(
      title: subject.title, explanation: subject.explanation, first: first, others: others,
      words: Glossary.all, keysWidth: keysWidth)
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

  /// How wide the column of key names and words is.
  package static let keysWidth = keysWidth(KeyTable.bindings, Glossary.all)
}

/// What had the focus when the help was asked for.
package struct HelpSubject: Sendable {
  var title: String
  var explanation: Explanation
  /// What keys do in it that they do not do elsewhere.
  var actions: Set<KeyAction>
  var layer: ScreenLayer
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

  package var helpKeysWidth: Int { HelpText.keysWidth }
}
