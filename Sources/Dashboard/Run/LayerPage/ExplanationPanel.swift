// The panel in focus on a layer's page, explained in full.
import RunHistory
import TerminalUI

/// Words for who learns, where there is room for them.
struct ExplanationPanel {
  let model: DashboardModel
  let layer: LayerState

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let explanation = model.explanation(of: model.pageFocus(of: layer))
    let inner = Panel(title: explanation.term, note: "tab: the next panel").draw(
      in: rect, into: &buffer, look)
    buffer.clipped(to: inner) { buffer in
      let used = Paragraph.draw(
        explanation.full, in: inner, into: &buffer, style: look.style(.text))
      let rest = inner.inset(top: used + 1)
      Paragraph.draw(
        layer.wording.sentence, in: rest, into: &buffer, style: look.style(.mutedText))
    }
  }
}
