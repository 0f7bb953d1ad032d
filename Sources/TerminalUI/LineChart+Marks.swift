// What stands on a line chart beside its lines: marks with labels, the ceiling, ends, breaks.

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

  /// Draws the event marks and the cursor.
  func drawMarks(
    _ frame: ChartFrame, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let plot = frame.plot
    if let cursor, let column = frame.column(of: cursor) {
      for row in plot.top..<plot.bottom {
        buffer.put(
          Glyph(look.glyphs.vertical), at: Point(column: column, row: row),
          style: look.style(.mutedText))
      }
    }
    for mark in marks {
      guard let column = frame.column(of: mark.x) else { continue }
      for row in plot.top..<plot.bottom {
        buffer.put(
          Glyph(look.glyphs.eventLine), at: Point(column: column, row: row),
          style: look.style(mark.role))
      }
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

  /// The first letter of the series behind its last point: lines are not told by colour alone.
  func drawEnd(
    _ line: LineSeries, _ columns: [LineColumn], _ frame: ChartFrame, besides taken: inout [Point],
    into buffer: inout CellBuffer, _ look: Appearance
  ) {
    guard series.count(where: \.showsLine) > 1, frame.plot.columns >= 24,
      let letter = line.name.first,
      let last = columns.lastIndex(where: \.hasValue),
      let row = frame.row(of: min(frame.y.upper, max(frame.y.lower, columns[last].mean)))
    else { return }
    var point = Point(
      column: min(frame.plot.left + last / 2 + 1, frame.plot.right - 1), row: row)
    // Beside a letter that stands there, unless this line is hidden below that one anyway.
    if taken.contains(point), !alternatesLines { return }
    while taken.contains(point), point.column + 1 < frame.plot.right { point.column += 1 }
    while taken.contains(point), point.column > frame.plot.left { point.column -= 1 }
    taken.append(point)
    buffer.put(Glyph(letter), at: point, style: look.style(line.role).bold)
  }

  func drawBroken(
    _ columns: [LineColumn], _ plot: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    for (index, column) in columns.enumerated() where column.isBroken {
      let row = column.isBrokenHigh ? plot.top : plot.bottom - 1
      buffer.put(
        Glyph(look.glyphs.notFinite), at: Point(column: plot.left + index / 2, row: row),
        style: look.style(.error))
    }
  }
}
