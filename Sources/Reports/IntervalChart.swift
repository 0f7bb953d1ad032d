// Rows of values with intervals: each arm's results by seed, or its differences from the baseline.
import PlainText

/// One row for each arm: dots for seeds, a marker for their mean, a bar for what it may stray by.
struct IntervalChart: Drawing {
  var title: String
  var summary: String
  var axisName: String
  var rows: [Row]
  /// The value that nothing differs from.
  var zero: Double?
  /// At the ends of the axis: "none better", "arm better".
  var sides: (left: String, right: String)?

  struct Row: Sendable {
    var name: String
    var ink: Ink
    var marker: Marker
    /// One for each seed.
    var dots: [Double]
    var mean: Double? = nil
    var bar: ClosedRange<Double>? = nil
    /// In figures, at the right.
    var words: String
  }

  private static let rowHeight = 34.0

  /// High enough for `rows` rows.
  static func height(rows: Int, hasSides: Bool = false) -> Double {
    Double(rows) * rowHeight + 34 + 44 + (hasSides ? 16 : 0)
  }

  func draw(_ size: PictureSize, _ identifier: String, into markup: inout Markup) {
    markup.label(
      Lettering.fitted(title, to: size.width, size: 14), 0, 14, size: 14, isBold: true)
    let names = min(size.width * 0.34, rows.map { Lettering.width($0.name) }.max() ?? 0)
    let words = rows.map { Lettering.width($0.words, size: Lettering.small) }.max() ?? 0
    let top = 34.0
    let bottom = top + Double(rows.count) * Self.rowHeight
    let values = rows.flatMap { row in
      row.dots + [row.mean, row.bar?.lowerBound, row.bar?.upperBound].compactMap { $0 }
    }
    let all = values + (zero.map { [$0] } ?? [])
    let scale = AxisScale(holding: all, room: 0.06) ?? AxisScale(0, 1)
    let area = PlotArea(
      left: names + 16, top: top, right: size.width - words - 16, bottom: bottom, x: scale,
      y: AxisScale(0, 1))
    drawAxis(area, into: &markup)
    for (index, row) in rows.enumerated() {
      let y = top + (Double(index) + 0.5) * Self.rowHeight
      markup.label(Lettering.fitted(row.name, to: names + 2), 0, y + 4)
      draw(row, y, area, into: &markup)
      markup.label(row.words, size.width, y + 4, anchor: .end, size: Lettering.small)
    }
  }

  private func draw(_ row: Row, _ y: Double, _ area: PlotArea, into markup: inout Markup) {
    for dot in row.dots {
      guard let x = area.horizontal(dot) else { continue }
      markup.empty(
        "path",
        [("d", Marker.circle.path(x, y + 8, 2.6))] + row.ink.stroke
          + [("stroke-width", "1"), ("stroke-opacity", "0.8")])
    }
    if let bar = row.bar, let low = area.horizontal(bar.lowerBound),
      let high = area.horizontal(bar.upperBound)
    {
      let place = Markup.number(y - 4)
      let cap = Markup.number(y - 8)
      let (left, right) = (Markup.number(low), Markup.number(high))
      markup.empty(
        "path",
        [("d", "M\(left) \(place)H\(right)M\(left) \(cap)v8M\(right) \(cap)v8")] + row.ink.stroke
          + [("stroke-width", "1.6")])
    }
    if let mean = row.mean, let x = area.horizontal(mean) {
      markup.marker(row.marker, x, y - 4, size: 4.2, ink: row.ink)
    }
    markup.newLine()
  }

  private func drawAxis(_ area: PlotArea, into markup: inout Markup) {
    let (top, bottom) = (Markup.number(area.top), Markup.number(area.bottom))
    var grid = ""
    let width = area.right - area.left
    for tick in Axis(axisName, area.x).ticks(atMost: min(9, max(3, Int(width / 60)))) {
      guard let x = area.horizontal(tick.value) else { continue }
      grid += "M\(Markup.number(x)) \(top)V\(bottom)"
      markup.label(
        tick.label, x, area.bottom + 17, anchor: .middle, size: Lettering.small, ink: .muted)
    }
    if !grid.isEmpty { markup.empty("path", [("d", grid)] + Ink.grid.stroke) }
    if let zero, let x = area.horizontal(zero) {
      markup.empty(
        "path", [("d", "M\(Markup.number(x)) \(top)V\(bottom)")] + Ink.text.stroke)
    }
    let middle = (area.left + area.right) / 2
    markup.label(
      axisName, middle, area.bottom + 34, anchor: .middle, size: Lettering.small, ink: .muted)
    guard let sides else { return }
    let y = area.bottom + 50
    markup.label("← \(sides.left)", area.left, y, size: Lettering.small, ink: .muted)
    markup.label(
      "\(sides.right) →", area.right, y, anchor: .end, size: Lettering.small, ink: .muted)
  }
}
