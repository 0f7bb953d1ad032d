// The norms of a recurrent layer by gate: which of them the ceiling holds.
import PlainText
import RunHistory
import TerminalUI

/// A strip for each gate.
struct GatesPanel {
  let model: DashboardModel
  let layer: LayerState

  static let description = PagePanelDescription(
    explanation: Explanation(
      term: "gates",
      brief: ["the rows of each gate, in PyTorch's order", "the rows of each gate"],
      full:
        "A recurrent layer stacks the rows of its gates: input, forget, cell and output in an LSTM;"
        + " reset, update and new in a GRU. Each row is held by itself."),
    isPresent: { GateNorms.hasGates($0.header) },
    draw: { GatesPanel(model: $0, layer: $1).draw(in: $2, into: &$3, $4) })

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let gates = GateNorms.of(layer)
    let inner = model.drawFrame(
      .gates, of: layer, "norms by gate",
      note: gates.first.map { "\($0.units) rows each" } ?? "", in: rect, into: &buffer, look)
    guard !gates.isEmpty else {
      let text = layer.digest == nil ? "no norms told yet" : "a digest does not tell rows apart"
      model.drawEmpty(text, in: inner, into: &buffer, look)
      return
    }
    buffer.clipped(to: inner) { draw(gates, in: inner, into: &$0, look) }
  }

  private static let nameColumns = 9
  private static let figureColumns = 16

  private func draw(
    _ gates: [GateNorms], in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let finite = gates.map(\.maximum).filter(\.isFinite).max() ?? 0
    let ceiling = layer.ceiling.flatMap { $0.isFinite ? $0 : nil }
    let scale = 0...RoundEnd.above(max(Double(finite), Double(ceiling ?? 0) * 1.15))
    // Air between the gates where there is room for it.
    let pitch = rect.rows - 1 >= gates.count * 2 ? 2 : 1
    drawHead(scale, ceiling, in: rect.line(0), into: &buffer, look)
    for (index, gate) in gates.enumerated() where 1 + index * pitch < rect.rows {
      let line = rect.line(1 + index * pitch)
      TextLine([.init(gate.letter + " ", .mutedText), .init(gate.name)]).draw(
        in: line.splitLeft(Self.nameColumns).left, into: &buffer, look)
      var box = BoxStrip(
        minimum: Double(gate.minimum), lowerQuartile: Double(gate.lowerQuartile),
        median: Double(gate.median), upperQuartile: Double(gate.upperQuartile),
        maximum: Double(gate.maximum), scale: scale, ceiling: ceiling.map(Double.init),
        role: .safe)
      box.roleBeyond = .observed
      box.draw(in: strip(line), into: &buffer, look)
      let median = NumberText.padded(NumberText.significant(Double(gate.median)), to: 7)
      let share = Double(gate.atCeiling) / Double(max(1, gate.units))
      let held = ceiling == nil ? "" : NumberText.percent(share, decimals: share < 0.9995 ? 1 : 0)
      TextLine([
        .init(median),
        .init(NumberText.padded(held, to: 9), gate.atCeiling > 0 ? .ceiling : .text),
      ]).draw(in: line.splitRight(Self.figureColumns).right, into: &buffer, look)
    }
  }

  private func strip(_ line: Rect) -> Rect {
    line.inset(left: Self.nameColumns + 1, right: Self.figureColumns + 1)
  }

  private func drawHead(
    _ scale: ClosedRange<Double>, _ ceiling: Float?, in line: Rect,
    into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let muted = look.style(.mutedText)
    let strip = strip(line)
    buffer.write("gate", at: line.origin, style: muted)
    buffer.write("0", at: strip.origin, style: muted)
    if let ceiling,
      let column = strip.column(of: Double(ceiling), on: scale)
    {
      let text = Wording.norm(ceiling)
      let start = max(
        strip.left + 2, min(column - text.utf8.count / 2, strip.right - text.utf8.count))
      buffer.write(
        text, at: Point(column: start, row: line.top), style: look.style(.ceiling).bold)
    }
    let figures = line.splitRight(Self.figureColumns).right
    let held = ceiling == nil ? "" : NumberText.padded("at r", to: 9)
    buffer.write(NumberText.padded("median", to: 7) + held, at: figures.origin, style: muted)
  }
}
