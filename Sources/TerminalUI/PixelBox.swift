// Outlines over a picture: thin lines, so that what they enclose is still seen.

/// A rectangle of a picture's pixels, both ends included, with a letter at a corner.
package struct PixelBox: Hashable, Sendable {
  package var left, top, right, bottom: Int
  /// A dashed box has its letter at the lower right corner, the other at the upper left one, so
  /// that two boxes can be distinguished without colour.
  package var isDashed: Bool
  package var role: Role
  package var letter: Unicode.Scalar

  package init(
    left: Int, top: Int, right: Int, bottom: Int, isDashed: Bool, role: Role, letter: Unicode.Scalar
  ) {
    self.left = left
    self.top = top
    self.right = right
    self.bottom = bottom
    self.isDashed = isDashed
    self.role = role
    self.letter = letter
  }
}

extension PixelPicture {
  /// Draws the boxes; where two lie on one another they take turns.
  func drawBoxes(
    at origin: Point, isRich: Bool, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    var taken: Set<Point> = []
    var letters: Set<Point> = []
    for box in boxes where box.left <= box.right && box.top <= box.bottom {
      for (point, glyph) in outline(of: box, look.glyphs.isUnicode) {
        let isLetter = glyph == box.letter
        if letters.contains(point) { continue }
        if !isLetter, taken.contains(point), (point.column + point.row) & 1 == 1 { continue }
        taken.insert(point)
        if isLetter { letters.insert(point) }
        var style = look.style(box.role)
        if isRich { style = style.background(tone(behind: point, look)) }
        buffer.put(
          Glyph(glyph), at: origin.offset(columns: point.column, rows: point.row),
          style: isLetter ? style.bold : style)
      }
    }
  }

  /// The cells of a box's outline that lie on the picture, with what stands in them.
  private func outline(
    of box: PixelBox, _ isUnicode: Bool
  ) -> [(point: Point, glyph: Unicode.Scalar)] {
    let (top, bottom) = (box.top >> 1, box.bottom >> 1)
    let horizontal: Unicode.Scalar =
      isUnicode ? box.isDashed ? "╌" : "─" : box.isDashed ? "." : "-"
    let vertical: Unicode.Scalar = isUnicode ? box.isDashed ? "┆" : "│" : box.isDashed ? ":" : "|"
    var cells: [(point: Point, glyph: Unicode.Scalar)] = []
    // No further than the picture: a box of a damaged log may be of any size.
    for column in max(0, box.left)..<max(0, box.left, min(width, box.right + 1)) {
      for row in Set([top, bottom]) {
        cells.append((Point(column: column, row: row), horizontal))
      }
    }
    for row in max(0, top)..<max(0, top, min(size.rows, bottom + 1)) {
      for column in Set([box.left, box.right]) {
        let isEdge = row == top || row == bottom
        let corner: Unicode.Scalar =
          switch (isUnicode, row == top, column == box.left) {
          case (false, _, _): "+"
          case (_, true, true): "┌"
          case (_, true, false): "┐"
          case (_, false, true): "└"
          case (_, false, false): "┘"
          }
        let point = Point(column: column, row: row)
        cells.removeAll { $0.point == point }
        cells.append((point, isEdge && top != bottom && box.left != box.right ? corner : vertical))
      }
    }
    let corner =
      box.isDashed
      ? Point(column: box.right, row: bottom) : Point(column: box.left, row: top)
    cells.removeAll { $0.point == corner }
    cells.append((corner, box.letter))
    return cells.filter { pixel($0.point.column, $0.point.row * 2) != nil }
  }

  /// The colour of a cell's two pixels together.
  private func tone(behind point: Point, _ look: Appearance) -> Color {
    var sum: (Float, Float, Float) = (0, 0, 0)
    var count: Float = 0
    for row in [point.row * 2, point.row * 2 + 1] {
      guard case .tone(let red, let green, let blue)? = pixel(point.column, row) else { continue }
      sum = (sum.0 + red, sum.1 + green, sum.2 + blue)
      count += 1
    }
    guard count > 0 else { return look.theme.color(.background) }
    return Color.tone(sum.0 / count, sum.1 / count, sum.2 / count, depth: look.theme.depth)
  }
}
