// One-line pictures of numbers: bars, progress, sparklines, and boxes against a ceiling.
import PlainText

/// A horizontal bar, exact to an eighth of a column.
package struct Bar: Hashable, Sendable {
  package enum Shape: Hashable, Sendable {
    /// The whole height of the row.
    case full
    /// Half the height, on a track.
    case low
    /// The same with a filling that says: not really so.
    case hatched
  }

  package var share: Double
  package var shape: Shape
  /// Nil: by the gradient from safe to ceiling.
  package var role: Role?

  package init(share: Double, shape: Shape = .full, role: Role? = nil) {
    self.share = share
    self.shape = shape
    self.role = role
  }

  package func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    guard !rect.isEmpty else { return }
    let share = share.isNaN ? 0 : min(1, max(0, self.share))
    let style = role.map { look.style($0) } ?? look.theme.gradient(share)
    let glyphs = look.glyphs
    buffer.clipped(to: rect) { buffer in
      switch shape {
      case .full:
        for (column, part) in parts(columns: rect.columns, glyphs).enumerated() {
          buffer.put(Glyph(part), at: rect.origin.offset(columns: column), style: style)
        }
      case .low, .hatched:
        let filling = shape == .low ? glyphs.lowBar : glyphs.hatchedBar
        var filled = Mathematics.integer(share * Double(rect.columns))
        if share > 0 { filled = max(1, filled) }
        for column in 0..<rect.columns {
          buffer.put(
            Glyph(column < filled ? filling : glyphs.lowTrack),
            at: rect.origin.offset(columns: column),
            style: column < filled ? style : look.style(.border))
        }
      }
    }
  }

  /// The cells of a bar of full height from its start to its end, of `columns` that a share of 1 fills.
  package func parts(columns: Int, _ glyphs: GlyphSet) -> [Unicode.Scalar] {
    let share = share.isNaN ? 0 : min(1, max(0, self.share))
    let steps = glyphs.parts.count - 1
    var filled = Mathematics.integer(share * Double(max(0, columns) * steps))
    // Something is never shown as nothing.
    if share > 0, columns > 0 { filled = max(1, filled) }
    return stride(from: 0, to: filled, by: steps).map { glyphs.parts[min(steps, filled - $0)] }
  }
}

/// How far something has come, between two ends.
package struct ProgressBar: Hashable, Sendable {
  package var share: Double
  package var role: Role

  package init(share: Double, role: Role = .train) {
    self.share = share
    self.role = role
  }

  package func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    guard rect.columns >= 3, rect.rows >= 1 else { return }
    let border = look.style(.border)
    buffer.put(Glyph(look.glyphs.progressStart), at: rect.origin, style: border)
    buffer.put(
      Glyph(look.glyphs.progressEnd), at: rect.origin.offset(columns: rect.columns - 1),
      style: border)
    Bar(share: share, role: role).draw(
      in: rect.line(0).inset(left: 1, right: 1), into: &buffer, look)
  }
}

/// The last values as bars of one row's height, the newest at the right.
package struct Sparkline: Hashable, Sendable {
  package var values: [Double]
  package var role: Role
  /// A role for each value; nil: all have `role`.
  package var roles: [Role]?
  /// Whether a value is one that might have been: hatched where others are bars.
  package var isHatched: [Bool]?
  /// The value of a full bar; nil: the largest shown.
  package var top: Double?

  package init(values: [Double], role: Role, top: Double? = nil) {
    self.values = values
    self.role = role
    self.top = top
  }

  package func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    guard !rect.isEmpty else { return }
    let shown = values.suffix(rect.columns)
    let top = self.top ?? shown.filter(\.isFinite).max() ?? 0
    let start = rect.origin.offset(columns: rect.columns - shown.count)
    buffer.clipped(to: rect) { buffer in
      for (column, value) in shown.enumerated() {
        let point = start.offset(columns: column)
        guard value.isFinite else {
          buffer.put(Glyph(look.glyphs.notFinite), at: point, style: look.style(.error))
          continue
        }
        let share = top > 0 ? min(1, max(0, value / top)) : 0
        let index = values.count - shown.count + column
        let isHatched = isHatched.map { $0.indices.contains(index) && $0[index] } ?? false
        let glyphs = isHatched ? look.glyphs.hatchedLevels : look.glyphs.levels
        var level = Mathematics.integer(share * Double(glyphs.count - 1))
        if value > 0 { level = max(1, level) }
        buffer.put(Glyph(glyphs[level]), at: point, style: look.style(role(at: index)))
      }
    }
  }
}

extension Sparkline {
  /// The role of a value counted from the first that `columns` have room for.
  fileprivate func role(at index: Int) -> Role {
    guard let roles, roles.indices.contains(index) else { return role }
    return roles[index]
  }
}

/// Five numbers of a distribution against a scale, with the ceiling marked.
///
/// It looks like this: ──━━┃━─█
package struct BoxStrip: Hashable, Sendable {
  package var minimum, lowerQuartile, median, upperQuartile, maximum: Double
  package var scale: ClosedRange<Double>
  package var ceiling: Double?
  package var role: Role
  /// What lies beyond the ceiling; nil: the same role.
  package var roleBeyond: Role?

  package init(
    minimum: Double, lowerQuartile: Double, median: Double, upperQuartile: Double,
    maximum: Double, scale: ClosedRange<Double>, ceiling: Double?, role: Role = .train
  ) {
    self.minimum = minimum
    self.lowerQuartile = lowerQuartile
    self.median = median
    self.upperQuartile = upperQuartile
    self.maximum = maximum
    self.scale = scale
    self.ceiling = ceiling
    self.role = role
  }

  package func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    guard !rect.isEmpty else { return }
    let place = { rect.column(of: $0, on: scale) }
    let glyphs = look.glyphs
    buffer.clipped(to: rect) { buffer in
      let put = { (glyph: Unicode.Scalar, column: Int, style: Style, buffer: inout CellBuffer) in
        buffer.put(Glyph(glyph), at: Point(column: column, row: rect.top), style: style)
      }
      let numbers = [minimum, lowerQuartile, median, upperQuartile, maximum]
      guard numbers.allSatisfy(\.isFinite), let low = place(minimum),
        let from = place(lowerQuartile), let middle = place(median), let to = place(upperQuartile),
        let high = place(maximum)
      else {
        buffer.write(NonFinite.words, at: rect.origin, style: look.style(.error))
        return
      }
      let limit = ceiling.flatMap(place)
      let roleOf = { (column: Int) in limit.map { column > $0 } ?? false ? roleBeyond ?? role : role
      }
      for column in min(low, high)...max(low, high) {
        put(glyphs.thinLine, column, look.theme.faint(roleOf(column)), &buffer)
      }
      for column in min(from, to)...max(from, to) {
        put(glyphs.thickLine, column, look.style(roleOf(column)), &buffer)
      }
      put(glyphs.median, middle, look.style(.text).bold, &buffer)
      // The ceiling last: where the median has reached it, it is the ceiling that counts.
      if let limit { put(glyphs.ceilingMark, limit, look.style(.ceiling), &buffer) }
    }
  }
}
