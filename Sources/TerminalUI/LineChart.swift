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
  /// Room for the numbers of the y axis; charts one above the other are aligned by it.
  package var leastLabelWidth = 0
  package var showsLegend = true
  /// Whether lines that lie on one another take turns; otherwise the last one covers the others.
  package var alternatesLines = true
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
        rect: rect, x: x, y: y, reference: reference, hasCaption: caption != nil,
        leastLabelWidth: leastLabelWidth)
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
    drawMarks(frame, into: &buffer, look)
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
        mark: line.mark(look))
    }
    // A band is dots only where it differs from lines by its colour.
    let texture: Unicode.Scalar? =
      look.theme.isMonochrome || !look.glyphs.isUnicode ? look.glyphs.texture : nil
    canvas.draw(
      at: plot.origin, into: &buffer, glyphs: look.glyphs, alternates: alternatesLines,
      texture: texture)
    var ends: [Point] = []
    for (line, columns) in zip(series, columns).reversed() {
      if line.showsLine { drawEnd(line, columns, frame, besides: &ends, into: &buffer, look) }
      drawBroken(columns, plot, into: &buffer, look)
    }
    let labelled = drawMarkLabels(frame, into: &buffer, look)
    drawLegend(frame, canvas, below: labelled ? 1 : 0, into: &buffer, look)
  }

  /// Fills from minimum to maximum; between two points both go over into one another, since
  /// single columns would look like a comb.
  private func drawBand(
    _ columns: [LineColumn], on y: AxisScale, canvas: inout Canvas, pen: UInt8
  ) {
    let bottom = canvas.dotRows - 1
    var previous: (index: Int, low: Int, high: Int)?
    for (index, column) in columns.enumerated() where column.minimum < column.maximum {
      guard let low = y.step(column.minimum, of: canvas.dotRows),
        let high = y.step(column.maximum, of: canvas.dotRows)
      else { continue }
      if let previous {
        for between in previous.index + 1..<index {
          let part = between - previous.index
          let whole = index - previous.index
          canvas.column(
            between, from: bottom - (previous.low + (low - previous.low) * part / whole),
            to: bottom - (previous.high + (high - previous.high) * part / whole), pen: pen)
        }
      }
      canvas.column(index, from: bottom - low, to: bottom - high, pen: pen)
      previous = (index, low, high)
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
}
