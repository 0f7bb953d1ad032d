// The screen of a comparison between its header and its status line.
import TerminalUI

extension ComparisonModel {
  package func draw(_ layout: ScreenLayout, into buffer: inout CellBuffer, _ look: Appearance) {
    ComparisonHeader(model: self).draw(in: layout.header, into: &buffer, look)
    if isDetailOpen {
      ArmPage(model: self).draw(in: layout.body, into: &buffer, look)
      return
    }
    for (panel, rect) in ComparisonLayout(model: self).places(in: layout.body) {
      panel.description.draw(self, rect, &buffer, look)
    }
  }
}
