// The figures that a run tells under names of its own, as curves: one, several, or a group in a chart.
import PlainText
import RunHistory
import TerminalUI

/// Charts of metrics, and the list that they are chosen from where there is room for it.
struct MetricsPanel {
  let model: DashboardModel

  static let description = PanelDescription(
    title: "metrics",
    explanation: Explanation(
      term: "metrics",
      brief: [
        "figures that the run tells under names of its own, in steps and in evaluations",
        "figures under names of the run's own", "figures by name",
      ],
      full:
        "Figures that a run tells under names of its own, each as a curve. What stands before a /"
        + " puts them together; pinned ones stay in sight, those of a group in one chart."),
    leastRows: 9,
    isChart: true,
    logarithmicScale: LogarithmicScale(values: "curves of metrics"),
    list: .metrics,
    ownKeys: [.smoothing, .outliers],
    isPresent: { MetricsPanel(model: $0).isPresent },
    target: { MetricsPanel(model: $0).target(at: $1, in: $2) },
    charts: { model, rect in
      MetricsPanel(model: model).places(in: Panel.interior(of: rect)).map {
        $0.area.inset(top: headRows)
      }
    },
    draw: { MetricsPanel(model: $0).draw(in: $1, into: &$2, $3) })

  /// With the first figure; in focus also from the start of a run that is started again.
  private var isPresent: Bool {
    guard let segment = model.segment else { return false }
    let isAtStart = segment.latest == nil && segment.evaluation == nil
    return !segment.metrics.isEmpty || isAtStart && model.focus == .metrics
  }

  // MARK: Layout

  private typealias Place = (keys: [MetricKey], area: Rect)

  /// Names and values of a chart's curves, above it.
  private static let headRows = 1
  private static let leastRows = 8
  private static let leastColumns = 50
  private static let mostListColumns = 40

  private var keys: [MetricKey] { model.segment?.metrics.keys ?? [] }

  private func parts(of inner: Rect) -> (charts: Rect, list: Rect) {
    let wanted = min(Self.mostListColumns, MetricList(model: model).wantedColumns)
    guard keys.count > 1, inner.columns >= Self.leastColumns + wanted + 2 else {
      return (inner, .zero)
    }
    let (charts, list) = inner.splitRight(wanted + 2)
    return (charts, list.inset(left: 2))
  }

  private func places(in inner: Rect) -> [Place] {
    let area = parts(of: inner).charts
    let most = max(1, area.columns / Self.leastColumns)
    let charts = model.metricCharts(room: most * max(1, area.rows / Self.leastRows))
    guard !charts.isEmpty else { return [] }
    // Rather one below the other, so that the same step stands at the same place.
    let lines = min(charts.count, max(1, area.rows / Self.leastRows))
    var places: [Place] = []
    for (index, line) in area.rows(weights: Array(repeating: 1, count: lines)).enumerated() {
      let share = charts.count / lines + (index < charts.count % lines ? 1 : 0)
      let shown = charts.dropFirst(places.count).prefix(share)
      places += zip(shown, line.columns(weights: shown.map { _ in 1 })).map { ($0, $1) }
    }
    return places
  }

  private func target(at point: Point, in rect: Rect) -> Target? {
    let list = parts(of: Panel.interior(of: rect)).list
    return MetricList(model: model).metric(at: point, in: list).map(Target.metric)
  }

  // MARK: Drawing

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let panel = ChartPanel(model, .metrics)
    let inner = panel.drawFrame(
      Self.description.title,
      notes: [position, panel.window] + panel.scales + [smoothing.label], in: rect, into: &buffer,
      look)
    guard let metrics = model.segment?.metrics, !metrics.isEmpty else {
      model.drawEmpty("no metric told yet", in: inner, into: &buffer, look)
      return
    }
    var roles: [MetricKey: Role] = [:]
    let places = places(in: inner)
    for (keys, area) in places {
      for (index, key) in keys.enumerated() { roles[key] = ArmLook.role(index) }
      buffer.clipped(to: area) { buffer in
        draw(
          keys, metrics, panel, isAlone: places.count == 1, in: area, into: &buffer, look)
      }
    }
    MetricList(model: model).draw(roles, in: parts(of: inner).list, into: &buffer, look)
  }

  /// "3 of 12", or that there are more than are kept.
  private var position: String {
    guard let selected = model.selectedMetric, let place = keys.firstIndex(of: selected) else {
      return ""
    }
    let isFull = model.segment?.metrics.isFull == true
    return "\(place + 1) of \(isFull ? "the first " : "")\(keys.count)"
  }

  /// As curves have it, unless all of them have too few values to be smoothed.
  private var smoothing: Smoothing {
    let chosen = model.charts.smoothing
    guard let metrics = model.segment?.metrics else { return chosen }
    return keys.contains { metrics[$0]?.shown(chosen) == chosen } ? chosen : .off
  }

  private static let marks: [LineMark] = [.solid, .dashed, .dotted]

  private func draw(
    _ keys: [MetricKey], _ metrics: MetricHistories, _ panel: ChartPanel, isAlone: Bool,
    in area: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let (head, body) = area.splitTop(Self.headRows)
    let series = keys.enumerated().compactMap { index, key in
      metrics[key].map {
        panel.curve(
          key.words(key.name, metrics), ArmLook.role(index), $0, columns: body.columns,
          mark: Self.marks[index % Self.marks.count])
      }
    }
    var chart = panel.chart(series)
    // A figure lies where it lies; what is far from 0 should not be pressed flat by it.
    chart.startsAtZero = false
    chart.showsLegend = false
    chart.emptyText = "no value yet"
    if isAlone, body.rows >= 12 {
      chart.caption = panel.caption(chart, [], columns: body.columns - 6, look)
    }
    chart.draw(in: body, into: &buffer, look)
    drawHead(keys, chart, in: head, into: &buffer, look)
  }

  /// Draws a line like: eval/ ━ bleu 31.2 ━ ter 0.40; at the cursor, with the values there.
  private func drawHead(
    _ keys: [MetricKey], _ chart: LineChart, in line: Rect, into buffer: inout CellBuffer,
    _ look: Appearance
  ) {
    let group = keys.count > 1 ? keys.first?.group ?? "" : ""
    var pieces: [TextLine.Piece] = []
    if !group.isEmpty { pieces.append(.init(ScreenText.printable(group) + "/ ", .mutedText)) }
    let room = max(6, (line.columns - TextLine(pieces).width) / max(1, keys.count) - 11)
    for (key, series) in zip(keys, chart.series) {
      let name = group.isEmpty ? series.name : key.nameInGroup
      let value = series.value(at: chart.cursor)
      pieces += [
        .init(look.glyphs.isUnicode ? "━ " : "- ", series.role),
        .init(look.shortened(name, to: room) + " ", series.role),
        .init(
          value.map { NumberText.significant($0) } ?? "-",
          value?.isFinite == false ? .error : series.role, isBold: true), .init("  "),
      ]
    }
    TextLine(pieces).draw(in: line, into: &buffer, look)
  }
}

extension MetricKey {
  /// Its name; with what tells it where both steps and evaluations have such a figure.
  func words(_ name: String, _ metrics: MetricHistories) -> String {
    let name = ScreenText.printable(name)
    return isEvaluated && metrics.isAmbiguous(self) ? name + " (evaluated)" : name
  }
}
