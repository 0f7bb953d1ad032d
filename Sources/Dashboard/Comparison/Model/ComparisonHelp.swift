// The help of a comparison's screen: the panel in focus, all keys, the words.
import PlainText
import RunHistory
import TerminalUI

/// What there is to explain about comparisons: words of several panels here, those of a panel in its
/// description.
enum ComparisonGlossary {
  static let arm = Explanation(
    term: "arm, seed",
    full:
      "An arm is one way to train, such as with max-norm or without. Each arm runs under the same"
      + " seeds; a seed draws data, first weights and order, so that runs of one seed differ in the"
      + " arm alone.")
  static let undecided = Explanation(
    term: "differ",
    full:
      "Not shown to differ: these seeds do not show another value to be better. The verdict tells the"
      + " interval of a value minus the best of the others, all of which is left open. As good: the whole"
      + " interval lies within the margin. A value of which a run diverged is neither, and never the best."
  )

  /// For the help: what belongs together side by side, and whatever else panels say last.
  static let all = together + ofPanels.filter { !together.contains($0) }

  private static let together = [
    arm, of(.chart), of(.table), of(.differences), SweepChart.explanation, SweepHeat.explanation,
    undecided, of(.verdict), of(.runs),
  ]
  private static let ofPanels = ComparisonModel.Panel.allCases.map(of)

  private static func of(_ panel: ComparisonModel.Panel) -> Explanation {
    panel.description.explanation
  }
}

extension ComparisonModel {
  /// What explains a panel.
  func explanation(of panel: Panel) -> Explanation {
    let panel = panel.description
    return panel.otherExplanation(self) ?? panel.explanation
  }

  /// The name of a panel.
  func title(of panel: Panel) -> String { panel.description.title(self) }

  /// The lines of the help as it is now.
  package var helpLines: [HelpLine] {
    let all = bindings.filter { $0.group != .asking }
    let isFirst = { (binding: KeyBinding) in
      self.isDetailOpen
        ? binding.layers.contains(.detail) && [.pageUp, .pageDown, .back].contains(binding.action)
        : self.focus.description.keys.contains(binding.action)
    }
    return HelpText.lines(
      title: isDetailOpen
        ? "The page of an arm" : "In focus: \(ScreenText.printable(title(of: focus)))",
      explanation: isDetailOpen ? ComparisonGlossary.arm : explanation(of: focus),
      first: all.filter(isFirst), others: all.filter { !isFirst($0) },
      words: ComparisonGlossary.all, keysWidth: helpKeysWidth)
  }

  package var helpKeysWidth: Int { HelpText.keysWidth(bindings, ComparisonGlossary.all) }
}
