// The share of units at the ceiling over time, all layers together, on large screens.
import TerminalUI

/// How much of the network the ceiling holds.
struct AtCeilingPanel {
  let model: DashboardModel

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let inner = model.drawFrame(
      nil, "units at ceiling", note: "per cent\(look.separator)all layers", in: rect,
      into: &buffer, look)
    guard let segment = model.segment else {
      LineChart(series: []).draw(in: inner, into: &buffer, look)
      return
    }
    let (steps, axis) = model.horizontal(inner)
    let points = segment.atCeilingShare.points(over: steps, count: inner.columns * 2).map {
      LinePoint(x: $0.x, value: $0.mean * 100)
    }
    var chart = LineChart(series: [
      LineSeries(name: "at ceiling", role: .ceiling, points: points, showsBand: false)
    ])
    chart.horizontal = axis
    // Room above, for the labels of the marks.
    chart.vertical = 0...115
    chart.marks = model.eventMarks
    chart.leastLabelWidth = DashboardModel.labelWidth
    chart.showsLegend = false
    chart.draw(in: inner, into: &buffer, look)
  }
}
