// Text that a model wrote, as it is laid out.
import RunRecords
import TerminalUI

/// The newest text of each title.
struct TextPanel {
  let model: DashboardModel

  static let description = PanelDescription(
    title: "text",
    explanation: SampleStack.explanation,
    leastRows: 6,
    showsSamples: true,
    ownKeys: [],
    draw: { TextPanel(model: $0).draw(in: $1, into: &$2, $3) })

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let stack = SampleStack(model: model, kind: .text, plural: "texts", leastRows: 3)
    stack.draw(in: rect, into: &buffer, look) { sample, area, buffer in
      guard case .text(let text) = sample.content else { return }
      let layout = TextLayout(text, width: area.columns, rows: area.rows)
      guard layout.lines.contains(where: { !$0.isEmpty }) else {
        model.drawEmpty(text.isEmpty ? "no text" : "blank text", in: area, into: &buffer, look)
        return
      }
      layout.draw(in: area, into: &buffer, look, style: look.style(.text))
    }
  }
}
