// A mean and its interval on one line, against zero: ├──●──┤ beside │.
import PlainText

/// One row of an interval chart.
package struct IntervalStrip: Hashable, Sendable {
  package var mean: Double
  /// Nil: unknown.
  package var interval: ClosedRange<Double>?
  package var scale: ClosedRange<Double>
  /// Whether the interval leaves out zero: a full point rather than a ring.
  package var isCertain: Bool
  package var role: Role

  package init(
    mean: Double, interval: ClosedRange<Double>?, scale: ClosedRange<Double>, isCertain: Bool,
    role: Role
  ) {
    self.mean = mean
    self.interval = interval
    self.scale = scale
    self.isCertain = isCertain
    self.role = role
  }

  /// The line at zero alone.
  package static func drawZero(
    scale: ClosedRange<Double>, in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    guard scale.contains(0), let column = rect.column(of: 0, on: scale) else { return }
    for row in rect.top..<rect.bottom {
      buffer.put(
        Glyph(look.glyphs.eventLine), at: Point(column: column, row: row),
        style: look.style(.mutedText))
    }
  }

  package func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    guard !rect.isEmpty else { return }
    Self.drawZero(scale: scale, in: rect.line(0), into: &buffer, look)
    let glyphs = look.glyphs
    let style = look.style(role)
    buffer.clipped(to: rect) { buffer in
      if let interval, let low = rect.column(of: interval.lowerBound, on: scale),
        let high = rect.column(of: interval.upperBound, on: scale), low < high
      {
        let zero = scale.contains(0) ? rect.column(of: 0, on: scale) : nil
        for column in low...high {
          let isLeft = column == low
          let isBeyond =
            isLeft
            ? interval.lowerBound < scale.lowerBound
            : column == high && interval.upperBound > scale.upperBound
          let end = isLeft ? glyphs.whiskerLeft : glyphs.whiskerRight
          let arrow: Unicode.Scalar = isLeft ? glyphs.arrowLeft : glyphs.arrowRight
          let glyph =
            isBeyond
            ? arrow
            : isLeft || column == high ? end : column == zero ? glyphs.cross : glyphs.horizontal
          buffer.put(Glyph(glyph), at: Point(column: column, row: rect.top), style: style)
        }
      }
      guard let column = rect.column(of: mean, on: scale) else { return }
      buffer.put(
        Glyph(glyphs.point(isCertain ? .good : .other)), at: Point(column: column, row: rect.top),
        style: style.bold)
    }
  }
}

extension Rect {
  /// The column for a value on a scale across the rectangle, its edges for what lies beyond; nil for
  /// NaN.
  package func column(of value: Double, on scale: ClosedRange<Double>) -> Int? {
    AxisScale(scale.lowerBound, scale.upperBound).step(value, of: columns).map { left + $0 }
  }
}

extension GlyphSet {
  /// Where an interval passes zero.
  var cross: Unicode.Scalar { isUnicode ? "┼" : "+" }
  /// What lies beyond an end.
  var arrowLeft: Unicode.Scalar { isUnicode ? "◂" : "<" }
  var arrowRight: Unicode.Scalar { isUnicode ? "▸" : ">" }
}
