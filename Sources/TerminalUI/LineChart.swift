// Lines over time: braille lines with bands, axes, event marks, a ceiling and a legend.
import PlainText

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
  /// Whether the y axis leaves out the few values far from all others; arrows mark where they are.
  package var isRobust = false
  /// Whether the y axis starts at 0 when all values are positive.
  package var startsAtZero = false
  package var unit = AxisUnit.number
  /// A line of text below the x axis.
  package var caption: String?
  /// Room for the numbers of the y axis; charts one above the other are aligned by it.
  package var leastLabelWidth = 0
  package var showsLegend = true
  /// Whether the legend goes by the names rather than by what lies on what.
  package var sortsLegend = false
  /// Whether lines that lie on one another take turns; otherwise the last one covers the others.
  package var alternatesLines = true
  /// Further lines of the legend.
  package var notes: [String] = []
  /// An x whose values the legend reads out instead of the last ones.
  package var cursor: Double?
  /// The place on a curve where it was best.
  package var best: LinePoint?
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
    ChartFrame.drawEmpty(emptyText, isBroken: isBroken, in: rect, into: &buffer, look)
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

  // MARK: Plot

  private func drawPlot(_ frame: ChartFrame, into buffer: inout CellBuffer, _ look: Appearance) {
    let plot = frame.plot
    guard !plot.isEmpty else { return }
    drawReference(frame, into: &buffer, look)
    drawMarks(frame, into: &buffer, look)
    var canvas = Canvas(size: plot.size)
    let columns = series.map {
      LineColumn.gathered($0.points, on: frame.x, columns: canvas.dotColumns)
    }
    for (line, columns) in zip(series, columns) where line.showsBand {
      drawBand(
        line.points, columns, frame, canvas: &canvas, pen: canvas.pen(look.theme.faint(line.role)))
    }
    for line in series where line.showsLine && !line.raw.isEmpty {
      drawLine(
        line.raw, LineColumn.gathered(line.raw, on: frame.x, columns: canvas.dotColumns), frame,
        canvas: &canvas, pen: canvas.pen(look.theme.faint(line.role)), mark: .solid)
    }
    canvas.beginLayer()
    for (line, columns) in zip(series, columns) where line.showsLine {
      drawLine(
        line.points, columns, frame, canvas: &canvas, pen: canvas.pen(look.style(line.role)),
        mark: line.mark(look))
    }
    // A band is dots only where it differs from lines by its colour.
    let texture: Unicode.Scalar? =
      look.theme.depth < .twoHundredFiftySix || !look.glyphs.isUnicode
      ? look.glyphs.texture : nil
    canvas.draw(
      at: plot.origin, into: &buffer, glyphs: look.glyphs, alternates: alternatesLines,
      texture: texture)
    drawCursor(frame, canvas, into: &buffer, look)
    var ends: [Point] = []
    var signs: [Sign] = []
    for (line, columns) in zip(series, columns).reversed() {
      if line.showsLine { drawEnd(line, columns, frame, besides: &ends, into: &buffer, look) }
      signs += outside(line, columns, frame, look) + broken(columns, plot, look)
    }
    if let sign = bestSign(frame, look) { signs.append(sign) }
    let labelled = drawMarkLabels(frame, into: &buffer, look)
    drawLegend(
      frame, canvas, below: labelled ? 1 : 0, besides: signs.map(\.point), into: &buffer, look)
    for sign in signs { buffer.put(sign.glyph, at: sign.point, style: sign.style) }
  }
}
