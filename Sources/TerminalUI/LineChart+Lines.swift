// The lines of a chart and the bands behind them, in dots; what lies beyond the scale is cut off.
import PlainText

extension LineChart {
  /// Fills from minimum to maximum; between two points both go over into one another, since
  /// single columns would look like a comb.
  func drawBand(
    _ points: [LinePoint], _ columns: [LineColumn], _ frame: ChartFrame, canvas: inout Canvas,
    pen: UInt8
  ) {
    let rows = canvas.dotRows
    var previous: (index: Int, low: Int, high: Int)?
    func fill(to index: Int, _ minimum: Double, _ maximum: Double, canvas: inout Canvas) {
      guard let low = Self.row(of: minimum, on: frame.y, of: rows),
        let high = Self.row(of: maximum, on: frame.y, of: rows)
      else { return }
      if let previous {
        for between in previous.index + 1..<max(previous.index + 1, index) {
          let part = between - previous.index
          let whole = index - previous.index
          canvas.column(
            between, from: previous.low + (low - previous.low) * part / whole,
            to: previous.high + (high - previous.high) * part / whole, pen: pen)
        }
      }
      canvas.column(index, from: low, to: high, pen: pen)
      previous = (index, low, high)
    }
    if let edge = points.passing(frame.x.lower) {
      fill(to: 0, edge.minimum, edge.maximum, canvas: &canvas)
    }
    for (index, column) in columns.enumerated() where column.minimum < column.maximum {
      fill(to: index, column.minimum, column.maximum, canvas: &canvas)
    }
    if previous != nil, let edge = points.passing(frame.x.upper) {
      fill(to: canvas.dotColumns - 1, edge.minimum, edge.maximum, canvas: &canvas)
    }
  }

  func drawLine(
    _ points: [LinePoint], _ columns: [LineColumn], _ frame: ChartFrame, canvas: inout Canvas,
    pen: UInt8, mark: LineMark
  ) {
    let rows = canvas.dotRows
    var previous: Dot?
    func connect(to here: Dot, canvas: inout Canvas) {
      if let previous, let (start, end) = Self.cut(previous, here, rows: rows) {
        canvas.line(from: start, to: end, pen: pen, mark: mark)
      }
    }
    if let value = points.passing(frame.x.lower)?.mean,
      let row = Self.row(of: value, on: frame.y, of: rows)
    {
      previous = (0, row)
    }
    for (index, column) in columns.enumerated() {
      guard column.hasValue, let row = Self.row(of: column.mean, on: frame.y, of: rows) else {
        if column.isBroken { previous = nil }
        continue
      }
      let here = (column: index, row: row)
      if previous != nil {
        connect(to: here, canvas: &canvas)
      } else {
        canvas.dot(column: here.column, row: here.row, pen: pen)
        // A point alone would be easy to miss.
        if points.count == 1 {
          canvas.dot(column: here.column ^ 1, row: here.row, pen: pen)
          canvas.dot(column: here.column, row: here.row ^ 1, pen: pen)
          canvas.dot(column: here.column ^ 1, row: here.row ^ 1, pen: pen)
        }
      }
      previous = column.isBroken ? nil : here
    }
    if let value = points.passing(frame.x.upper)?.mean,
      let row = Self.row(of: value, on: frame.y, of: rows)
    {
      connect(to: (canvas.dotColumns - 1, row), canvas: &canvas)
    }
  }

  /// A dot's place, row 0 at the top of the plot; rows beyond it are above or below.
  private typealias Dot = (column: Int, row: Int)

  /// The row of dots of a value, outside the plot too, where drawing it at the edge would show a
  /// false value; nil for NaN.
  private static func row(of value: Double, on scale: AxisScale, of rows: Int) -> Int? {
    guard let position = scale.position(value) else { return nil }
    return rows - 1 - Mathematics.integer(min(1e6, max(-1e6, position * Double(rows - 1))))
  }

  /// The part of a line that lies in the plot; nil if none does.
  private static func cut(_ start: Dot, _ end: Dot, rows: Int) -> (Dot, Dot)? {
    let last = rows - 1
    guard max(start.row, end.row) >= 0, min(start.row, end.row) <= last else { return nil }
    func held(_ dot: Dot, towards other: Dot) -> Dot {
      let row = min(last, max(0, dot.row))
      guard row != dot.row else { return dot }
      let part = Double(row - dot.row) / Double(other.row - dot.row)
      return (dot.column + Mathematics.integer(Double(other.column - dot.column) * part), row)
    }
    return (held(start, towards: end), held(end, towards: start))
  }
}
