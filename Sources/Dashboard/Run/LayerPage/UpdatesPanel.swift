// How large a layer's updates are against its weights, over time.
import RunHistory
import RunRecords
import TerminalUI

/// The length of an update over that of the weights, as a line.
struct UpdatesPanel {
  let model: DashboardModel
  let layer: LayerState

  private static let name = "update / weights"

  static let description = PagePanelDescription(
    explanation: Explanation(
      term: name,
      brief: [
        "length of an update over that of the weights; a rule of thumb: about 0.001",
        "update / weights: about 0.001 is usual",
      ],
      full:
        "The length of the last optimizer update over the length of the weights. A rule of thumb is"
        + " about 0.001: at 0.1 every step rewrites them, at 0.00001 they hardly move. Small nets with"
        + " high rates lie above it."),
    isChart: true,
    draw: { UpdatesPanel(model: $0, layer: $1).draw(in: $2, into: &$3, $4) })

  /// About what is usual.
  private static let usualRatio = 1e-3

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let frame = ChartPanel(model, .updates, of: layer)
    let inner = frame.drawFrame(
      Self.name, notes: [note, frame.window, frame.unit], in: rect, into: &buffer, look)
    let points = layer.updateRatio.points(on: frame.axis, count: inner.columns * 2)
    var chart = frame.chart([LineSeries(name: Self.name, role: .train, points: points)])
    chart.showsLegend = chart.cursor != nil
    chart.startsAtZero = false
    chart.isLogarithmic = points.contains { $0.mean > 0 }
    let ends = points.filter { $0.minimum > 0 && $0.maximum.isFinite }
    // Only where it leaves the curve its room.
    if let low = ends.map(\.minimum).min(), let high = ends.map(\.maximum).max(),
      low < Self.usualRatio * 30, high > Self.usualRatio / 30
    {
      chart.reference = ReferenceLine(value: Self.usualRatio, label: "0.001", role: .good)
    }
    chart.draw(in: inner, into: &buffer, look)
  }

  private var note: String {
    guard let latest = layer.latest else { return "" }
    return latest.updateRatio.map { "now " + Wording.short($0) } ?? Wording.unmeasured
  }
}
