// What all charts over time share: their steps, marks, cursor, scales, and how a curve is made.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// A chart over time in its frame.
struct ChartPanel {
  let model: DashboardModel
  /// What it is on the main screen; nil on a layer's page.
  let kind: DashboardModel.PanelKind?
  private let page: (panel: PagePanel, layer: LayerState)?
  let axis: StepAxis
  let isLogarithmic: Bool

  init(_ model: DashboardModel, _ kind: DashboardModel.PanelKind) {
    self.model = model
    self.kind = kind
    page = nil
    axis = model.axis
    isLogarithmic = model.isLogarithmic(kind)
  }

  /// One of a layer's page.
  init(_ model: DashboardModel, _ panel: PagePanel, of layer: LayerState) {
    self.model = model
    kind = nil
    page = (panel, layer)
    axis = model.axis
    isLogarithmic = false
  }

  // MARK: The frame

  /// Draws the frame; at its right the cursor's place, or what holds for the chart as far as there
  /// is room, the first words first.
  func drawFrame(
    _ title: String, notes: [String], in rect: Rect, into buffer: inout CellBuffer,
    _ look: Appearance
  ) -> Rect {
    let room = rect.columns - DisplayWidth.of(ScreenText.printable(title)) - 10
    var note: String
    if let cursor = model.visibleCursor {
      let positions = model.position(of: cursor, look)
      note = positions.first { DisplayWidth.of($0) <= room } ?? positions.last ?? ""
    } else {
      var parts = notes.filter { !$0.isEmpty }
      let text = { parts.joined(separator: look.separator) }
      while parts.count > 1, DisplayWidth.of(ScreenText.printable(text())) > room {
        parts.removeLast()
      }
      note = text()
    }
    let role: Role = model.visibleCursor == nil ? .mutedText : .text
    if let page {
      return model.drawFrame(
        page.panel, of: page.layer, title, note: note, noteRole: role, in: rect, into: &buffer, look
      )
    }
    return model.drawFrame(
      kind, title, note: note, noteRole: role, in: rect, into: &buffer, look)
  }

  /// What is in sight, in words; empty if that is the whole run.
  var window: String {
    switch (model.charts.zoom, model.charts.window) {
    case (.steps, _): "zoomed"
    case (.newest, _): "zoomed to the newest"
    case (nil, .recent): "recent"
    case (nil, .all): ""
    }
  }

  /// What the x axis counts, where that is not steps.
  var unit: String { axis.unit == .steps ? "" : "by \(axis.word)" }

  /// The scales where they are not the usual ones.
  var scales: [String] {
    [
      unit,
      isLogarithmic ? "logarithmic" : "",
      model.charts.isRobust ? "without outliers" : "",
    ]
  }

  // MARK: Curves

  /// A curve at the chosen smoothing, with what was measured behind it.
  func curve(
    _ name: String, _ role: Role, _ history: SmoothedHistory, columns: Int, scale: Double = 1,
    mark: LineMark = .solid
  ) -> LineSeries {
    let smoothing = history.shown(model.charts.smoothing)
    var series = LineSeries(
      name: name, role: role,
      points: history[smoothing].points(on: axis, count: columns * 2, scale: scale), mark: mark,
      showsBand: false)
    if smoothing != .off {
      series.raw = history.raw.points(on: axis, count: columns * 2, scale: scale)
    }
    series.latest = history.last.map { Double($0) * scale }
    return series
  }

  /// A chart of curves with all that charts over time share.
  func chart(_ series: [LineSeries]) -> LineChart {
    var chart = LineChart(series: series)
    chart.horizontal = axis.range
    chart.unit = axis.axisUnit
    chart.marks = model.eventMarks(on: axis)
    chart.leastLabelWidth = DashboardModel.labelWidth
    chart.isLogarithmic = isLogarithmic
    chart.startsAtZero = !isLogarithmic
    chart.isRobust = model.charts.isRobust
    chart.cursor = model.visibleCursor.map(axis.x)
    return chart
  }

  /// The line below the x axis: its unit, then what is to be said of the chart, in wordings that get
  /// shorter; in focus the figures of its last curve over what is in sight too, as `text` has them.
  func caption(
    _ chart: LineChart, _ words: [String], columns: Int, _ look: Appearance,
    text: (Double) -> String = NumberText.significant
  ) -> String {
    let alone = ([axis.word] + words.prefix(1)).joined(separator: look.separator)
    guard let kind, kind == model.focus, let figures = figures(chart, text) else { return alone }
    let candidates =
      words.map { [axis.word, $0, figures].joined(separator: look.separator) }
      + [axis.word + look.separator + figures, figures]
    return candidates.first { DisplayWidth.of($0) <= columns } ?? alone
  }

  /// The last value, and the smallest and the largest in sight, of the curve drawn on top.
  private func figures(_ chart: LineChart, _ text: (Double) -> String) -> String? {
    guard let series = chart.series.last(where: \.showsLine) else { return nil }
    let points = series.measured.filter {
      axis.range.contains($0.x) && $0.minimum.isFinite && $0.maximum.isFinite
    }
    guard let minimum = points.map(\.minimum).min(), let maximum = points.map(\.maximum).max(),
      let last = series.value(at: nil)
    else { return nil }
    return "\(ScreenText.printable(series.name)) last \(text(last)) min \(text(minimum))"
      + " max \(text(maximum))"
  }

  /// The point of a curve at a step, for the mark where it was best; nil if that is out of sight.
  func best(_ series: LineSeries, at step: Int) -> LinePoint? {
    guard axis.steps.contains(step) else { return nil }
    let x = axis.x(step)
    return series.value(at: x).map { LinePoint(x: x, value: $0) }
  }
}

extension DashboardModel {
  /// Whether a chart can have a logarithmic scale: what is a share of something has its two ends.
  func canBeLogarithmic(_ kind: PanelKind) -> Bool {
    guard let scale = kind.description.logarithmicScale else { return false }
    return scale.condition?.holds(self) ?? true
  }

  /// Whether a chart has a logarithmic scale: by a key, or without one.
  func isLogarithmic(_ kind: PanelKind) -> Bool {
    guard canBeLogarithmic(kind) else { return false }
    if let scale = charts.scales[kind] { return scale == .logarithmic }
    return kind.description.logarithmicScale?.isUsual(self) ?? false
  }
}
