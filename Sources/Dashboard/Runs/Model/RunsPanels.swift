// The table of the panels of the screen of many runs: their order, and where each is described.
import PlainText
import RunHistory
import TerminalUI

extension RunsModel {
  /// A panel that the focus can be on; its key is its place, from 1.
  package enum Panel: Sendable, Equatable, CaseIterable {
    case list, chart, settings
  }
}

typealias RunsPanelDescription = ScreenPanelDescription<RunsModel>

extension RunsModel.Panel {
  var description: RunsPanelDescription {
    switch self {
    case .list: RunList.description
    case .chart: RunsChart.description
    case .settings: SettingsTable.description
    }
  }
}

extension RunsModel {
  /// Draws a panel's frame; the number in its title is the key that focuses it.
  func drawFrame(
    _ kind: Panel, note: String = "", position: String = "", in rect: Rect,
    into buffer: inout CellBuffer, _ look: Appearance
  ) -> Rect {
    let index = Panel.allCases.firstIndex(of: kind) ?? 0
    var panel = TerminalUI.Panel(
      title: PanelNumber.text(index, look) + kind.description.title(self), note: note,
      isFocused: kind == focus && topLayer == .main)
    panel.position = position
    if panel.isFocused { panel.captions = kind.description.explanation.brief }
    return panel.draw(in: rect, into: &buffer, look)
  }

  // MARK: Help

  package var helpLines: [HelpLine] {
    let isFirst = { (binding: KeyBinding) in
      self.focus.description.keys.contains(binding.action)
    }
    let title = ScreenText.printable(focus.description.title(self))
    return HelpText.lines(
      title: "In focus: \(title)", explanation: focus.description.explanation,
      first: bindings.filter(isFirst), others: bindings.filter { !isFirst($0) },
      words: RunsGlossary.all, keysWidth: helpKeysWidth)
  }

  package var helpKeysWidth: Int { HelpText.keysWidth(bindings, RunsGlossary.all) }
}

/// What there is to explain about many runs.
enum RunsGlossary {
  static let state = Explanation(
    term: "state",
    full:
      "live: it goes on. finished, diverged, stopped: its log says so. crashed: its process is gone, or"
      + " failed, and the log has no end. silent: the log has no end either, nothing was written for a"
      + " minute, and what became of the process is not known here.")
  static let filter = Explanation(
    term: "filter",
    full:
      "Words stand somewhere in the name; * and ? make a pattern. Conditions go by settings, figures and"
      + " columns: lr>0.01 optimizer=adam state:live validation_accuracy>=0.9. A - before turns one round."
  )
  static let best = Explanation(
    term: "best",
    full:
      "The best value that a figure has had, known as soon as all of the log was read; last is its value"
      + " now.")

  static let all = [
    state, best, filter, RunsChart.description.explanation, SettingsTable.description.explanation,
  ]
}
