// Axes around a plot: where labels fit, ticks and their labels, what is left for the plot.
import PlainText

/// What the numbers along an x axis are.
package enum AxisUnit: Hashable, Sendable {
  case number
  case seconds
  /// Ticks at these values alone, in ascending order.
  case at([Tick])
}

/// A value drawn as a line across the plot, with its label on the y axis: the ceiling.
package struct ReferenceLine: Hashable, Sendable {
  package var value: Double
  package var label: String
  package var role: Role

  package init(value: Double, label: String, role: Role = .ceiling) {
    self.value = value
    self.label = label
    self.role = role
  }
}

/// The axes of a chart; parts that find no room are left out, the plot last.
struct ChartFrame {
  let plot: Rect
  let x: AxisScale
  let y: AxisScale
  private let yTicks: [Tick]
  private let labelColumns: Int
  private let hasXAxis: Bool
  private let caption: Rect

  private static let leastPlotColumns = 10

  /// Rows of ticks are counted in cells; `dotsPerRow` says how finely the plot is drawn.
  init(
    rect: Rect, x: AxisScale, y: AxisScale, reference: ReferenceLine?, hasCaption: Bool,
    leastLabelWidth: Int = 0
  ) {
    self.x = x
    self.y = y
    var rest = rect
    var caption = Rect.zero
    if hasCaption, rest.rows >= 9 { (rest, caption) = rest.splitBottom(1) }
    hasXAxis = rest.rows >= 6
    let plotRows = rest.rows - (hasXAxis ? 2 : 0)
    let ticks = y.ticks(atMost: max(2, min(8, (plotRows + 2) / 3)))
    let labels = ticks.map(\.label) + (reference.map { [$0.label] } ?? [])
    let widest = labels.map { DisplayWidth.of($0) }.max() ?? 0
    let wanted = max(widest, leastLabelWidth) + 2
    labelColumns = plotRows >= 3 && rest.columns - wanted >= Self.leastPlotColumns ? wanted : 0
    yTicks = labelColumns > 0 ? ticks : []
    plot = Rect(
      column: rest.left + labelColumns, row: rest.top, columns: rest.columns - labelColumns,
      rows: plotRows)
    self.caption = caption.inset(left: labelColumns)
  }

  /// Words in the middle of a chart without values, or with none that is finite (`isBroken`).
  static func drawEmpty(
    _ text: String, isBroken: Bool = false, in rect: Rect, into buffer: inout CellBuffer,
    _ look: Appearance
  ) {
    let text = isBroken ? NonFinite.wordsOfChart : text
    let place = rect.centered(Size(columns: DisplayWidth.of(text), rows: 1))
    buffer.write(
      text, at: place.origin, style: look.style(isBroken ? .error : .mutedText),
      maxWidth: place.columns, ellipsis: look.glyphs.ellipsis)
  }

  /// The row of the plot on which a value lies; nil outside the range.
  func row(of value: Double) -> Int? {
    guard let position = y.position(value), position >= -0.001, position <= 1.001,
      let step = y.step(value, of: plot.rows * 4)
    else { return nil }
    return plot.bottom - 1 - step / 4
  }

  /// The column of the plot on which an x lies; nil outside the range.
  func column(of value: Double) -> Int? {
    guard let position = x.position(value), position >= 0, position <= 1,
      let step = x.step(value, of: plot.columns * 2)
    else { return nil }
    return plot.left + step / 2
  }

  func draw(
    into buffer: inout CellBuffer, _ look: Appearance, unit: AxisUnit, reference: ReferenceLine?,
    caption text: String?
  ) {
    drawVerticalAxis(into: &buffer, look, reference)
    let columns = hasXAxis ? drawHorizontalAxis(into: &buffer, look, unit) : []
    if look.hasGrid { drawGrid(columns, into: &buffer, look) }
    if let text, !caption.isEmpty {
      buffer.write(
        text, at: caption.origin, style: look.style(.mutedText), maxWidth: caption.columns,
        ellipsis: look.glyphs.ellipsis)
    }
  }

