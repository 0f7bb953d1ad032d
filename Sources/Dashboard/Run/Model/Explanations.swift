// The words of the screen explained, for those who learn: in a line, and in full.
import RunHistory

/// What there is to explain: words of several panels here, those of a panel in its description.
package enum Glossary {
  static let ceiling = Explanation(
    term: "ceiling r",
    full: "The largest norm that max-norm allows. After every optimizer step each unit whose norm"
      + " exceeds r is scaled back to it: w becomes w r / norm, the direction stays.")
  static let observing = Explanation(
    term: "off (observing)",
    brief: [
      "off: norms grow freely, units above r are counted and not scaled back",
      "off: norms grow freely",
    ],
    full: "The constraint is switched off. Norms are still measured against r, and units above it"
      + " counted, but none is scaled back.")
  static let atCeiling = Explanation(
    term: "at ceiling",
    full: "Units whose norm has reached r, to one part in 100,000. With the constraint on they are"
      + " held there; off, they are at r or above it.")
  static let headroom = Explanation(
    term: "headroom",
    full: "How far a norm is below r, in per cent of r. 25 %: the norm is 0.75 r and may still grow"
      + " by a third.")
  static let nextAtCeiling = Explanation(
    term: "next at r",
    full:
      "In how many steps the next units reach r if the recent rise goes on: the largest unit, or"
      + " the part in brackets, (1/4) a quarter of them. Told only where the rise is steady and"
      + " nearly straight, and not for a far future.")
  static let unchanging = Explanation(
    term: "unchanging",
    full: "Units whose norm is exactly the same in the last \(UnchangingUnits.leastRecords) reports"
      + " while others moved. Nothing reaches them: a dead ReLU, an input that is always 0, a letter"
      + " not seen. The norm alone does not tell which.")
  static let usage = Explanation(
    term: "cpu, memory",
    full: "What this program takes of the machine, training and screen together: 100 % is one core."
  )

  /// For the help: what belongs together side by side, and whatever else panels say last.
  package static let all = together + ofPanels.filter { !together.contains($0) }

  private static let together = [
    of(.norms), ceiling, atCeiling, headroom, nextAtCeiling, of(.clipping), of(.pull), observing,
    of(.suggestion), unchanging, of(.updates), of(.overTime), of(.quantiles), of(.histogram),
    of(.weights), of(.gates), of(.largest), of(.loss), of(.metric), of(.gradient),
    of(.learningRate), of(.clipRate), SampleStack.explanation, usage,
  ]
  private static let ofPanels =
    DashboardModel.PanelKind.allCases.map(of) + PagePanel.allCases.map(of)

  private static func of(_ panel: DashboardModel.PanelKind) -> Explanation {
    panel.description.explanation
  }

  private static func of(_ panel: PagePanel) -> Explanation { panel.description.explanation }
}

extension DashboardModel {
  /// What explains a panel: one of the constraint says when it is off, and which one it is.
  func explanation(of panel: PanelKind) -> Explanation {
    let panel = panel.description
    return explanation(panel.explanation, showsConstraint: panel.showsConstraint)
  }

  /// What explains a panel of a layer's page.
  func explanation(of panel: PagePanel) -> Explanation {
    let panel = panel.description
    return explanation(panel.explanation, showsConstraint: panel.showsConstraint)
  }

  private func explanation(_ own: Explanation, showsConstraint: Bool) -> Explanation {
    guard showsConstraint else { return own }
    return isObserving ? Glossary.observing : segment?.constraintKind.explanation ?? own
  }

  private var isObserving: Bool { segment?.settings.isConstraintOn == false }
}
