// The gradient norm over time: does it vanish, does it explode, does the clipping hold it.
import RunHistory
import RunRecords
import TerminalUI

/// The L2 norm over all gradients: the mean of each column's steps, the largest behind it.
struct GradientPanel {
  let model: DashboardModel

  static let description = PanelDescription(
    title: "gradient norm",
    explanation: Explanation(
      term: "gradient norm",
      brief: [
        "the length of all gradients together: near 0 nothing is learned, huge it explodes",
        "the length of all gradients together",
      ],
      full:
        "The length of all gradients together. Near 0 nothing is learned any more; in leaps to many"
        + " times its size, training explodes."),
    leastRows: 9,
    isChart: true,
    logarithmicScale: LogarithmicScale(
      values: "gradient norm", isUsual: { GradientPanel(model: $0).spansDecades }),
    ownKeys: [.smoothing, .outliers],
    isPresent: { $0.segment.map { $0.latest == nil || !$0.gradientNorm.isEmpty } ?? true },
    draw: { GradientPanel(model: $0).draw(in: $1, into: &$2, $3) })

  /// From this ratio of the largest to the smallest on, a linear scale shows only the largest.
  private static let decades = 50.0
  /// A limit more than this many times above everything is named in words alone: on the chart it
  /// would press the curve flat.
  private static let farLimit = 4.0

  /// Whether what is in sight asks for a logarithmic scale.
  var spansDecades: Bool {
    let points = model.segment?.gradientNorm.raw.points(on: model.axis, count: 100) ?? []
    let lowest = points.lazy.map(\.mean).filter { $0 > 0 }.min() ?? 0
    let largest = points.lazy.map(\.maximum).filter(\.isFinite).max() ?? 0
    return lowest > 0 && largest / lowest >= Self.decades
  }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let panel = ChartPanel(model, .gradient)
    // The limit first, since it is what the figures are measured against.
    let inner = panel.drawFrame(
      Self.description.title,
      notes: [limit, panel.window] + panel.scales + ["mean and largest"], in: rect, into: &buffer,
      look)
    guard let segment = model.segment else {
      LineChart(series: []).draw(in: inner, into: &buffer, look)
      return
    }
    let band = LineSeries(
      name: "gradient norm", role: .train,
      points: segment.gradientNorm.raw.points(on: panel.axis, count: inner.columns * 2))
    let line = panel.curve("mean", .train, segment.gradientNorm, columns: inner.columns)
    var chart = panel.chart([band, line])
    chart.series[0].showsLine = false
    chart.showsLegend = chart.cursor != nil
    let largest = band.points.lazy.map(\.maximum).filter(\.isFinite).max() ?? 0
    if let limit = segment.gradientLimit.map(Double.init), limit <= largest * Self.farLimit {
      chart.reference = ReferenceLine(
        value: limit, label: AxisLabel.text(limit), role: .warning)
    }
    if inner.rows >= 12 {
      chart.caption = panel.caption(
        chart, ["line: mean\(look.separator)shaded: largest"], columns: inner.columns - 6, look)
    }
    chart.draw(in: inner, into: &buffer, look)
  }

  private var limit: String {
    if let limit = model.segment?.gradientLimit { return "clipped at \(Wording.short(limit))" }
    let clip = model.segment?.header.summary.gradientClip?.value
    return clip.map { "each clipped at \(Wording.short($0))" } ?? ""
  }
}
