// How many of a layer's units have which norm now.
import PlainText
import RunHistory
import TerminalUI

/// A histogram of the unit norms, the ceiling marked.
struct LayerHistogramPanel {
  let model: DashboardModel
  let layer: LayerState

  static let description = PagePanelDescription(
    explanation: Explanation(
      term: "units by norm",
      brief: ["how many units have which norm now", "how many have which norm"],
      full:
        "How many units have which norm now. Heights go by the root of the number, so that single"
        + " units are seen beside many."),
    draw: { LayerHistogramPanel(model: $0, layer: $1).draw(in: $2, into: &$3, $4) })

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let inner = model.drawFrame(
      .histogram, of: layer, "\(layer.wording.noun)s by norm",
      note: layer.hasNorms
        ? layer.digestNote(look) + "at step \(NumberText.grouped(layer.normsStep))" : "", in: rect,
      into: &buffer, look)
    let norms = layer.representativeNorms.norms.filter(\.isFinite)
    guard !norms.isEmpty, inner.rows >= 4, inner.columns >= 16 else {
      model.drawEmpty("no norms told yet", in: inner, into: &buffer, look)
      return
    }
    buffer.clipped(to: inner) { drawBars(norms, in: inner, into: &$0, look) }
  }

  private func drawBars(
    _ norms: [Float], in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let ceiling = layer.ceiling.flatMap { $0.isFinite ? Double($0) : nil }
    let largest = max(Double(norms.max() ?? 0), (ceiling ?? 0) * 1.15)
    let upper = RoundEnd.above(largest)
    let (labels, area) = rect.splitLeft(6)
    let plot = area.splitBottom(2).rest
    let bars = NormBars(
      norms, unitsEach: layer.representativeNorms.unitsEach, scale: 0...upper, ceiling: ceiling,
      columns: plot.columns)
    // Four times a whole number: a quarter of it stands on the axis too, and units are counted.
    let quarter = RoundEnd.above((Double(max(4, bars.most)) / 4).rounded(.up)).rounded(.up)
    let top = quarter * 4
    bars.draw(in: plot, top: top, into: &buffer, look)
    let limit = ceiling.flatMap { plot.column(of: $0, on: 0...upper) }
    if let limit, let ceiling {
      let text = Wording.norm(Float(ceiling))
      let width = text.utf8.count
      let start = max(plot.left + 2, min(limit - width / 2, plot.right - width))
      buffer.write(
        text, at: Point(column: start, row: plot.bottom + 1), style: look.style(.ceiling).bold)
    }
    drawAxes(top: top, upper: upper, labels: labels, plot: plot, limit: limit, into: &buffer, look)
  }

  private func drawAxes(
    top: Double, upper: Double, labels: Rect, plot: Rect, limit: Int?,
    into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let muted = look.style(.mutedText)
    let most = NumberText.padded(NumberText.prefixed(top), to: labels.columns - 2)
    // Heights go by the root of the number: a quarter of the units reach half as high.
    let marks = [(0, most), (plot.rows - 1, NumberText.padded("0", to: labels.columns - 2))]
    let quarter = NumberText.padded(NumberText.prefixed(top / 4), to: labels.columns - 2)
    for (row, label) in marks + (plot.rows >= 5 ? [(plot.rows / 2, quarter)] : []) {
      buffer.write(label, at: labels.origin.offset(rows: row), style: muted)
      buffer.put(
        Glyph(look.glyphs.axisTick), at: Point(column: plot.left - 1, row: plot.top + row),
        style: look.style(.border))
    }
    for column in plot.left..<plot.right {
      buffer.put(
        Glyph(look.glyphs.horizontal), at: Point(column: column, row: plot.bottom),
        style: look.style(.border))
    }
    let row = plot.bottom + 1
    buffer.write("0", at: Point(column: plot.left, row: row), style: muted)
    let end = AxisLabel.text(upper)
    let start = plot.right - end.utf8.count
    if (limit ?? 0) + 4 < start {
      buffer.write(end, at: Point(column: start, row: row), style: muted)
    }
  }
}

extension LayerState {
  /// Said of what is not made from every unit's norm.
  func digestNote(_ look: Appearance) -> String { digest == nil ? "" : "digest" + look.separator }
}
