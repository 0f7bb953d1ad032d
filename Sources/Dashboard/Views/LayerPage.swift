// The page of one layer: its norms now and over time, its largest units, its figures.
import TerminalUI

/// Everything there is to know about a layer.
struct LayerPage {
  let model: DashboardModel
  let layer: LayerState

  func draw(in body: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let numbers = LayerNumbersPanel(model: model, layer: layer)
    guard body.columns >= 70, body.rows >= 15 else {
      let (upper, lower) = body.splitTop(min(body.rows, max(6, body.rows * 11 / 20)))
      LayerQuantilesPanel(model: model, layer: layer).draw(in: upper, into: &buffer, look)
      numbers.draw(in: lower, into: &buffer, look)
      return
    }
    let (left, right) = body.splitRight(min(48, max(32, body.columns * 2 / 5)))
    let top = (body.rows * 9 + 8) / 16
    let (upper, lower) = left.splitTop(top)
    LayerQuantilesPanel(model: model, layer: layer).draw(in: upper, into: &buffer, look)
    LayerHistogramPanel(model: model, layer: layer).draw(in: lower, into: &buffer, look)
    let (figures, units) = right.splitTop(min(numbers.wantedRows, max(top, body.rows - 8)))
    numbers.draw(in: figures, into: &buffer, look)
    LargestUnitsPanel(model: model, layer: layer).draw(in: units, into: &buffer, look)
  }
}

extension DashboardModel {
  /// Words in the middle of a panel that has nothing to show.
  func drawEmpty(
    _ text: String, in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let place = rect.centered(Size(columns: DisplayWidth.of(text), rows: 1))
    buffer.write(
      text, at: place.origin, style: look.style(.mutedText), maxWidth: place.columns,
      ellipsis: look.glyphs.ellipsis)
  }
}
