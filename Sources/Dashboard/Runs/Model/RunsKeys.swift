// The keys of the screen of many runs, named and meant as on the dashboard where both have them.
import TerminalUI

/// All keys of `runs`; keys are understood, and footer and help are made, from it.
package enum RunsKeys {
  private static let main: Set<ScreenLayer> = [.main]

  private static let ofRuns: [KeyBinding] = [
    KeyBinding(.details, [.enter], "open", in: .moving, on: main, "open the run's dashboard"),
    KeyBinding(
      .mark, keys(" "), "mark", opposite: "unmark", in: .charts, on: main,
      "mark the run: the chart lays marked ones over one another"),
    KeyBinding(
      .filter, keys("/"), "filter", in: .moving, on: main,
      "only some runs: words, patterns, conditions such as lr>0.01"),
    KeyBinding(
      .preset, keys("p"), "metric", in: .charts, on: main, "the next figure, in columns and chart"),
    KeyBinding(.presetBefore, keys("P"), "", in: .charts, on: main, "the figure before"),
    KeyBinding(
      .sortAfter, keys(">"), "sort", in: .layout, on: main, "sort by the next column"),
    KeyBinding(
      .sortBefore, keys("<"), "sort", in: .layout, on: main, "sort by the column before"),
    KeyBinding(
      .reverseSort, keys("r"), "", in: .layout, on: main, "turn the order round"),
    KeyBinding(
      .markAll, keys("a"), "mark all", in: .charts, on: main, "mark all runs that are shown"),
    KeyBinding(.unmarkAll, keys("u"), "unmark all", in: .charts, on: main, "unmark all runs"),
    KeyBinding(
      .statistics, keys("="), "statistics", in: .charts, on: main,
      "compare the marked runs: means over seeds, differences, verdict"),
    KeyBinding(
      .pin, keys("*"), "pin", opposite: "unpin", in: .layout, on: main,
      "keep the run at the top of the list"),
    KeyBinding(.note, keys("n"), "note", in: .layout, on: main, "write a note to the run"),
    KeyBinding(.up, [.up] + keys("k"), "", in: .moving, on: main, "the run before"),
    KeyBinding(.down, [.down] + keys("j"), "", in: .moving, on: main, "the run after"),
    KeyBinding(
      .back, [.escape, .backspace], "back", in: .moving, on: main,
      "all panels, all runs again; from a run's dashboard to here"),
  ]

  private static let further: [KeyBinding] = [
    KeyBinding(.first, [.home], "", in: .moving, on: main, "the first run"),
    KeyBinding(.last, [.end], "", in: .moving, on: main, "the last run"),
    KeyBinding(.pageUp, [.pageUp], "", in: .moving, on: main, "a page of runs up"),
    KeyBinding(.pageDown, [.pageDown], "", in: .moving, on: main, "a page of runs down"),
  ]

  private static let whileTyping: [KeyBinding] = [
    KeyBinding(
      .keepFilter, [.enter], "keep", in: .filtering, on: [.filter], "keep the filter"),
    KeyBinding(
      .clearFilter, [.escape], "all runs", in: .filtering, on: [.filter], "show all runs again"),
    KeyBinding(
      .eraseFilter, [.backspace], "", in: .filtering, on: [.filter],
      "take the last character back"),
    KeyBinding(.takeEntry, [.enter], "keep", in: .settings, on: [.entry], "keep the note"),
    KeyBinding(
      .erase, [.backspace], "", in: .settings, on: [.entry], "take the last character back"),
    KeyBinding(.back, [.escape], "cancel", in: .settings, on: [.entry], "leave the note as it was"),
  ]

  /// In the order of importance: a narrow footer leaves out what comes last.
  package static let bindings =
    ofRuns + ShellBindings.panels(RunsModel.Panel.allCases.count)
    + [
      KeyBinding(
        .smoothing, keys("s"), "smooth", in: .charts, on: main, "smooth curves more or less")
    ]
    + ShellBindings.scales(
      logarithmic: "a logarithmic or a linear scale",
      axis: "count along the curves in steps, epochs or time")
    + further + ShellBindings.views + whileTyping
    + ShellBindings.all(
      unasked: [.main, .help], everywhere: [.main, .filter, .entry, .help],
      untyped: [.main, .help], interrupt: "leave at once",
      quit: "close what is open, then leave; runs go on")

  /// The keys with the user's own.
  package static func bindings(_ map: KeyMap) -> [KeyBinding] { map.applied(to: bindings) }

  private static func keys(_ characters: String) -> [Key] { characters.map(Key.character) }
}

extension RunsModel {
  package func label(of binding: KeyBinding) -> String {
    switch binding.action {
    case .back where topLayer == .main && !isMaximized: filter.isEmpty ? "" : "all runs"
    case .back where topLayer == .main: "all panels"
    default: binding.label
    }
  }

  package func isOpposite(_ action: KeyAction) -> Bool {
    switch action {
    case .mark: selected.map { marks[$0] != nil } ?? false
    case .pin: selected.map { notes.pinned.contains($0) } ?? false
    case .logScale: isLogarithmic
    case .outliers: showsAll
    case .maximize: isMaximized
    case .mouse: !shell.isMouseOn
    default: false
    }
  }
}
