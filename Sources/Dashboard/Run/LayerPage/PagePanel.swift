// The table of the panels of a layer's own page: their order, where each is described, which has the
// focus.
import RunHistory

/// A panel of a layer's page.
package enum PagePanel: Sendable, Equatable, CaseIterable {
  /// Norms over time as a heat map, and as lines.
  case overTime, quantiles
  case histogram
  /// A recurrent layer's rows by gate.
  case gates
  /// How much of its length a clipped unit loses; how large updates are against the weights.
  case pull, updates
  /// How the weights themselves are distributed, over time.
  case weights
  /// How many units each r would hold.
  case suggestion
  case numbers, largest
}

extension PagePanel {
  var description: PagePanelDescription {
    switch self {
    case .overTime: NormsOverTimePanel.pageDescription
    case .quantiles: LayerQuantilesPanel.description
    case .histogram: LayerHistogramPanel.description
    case .gates: GatesPanel.description
    case .pull: PullPanel.description
    case .updates: UpdatesPanel.description
    case .weights: WeightsPanel.description
    case .suggestion: SuggestionPanel.description
    case .numbers: LayerNumbersPanel.description
    case .largest: LargestUnitsPanel.description
    }
  }

  /// Whether it is a chart over time.
  var isChart: Bool { description.isChart }
}

extension DashboardModel {
  /// The panels that the page of a layer has.
  func pagePanels(of layer: LayerState) -> [PagePanel] {
    PagePanel.allCases.filter { $0.description.isPresent(layer) }
  }

  /// The panel in focus, on a layer that has it.
  func pageFocus(of layer: LayerState) -> PagePanel {
    pagePanels(of: layer).contains(pageFocus) ? pageFocus : .overTime
  }

  mutating func movePageFocus(by offset: Int) {
    guard let layer else { return }
    let panels = pagePanels(of: layer)
    let index = panels.firstIndex(of: pageFocus(of: layer)) ?? 0
    pageFocus = panels[(index + offset + panels.count) % panels.count]
  }
}