  private func drawVerticalAxis(
    into buffer: inout CellBuffer, _ look: Appearance, _ reference: ReferenceLine?
  ) {
    guard labelColumns > 0 else { return }
    let referenceRow = reference.flatMap { row(of: $0.value) }
    for tick in yTicks {
      guard let row = row(of: tick.value), row != referenceRow,
        !isBeside(tick.value, reference)
      else { continue }
      let label = NumberText.padded(tick.label, to: labelColumns - 2)
      let start = Point(column: plot.left - labelColumns, row: row)
      buffer.write(label, at: start, style: look.style(.mutedText))
      buffer.put(
        Glyph(look.glyphs.axisTick), at: Point(column: plot.left - 1, row: row),
        style: look.style(.border))
    }
    guard let reference, let referenceRow else { return }
    buffer.write(
      NumberText.padded(reference.label, to: labelColumns - 2),
      at: Point(column: plot.left - labelColumns, row: referenceRow),
      style: look.style(reference.role).bold)
    buffer.put(
      Glyph(look.glyphs.ceilingLine), at: Point(column: plot.left - 1, row: referenceRow),
      style: look.style(reference.role))
  }

  /// Whether a tick is less than a row away from the reference line, whose label says nearly the
  /// same.
  private func isBeside(_ value: Double, _ reference: ReferenceLine?) -> Bool {
    guard let reference, let here = y.position(value), let there = y.position(reference.value)
    else { return false }
    return abs(here - there) * Double(plot.rows) < 1
  }

  /// Lines across the plot at the ticks of the y axis, and down it at `columns`; the plot's own
  /// contents come over them.
  private func drawGrid(
    _ columns: [Int], into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let style = look.style(.border)
    let rows = Set(yTicks.compactMap { row(of: $0.value) }).filter { $0 < plot.bottom - 1 }
    for row in rows {
      for column in plot.left..<plot.right {
        buffer.put(
          Glyph(look.glyphs.gridAcross), at: Point(column: column, row: row), style: style)
      }
    }
    for column in columns where column > plot.left {
      for row in plot.top..<plot.bottom {
        let glyph = rows.contains(row) ? look.glyphs.gridCrossing : look.glyphs.gridDown
        buffer.put(Glyph(glyph), at: Point(column: column, row: row), style: style)
      }
    }
  }

  /// Returns the columns of the values that are written below it.
  private func drawHorizontalAxis(
    into buffer: inout CellBuffer, _ look: Appearance, _ unit: AxisUnit
  ) -> [Int] {
    let border = look.style(.border)
    if labelColumns > 0 {
      buffer.put(
        Glyph(look.glyphs.axisCorner), at: Point(column: plot.left - 1, row: plot.bottom),
        style: border)
    }
    for column in plot.left..<plot.right {
      buffer.put(
        Glyph(look.glyphs.horizontal), at: Point(column: column, row: plot.bottom), style: border)
    }
    var free = plot.left
    var columns: [Int] = []
    for tick in unit.ticks(on: x, atMost: max(2, plot.columns / 9)) {
      guard let column = column(of: tick.value) else { continue }
      let width = DisplayWidth.of(tick.label)
      let start = min(max(plot.left, column - (width - 1) / 2), plot.right - width)
      guard start >= free else { continue }
      buffer.write(
        tick.label, at: Point(column: start, row: plot.bottom + 1), style: look.style(.mutedText))
      free = start + width + 1
      columns.append(column)
    }
    return columns
  }
}

extension AxisUnit {
  /// Ticks at round numbers, or at round minutes and hours.
  func ticks(on scale: AxisScale, atMost count: Int) -> [Tick] {
    switch self {
    case .number: return scale.ticks(atMost: count)
    case .at(let ticks): return ticks
    case .seconds: break
    }
    let steps: [Double] = [
      1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400,
    ]
    let length = scale.upper - scale.lower
    guard let step = steps.first(where: { length / $0 <= Double(count) }) else {
      return scale.ticks(atMost: count).map { tick in
        Tick(value: tick.value, label: NumberText.duration(tick.value))
      }
    }
    let first = (scale.lower / step).rounded(.up)
    return (0...count).map { (first + Double($0)) * step }.filter { $0 <= scale.upper }.map {
      Tick(value: $0, label: NumberText.duration($0))
    }
  }
}
