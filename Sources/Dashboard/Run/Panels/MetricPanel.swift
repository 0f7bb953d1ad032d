// The figure that says what is best, over time.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// The accuracy in training and validation, or the task's own figure with what it compares to.
struct MetricPanel {
  let model: DashboardModel

  static let description = PanelDescription(
    title: "metric",
    explanation: Explanation(
      term: "metric",
      brief: ["how well the net does the task: what best is measured by", "how well the net does"],
      full:
        "How well the net does the task, in figures of the task: the share of right answers, or an"
        + " error in units that mean something. What is called best goes by it."),
    leastRows: 9,
    isChart: true,
    logarithmicScale: LogarithmicScale(
      values: "metric",
      condition: .init(words: "metrics other than shares") {
        !MetricName.isShare(MetricPanel(model: $0).metric)
      }),
    ownKeys: [.smoothing, .outliers],
    isPresent: hasFigure,
    draw: { MetricPanel(model: $0).draw(in: $1, into: &$2, $3) })

  /// The metric that is shown.
  var metric: String {
    guard let segment = model.segment, segment.hasTaskMetric else { return "validation_accuracy" }
    return segment.header.criterion.metric
  }

  /// Whether the run has anything to show here.
  static func hasFigure(_ model: DashboardModel) -> Bool {
    guard let segment = model.segment else { return true }
    return segment.hasTaskMetric || segment.header.criterion.metric.hasSuffix("accuracy")
      || !segment.validationAccuracy.isEmpty || !segment.trainAccuracy.isEmpty
  }

  private var smoothing: Smoothing {
    guard let segment = model.segment else { return model.charts.smoothing }
    let history = segment.hasTaskMetric ? segment.taskMetric : segment.validationAccuracy
    return history.shown(model.charts.smoothing)
  }

  private var scale: Double { MetricName.isShare(metric) ? 100 : 1 }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let panel = ChartPanel(model, .metric)
    let inner = panel.drawFrame(
      ScreenText.printable(Wording.figure(metric)),
      notes: [panel.window] + panel.scales + [
        MetricName.isShare(metric) ? "per cent" : "", smoothing.label,
      ], in: rect, into: &buffer, look)
    guard let segment = model.segment else {
      LineChart(series: []).draw(in: inner, into: &buffer, look)
      return
    }
    var series: [LineSeries] = []
    let validation = panel.curve(
      "validation", .validation,
      segment.hasTaskMetric ? segment.taskMetric : segment.validationAccuracy,
      columns: inner.columns, scale: scale, mark: .dashed)
    if segment.hasTaskMetric {
      series = baselines(segment, panel.axis.range)
    } else {
      series = [
        panel.curve(
          "train", .train, segment.trainAccuracy, columns: inner.columns, scale: scale)
      ]
    }
    let figure = segment.hasTaskMetric ? \TwinState.taskMetric : \.validationAccuracy
    series += panel.twin(figure, columns: inner.columns, scale: scale)
    var chart = panel.chart(series + [validation])
    // A share lies where it lies; what is near 100 % should not be pressed flat by a 0.
    chart.startsAtZero = false
    if let best = segment.best, best.metric == metric {
      let value =
        MetricName.isShare(metric)
        ? NumberText.fixed(Double(best.value) * 100, decimals: 1) : Wording.short(best.value)
      chart.notes = ["\(look.glyphs.best) best \(value) at step \(NumberText.grouped(best.step))"]
      chart.best = panel.best(validation, at: best.step)
    }
    if inner.rows >= 12 {
      chart.caption = panel.caption(chart, [], columns: inner.columns - 6, look)
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
}
