// Lines over time: braille lines with bands, axes, event marks, a ceiling and a legend.

/// A vertical mark where something happened.
package struct EventMark: Hashable, Sendable {
  package var x: Double
  package var label: String
  package var role: Role

  package init(x: Double, label: String, role: Role = .warning) {
    self.x = x
    self.label = label
    self.role = role
  }
}

/// A chart of several series; a value, drawn wherever it is asked to, always inside its rectangle.
///
/// Spikes survive, since every column of dots keeps its minimum and maximum; values that are not
/// finite are marked at the edge of the plot.
package struct LineChart: Hashable, Sendable {
  package var series: [LineSeries]
  /// In ascending order of x; where labels collide, the later one is kept.
  package var marks: [EventMark] = []
  package var reference: ReferenceLine?
  /// The part of the x axis to show; nil: all there is.
  package var horizontal: ClosedRange<Double>?
  /// The part of the y axis to show; nil: what the visible points need.
  package var vertical: ClosedRange<Double>?
  package var isLogarithmic = false
  /// Whether the y axis starts at 0 when all values are positive.
  package var startsAtZero = false
  package var unit = AxisUnit.number
  /// A line of text below the x axis.
  package var caption: String?
  package var showsLegend = true
  /// Further lines of the legend.
  package var notes: [String] = []
  /// An x whose values the legend reads out instead of the last ones.
  package var cursor: Double?
  package var emptyText = "waiting for data"

  package init(series: [LineSeries]) {
    self.series = series
  }

  package func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    buffer.clipped(to: rect) { buffer in
      guard let x = horizontalScale, let y = verticalScale(within: x) else {
        drawEmpty(in: rect, into: &buffer, look)
        return
      }
      let frame = ChartFrame(
        rect: rect, x: x, y: y, reference: reference, hasCaption: caption != nil)
      frame.draw(into: &buffer, look, unit: unit, reference: reference, caption: caption)
      buffer.clipped(to: frame.plot) { drawPlot(frame, into: &$0, look) }
    }
  }

  private func drawEmpty(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let isBroken = series.contains { !$0.points.isEmpty }
    let text = isBroken ? "no finite value (NaN or infinite)" : emptyText
    let place = rect.centered(Size(columns: DisplayWidth.of(text), rows: 1))
    buffer.write(
      text, at: place.origin, style: look.style(isBroken ? .error : .mutedText),
      maxWidth: place.columns, ellipsis: look.glyphs.ellipsis)
  }

  // MARK: Scales

  private var horizontalScale: AxisScale? {
    if let horizontal { return AxisScale(horizontal.lowerBound, horizontal.upperBound) }
    var lower = Double.infinity
    var upper = -Double.infinity
    for line in series {
      for point in line.points where point.x.isFinite {
        lower = min(lower, point.x)
        upper = max(upper, point.x)
      }
    }
    return lower <= upper ? AxisScale(lower, upper) : nil
  }

  private func verticalScale(within x: AxisScale) -> AxisScale? {
    if let vertical {
      return AxisScale(vertical.lowerBound, vertical.upperBound, isLogarithmic: isLogarithmic)
    }
    var lower = Double.infinity
    var upper = -Double.infinity
    var hasValue = false
    for line in series {
      for point in line.points where point.x >= x.lower && point.x <= x.upper {
        for value in [
          point.mean, line.showsBand ? point.minimum : .nan,
          line.showsBand ? point.maximum : .nan,
        ]
        where value.isFinite {
          hasValue = true
          if isLogarithmic && value <= 0 { continue }
          lower = min(lower, value)
          upper = max(upper, value)
        }
      }
    }
    guard hasValue else { return nil }
    if let reference, reference.value.isFinite, !isLogarithmic || reference.value > 0 {
      lower = min(lower, reference.value)
      upper = max(upper, reference.value)
    }
    guard lower <= upper else { return AxisScale(-1, 1) }
    if isLogarithmic { return AxisScale(lower, upper, isLogarithmic: true) }
    // Room at the ends, so that no line lies on the frame; not below 0 for what never is.
    let room = (upper / 2 - lower / 2) * 0.06
    let isPositive = lower >= 0
    lower = isPositive && (startsAtZero || lower - room < (upper - lower) * 0.15) ? 0 : lower - room
    return AxisScale(lower, upper + room)
  }

  // MARK: Plot

  private func drawPlot(_ frame: ChartFrame, into buffer: inout CellBuffer, _ look: Appearance) {
    let plot = frame.plot
    guard !plot.isEmpty else { return }
    drawReference(frame, into: &buffer, look)
    let labelled = drawMarks(frame, into: &buffer, look)
    var canvas = Canvas(size: plot.size)
    let columns = series.map {
      LineColumn.gathered($0, on: frame.x, columns: canvas.dotColumns)
    }
    for (line, columns) in zip(series, columns) where line.showsBand {
      drawBand(columns, on: frame.y, canvas: &canvas, pen: canvas.pen(look.theme.faint(line.role)))
    }
    canvas.beginLayer()
    for (line, columns) in zip(series, columns) where line.showsLine {
      drawLine(
        line, columns, on: frame.y, canvas: &canvas, pen: canvas.pen(look.style(line.role)),
        mark: look.theme.isMonochrome ? line.mark : .solid)
    }
    canvas.draw(at: plot.origin, into: &buffer, glyphs: look.glyphs)
    for (line, columns) in zip(series, columns) {
      if line.showsLine { drawEnd(line, columns, frame, into: &buffer, look) }
      drawBroken(columns, plot, into: &buffer, look)
    }
    drawLegend(frame, canvas, below: labelled ? 1 : 0, into: &buffer, look)
  }

  private func drawReference(
    _ frame: ChartFrame, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    guard let reference, let row = frame.row(of: reference.value) else { return }
    for column in frame.plot.left..<frame.plot.right {
      buffer.put(
        Glyph(look.glyphs.ceilingLine), at: Point(column: column, row: row),
        style: look.style(reference.role))
    }
  }

  /// Draws the event marks and the cursor; says whether a label stands in the first row.
  private func drawMarks(
    _ frame: ChartFrame, into buffer: inout CellBuffer, _ look: Appearance
  ) -> Bool {
    let plot = frame.plot
    if let cursor, let column = frame.column(of: cursor) {
      for row in plot.top..<plot.bottom {
        buffer.put(
          Glyph(look.glyphs.vertical), at: Point(column: column, row: row),
          style: look.style(.mutedText))
      }
    }
    let hasLabels = plot.rows >= 4
    var free = plot.right
    for mark in marks.reversed() {
      guard let column = frame.column(of: mark.x) else { continue }
      for row in (plot.top + (hasLabels ? 1 : 0))..<plot.bottom {
        buffer.put(
          Glyph(look.glyphs.eventLine), at: Point(column: column, row: row),
          style: look.style(mark.role))
      }
      let label = ScreenText.printable(mark.label)
      let width = DisplayWidth.of(label)
      let start = max(plot.left, min(column - width / 2, plot.right - width))
      guard hasLabels, start + width <= free else { continue }
      buffer.write(label, at: Point(column: start, row: plot.top), style: look.style(mark.role))
      free = start - 1
    }
    return hasLabels && free < plot.right
  }

  private func drawBand(
    _ columns: [LineColumn], on y: AxisScale, canvas: inout Canvas, pen: UInt8
  ) {
    for (index, column) in columns.enumerated() where column.minimum < column.maximum {
      guard let low = y.step(column.minimum, of: canvas.dotRows),
        let high = y.step(column.maximum, of: canvas.dotRows)
      else { continue }
      canvas.column(
        index, from: canvas.dotRows - 1 - low, to: canvas.dotRows - 1 - high, pen: pen)
    }
  }

  private func drawLine(
    _ line: LineSeries, _ columns: [LineColumn], on y: AxisScale, canvas: inout Canvas, pen: UInt8,
    mark: LineMark
  ) {
    var previous: (column: Int, row: Int)?
    for (index, column) in columns.enumerated() {
      guard column.hasValue, let step = y.step(column.mean, of: canvas.dotRows) else {
        if column.isBroken { previous = nil }
        continue
      }
      let here = (column: index, row: canvas.dotRows - 1 - step)
      if let previous {
        canvas.line(from: previous, to: here, pen: pen, mark: mark)
      } else {
        canvas.dot(column: here.column, row: here.row, pen: pen)
        // A point alone would be easy to miss.
        if line.points.count == 1 {
          canvas.dot(column: here.column ^ 1, row: here.row, pen: pen)
          canvas.dot(column: here.column, row: here.row ^ 1, pen: pen)
          canvas.dot(column: here.column ^ 1, row: here.row ^ 1, pen: pen)
        }
      }
      previous = column.isBroken ? nil : here
    }
  }

  /// The first letter of the series behind its last point: lines are not told by colour alone.
  private func drawEnd(
    _ line: LineSeries, _ columns: [LineColumn], _ frame: ChartFrame,
    into buffer: inout CellBuffer, _ look: Appearance
  ) {
    guard series.count(where: \.showsLine) > 1, frame.plot.columns >= 24,
      let letter = line.name.first,
      let last = columns.lastIndex(where: \.hasValue),
      let row = frame.row(of: min(frame.y.upper, max(frame.y.lower, columns[last].mean)))
    else { return }
    let column = min(frame.plot.left + last / 2 + 1, frame.plot.right - 1)
    buffer.put(
      Glyph(letter), at: Point(column: column, row: row), style: look.style(line.role).bold)
  }

  private func drawBroken(
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
