// The figure that says what is best, over time, beside the loss on large screens.
import RunRecords
import TerminalUI

/// The accuracy in training and validation, or the task's own figure with what it compares to.
struct MetricPanel {
  let model: DashboardModel

  /// The metric that is shown.
  private var metric: String {
    guard let segment = model.segment, segment.hasTaskMetric else { return "validation_accuracy" }
    return segment.header.metric
  }

  /// Whether the run has anything to show here.
  static func hasFigure(_ model: DashboardModel) -> Bool {
    guard let segment = model.segment else { return true }
    return segment.hasTaskMetric || segment.header.metric.hasSuffix("accuracy")
      || !segment.validationAccuracy.isEmpty || !segment.trainAccuracy.isEmpty
  }

  private var smoothing: Smoothing {
    guard let segment = model.segment else { return model.smoothing }
    let history = segment.hasTaskMetric ? segment.taskMetric : segment.validationAccuracy
    return history.shown(model.smoothing)
  }

  private var scale: Double { Wording.isShare(metric) ? 100 : 1 }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let unit = Wording.isShare(metric) ? "per cent\(look.separator)" : ""
    let inner = model.drawFrame(
      nil, ScreenText.printable(Wording.figure(metric)), note: unit + smoothing.label,
      in: rect, into: &buffer, look)
    guard let segment = model.segment else {
      LineChart(series: []).draw(in: inner, into: &buffer, look)
      return
    }
    let (steps, axis) = model.horizontal(inner)
    let count = inner.columns * 2
    var validation = series(
      "validation", .validation,
      segment.hasTaskMetric ? segment.taskMetric : segment.validationAccuracy, steps, count)
    validation.mark = .dashed
    var chart = LineChart(series: [])
    if segment.hasTaskMetric {
      chart.series = baselines(segment, axis) + [validation]
    } else {
      chart.series = [series("train", .train, segment.trainAccuracy, steps, count), validation]
    }
    let figure = segment.hasTaskMetric ? \TwinState.taskMetric : \.validationAccuracy
    chart.series.insert(
      contentsOf: model.twinSeries(figure, over: steps, count: count, scale: scale),
      at: chart.series.count - 1)
    chart.horizontal = axis
    chart.marks = model.eventMarks
    chart.leastLabelWidth = DashboardModel.labelWidth
    if let best = segment.best, best.metric == metric {
      let value =
        Wording.isShare(metric)
        ? NumberText.fixed(Double(best.value) * 100, decimals: 1) : Wording.short(best.value)
      chart.notes = ["best \(value) at step \(NumberText.grouped(best.step))"]
    }
    chart.draw(in: inner, into: &buffer, look)
  }

  /// What needs no training is the same at every step.
  private func baselines(_ segment: RunSegment, _ axis: ClosedRange<Double>) -> [LineSeries] {
    guard !segment.taskMetric.isEmpty else { return [] }
    return (segment.taskFigures.first?.baselines ?? []).filter(\.value.isFinite).prefix(3).map {
      let value = Double($0.value) * scale
      return LineSeries(
        name: $0.name, role: .mutedText,
        points: [
          LinePoint(x: axis.lowerBound, value: value), LinePoint(x: axis.upperBound, value: value),
        ], mark: .dotted, showsBand: false)
    }
  }

  private func series(
    _ name: String, _ role: Role, _ history: SmoothedHistory, _ steps: ClosedRange<Int>,
    _ count: Int
  ) -> LineSeries {
    let points = history.curve(model.smoothing).points(over: steps, count: count).map { point in
      LinePoint(
        x: point.x, minimum: point.minimum * scale, maximum: point.maximum * scale,
        mean: point.mean * scale)
    }
    var series = LineSeries(name: name, role: role, points: points, showsBand: false)
    series.latest = history.last.map { Double($0) * scale }
    return series
  }
}
