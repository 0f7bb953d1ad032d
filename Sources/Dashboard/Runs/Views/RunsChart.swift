// The chart of the marked runs, one figure of each over the same axis.
import Comparisons
import PlainText
import RunHistory
import RunIndex
import RunRecords
import TerminalUI

/// The panel of the chart.
struct RunsChart {
  let model: RunsModel

  static let description = RunsPanelDescription(
    title: { model in
      ScreenText.printable(model.chartMetric.map { FigureText(metric: $0).name } ?? "curves")
    },
    explanation: Explanation(
      term: "curves",
      brief: [
        "a figure of the marked runs, or of the chosen one; letters as in the list",
        "the marked runs",
      ],
      full:
        "One figure of all marked runs, or of the chosen one where none is marked, over steps, epochs or"
        + " time. A run keeps its letter, colour and kind of line as long as it is marked."),
    wantedRows: { $1.rows },
    keys: [.preset, .presetBefore, .smoothing, .logScale, .outliers, .axisUnit],
    draw: { RunsChart(model: $0).draw(in: $1, into: &$2, $3) })

  /// More names would cover the curves; the list has their letters too.
  private static let mostNames = 8

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let inner = model.drawFrame(.chart, note: note, in: rect, into: &buffer, look)
    guard let metric = model.chartMetric else {
      LineChart(series: []).draw(in: inner, into: &buffer, look)
      return
    }
    let runs = model.charted
    let isLogarithmic = model.isLogarithmic && !MetricName.isShare(metric)
    // The chosen one lies on top.
    let order =
      runs.filter { $0.path != model.selected } + runs.filter { $0.path == model.selected }
    var overlay = OverlayChart(
      series: order.map { series($0, metric, columns: inner.columns, look) })
    overlay.isLogarithmic = isLogarithmic
    overlay.startsAtZero = metric.hasSuffix("loss")
    overlay.showsAll = model.showsAll
    var chart = overlay.chart
    chart.unit = model.unit == .time ? .seconds : .number
    chart.showsLegend = runs.count <= Self.mostNames
    chart.sortsLegend = true
    chart.emptyText = emptyText(runs, metric)
    if inner.rows >= 10 { chart.caption = axisWord }
    chart.draw(in: inner, into: &buffer, look)
  }

  private var axisWord: String {
    switch model.unit {
    case .steps: "steps"
    case .epochs: "epochs"
    case .time: "time"
    }
  }

  private var note: String {
    var words: [String] = []
    if model.unit != .steps { words.append("by \(axisWord)") }
    if model.isLogarithmic, canBeLogarithmic { words.append("logarithmic") }
    if model.showsAll { words.append("all values") }
    if model.smoothing != .off { words.append(model.smoothing.label) }
    return words.joined(separator: ", ")
  }

  private var canBeLogarithmic: Bool { model.chartMetric.map { !MetricName.isShare($0) } ?? true }

  private func emptyText(_ runs: [IndexedRun], _ metric: String) -> String {
    guard !runs.isEmpty else { return "no run" }
    if runs.contains(where: { model.index.curves[$0.path] == nil }) { return "reading" }
    return "no marked run has measured \(MetricName.words(metric))"
  }

  private func series(
    _ run: IndexedRun, _ metric: String, columns: Int, _ look: Appearance
  ) -> LineSeries {
    let place = model.marks[run.path]
    let name = look.shortened(run.shownName, to: 24)
    var series = LineSeries(
      name: place.map { "\(ArmLook.letter($0)) \(name)" } ?? name,
      role: place.map(RunLook.role) ?? .train, points: [],
      mark: place.map(RunLook.line) ?? .solid, showsBand: false)
    series.isMarkedInColor = place.map { RunLook.line($0) != .solid } ?? false
    guard let curves = model.index.curves[run.path], let curve = curves.curves[metric] else {
      return series
    }
    let scale = FigureText(metric: metric).scale
    series.points = curve.curve(model.smoothing).points(
      on: axis(run, curves), count: max(8, columns * 2), scale: scale)
    if let last = curve.last {
      series.latest = Double(last) * scale
      series.reading = FigureText(metric: metric).plain(Double(last))
    }
    return series
  }

  /// Each run's own: an epoch has as many steps as its log says, a second as many as it made.
  private func axis(_ run: IndexedRun, _ curves: RunCurves) -> StepAxis {
    let steps = 0...max(1, run.figures.step)
    switch model.unit {
    case .steps: return StepAxis(steps)
    case .epochs: return StepAxis(steps, stepsPerEpoch: run.about.stepsPerEpoch ?? 1)
    case .time:
      let course = curves.clock.course(over: steps)
      // A log without times has none to show: its steps stand in their place.
      guard course.seconds(at: steps.upperBound) > 0 else { return StepAxis(steps) }
      return StepAxis(steps, course, range: 0...course.seconds(at: steps.upperBound))
    }
  }
}
