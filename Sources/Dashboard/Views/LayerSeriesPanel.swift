// A layer's pull and its update ratio over time.
import RunRecords
import TerminalUI

/// One figure of a layer as a line.
struct LayerSeriesPanel {
  let model: DashboardModel
  let layer: LayerState
  let panel: PagePanel

  /// About what update over weights is usual.
  private static let usualRatio = 1e-3

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let isPull = panel == .pull
    let frame = ChartPanel(model, panel, of: layer)
    let inner = frame.drawFrame(
      isPull ? "pull of the constraint" : "update / weights",
      notes: [note, frame.window, frame.unit],
      in: rect, into: &buffer, look)
    let history = isPull ? layer.pull : layer.updateRatio
    let points = history.points(
      on: frame.axis, count: inner.columns * 2, scale: isPull ? 100 : 1)
    let role: Role = isPull ? .clipped : .train
    var chart = frame.chart([
      LineSeries(name: isPull ? "pull" : "update / weights", role: role, points: points)
    ])
    chart.showsLegend = chart.cursor != nil
    chart.startsAtZero = isPull
    if !isPull {
      chart.isLogarithmic = points.contains { $0.mean > 0 }
      let ends = points.filter { $0.minimum > 0 && $0.maximum.isFinite }
      // Only where it leaves the curve its room.
      if let low = ends.map(\.minimum).min(), let high = ends.map(\.maximum).max(),
        low < Self.usualRatio * 30, high > Self.usualRatio / 30
      {
        chart.reference = ReferenceLine(value: Self.usualRatio, label: "0.001", role: .good)
      }
    }
    chart.draw(in: inner, into: &buffer, look)
  }

  private var note: String {
    switch (panel, layer.latest) {
    case (.pull, let latest?):
      guard let clipped = latest.clipped else { return Wording.unmeasured }
      return clipped > 0 ? "per cent of the norm" : "nothing clipped now"
    case (_, let latest?):
      return latest.updateRatio.map { "now " + Wording.short($0) } ?? Wording.unmeasured
    default: return ""
    }
  }
}
