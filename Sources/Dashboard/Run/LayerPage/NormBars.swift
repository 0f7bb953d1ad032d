// Bars that show how many units have which norm, on a scale that a ceiling stands on.
import PlainText
import TerminalUI

/// A histogram without axes.
struct NormBars {
  let norms: [Float]
  let scale: ClosedRange<Double>
  let ceiling: Double?
  private let columns: Int
  private let counts: [Int]
  private let limit: Int?

  /// Each of the norms stands for `unitsEach` units.
  init(
    _ norms: [Float], unitsEach: Double = 1, scale: ClosedRange<Double>, ceiling: Double?,
    columns: Int
  ) {
    self.norms = norms
    self.scale = scale
    self.ceiling = ceiling
    self.columns = max(0, columns)
    // The rule by which the ceiling's mark is placed too: what is at the ceiling stands under it.
    let axis = AxisScale(scale.lowerBound, scale.upperBound)
    limit = ceiling.flatMap { axis.step($0, of: columns) }
    var counts = [Int](repeating: 0, count: self.columns)
    for norm in norms where norm.isFinite {
      if let column = axis.step(Double(norm), of: columns) { counts[column] += 1 }
    }
    self.counts =
      unitsEach == 1
      ? counts : counts.map { $0 > 0 ? max(1, Int((Double($0) * unitsEach).rounded())) : 0 }
  }

  /// The most units in one column.
  var most: Int { counts.max() ?? 0 }

  /// Draws the bars; one as high as the rectangle stands for `top` units.
  func draw(
    in rect: Rect, top: Double, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let levels = look.glyphs.levels
    let steps = levels.count - 1
    guard top > 0, rect.rows > 0 else { return }
    for (column, count) in counts.prefix(rect.columns).enumerated() where count > 0 {
      let style = look.style(role(column))
      // Few units are seen beside many: the root of their number, and never nothing.
      let share = (Double(count) / top).squareRoot()
      let height = max(1, Int((min(1, share) * Double(rect.rows * steps)).rounded()))
      for row in 0..<rect.rows {
        let level = min(steps, height - row * steps)
        guard level > 0 else { break }
        buffer.put(
          Glyph(levels[level]), at: Point(column: rect.left + column, row: rect.bottom - 1 - row),
          style: style)
      }
    }
    guard let limit else { return }
    for row in rect.top..<rect.bottom {
      let point = Point(column: rect.left + limit, row: row)
      guard buffer[point].glyph == .space else { continue }
      buffer.put(Glyph(look.glyphs.eventLine), at: point, style: look.style(.ceiling))
    }
  }

  private func role(_ column: Int) -> Role {
    guard let limit else { return .safe }
    return column > limit ? .observed : column == limit ? .ceiling : .safe
  }
}
