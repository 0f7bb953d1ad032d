// The gradient norm over time: does it vanish, does it explode, does the clipping hold it.
import RunRecords
import TerminalUI

/// The L2 norm over all gradients: the mean of each column's steps, the largest behind it.
struct GradientPanel {
  let model: DashboardModel

  /// From this ratio of the largest to the smallest on, a linear scale shows only the largest.
  private static let decades = 50.0
  /// A limit so many times above everything is told in words alone: on the chart it would press the
  /// curve flat.
  private static let farLimit = 4.0

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let columns = Panel.interior(of: rect).columns
    let (steps, axis) = model.horizontal(Panel.interior(of: rect))
    let points = model.segment?.gradientNorm.raw.points(over: steps, count: columns * 2) ?? []
    let lowest = points.lazy.map(\.mean).filter { $0 > 0 }.min() ?? 0
    let largest = points.lazy.map(\.maximum).filter(\.isFinite).max() ?? 0
    let isLogarithmic = lowest > 0 && largest / lowest >= Self.decades
    let inner = model.drawFrame(
      .gradient, "gradient norm", note: note(isLogarithmic, room: rect.columns - 24, look),
      in: rect, into: &buffer, look)
    guard let segment = model.segment else {
      LineChart(series: []).draw(in: inner, into: &buffer, look)
      return
    }
    var band = LineSeries(name: "gradient norm", role: .train, points: points)
    band.showsLine = false
    let line = LineSeries(
      name: "gradient norm", role: .train,
      points: segment.gradientNorm[model.smoothing].points(over: steps, count: columns * 2),
      showsBand: false)
    var chart = LineChart(series: [band, line])
    chart.horizontal = axis
    chart.marks = model.eventMarks
    chart.leastLabelWidth = DashboardModel.labelWidth
    chart.isLogarithmic = isLogarithmic
    chart.startsAtZero = !isLogarithmic
    chart.showsLegend = false
    if let limit = segment.gradientLimit.map(Double.init), limit <= largest * Self.farLimit {
      chart.reference = ReferenceLine(
        value: limit, label: AxisLabel.text(limit), role: .warning)
    }
    if inner.rows >= 12 {
      chart.caption = "steps\(look.separator)line: mean\(look.separator)shaded: largest"
    }
    chart.draw(in: inner, into: &buffer, look)
  }

  /// The limit first, since it is what the figures are measured against.
  private func note(_ isLogarithmic: Bool, room: Int, _ look: Appearance) -> String {
    var parts: [String] = []
    if let limit = model.segment?.gradientLimit {
      parts.append("clipped at \(Wording.short(limit))")
    } else if let limit = model.segment?.header.experiment["gradient_clip"]?["value"]?.double {
      parts.append("each clipped at \(Wording.short(Float(limit)))")
    }
    parts.append("mean and largest")
    if isLogarithmic { parts.append("logarithmic") }
    while parts.count > 1, DisplayWidth.of(parts.joined(separator: look.separator)) > room {
      parts.remove(at: 1)
    }
    return parts.joined(separator: look.separator)
  }
}
