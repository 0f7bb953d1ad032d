// What stands over the colours of a heat map: marks of events, and the cursor with what it reads.

extension HeatMap {
  func drawMarks(
    _ frame: ChartFrame, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    for mark in marks {
      guard let column = frame.column(of: mark.x) else { continue }
      for row in frame.plot.top..<frame.plot.bottom {
        let point = Point(column: column, row: row)
        guard buffer[point].glyph == .space else { continue }
        buffer.put(Glyph(look.glyphs.eventLine), at: point, style: look.style(mark.role))
      }
    }
  }

  /// Draws the cursor over the colours, and what is read out at it on the side that has more room.
  func drawCursor(
    _ frame: ChartFrame, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    guard let cursor, let column = frame.column(of: cursor) else { return }
    let plot = frame.plot
    for row in plot.top..<plot.bottom {
      let point = Point(column: column, row: row)
      let background = buffer[point].style.background
      buffer.put(
        Glyph(look.glyphs.vertical), at: point, style: look.style(.text).background(background))
    }
    let isLeft = column - plot.left > plot.columns / 2
    let room = (isLeft ? column - plot.left : plot.right - column - 1) - 1
    guard let text = readings.first(where: { DisplayWidth.of($0) + 2 <= room }) else { return }
    let width = DisplayWidth.of(text) + 2
    buffer.write(
      " \(text) ",
      at: Point(column: isLeft ? column - width : column + 1, row: plot.top),
      style: look.style(.text).bold)
  }
}
