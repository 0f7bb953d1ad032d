// The whole screen: which parts there are at a size, and what lies over what.
import TerminalUI

/// Draws the dashboard: the same model always gives the same picture.
package func draw(
  _ model: DashboardModel, theme: Theme, glyphs: GlyphSet, into buffer: inout CellBuffer
) {
  let look = Appearance(theme: theme, glyphs: glyphs, hasFrames: !model.isCopyFriendly)
  drawScreen(model, look, into: &buffer)
  // Names and units from files may hold anything.
  if !glyphs.isUnicode { buffer.foldToASCII() }
}

private func drawScreen(
  _ model: DashboardModel, _ look: Appearance, into buffer: inout CellBuffer
) {
  let screen = buffer.bounds
  buffer.fill(screen, with: Cell(Glyph.space, look.style(.background)))
  guard ScreenLayout.isLargeEnough(screen.size) else {
    TooSmallView(model: model).draw(in: screen, into: &buffer, look)
    return
  }
  let layout = ScreenLayout(screen.size)
  HeaderView(model: model).draw(in: layout.header, into: &buffer, look)
  if model.isDetailOpen, let layer = model.layer {
    LayerPage(model: model, layer: layer).draw(in: layout.body, into: &buffer, look)
  } else {
    let panels = PanelLayout(model: model)
    FiguresBand(model: model)
      .draw(in: panels.figures(in: layout.body), body: layout.body, into: &buffer, look)
    for (panel, rect) in panels.places(in: layout.body) {
      panel.description.draw(model, rect, &buffer, look)
    }
  }
  StatusLine(model: model).draw(in: layout.status, into: &buffer, look)
  FooterLine(model: model, takesNotices: layout.status.isEmpty)
    .draw(in: layout.footer, into: &buffer, look)
  if let panel = model.settingsPanel {
    SettingsView(model: model, panel: panel).draw(in: layout.body, into: &buffer, look)
  }
  if model.isHelpOpen {
    // Between the first line of the header and the footer, as `helpRows` has it.
    let area = screen.inset(top: 1, bottom: 1)
    Overlay.dim(area, into: &buffer, look)
    HelpOverlay(model: model).draw(in: area, into: &buffer, look)
  }
  if let dialog = model.dialog {
    Overlay.dim(layout.body, into: &buffer, look)
    DialogBox(dialog: dialog, nextSeed: model.nextSeed).draw(in: layout.body, into: &buffer, look)
  }
}
