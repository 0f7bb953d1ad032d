// What stands on a line chart beside its lines: marks with labels, the ceiling, ends, breaks.
import PlainText

extension LineChart {
  func drawReference(
    _ frame: ChartFrame, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    guard let reference, let row = frame.row(of: reference.value) else { return }
    for column in frame.plot.left..<frame.plot.right {
      buffer.put(
        Glyph(look.glyphs.ceilingLine), at: Point(column: column, row: row),
        style: look.style(reference.role))
    }
  }

  func drawMarks(
    _ frame: ChartFrame, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let plot = frame.plot
    for mark in marks {
      guard let column = frame.column(of: mark.x) else { continue }
      for row in plot.top..<plot.bottom {
        buffer.put(
          Glyph(look.glyphs.eventLine), at: Point(column: column, row: row),
          style: look.style(mark.role))
      }
    }
  }

  /// Draws the cursor over bands, but not over lines.
  func drawCursor(
    _ frame: ChartFrame, _ canvas: Canvas, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    guard let cursor, let column = frame.column(of: cursor) else { return }
    let plot = frame.plot
    for row in plot.top..<plot.bottom
    where !canvas.isInked(column: column - plot.left, row: row - plot.top) {
      buffer.put(
        Glyph(look.glyphs.vertical), at: Point(column: column, row: row), style: look.style(.text))
    }
  }

  /// The column of dots and the value at which a line ends or leaves the plot.
  private func lastSeen(
    _ line: LineSeries, _ columns: [LineColumn], _ frame: ChartFrame
  ) -> (column: Int, value: Double)? {
    if let edge = line.points.passing(frame.x.upper) { return (columns.count - 1, edge.mean) }
    return columns.lastIndex(where: \.hasValue).map { ($0, columns[$0].mean) }
  }

  /// A glyph that says something of one place; nothing may hide it.
  struct Sign {
    var point: Point
    var glyph: Glyph
    var style: Style
  }

  /// The mark where a curve was best.
  func bestSign(_ frame: ChartFrame, _ look: Appearance) -> Sign? {
    guard let best, let column = frame.column(of: best.x), let row = frame.row(of: best.mean)
    else { return nil }
    return Sign(
      point: Point(column: column, row: row), glyph: Glyph(look.glyphs.best),
      style: look.style(.good).bold)
  }

  /// Arrows at the edge where a line or its band is beyond the axis: outliers that a robust axis
  /// leaves out, and what is not positive on a logarithmic one.
  func outside(
    _ line: LineSeries, _ columns: [LineColumn], _ frame: ChartFrame, _ look: Appearance
  ) -> [Sign] {
    guard isRobust || isLogarithmic, line.showsLine || line.showsBand else { return [] }
    let style = look.style(line.role).bold
    // A smoothed line leads the arrows by what was measured.
    let measured =
      line.raw.isEmpty
      ? columns : LineColumn.gathered(line.raw, on: frame.x, columns: columns.count)
    var signs: [Sign] = []
    for (index, column) in measured.enumerated() where column.hasValue {
      let low = line.showsBand ? column.minimum : column.mean
      let high = line.showsBand ? column.maximum : column.mean
      let place = frame.plot.left + index / 2
      if isRobust, high > frame.y.upper {
        signs.append(
          Sign(
            point: Point(column: place, row: frame.plot.top), glyph: Glyph(look.glyphs.arrowUp),
            style: style))
      }
      if isRobust && low < frame.y.lower || isLogarithmic && low <= 0 {
        signs.append(
          Sign(
            point: Point(column: place, row: frame.plot.bottom - 1),
            glyph: Glyph(look.glyphs.arrowDown), style: style))
      }
    }
    return signs
  }

  /// Where a value was NaN or infinite.
  func broken(_ columns: [LineColumn], _ plot: Rect, _ look: Appearance) -> [Sign] {
    columns.enumerated().filter(\.element.isBroken).map { index, column in
      let row = column.isBrokenHigh ? plot.top : plot.bottom - 1
      return Sign(
        point: Point(column: plot.left + index / 2, row: row),
        glyph: Glyph(look.glyphs.notFinite), style: look.style(.error))
    }
  }

  /// Writes the labels over whatever stands in the first row, and says whether there is one.
  func drawMarkLabels(
    _ frame: ChartFrame, into buffer: inout CellBuffer, _ look: Appearance
  ) -> Bool {
    let plot = frame.plot
    let hasLabels = plot.rows >= 4
    var free = plot.right
    for mark in marks.reversed() {
      guard let column = frame.column(of: mark.x) else { continue }
      let label = ScreenText.printable(mark.label)
      let width = DisplayWidth.of(label)
      let start = max(plot.left, min(column - width / 2, plot.right - width))
      guard hasLabels, start + width <= free else { continue }
      buffer.write(label, at: Point(column: start, row: plot.top), style: look.style(mark.role))
      free = start - 1
    }
    return hasLabels && free < plot.right
  }

  /// The first letter of the series behind its last point: lines are not distinguished by colour
  /// alone.
  func drawEnd(
    _ line: LineSeries, _ columns: [LineColumn], _ frame: ChartFrame, besides taken: inout [Point],
    into buffer: inout CellBuffer, _ look: Appearance
  ) {
    guard series.count(where: \.showsLine) > 1, frame.plot.columns >= 24,
      let letter = line.name.first,
      let end = lastSeen(line, columns, frame),
      let row = frame.row(of: min(frame.y.upper, max(frame.y.lower, end.value)))
    else { return }
    var point = Point(
      column: min(frame.plot.left + end.column / 2 + 1, frame.plot.right - 1), row: row)
    // Beside a letter that stands there, unless this line is hidden below that one anyway.
    if taken.contains(point), !alternatesLines { return }
    while taken.contains(point), point.column + 1 < frame.plot.right { point.column += 1 }
    while taken.contains(point), point.column > frame.plot.left { point.column -= 1 }
    taken.append(point)
    buffer.put(Glyph(letter), at: point, style: look.style(line.role).bold)
  }
}
