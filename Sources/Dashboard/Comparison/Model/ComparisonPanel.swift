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

typealias ComparisonPanelDescription = ScreenPanelDescription<ComparisonModel>
