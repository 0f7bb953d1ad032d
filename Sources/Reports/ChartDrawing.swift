// Draws a chart: where it lies in its rectangle, grid, axes and legend.
import PlainText

/// The rectangle within the axes, and where values lie in it.
struct PlotArea {
  var left: Double
  var top: Double
  var right: Double
  var bottom: Double
  var x: AxisScale
  var y: AxisScale

  /// The place of a value of x; nil for NaN.
  func horizontal(_ value: Double) -> Double? {
    x.position(value).map { left + $0 * (right - left) }
  }

  /// The place of a value of y, not far beyond the edges; nil for NaN.
  func vertical(_ value: Double) -> Double? {
    y.position(value).map { bottom - min(3, max(-2, $0)) * (bottom - top) }
  }
}

extension Chart {
  func draw(_ size: PictureSize, _ identifier: String, into markup: inout Markup) {
    let rows = legendRows(size.width)
    let yTicks = y.ticks(atMost: max(3, Int(size.height / 44)))
    let widest = yTicks.map { Lettering.width($0.label, size: Lettering.small) }.max() ?? 0
    let titleHeight = 24.0
    let legendHeight = Double(rows.count) * 18
    let area = PlotArea(
      left: 26 + widest,
      top: titleHeight + legendHeight + (marks.isEmpty ? 8 : marks.count == 1 ? 18 : 31),
      right: size.width - 14, bottom: size.height - 40, x: x.scale, y: y.scale)
    markup.label(
      Lettering.fitted(title, to: size.width, size: 14), 0, 14, size: 14, isBold: true)
    draw(rows, below: titleHeight, into: &markup)
    drawAxes(area, yTicks, into: &markup)
    let clip = "\(identifier)-clip"
    markup.element("clipPath", [("id", clip)]) {
      $0.empty("rect", Self.box(area.left, area.top - 2, area.right, area.bottom + 2))
    }
    markup.element("g", [("clip-path", "url(#\(clip))")]) { markup in
      drawShade(area, into: &markup)
      for band in bands { draw(band, area, into: &markup) }
      drawRules(area, into: &markup)
      for curve in curves { draw(curve, area, into: &markup) }
    }
    drawMarks(area, into: &markup)
    drawNames(of: rules, area, into: &markup)
    for (index, curve) in curves.enumerated() { drawMarkers(of: curve, index, area, into: &markup) }
    for point in points { draw(point, area, into: &markup) }
    drawFrame(area, into: &markup)
  }

  static func box(
    _ left: Double, _ top: Double, _ right: Double, _ bottom: Double
  ) -> Markup.Attributes {
    [
      ("x", Markup.number(left)), ("y", Markup.number(top)),
      ("width", Markup.number(max(0, right - left))),
      ("height", Markup.number(max(0, bottom - top))),
    ]
  }

  // MARK: Legend

  private static let sampleWidth = 30.0

  /// What the rows of the legend but the first take of a picture's height.
  func legendHeight(_ width: Double) -> Double { 18 * Double(max(0, legendRows(width).count - 1)) }

  /// The entries in rows that are not wider than the picture.
  private func legendRows(_ width: Double) -> [[(sample: Sample, name: String)]] {
    var rows: [[(sample: Sample, name: String)]] = []
    var used = Double.infinity
    for var entry in legend {
      entry.name = Lettering.fitted(entry.name, to: width - Self.sampleWidth)
      let needed = Self.sampleWidth + Lettering.width(entry.name) + 20
      if used + needed > width + 20 {
        rows.append([])
        used = 0
      }
      rows[rows.count - 1].append(entry)
      used += needed
    }
    return rows
  }

  private func draw(
    _ rows: [[(sample: Sample, name: String)]], below top: Double, into markup: inout Markup
  ) {
    for (row, entries) in rows.enumerated() {
      var x = 0.0
      let y = top + Double(row) * 18 + 7
      for (sample, name) in entries {
        switch sample {
        case .curve(let pen):
          markup.empty(
            "path",
            [("d", "M\(Markup.number(x)) \(Markup.number(y))h24")] + pen.ink.stroke
              + pen.dash.attributes + [("stroke-width", Markup.number(pen.width))])
          if let marker = pen.marker { markup.marker(marker, x + 12, y, ink: pen.ink) }
        case .band(let ink, let opacity):
          markup.empty(
            "rect",
            Self.box(x + 2, y - 5, x + 22, y + 5) + ink.fill
              + [("fill-opacity", Self.share(opacity))])
        case .point(let marker, let ink):
          markup.marker(marker, x + 12, y, size: 4, ink: ink)
        }
        markup.label(name, x + Self.sampleWidth, y + 4)
        x += Self.sampleWidth + Lettering.width(name) + 20
      }
    }
  }

  static func share(_ value: Double) -> String { NumberText.fixed(value, decimals: 2) }

  // MARK: Axes

  private func drawAxes(_ area: PlotArea, _ yTicks: [AxisTick], into markup: inout Markup) {
    var grid = ""
    for tick in yTicks {
      guard let place = area.vertical(tick.value), place >= area.top - 1, place <= area.bottom + 1
      else { continue }
      grid += "M\(Markup.number(area.left)) \(Markup.number(place))H\(Markup.number(area.right))"
      markup.label(
        tick.label, area.left - 7, place + 4, anchor: .end, size: Lettering.small, ink: .muted)
    }
    if !grid.isEmpty { markup.empty("path", [("d", grid)] + Ink.grid.stroke) }
    let middle = (area.top + area.bottom) / 2
    markup.label(
      Lettering.fitted(yName, to: area.bottom - area.top + 30, size: Lettering.small),
      11, middle, anchor: .middle, size: Lettering.small, ink: .muted,
      extra: [("transform", "rotate(-90 11 \(Markup.number(middle)))")])
    markup.label(
      xName, (area.left + area.right) / 2, area.bottom + 33, anchor: .middle,
      size: Lettering.small, ink: .muted)
    var ticks = ""
    var free = -Double.infinity
    for tick in x.ticks(atMost: max(3, Int((area.right - area.left) / 75))) {
      guard let place = area.horizontal(tick.value), place >= area.left - 1,
        place <= area.right + 1
      else { continue }
      ticks += "M\(Markup.number(place)) \(Markup.number(area.bottom))v4"
      let half = Lettering.width(tick.label, size: Lettering.small) / 2
      // Values that were swept may lie closer than their labels are wide.
      guard place - half > free else { continue }
      free = place + half + 6
      markup.label(
        tick.label, place, area.bottom + 17, anchor: .middle, size: Lettering.small, ink: .muted)
    }
    if !ticks.isEmpty { markup.empty("path", [("d", ticks)] + Ink.muted.stroke) }
  }

  private var yName: String { y.scale.isLogarithmic ? "\(y.name) (log)" : y.name }
  private var xName: String { x.scale.isLogarithmic ? "\(x.name) (log)" : x.name }

  private func drawFrame(_ area: PlotArea, into markup: inout Markup) {
    let (left, top) = (Markup.number(area.left), Markup.number(area.top))
    let (right, bottom) = (Markup.number(area.right), Markup.number(area.bottom))
    markup.empty("path", [("d", "M\(left) \(top)V\(bottom)H\(right)")] + Ink.muted.stroke)
    markup.newLine()
  }
}
