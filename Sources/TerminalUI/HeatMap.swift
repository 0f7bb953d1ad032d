// A distribution over time: x time, y value, colour the share of values, two rows to a cell.

/// The values at one time.
///
/// Each stands for the same share, so quantiles do as well as all values.
package struct HeatColumn: Hashable, Sendable {
  package var x: Double
  package var values: [Float]

  package init(x: Double, values: [Float]) {
    self.x = x
    self.values = values
  }
}

/// A chart of how values are spread, against a ceiling.
package struct HeatMap: Hashable, Sendable {
  /// In ascending order of x.
  package var columns: [HeatColumn]
  package var reference: ReferenceLine?
  package var horizontal: ClosedRange<Double>?
  package var vertical: ClosedRange<Double>?
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
        let text = isBroken ? "no finite value (NaN or infinite)" : emptyText
        let place = rect.centered(Size(columns: DisplayWidth.of(text), rows: 1))
        buffer.write(
          text, at: place.origin, style: look.style(isBroken ? .error : .mutedText),
          maxWidth: place.columns, ellipsis: look.glyphs.ellipsis)
        return
      }
      var frame = ChartFrame(
        rect: rect, x: x, y: y, reference: reference, hasCaption: caption != nil,
        leastLabelWidth: leastLabelWidth)
      var mark = reference
      if let (upper, middle) = fitted(y, rows: frame.plot.rows) {
        mark?.value = middle
        frame = ChartFrame(
          rect: rect, x: x, y: AxisScale(y.lower, upper), reference: mark,
          hasCaption: caption != nil, leastLabelWidth: leastLabelWidth)
      }
      frame.draw(into: &buffer, look, unit: unit, reference: mark, caption: caption)
      let ceilingRow = mark.flatMap { frame.row(of: $0.value) }
      buffer.clipped(to: frame.plot) { drawPlot(frame, ceilingRow, into: &$0, look) }
    }
  }

  // MARK: Scales

  private var horizontalScale: AxisScale? {
    if let horizontal { return AxisScale(horizontal.lowerBound, horizontal.upperBound) }
    let places = columns.lazy.map(\.x).filter(\.isFinite)
    guard let lower = places.min(), let upper = places.max() else { return nil }
    return AxisScale(lower, upper)
  }

  private var verticalScale: AxisScale? {
    if let vertical { return AxisScale(vertical.lowerBound, vertical.upperBound) }
    var lower = Float.infinity
    var upper = -Float.infinity
    for column in columns {
      for value in column.values where value.isFinite {
        lower = min(lower, value)
        upper = max(upper, value)
      }
    }
    guard lower <= upper else { return nil }
    var top = Double(upper)
    if let reference, reference.value.isFinite { top = max(top, reference.value) }
    let bottom = lower >= 0 ? 0 : Double(lower)
    return AxisScale(bottom, top + (top - bottom) * 0.08)
  }

  /// A scale's upper end, raised so far that the ceiling lies between two rows, and the middle of
  /// the row below it: what is at the ceiling then fills that row and nothing above it.
  private func fitted(_ scale: AxisScale, rows: Int) -> (upper: Double, middle: Double)? {
    guard let ceiling = reference?.value, ceiling > scale.lower, ceiling < scale.upper, rows > 1
    else { return nil }
    let height = ceiling - scale.lower
    let below = (height / (scale.upper - scale.lower) * Double(rows)).rounded(.down)
    guard below >= 1 else { return nil }
    let row = height / below
    return (scale.lower + row * Double(rows), ceiling - row / 2)
  }

  // MARK: Plot

  /// Shares of the values, column by column, from the bottom; nil where nothing was measured.
  private struct Shares {
    let bins: Int
    var columns: [[Float]?]
    var broken: [Bool]
    /// The share that is drawn as the most there is.
    var full: Float = 0
  }

  /// A value this near the ceiling lies on it, and is counted below it: projection leaves
  /// values a rounding error above.
  private static let onCeiling = 1e-4

  private func shares(_ frame: ChartFrame, bins: Int) -> Shares {
    let count = frame.plot.columns
    var shares = Shares(
      bins: bins, columns: Array(repeating: nil, count: count),
      broken: Array(repeating: false, count: count))
    var totals = Array(repeating: Float(0), count: count)
    let ceiling = reference?.value ?? .nan
    let slope = Double(bins) / (frame.y.upper - frame.y.lower)
    for column in columns where column.x >= frame.x.lower && column.x <= frame.x.upper {
      guard let dot = frame.x.step(column.x, of: count * 2) else { continue }
      let index = dot / 2
      var bin = shares.columns[index] ?? Array(repeating: 0, count: bins)
      for value in column.values {
        guard value.isFinite else {
          shares.broken[index] = true
          continue
        }
        var value = Double(value)
        if abs(value - ceiling) <= ceiling * Self.onCeiling { value = ceiling * (1 - 1e-6) }
        let place = Mathematics.integer(((value - frame.y.lower) * slope).rounded(.down))
        if place >= 0, place < bins { bin[place] += 1 }
        totals[index] += 1
      }
      shares.columns[index] = bin
    }
    var peaks: [Float] = []
    var others: [Float] = []
    let held = Mathematics.integer(
      (((ceiling.isNaN ? frame.y.lower : ceiling * (1 - 1e-6)) - frame.y.lower) * slope)
        .rounded(.down))
    for index in 0..<count {
      guard var bin = shares.columns[index], totals[index] > 0 else { continue }
      for place in bin.indices { bin[place] /= totals[index] }
      shares.columns[index] = bin
      peaks.append(bin.max() ?? 0)
      var other: Float = 0
      for place in bin.indices where place != held { other = max(other, bin[place]) }
      if other > 0 { others.append(other) }
    }
    // A layer held at the ceiling has nearly all its units in one bin; measured against that, the
    // others would look like nothing, and so would every other time.
    let full = Self.median(of: peaks)
    shares.full = max(full / 4, reference == nil ? full : Self.median(of: others)) * 1.3
    return shares
  }

  private static func median(of shares: [Float]) -> Float {
    shares.isEmpty ? 0 : shares.sorted()[shares.count / 2]
  }

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

  /// How bright a share is drawn; the square root shows that few values differ from none.
  private static func heat(_ share: Float, full: Float) -> Double {
    guard full > 0, share > 0 else { return 0 }
    return min(1, max(0.12, Double((share / full).squareRoot())))
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
