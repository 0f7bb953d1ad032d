// How many units the constraint scales back at each step, and how many are at the ceiling, in shares.
import RunHistory
import TerminalUI

/// How much of the network the ceiling holds, all layers below one together.
struct ClipRatePanel {
  let model: DashboardModel

  static let description = PanelDescription(
    title: "clip rate",
    explanation: Explanation(
      term: "clip rate",
      brief: [
        "clipped: scaled back in a step; at ceiling: at r; both in per cent of the units",
        "per cent of the units scaled back, and at r",
      ],
      full:
        "The share of the units below a ceiling that are scaled back in a step, and of those that"
        + " are at it. While the constraint is off, exceeded are those that would be scaled back."),
    showsConstraint: true,
    leastRows: 9,
    isChart: true,
    ownKeys: [.smoothing],
    isPresent: { $0.segment?.tellsLayers ?? true },
    draw: { ClipRatePanel(model: $0).draw(in: $1, into: &$2, $3) })

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let panel = ChartPanel(model, .clipRate)
    let inner = panel.drawFrame(
      Self.description.title,
      notes: [panel.window] + panel.scales + ["per cent of units", "all layers"], in: rect,
      into: &buffer, look)
    guard let segment = model.segment else {
      LineChart(series: []).draw(in: inner, into: &buffer, look)
      return
    }
    let units = segment.constrainedUnits
    guard units > 0 else {
      model.drawEmpty("no layer has a ceiling", in: inner, into: &buffer, look)
      return
    }
    let share = 100 / units
    var exceeded = panel.curve(
      "exceeded", .observed, segment.exceededPerStep, columns: inner.columns, scale: share,
      mark: .dotted)
    exceeded.isMarkedInColor = true
    let clipped = panel.curve(
      "clipped", .clipped, segment.clippedPerStep, columns: inner.columns, scale: share)
    var atCeiling = LineSeries(
      name: "at ceiling", role: .ceiling,
      points: segment.atCeilingShare.points(on: panel.axis, count: inner.columns * 2, scale: 100),
      mark: .dashed, showsBand: false)
    atCeiling.latest = segment.atCeilingShare.last.map { Double($0.entry.last) * 100 }
    atCeiling.isMarkedInColor = true
    // Where the constraint is on, what exceeds is clipped: the later line covers the first.
    var chart = panel.chart([exceeded, atCeiling, clipped])
    chart.alternatesLines = false
    // Room above, for the labels of the marks.
    chart.vertical = 0...115
    if inner.rows >= 12 {
      chart.caption = panel.caption(chart, [], columns: inner.columns - 6, look)
    }
    chart.draw(in: inner, into: &buffer, look)
  }
}

extension RunSegment {
  /// The units that the constraint is about.
  var constrainedUnits: Double {
    layers.reduce(0) { $0 + (isHeld($1) ? max(0, Double($1.units)) : 0) }
  }
}
