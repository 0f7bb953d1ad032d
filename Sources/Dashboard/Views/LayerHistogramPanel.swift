// How many of a layer's units have which norm now.
import TerminalUI

/// A histogram of the unit norms, the ceiling marked.
struct LayerHistogramPanel {
  let model: DashboardModel
  let layer: LayerState

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let inner = model.drawFrame(
      nil, "units by norm",
      note: layer.norms.isEmpty ? "" : "at step \(NumberText.grouped(layer.normsStep))", in: rect,
      into: &buffer, look)
    let norms = layer.norms.filter(\.isFinite)
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
    let limit = ceiling.flatMap { BoxStrip.column(of: $0, scale: 0...upper, in: plot) }
    var counts = [Int](repeating: 0, count: plot.columns)
    for norm in norms {
      // The same rule as for the ceiling's mark, so that what is at the ceiling stands under it.
      guard let column = BoxStrip.column(of: Double(norm), scale: 0...upper, in: plot) else {
        continue
      }
      counts[column - plot.left] += 1
    }
    let most = counts.max() ?? 0
    let top = RoundEnd.above(Double(max(4, most)))
    let levels = look.glyphs.levels
    for (offset, count) in counts.enumerated() where count > 0 {
      let column = plot.left + offset
      let role: Role =
        limit.map { column > $0 ? .observed : column == $0 ? .ceiling : .safe } ?? .safe
      let height = max(
        1, Int((Double(count) / top * Double(plot.rows * (levels.count - 1))).rounded()))
      for row in 0..<plot.rows {
        let level = min(levels.count - 1, max(0, height - row * (levels.count - 1)))
        guard level > 0 else { break }
        buffer.put(
          Glyph(levels[level]), at: Point(column: column, row: plot.bottom - 1 - row),
          style: look.style(role))
      }
    }
    if let limit, let ceiling { drawCeiling(ceiling, limit, plot, into: &buffer, look) }
    drawAxes(top: top, upper: upper, labels: labels, plot: plot, limit: limit, into: &buffer, look)
  }

  private func drawCeiling(
    _ ceiling: Double, _ column: Int, _ plot: Rect, into buffer: inout CellBuffer,
    _ look: Appearance
  ) {
    for row in plot.top..<plot.bottom {
      let point = Point(column: column, row: row)
      guard buffer[point].glyph == .space else { continue }
      buffer.put(Glyph(look.glyphs.eventLine), at: point, style: look.style(.ceiling))
    }
    let text = Wording.norm(Float(ceiling))
    let start = max(plot.left + 2, min(column - text.utf8.count / 2, plot.right - text.utf8.count))
    buffer.write(
      text, at: Point(column: start, row: plot.bottom + 1), style: look.style(.ceiling).bold)
  }

  private func drawAxes(
    top: Double, upper: Double, labels: Rect, plot: Rect, limit: Int?,
    into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let muted = look.style(.mutedText)
    let most = NumberText.padded(NumberText.prefixed(top), to: labels.columns - 2)
    buffer.write(most, at: labels.origin, style: muted)
    buffer.write(
      NumberText.padded("0", to: labels.columns - 2),
      at: labels.origin.offset(rows: plot.rows - 1), style: muted)
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
