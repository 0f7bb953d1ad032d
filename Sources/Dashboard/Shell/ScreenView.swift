// The whole screen: which parts there are at a size, and what lies over what.
import TerminalUI

/// Draws a screen: the same model always gives the same picture.
package func draw(
  _ model: some ScreenModel, theme: Theme, glyphs: GlyphSet, into buffer: inout CellBuffer
) {
  var look = Appearance(theme: theme, glyphs: glyphs, hasFrames: !model.isCopyFriendly)
  look.hasGrid = model.hasGrid
  model.drawScreen(into: &buffer, look)
  // Names and units from files may hold anything.
  if !glyphs.isUnicode { buffer.foldToASCII() }
}

extension ScreenModel {
  fileprivate func drawScreen(into buffer: inout CellBuffer, _ look: Appearance) {
    let screen = buffer.bounds
    buffer.fill(screen, with: Cell(Glyph.space, look.style(.background)))
    guard ScreenLayout.isLargeEnough(screen.size) else {
      TooSmallView(
        state: shell.stopping == nil ? stateLabel : "stopping", isAsking: question?.isQuit == true
      )
      .draw(in: screen, into: &buffer, look)
      return
    }
    let layout = ScreenLayout(screen.size)
    draw(layout, into: &buffer, look)
    StatusLine(items: status(look)).draw(in: layout.status, into: &buffer, look)
    footerLine(layout, look).draw(in: layout.footer, into: &buffer, look)
    drawOverlay(layout, into: &buffer, look)
    if shell.isHelpOpen {
      // Between the first line of the header and the footer, as `helpRows` has it.
      let area = screen.inset(top: 1, bottom: 1)
      Overlay.dim(area, into: &buffer, look)
      help.draw(in: area, into: &buffer, look)
    }
    if let question {
      Overlay.dim(layout.body, into: &buffer, look)
      DialogBox(question).draw(in: layout.body, into: &buffer, look)
    }
  }

  private func footerLine(_ layout: ScreenLayout, _ look: Appearance) -> FooterLine {
    FooterLine(items: footer, notice: layout.status.isEmpty ? lowStatus(look) : nil)
  }

  var help: HelpOverlay {
    HelpOverlay(
      lines: helpLines, scroll: shell.helpScroll, rows: helpRows, keysWidth: helpKeysWidth)
  }
}

/// What of a screen's shell a click is on.
enum ShellTarget {
  /// What a key does: in the footer, or in a question.
  case key(Key)
  /// In the help, and beside it.
  case box, outside
  case nothing
  /// None of it: what lies on this body is the screen's own.
  case body(Rect)
}

extension ScreenModel {
  func shellTarget(at point: Point) -> ShellTarget {
    guard ScreenLayout.isLargeEnough(shell.size) else { return .nothing }
    let layout = ScreenLayout(shell.size)
    if layout.footer.contains(point) {
      // How it looks does not matter.
      let key = footerLine(layout, Appearance(theme: .terminal, glyphs: .ascii))
        .key(at: point, in: layout.footer)
      return key.map { .key($0) } ?? .nothing
    }
    switch topLayer {
    case .dialog:
      let key = question.flatMap { DialogBox($0).key(at: point, in: layout.body) }
      return key.map { .key($0) } ?? .nothing
    case .help:
      return help.box(in: Rect(shell.size).inset(top: 1, bottom: 1)).contains(point)
        ? .box : .outside
    case .main, .detail, .filter, .settings, .entry: return .body(layout.body)
    }
  }
}
