// The learning rate over time: what the schedule makes of it, and the keys.
import RunHistory
import RunRecords
import TerminalUI

/// The rate of every step.
struct LearningRatePanel {
  let model: DashboardModel

  static let description = PanelDescription(
    title: "learning rate",
    explanation: Explanation(
      term: "learning rate",
      brief: ["how far each step goes along the gradient; a schedule changes it, and < and >"],
      full:
        "How far each step goes along the gradient. Too high and training leaps about or explodes,"
        + " too low and it takes for ever. A schedule may change it while the run goes on."),
    leastRows: 9,
    isChart: true,
    logarithmicScale: LogarithmicScale(values: "learning rate"),
    ownKeys: [.outliers],
    isPresent: { $0.segment.map { $0.latest == nil || !$0.learningRate.isEmpty } ?? true },
    draw: { LearningRatePanel(model: $0).draw(in: $1, into: &$2, $3) })

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let panel = ChartPanel(model, .learningRate)
    let inner = panel.drawFrame(
      Self.description.title, notes: [panel.window] + panel.scales + [schedule], in: rect,
      into: &buffer, look)
    guard let segment = model.segment else {
      LineChart(series: []).draw(in: inner, into: &buffer, look)
      return
    }
    var rate = LineSeries(
      name: "rate", role: .accent,
      points: segment.learningRate.points(on: panel.axis, count: inner.columns * 2),
      showsBand: false)
    rate.latest = segment.learningRate.last.map { Double($0.entry.last) }
    rate.reading = rate.value(at: model.visibleCursor.map(panel.axis.x)).map {
      Wording.short(Float($0))
    }
    var chart = panel.chart([rate])
    // Room above, for the labels of the marks: a constant rate lies at the top.
    let largest = rate.points.map(\.mean).filter(\.isFinite).max() ?? 0
    if !panel.isLogarithmic, !model.charts.isRobust, largest > 0 {
      chart.vertical = 0...largest * 1.3
    }
    if inner.rows >= 12 {
      chart.caption = panel.caption(chart, [], columns: inner.columns - 6, look) {
        Wording.short(Float($0))
      }
    }
    chart.draw(in: inner, into: &buffer, look)
  }

  private var schedule: String {
    model.segment?.header.summary.schedule.name ?? ""
  }
}
