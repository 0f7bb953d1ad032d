// The panels of a layer's own page, and which of them has the focus.

/// A panel of a layer's page.
package enum PagePanel: Sendable, Equatable, CaseIterable {
  /// Norms over time as a heat map, and as lines.
  case overTime, quantiles
  case histogram
  /// A recurrent layer's rows by gate.
  case gates
  /// How much of its length a clipped unit loses; how large updates are against the weights.
  case pull, updates
  /// How many units each r would hold.
  case suggestion
  case numbers, largest

  /// Whether it is a chart over time.
  var isChart: Bool { [.overTime, .quantiles, .pull, .updates].contains(self) }
}

extension DashboardModel {
  /// The panels that the page of a layer has.
  func pagePanels(of layer: LayerState) -> [PagePanel] {
    PagePanel.allCases.filter { panel in
      switch panel {
      case .gates: GateNorms.hasGates(layer.header)
      case .pull: layer.ceiling != nil
      default: true
      }
    }
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
