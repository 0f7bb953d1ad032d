// The table of the panels of a comparison's screen: their order, and where each is described.
import RunHistory
import TerminalUI

extension ComparisonModel {
  /// A panel that the focus can be on; its key is its place, from 1.
  package enum Panel: Sendable, Equatable, CaseIterable {
    case chart, table, differences, verdict, runs
  }

  /// The panels that have something to show.
  package var panels: [Panel] { Panel.allCases.filter { $0.description.isPresent(self) } }
}

extension ComparisonModel.Panel {
  var description: ComparisonPanelDescription {
    switch self {
    case .chart: ComparisonChart.description
    case .table: ArmTable.description
    case .differences: DifferencesPanel.description
    case .verdict: VerdictPanel.description
    case .runs: RunsPanel.description
    }
  }
}

/// A panel of a comparison's screen, described in the file of its view.
///
/// What has no default must be said of each.
struct ComparisonPanelDescription: Sendable {
  /// Its name, for its frame and for sentences.
  let title: @Sendable (ComparisonModel) -> String
  let explanation: Explanation
  /// What explains something else that it shows now; nil: that it does not.
  var otherExplanation: @Sendable (ComparisonModel) -> Explanation? = { _ in nil }
  /// The rows, frame included, that it would fill in a body of the screen.
  let wantedRows: @Sendable (ComparisonModel, _ body: Rect) -> Int
  /// The keys to which it gives a meaning: the help shows them first while it is in focus.
  let keys: Set<KeyAction>
  /// Whether there is anything to show in it.
  var isPresent: @Sendable (ComparisonModel) -> Bool = { _ in true }
  /// The arm that stands at a point of it, by its index; nil if none does.
  var arm: @Sendable (ComparisonModel, Point, _ panel: Rect) -> Int? = { _, _, _ in nil }
  let draw: @Sendable (ComparisonModel, Rect, inout CellBuffer, Appearance) -> Void
}
