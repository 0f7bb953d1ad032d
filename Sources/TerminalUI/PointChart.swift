// Single values with error bars over an axis that may be logarithmic, one of them the best.
import PlainText

/// A value with its spread at a place on the x axis.
package struct ErrorPoint: Hashable, Sendable {
  package var x: Double
  package var mean: Double
  /// Half the length of the bar; nil: unknown.
  package var spread: Double?
  package var rank: Rank
  package var isSelected: Bool

  /// How it is marked, by glyph as well as by colour.
  package enum Rank: Hashable, Sendable {
    case best, good, other
  }

  package init(
    x: Double, mean: Double, spread: Double?, rank: Rank = .other, isSelected: Bool = false
  ) {
    self.x = x
    self.mean = mean
    self.spread = spread
    self.rank = rank
    self.isSelected = isSelected
  }
}

/// A chart of points with error bars.
package struct PointChart: Hashable, Sendable {
  /// In ascending order of x.
  package var points: [ErrorPoint]
  /// The places that have a tick; the axis covers all of them, points or not.
  package var ticks: [Tick]
  package var isLogarithmic = false
  /// Whether a line leads from point to point; not where several have the same x.
  package var isJoined = true
  /// A part of the x axis that is drawn thick.
  package var range: ClosedRange<Double>?
  package var caption: String?
  package var leastLabelWidth = 0
  package var emptyText = "waiting for data"

  package init(points: [ErrorPoint], ticks: [Tick]) {
    self.points = points.filter { $0.x.isFinite && $0.mean.isFinite }
    self.ticks = ticks.filter { $0.value.isFinite }
  }

  package func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    guard let x = horizontalScale, let y = verticalScale else {
      ChartFrame.drawEmpty(emptyText, in: rect, into: &buffer, look)
      return
    }
    buffer.clipped(to: rect) { buffer in
      let frame = ChartFrame(
        rect: rect, x: x, y: y, reference: nil, hasCaption: caption != nil,
        leastLabelWidth: leastLabelWidth)
      frame.draw(into: &buffer, look, unit: .at(ticks), reference: nil, caption: caption)
      drawRange(frame, into: &buffer, look)
      buffer.clipped(to: frame.plot) { drawPlot(frame, into: &$0, look) }
    }
  }

  // MARK: Scales

  /// With room at both ends, so that no bar lies on the frame.
  private var horizontalScale: AxisScale? {
    let places = ticks.map(\.value) + points.map(\.x)
    guard let lower = places.min(), let upper = places.max() else { return nil }
    if isLogarithmic, lower > 0, lower < upper {
      let room = Mathematics.power(upper / lower, 0.04)
      return AxisScale(lower / room, upper * room, isLogarithmic: true)
    }
    let room = (upper / 2 - lower / 2) * 0.08
    return AxisScale(lower - room, upper + room)
  }

  private var verticalScale: AxisScale? {
    let ends = points.flatMap { point in
      let spread = point.spread.map { $0.isFinite ? $0 : 0 } ?? 0
      return [point.mean - spread, point.mean + spread]
    }
    guard let lower = ends.min(), let upper = ends.max() else { return nil }
    let room = (upper / 2 - lower / 2) * 0.12
    return AxisScale(lower - room, upper + room)
  }

  // MARK: Plot

  private func drawPlot(_ frame: ChartFrame, into buffer: inout CellBuffer, _ look: Appearance) {
    if isJoined { drawLine(frame, into: &buffer, look) }
    // The selected one and the best over the others, where they share a column.
    let order = { (point: ErrorPoint) in (point.isSelected ? 2 : 0) + (point.rank == .best ? 1 : 0)
    }
    for point in points.sorted(by: { order($0) < order($1) }) {
      draw(point, frame, into: &buffer, look)
    }
  }

  private func drawLine(_ frame: ChartFrame, into buffer: inout CellBuffer, _ look: Appearance) {
    var canvas = Canvas(size: frame.plot.size)
    let pen = canvas.pen(look.theme.faint(.train))
    var previous: (column: Int, row: Int)?
    for point in points {
      guard let column = frame.x.step(point.x, of: canvas.dotColumns),
        let step = frame.y.step(point.mean, of: canvas.dotRows)
      else { continue }
      let here = (column: column, row: canvas.dotRows - 1 - step)
      if let previous { canvas.line(from: previous, to: here, pen: pen) }
      previous = here
    }
    canvas.draw(at: frame.plot.origin, into: &buffer, glyphs: look.glyphs)
  }

  private func draw(
    _ point: ErrorPoint, _ frame: ChartFrame, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    guard let column = frame.column(of: point.x), let row = frame.row(of: point.mean) else {
      return
    }
    let role = point.rank.role
    let style = point.isSelected ? look.style(role).bold : look.style(role)
    if let spread = point.spread, spread > 0, spread.isFinite,
      let high = frame.row(of: point.mean + spread), let low = frame.row(of: point.mean - spread)
    {
      for place in high...max(high, low) {
        let glyph =
          high == low
          ? nil
          : place == high
            ? look.glyphs.whiskerTop
            : place == low ? look.glyphs.whiskerBottom : look.glyphs.vertical
        guard let glyph else { continue }
        buffer.put(Glyph(glyph), at: Point(column: column, row: place), style: style)
      }
    }
    let glyph = look.glyphs.point(point.rank)
    let place = Point(column: column, row: row)
    buffer.put(Glyph(glyph), at: place, style: style.bold)
    guard point.isSelected else { return }
    // Colour alone would not be enough.
    buffer.put(Glyph(look.glyphs.pointer), at: place.offset(columns: -1), style: style.bold)
  }

  private func drawRange(_ frame: ChartFrame, into buffer: inout CellBuffer, _ look: Appearance) {
    guard let range, let first = frame.column(of: range.lowerBound),
      let last = frame.column(of: range.upperBound), first <= last
    else { return }
    for column in first...last {
      let point = Point(column: column, row: frame.plot.bottom)
      buffer.put(Glyph(look.glyphs.thickLine), at: point, style: look.style(.good))
    }
  }
}

extension ErrorPoint.Rank {
  package var role: Role {
    switch self {
    case .best: .good
    case .good: .train
    case .other: .mutedText
    }
  }
}

extension GlyphSet {
  /// The ends of error bars.
  var whiskerTop: Unicode.Scalar { isUnicode ? "┬" : "-" }
  var whiskerBottom: Unicode.Scalar { isUnicode ? "┴" : "-" }
  var whiskerLeft: Unicode.Scalar { isUnicode ? "├" : "|" }
  var whiskerRight: Unicode.Scalar { isUnicode ? "┤" : "|" }

  /// How a point of a rank is drawn.
  package func point(_ rank: ErrorPoint.Rank) -> Unicode.Scalar {
    switch rank {
    case .best: best
    case .good: isUnicode ? "●" : "O"
    case .other: isUnicode ? "○" : "o"
    }
  }
}
