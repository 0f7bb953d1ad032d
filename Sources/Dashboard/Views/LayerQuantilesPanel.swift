// A layer's largest, median and smallest unit norm over time, with the ceiling.
import TerminalUI

/// Quantiles over time.
struct LayerQuantilesPanel {
  let model: DashboardModel
  let layer: LayerState

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let inner = model.drawFrame(
      .quantiles, of: layer, "largest, quartiles, smallest", note: "over time", in: rect,
      into: &buffer, look)
    let (steps, axis) = model.horizontal(inner)
    let columns = layer.quantiles.columns(over: steps, count: max(1, inner.columns * 2))
    var largest: [LinePoint] = []
    var median: [LinePoint] = []
    var smallest: [LinePoint] = []
    for case let bucket? in columns {
      let x = Double(bucket.lastStep)
      let entry = bucket.entry
      largest.append(LinePoint(x: x, value: Self.value(entry.maximum, \.maximum)))
      median.append(
        LinePoint(
          x: x, minimum: Self.value(entry.p25, \.mean), maximum: Self.value(entry.p75, \.mean),
          mean: Self.value(entry.median, \.mean)))
      smallest.append(LinePoint(x: x, value: Self.value(entry.minimum, \.minimum)))
    }
    var chart = LineChart(series: [
      LineSeries(name: "median", role: .safe, points: median),
      LineSeries(
        name: "smallest", role: .mutedText, points: smallest, mark: .dotted, showsBand: false),
      LineSeries(name: "largest", role: .text, points: largest, mark: .dashed, showsBand: false),
    ])
    for index in chart.series.indices { chart.series[index].isMarkedInColor = true }
    chart.horizontal = axis
    chart.startsAtZero = true
    chart.marks = model.eventMarks
    if let ceiling = layer.ceiling, ceiling.isFinite {
      chart.reference = ReferenceLine(value: Double(ceiling), label: Wording.norm(ceiling))
    }
    if inner.rows >= 12 {
      chart.caption = "steps\(look.separator)band: the middle half of the \(layer.wording.noun)s"
    }
    chart.draw(in: inner, into: &buffer, look)
  }

  private static func value(_ reading: Reading, _ figure: KeyPath<Reading, Float>) -> Double {
    reading.hasValue ? Double(reading[keyPath: figure]) : .nan
  }
}
