// A distribution over time: x time, y value, colour the share of values, two rows to a cell.

/// The values at one time.
///
/// Each stands for the same share, so quantiles do as well as all values.
package struct HeatColumn: Hashable, Sendable {
  package var x: Double
  package var values: [Float]
  /// The largest finite value of all; those above stand for it only where they are many enough.
  package var largest: Float

  /// `largest` is needed where the values stand for more than there are of them.
  package init(x: Double, values: [Float], largest: Float? = nil) {
    self.x = x
    self.values = values
    self.largest = largest ?? values.filter(\.isFinite).max() ?? 0
  }
}

/// A chart of how values are spread, against a ceiling.
package struct HeatMap: Hashable, Sendable {
  /// In ascending order of x.
  package var columns: [HeatColumn]
  package var reference: ReferenceLine?
  package var horizontal: ClosedRange<Double>?
  package var vertical: ClosedRange<Double>?
  /// Whether the y axis leaves out the few values far above all others; arrows mark where they are.
  package var isRobust = false
  package var marks: [EventMark] = []
  /// An x that is marked, and what is to be said of it: wordings of which the longest that fits is
  /// written.
  package var cursor: Double?
  package var readings: [String] = []
  package var unit = AxisUnit.number
  package var caption: String?
  /// Room for the numbers of the y axis; charts one above the other are aligned by it.
  package var leastLabelWidth = 0
  package var emptyText = "waiting for data"

  package init(columns: [HeatColumn]) {
    self.columns = columns
  }

  package func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    buffer.clipped(to: rect) { buffer in
      guard let x = horizontalScale, let y = verticalScale else {
        let isBroken = columns.contains { !$0.values.isEmpty }
        ChartFrame.drawEmpty(emptyText, isBroken: isBroken, in: rect, into: &buffer, look)
        return
      }
      var frame = ChartFrame(
        rect: rect, x: x, y: y, reference: reference, hasCaption: caption != nil,
        leastLabelWidth: leastLabelWidth)
      var mark = reference
      if let (scale, middle) = fitted(y, rows: frame.plot.rows) {
        mark?.value = middle
        frame = ChartFrame(
          rect: rect, x: x, y: scale, reference: mark, hasCaption: caption != nil,
          leastLabelWidth: leastLabelWidth)
      }
      frame.draw(into: &buffer, look, unit: unit, reference: mark, caption: caption)
      let ceilingRow = mark.flatMap { frame.row(of: $0.value) }
      buffer.clipped(to: frame.plot) { drawPlot(frame, ceilingRow, into: &$0, look) }
    }
  }

  // MARK: Plot

  private func drawPlot(
    _ frame: ChartFrame, _ ceilingRow: Int?, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let plot = frame.plot
    guard !plot.isEmpty else { return }
    let shares = shares(frame, bins: plot.rows * 2)
    let first = shares.columns.firstIndex { $0 != nil } ?? plot.columns
    let last = shares.columns.lastIndex { $0 != nil } ?? -1
    let ink = Ink(look)
    var present: [Float]?
    for column in 0..<plot.columns {
      // Between two measurements the earlier one holds.
      if let here = shares.columns[column] { present = here }
      let bins = column >= first && column <= last ? present : nil
      for row in 0..<plot.rows {
        let point = plot.origin.offset(columns: column, rows: row)
        draw(
          bins, from: (plot.rows - 1 - row) * 2, full: shares.full,
          isCeiling: point.row == ceilingRow, at: point, into: &buffer, ink)
      }
      if shares.above[column] {
        buffer.put(
          Glyph(look.glyphs.arrowUp), at: plot.origin.offset(columns: column),
          style: look.style(.text).bold)
      }
      if shares.broken[column] {
        buffer.put(
          Glyph(look.glyphs.notFinite), at: plot.origin.offset(columns: column),
          style: look.style(.error))
      }
    }
    drawMarks(frame, into: &buffer, look)
    drawCursor(frame, into: &buffer, look)
  }

  /// What every cell needs of the looks, looked up once: there are thousands of cells.
  private struct Ink {
    let theme: Theme
    let glyphs: GlyphSet
    let ceiling: Style
    let background: Color
    let isShaded: Bool
    let upperHalf = Glyph("▀" as Unicode.Scalar)
    let lowerHalf = Glyph("▄" as Unicode.Scalar)

    init(_ look: Appearance) {
      theme = look.theme
      glyphs = look.glyphs
      ceiling = look.style(.ceiling)
      background = look.theme.isMonochrome ? .default : look.theme.color(.background)
      isShaded = look.theme.isMonochrome || !look.glyphs.isUnicode
    }
  }

  private func draw(
    _ bins: [Float]?, from lower: Int, full: Float, isCeiling: Bool, at point: Point,
    into buffer: inout CellBuffer, _ ink: Ink
  ) {
    let below = bins.map { Self.heat($0[lower], full: full) } ?? 0
    let above = bins.map { Self.heat($0[lower + 1], full: full) } ?? 0
    let isEmpty = below == 0 && above == 0
    if isCeiling && !ink.isShaded {
      // Along the edge: what is at the ceiling fills the cell below it.
      let most = max(below, above)
      let color = most > 0 ? ink.theme.heat(most) : ink.background
      buffer.put(Glyph(ink.glyphs.upperEdge), at: point, style: ink.ceiling.background(color))
    } else if isCeiling && (isEmpty || point.column.isMultiple(of: 4)) {
      // The line gives way to what lies around it, but for a dash here and there.
      let style = ink.ceiling.background(ink.background)
      buffer.put(Glyph(ink.glyphs.ceilingLine), at: point, style: style)
    } else if isEmpty {
      return
    } else if ink.isShaded {
      let shades = ink.glyphs.shades
      let most = max(below, above)
      let shade = shades[Int((most * Double(shades.count - 1)).rounded(.up))]
      let color = ink.theme.isMonochrome ? .default : ink.theme.heat(max(most, 0.5))
      buffer.put(
        Glyph(shade), at: point, style: Style(foreground: color, background: ink.background))
    } else if above == 0 {
      // Nothing is the background, which may have no colour that could be drawn with.
      buffer.put(
        ink.lowerHalf, at: point,
        style: Style(foreground: ink.theme.heat(below), background: ink.background))
    } else {
      buffer.put(
        ink.upperHalf, at: point,
        style: Style(foreground: ink.theme.heat(above), background: ink.theme.heat(below)))
    }
  }
}
