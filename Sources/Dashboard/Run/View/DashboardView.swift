// The screen of a run between its header and its status line.
import TerminalUI

extension DashboardModel {
  package func draw(_ layout: ScreenLayout, into buffer: inout CellBuffer, _ look: Appearance) {
    HeaderView(model: self).draw(in: layout.header, into: &buffer, look)
    if isDetailOpen, let layer {
      LayerPage(model: self, layer: layer).draw(in: layout.body, into: &buffer, look)
      return
    }
    let panels = PanelLayout(model: self)
    FiguresBand(model: self)
      .draw(in: panels.figures(in: layout.body), body: layout.body, into: &buffer, look)
    for (panel, rect) in panels.places(in: layout.body) {
      panel.description.draw(self, rect, &buffer, look)
    }
  }

  package func drawOverlay(
    _ layout: ScreenLayout, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    guard let settingsPanel else { return }
    SettingsView(model: self, panel: settingsPanel).draw(in: layout.body, into: &buffer, look)
  }
}
