// The keys of a comparison's screen, named and meant as on the dashboard where both have them.
import TerminalUI

/// All keys of `compare` and `sweep`; keys are understood, and footer and help are made, from it.
package enum ComparisonKeys {
  private static let everywhere: Set<ScreenLayer> = [.main, .detail, .help, .dialog]
  private static let unasked: Set<ScreenLayer> = [.main, .detail, .help]

  private static let ofArms: [KeyBinding] = [
    KeyBinding(
      .pause, keys(" "), "pause", opposite: "go on", in: .run,
      "hold all runs that are going on; again to go on"),
    KeyBinding(.up, [.up] + keys("k"), "arm", in: .moving, "the arm before"),
    KeyBinding(.down, [.down] + keys("j"), "arm", in: .moving, "the arm after"),
    KeyBinding(
      .details, [.enter], "its runs", in: .moving, on: [.main],
      "open the page of the arm: each of its runs"),
    KeyBinding(
      .back, [.escape, .backspace], "back", in: .moving,
      "close the page; all panels again"),
    KeyBinding(
      .preset, keys("p"), "chart", in: .charts, on: [.main],
      "what the chart shows: the metric, losses, a sweep's values"),
  ]

  private static let further: [KeyBinding] = [
    KeyBinding(
      .first, [.home], "", in: .moving, "the first arm"),
    KeyBinding(.last, [.end], "", in: .moving, "the last arm"),
    KeyBinding(
      .pageUp, [.pageUp], "", in: .moving, on: [.detail], "earlier runs of the arm"),
    KeyBinding(
      .pageDown, [.pageDown], "", in: .moving, on: [.detail], "later runs of the arm"),
  ]

  private static let answers: [KeyBinding] = [
    KeyBinding(.yes, keys("y") + [.enter], "yes", in: .asking, on: [.dialog], "yes"),
    KeyBinding(.no, keys("n") + [.escape], "no", in: .asking, on: [.dialog], "no"),
  ]

  /// By importance: a narrow footer leaves out the last.
  package static let bindings =
    ofArms + ShellBindings.panels(ComparisonModel.Panel.allCases.count)
    + ShellBindings.scales(
      logarithmic: "losses on a logarithmic or a linear scale",
      axis: "count along the curves in steps or epochs")
    + further + ShellBindings.views + answers
    + ShellBindings.all(
      unasked: unasked, everywhere: everywhere, untyped: everywhere,
      interrupt: "stop the runs, keep what they have, and quit at once",
      quit: "close what is open, then quit; twice while runs are going")

  /// The keys with the user's own.
  package static func bindings(_ map: KeyMap) -> [KeyBinding] { map.applied(to: bindings) }

  private static func keys(_ characters: String) -> [Key] { characters.map(Key.character) }
}

extension ComparisonModel {
  package func label(of binding: KeyBinding) -> String {
    switch binding.action {
    case .back where leavesToList: "all runs"
    case .back where isMaximized && topLayer == .main: "all panels"
    case .up where isSweep && !binding.label.isEmpty, .down where isSweep && !binding.label.isEmpty:
      "value"
    default: binding.label
    }
  }

  package func isOpposite(_ action: KeyAction) -> Bool {
    switch action {
    case .pause: isPaused
    case .logScale: isLogarithmic
    case .outliers: showsAll
    case .maximize: isMaximized
    case .mouse: !shell.isMouseOn
    default: false
    }
  }
}
