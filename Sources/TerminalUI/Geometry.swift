// Points, sizes and rectangles of the screen, all measured in character cells.

/// A position on the screen: column 0, row 0 is the top left cell.
package struct Point: Hashable, Sendable {
  package var column: Int
  package var row: Int

  package init(column: Int, row: Int) {
    self.column = column
    self.row = row
  }

  package static let zero = Point(column: 0, row: 0)

  /// The point moved right and down.
  package func offset(columns: Int = 0, rows: Int = 0) -> Point {
    Point(column: column + columns, row: row + rows)
  }
}

/// An extent in cells, never negative: a negative argument becomes 0, since layouts subtract.
package struct Size: Hashable, Sendable {
  package let columns: Int
  package let rows: Int

  package init(columns: Int, rows: Int) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
  }

  package static let zero = Size(columns: 0, rows: 0)

  package var isEmpty: Bool { columns == 0 || rows == 0 }

  /// Number of cells.
  package var area: Int { columns * rows }
}

/// An area of the screen in cells.
///
/// Every operation keeps it inside the rectangle it came from.
package struct Rect: Hashable, Sendable {
  package let origin: Point
  package let size: Size

  package init(origin: Point, size: Size) {
    self.origin = origin
    self.size = size
  }

  package init(column: Int, row: Int, columns: Int, rows: Int) {
    self.init(
      origin: Point(column: column, row: row), size: Size(columns: columns, rows: rows))
  }

  /// The rectangle of that size at the top left of the screen.
  package init(_ size: Size) {
    self.init(origin: .zero, size: size)
  }

  package static let zero = Rect(origin: .zero, size: .zero)

  // MARK: Edges

  package var columns: Int { size.columns }
  package var rows: Int { size.rows }
  package var left: Int { origin.column }
  package var top: Int { origin.row }
  /// The first column to the right of the rectangle.
  package var right: Int { origin.column + size.columns }
  /// The first row below the rectangle.
  package var bottom: Int { origin.row + size.rows }
  package var isEmpty: Bool { size.isEmpty }

  package func contains(_ point: Point) -> Bool {
    point.column >= left && point.column < right && point.row >= top && point.row < bottom
  }

  /// The common part; empty if they do not overlap.
  package func intersection(_ other: Rect) -> Rect {
    let left = max(self.left, other.left)
    let top = max(self.top, other.top)
    return Rect(
      column: left, row: top,
      columns: min(right, other.right) - left, rows: min(bottom, other.bottom) - top)
  }

  // MARK: Parts

  /// The rectangle made smaller on each side, down to nothing.
  package func inset(left: Int = 0, top: Int = 0, right: Int = 0, bottom: Int = 0) -> Rect {
    let left = min(max(0, left), columns)
    let top = min(max(0, top), rows)
    return Rect(
      column: self.left + left, row: self.top + top,
      columns: columns - left - max(0, right), rows: rows - top - max(0, bottom))
  }

  /// The rectangle made smaller by `cells` on all four sides.
  package func inset(by cells: Int) -> Rect {
    inset(left: cells, top: cells, right: cells, bottom: cells)
  }

  /// The first rows and the rest; `count` is held between 0 and the rows there are.
  package func splitTop(_ count: Int) -> (top: Rect, rest: Rect) {
    let count = min(max(0, count), rows)
    return (
      Rect(column: left, row: top, columns: columns, rows: count),
      Rect(column: left, row: top + count, columns: columns, rows: rows - count)
    )
  }

  /// The last rows and the rest; `count` is held between 0 and the rows there are.
  package func splitBottom(_ count: Int) -> (rest: Rect, bottom: Rect) {
    let (rest, bottom) = splitTop(rows - min(max(0, count), rows))
    return (rest, bottom)
  }

  /// The first columns and the rest; `count` is held between 0 and the columns there are.
  package func splitLeft(_ count: Int) -> (left: Rect, rest: Rect) {
    let count = min(max(0, count), columns)
    return (
      Rect(column: left, row: top, columns: count, rows: rows),
      Rect(column: left + count, row: top, columns: columns - count, rows: rows)
    )
  }

  /// The last columns and the rest; `count` is held between 0 and the columns there are.
  package func splitRight(_ count: Int) -> (rest: Rect, right: Rect) {
    let (rest, right) = splitLeft(columns - min(max(0, count), columns))
    return (rest, right)
  }

  /// Parts side by side, as wide as their weights say, that tile the rectangle exactly.
  package func columns(weights: [Int]) -> [Rect] {
    var column = left
    return Rect.shares(of: columns, weights: weights).map { share in
      defer { column += share }
      return Rect(column: column, row: top, columns: share, rows: rows)
    }
  }

  /// Parts one above the other, as high as their weights say, that tile the rectangle exactly.
  package func rows(weights: [Int]) -> [Rect] {
    var row = top
    return Rect.shares(of: rows, weights: weights).map { share in
      defer { row += share }
      return Rect(column: left, row: row, columns: columns, rows: share)
    }
  }

  /// One row of the rectangle; an empty one when it has no such row.
  package func line(_ index: Int) -> Rect {
    guard index >= 0, index < rows else { return Rect(origin: origin, size: .zero) }
    return Rect(column: left, row: top + index, columns: columns, rows: 1)
  }

  /// A rectangle of that size in the middle, cut to this one.
  package func centered(_ wanted: Size) -> Rect {
    let columns = min(wanted.columns, self.columns)
    let rows = min(wanted.rows, self.rows)
    return Rect(
      column: left + (self.columns - columns) / 2, row: top + (self.rows - rows) / 2,
      columns: columns, rows: rows)
  }

  /// Rounds the running sum rather than each share, so that the shares add up to the total.
  private static func shares(of total: Int, weights: [Int]) -> [Int] {
    let weights = weights.map { max(0, $0) }
    let sum = weights.reduce(0, +)
    guard sum > 0 else { return weights.indices.map { $0 == 0 ? total : 0 } }
    var passed = 0
    var given = 0
    return weights.map { weight in
      passed += weight
      let edge = (total * passed + sum / 2) / sum
      defer { given = edge }
      return edge - given
    }
  }
}
