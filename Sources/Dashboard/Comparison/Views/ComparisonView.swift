// The whole screen of a comparison: which parts there are at a size, and what lies over what.
import TerminalUI

/// Draws a comparison's screen: the same model always gives the same picture.
package func draw(
  _ model: ComparisonModel, theme: Theme, glyphs: GlyphSet, into buffer: inout CellBuffer
) {
  let look = Appearance(theme: theme, glyphs: glyphs, hasFrames: !model.isCopyFriendly)
  drawScreen(model, look, into: &buffer)
  // Names of arms may hold anything.
  if !glyphs.isUnicode { buffer.foldToASCII() }
}

private func drawScreen(
  _ model: ComparisonModel, _ look: Appearance, into buffer: inout CellBuffer
) {
  let screen = buffer.bounds
  buffer.fill(screen, with: Cell(Glyph.space, look.style(.background)))
  guard ScreenLayout.isLargeEnough(screen.size) else {
    TooSmallView(
      state: model.stopping == nil ? model.stateLabel : "stopping", isAsking: model.isAsking
    )
    .draw(in: screen, into: &buffer, look)
    return
  }
  let layout = ScreenLayout(screen.size)
  ComparisonHeader(model: model).draw(in: layout.header, into: &buffer, look)
  if model.isDetailOpen {
    ArmPage(model: model).draw(in: layout.body, into: &buffer, look)
  } else {
    for (panel, rect) in ComparisonLayout(model: model).places(in: layout.body) {
      panel.description.draw(model, rect, &buffer, look)
    }
  }
  if let item = model.statusItem {
    TextLine(StatusLine.pieces(item, look))
      .draw(in: layout.status.inset(left: 1, right: 1), into: &buffer, look)
  }
  ComparisonFooter(model: model, takesNotices: layout.status.isEmpty)
    .draw(in: layout.footer, into: &buffer, look)
  if model.isHelpOpen {
    let area = screen.inset(top: 1, bottom: 1)
    Overlay.dim(area, into: &buffer, look)
    HelpOverlay(model: model).draw(in: area, into: &buffer, look)
  }
  if model.isAsking {
    Overlay.dim(layout.body, into: &buffer, look)
    DialogBox(model: model).draw(in: layout.body, into: &buffer, look)
  }
}

extension ComparisonModel {
  /// What the status line shows.
  fileprivate var statusItem: StatusItem? {
    stopping.map(StatusItem.stopping) ?? notice.map(StatusItem.notice)
  }
}

extension HelpOverlay {
  init(model: ComparisonModel) {
    self.init(
      lines: model.helpLines, scroll: model.helpScroll, rows: model.helpRows,
      keysWidth: model.helpKeysWidth)
  }
}

extension DialogBox {
  /// The question before runs are stopped.
  init(model: ComparisonModel) {
    self.init(title: "quit", text: ComparisonModel.question)
  }
}

/// The keys that matter now; on a low screen, where there is no status line, a notice for its time.
struct ComparisonFooter {
  let model: ComparisonModel
  let takesNotices: Bool

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let line = rect.inset(left: 1, right: 1)
    if takesNotices, let item = model.statusItem {
      TextLine(StatusLine.pieces(item, look)).draw(in: line, into: &buffer, look)
      return
    }
    FooterKeys(items: model.footer).draw(in: line, into: &buffer, look)
  }

  /// The key whose name or word is at a point; nil where none is.
  func key(at point: Point, in rect: Rect) -> Key? {
    guard !takesNotices || model.statusItem == nil else { return nil }
    return FooterKeys(items: model.footer).key(at: point, in: rect.inset(left: 1, right: 1))
  }
}
