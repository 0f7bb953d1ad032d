// A layer's largest, median and smallest unit norm over time, with the ceiling.
import RunHistory
import TerminalUI

/// Quantiles over time.
struct LayerQuantilesPanel {
  let model: DashboardModel
  let layer: LayerState

  static let description = PagePanelDescription(
    explanation: Explanation(
      term: "median, quartiles",
      brief: ["half of the units are below the median, and half within the band"],
      full: "Half of the units have a norm below the median; the middle half lies between the"
        + " quartiles, a quarter above them and a quarter below."),
    isChart: true,
    draw: { LayerQuantilesPanel(model: $0, layer: $1).draw(in: $2, into: &$3, $4) })

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let panel = ChartPanel(model, .quantiles, of: layer)
    let inner = panel.drawFrame(
      "largest, quartiles, smallest", notes: [panel.window] + panel.scales + ["over time"],
      in: rect, into: &buffer, look)
    let entries = layer.quantiles.entries(on: panel.axis, count: max(1, inner.columns * 2))
    let buckets =
      [entries.before].compactMap { $0 } + entries.inside + [entries.after].compactMap { $0 }
    var largest: [LinePoint] = []
    var median: [LinePoint] = []
    var smallest: [LinePoint] = []
    for bucket in buckets {
      let x = panel.axis.x(bucket.lastStep)
      let entry = bucket.entry
      largest.append(LinePoint(x: x, value: Self.value(entry.maximum, \.maximum)))
      median.append(
        LinePoint(
          x: x, minimum: Self.value(entry.p25, \.mean), maximum: Self.value(entry.p75, \.mean),
          mean: Self.value(entry.median, \.mean)))
      smallest.append(LinePoint(x: x, value: Self.value(entry.minimum, \.minimum)))
      if entry.maximum.isNonFinite { largest.append(LinePoint(x: x, value: .nan)) }
    }
    var chart = panel.chart([
      LineSeries(name: "median", role: .safe, points: median),
      LineSeries(
        name: "smallest", role: .mutedText, points: smallest, mark: .dotted, showsBand: false),
      LineSeries(name: "largest", role: .text, points: largest, mark: .dashed, showsBand: false),
    ])
    for index in chart.series.indices { chart.series[index].isMarkedInColor = true }
    if let ceiling = layer.ceiling, ceiling.isFinite {
      chart.reference = ReferenceLine(value: Double(ceiling), label: Wording.norm(ceiling))
    }
    if inner.rows >= 12 {
      chart.caption =
        "\(panel.axis.word)\(look.separator)band: the middle half of the \(layer.wording.noun)s"
    }
    chart.draw(in: inner, into: &buffer, look)
  }

  private static func value(_ reading: Reading, _ figure: KeyPath<Reading, Float>) -> Double {
    reading.hasValue ? Double(reading[keyPath: figure]) : .nan
  }
}
