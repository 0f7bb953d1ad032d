// How hard the constraint pulls at a layer, over time.
import RunHistory
import RunRecords
import TerminalUI

/// The part of its length that a clipped unit loses, as a line.
struct PullPanel {
  let model: DashboardModel
  let layer: LayerState

  static let description = PagePanelDescription(
    explanation: Explanation(
      term: "pull",
      brief: [
        "pull: the part of its length that a clipped unit loses, on average",
        "pull: what a clipped unit loses",
      ],
      full:
        "How hard the constraint holds: the part of its length that a clipped unit loses in a step,"
        + " on average. 2 %: it had grown to r / 0.98. With 0 % nothing was clipped."),
    isChart: true,
    isPresent: { $0.ceiling != nil },
    draw: { PullPanel(model: $0, layer: $1).draw(in: $2, into: &$3, $4) })

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let frame = ChartPanel(model, .pull, of: layer)
    let inner = frame.drawFrame(
      "pull of the constraint", notes: [note, frame.window, frame.unit], in: rect, into: &buffer,
      look)
    let points = layer.pull.points(on: frame.axis, count: inner.columns * 2, scale: 100)
    var chart = frame.chart([LineSeries(name: "pull", role: .clipped, points: points)])
    chart.showsLegend = chart.cursor != nil
    chart.startsAtZero = true
    chart.draw(in: inner, into: &buffer, look)
  }

  private var note: String {
    guard let latest = layer.latest else { return "" }
    guard let clipped = latest.clipped else { return Wording.unmeasured }
    return clipped > 0 ? "per cent of the norm" : "nothing clipped now"
  }
}
