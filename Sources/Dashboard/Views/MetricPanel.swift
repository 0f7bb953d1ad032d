// Accuracy over time, beside the loss on large screens.
import RunRecords
import TerminalUI

/// The share of right answers in training and validation.
struct AccuracyPanel {
  let model: DashboardModel

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let inner = model.drawFrame(
      nil, "accuracy", note: "per cent\(look.separator)\(model.smoothing.label)", in: rect,
      into: &buffer, look)
    guard let segment = model.segment else {
      LineChart(series: []).draw(in: inner, into: &buffer, look)
      return
    }
    let (steps, axis) = model.horizontal(inner)
    let count = inner.columns * 2
    var chart = LineChart(series: [
      series("train", .train, segment.trainAccuracy, steps, count),
      series("validation", .validation, segment.validationAccuracy, steps, count),
    ])
    chart.series[1].mark = .dashed
    chart.horizontal = axis
    chart.marks = model.eventMarks
    chart.leastLabelWidth = DashboardModel.labelWidth
    if let best = segment.best, best.metric == "validation_accuracy" {
      let value = NumberText.fixed(Double(best.value) * 100, decimals: 1)
      chart.notes = ["best \(value) at step \(NumberText.grouped(best.step))"]
    }
    chart.draw(in: inner, into: &buffer, look)
  }

  private func series(
    _ name: String, _ role: Role, _ history: SmoothedHistory, _ steps: ClosedRange<Int>,
    _ count: Int
  ) -> LineSeries {
    let points = history[model.smoothing].points(over: steps, count: count).map { point in
      LinePoint(
        x: point.x, minimum: point.minimum * 100, maximum: point.maximum * 100,
        mean: point.mean * 100)
    }
    var series = LineSeries(name: name, role: role, points: points, showsBand: false)
    series.latest = history.last.map { Double($0) * 100 }
    return series
  }
}
