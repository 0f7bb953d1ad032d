// The gradient norm over time, on large screens.
import TerminalUI

/// The L2 norm over all gradients: the mean of each column's steps, the largest behind it.
struct GradientPanel {
  let model: DashboardModel

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let inner = model.drawFrame(
      nil, "gradient norm", note: "mean and largest\(look.separator)\(model.smoothing.label)",
      in: rect, into: &buffer, look)
    guard let segment = model.segment else {
      LineChart(series: []).draw(in: inner, into: &buffer, look)
      return
    }
    let (steps, axis) = model.horizontal(inner)
    let count = inner.columns * 2
    var band = LineSeries(
      name: "gradient norm", role: .train,
      points: segment.gradientNorm.raw.points(over: steps, count: count))
    band.showsLine = false
    let line = LineSeries(
      name: "gradient norm", role: .train,
      points: segment.gradientNorm[model.smoothing].points(over: steps, count: count),
      showsBand: false)
    var chart = LineChart(series: [band, line])
    chart.horizontal = axis
    chart.marks = model.eventMarks
    chart.leastLabelWidth = DashboardModel.labelWidth
    chart.startsAtZero = true
    chart.showsLegend = false
    chart.draw(in: inner, into: &buffer, look)
  }
}
