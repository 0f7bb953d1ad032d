// A screenful of cells: what views draw into and the terminal adapter shows.
import PlainText

/// A grid of cells.
///
/// Drawing outside it, or outside its clip, does nothing.
/// It never holds half of a wide character: overwriting one half blanks the other, and one that
/// does not fit before the right edge is left out.
package struct CellBuffer: Sendable {
  package let size: Size
  /// Row by row, `size.columns` cells each.
  package private(set) var cells: [Cell]
  /// The part that can be drawn into at present.
  package private(set) var clip: Rect

  package init(size: Size, filling: Cell = .blank) {
    precondition(filling.glyph.width == 1, "a buffer is filled with a narrow glyph")
    self.size = size
    cells = Array(repeating: filling, count: size.area)
    clip = Rect(size)
  }

  /// A buffer showing a picture: one text per row, as wide as the widest.
  package init(lines: [String], style: Style = .plain) {
    let columns = lines.map { DisplayWidth.of($0) }.max() ?? 0
    self.init(
      size: Size(columns: columns, rows: lines.count), filling: Cell(Glyph.space, style))
    for (row, line) in lines.enumerated() {
      write(line, at: Point(column: 0, row: row), style: style)
    }
  }

  package var bounds: Rect { Rect(size) }

  /// The cell at a point, blank outside the buffer; setting one outside the clip does nothing.
  package subscript(point: Point) -> Cell {
    get {
      bounds.contains(point) ? cells[point.row * size.columns + point.column] : .blank
    }
    set { put(newValue.glyph, at: point, style: newValue.style) }
  }

  package subscript(column: Int, row: Int) -> Cell {
    get { self[Point(column: column, row: row)] }
    set { self[Point(column: column, row: row)] = newValue }
  }

  /// The cells of one row.
  package subscript(row row: Int) -> ArraySlice<Cell> {
    cells[row * size.columns..<(row + 1) * size.columns]
  }

  /// Draws with everything outside the rectangle protected.
  package mutating func clipped(to rect: Rect, _ draw: (inout CellBuffer) -> Void) {
    let outer = clip
    clip = outer.intersection(rect)
    draw(&self)
    clip = outer
  }

  // MARK: Drawing

  /// Puts one glyph into its cell or two cells, if all of them lie inside the clip.
  package mutating func put(_ glyph: Glyph, at point: Point, style: Style) {
    let width = glyph.width
    guard width > 0, clip.contains(point), point.column + width <= clip.right else { return }
    let index = point.row * size.columns + point.column
    clearHalves(from: point.column, to: point.column + width, index: index)
    cells[index] = Cell(glyph, style)
    if width == 2 { cells[index + 1] = Cell(.continuation, style) }
  }

  /// Blanks the other half of wide characters that are about to lose one.
  private mutating func clearHalves(from start: Int, to end: Int, index: Int) {
    if start > 0, cells[index].glyph.isContinuation { cells[index - 1].glyph = .space }
    if end < size.columns, cells[index + end - start].glyph.isContinuation {
      cells[index + end - start].glyph = .space
    }
  }

  /// Writes one line of text from a point to the right, and says how many columns it took.
  ///
  /// Anything a terminal could obey is left out. What does not fit into `maxWidth` or the clip is
  /// cut, with `ellipsis` as the last glyph if one is given.
  @discardableResult
  package mutating func write(
    _ text: some StringProtocol, at point: Point, style: Style, maxWidth: Int = .max,
    ellipsis: Unicode.Scalar? = nil
  ) -> Int {
    guard point.row >= clip.top, point.row < clip.bottom, point.column < clip.right,
      maxWidth > 0
    else { return 0 }
    let limit = min(
      clip.right, maxWidth >= clip.right - point.column ? clip.right : point.column + maxWidth)
    var end = limit
    if ellipsis != nil, DisplayWidth.of(text) > limit - point.column { end = limit - 1 }
    var column = point.column
    var last: Int?
    for scalar in text.unicodeScalars where !ScreenText.isForbidden(scalar) {
      let width = DisplayWidth.of(scalar)
      guard width > 0 else {
        if let last { cells[last].glyph.append(scalar) }
        continue
      }
      guard column + width <= end else { break }
      let target = Point(column: column, row: point.row)
      last = clip.contains(target) ? target.row * size.columns + target.column : nil
      put(Glyph(scalar), at: target, style: style)
      column += width
    }
    if let ellipsis, end < limit {
      put(Glyph(ellipsis), at: Point(column: column, row: point.row), style: style)
      column += 1
    }
    return column - point.column
  }

  /// Fills a rectangle with one narrow glyph.
  package mutating func fill(_ rect: Rect, with cell: Cell) {
    precondition(cell.glyph.width == 1, "a rectangle is filled with a narrow glyph")
    let rect = rect.intersection(clip)
    guard !rect.isEmpty else { return }
    for row in rect.top..<rect.bottom {
      let index = row * size.columns + rect.left
      clearHalves(from: rect.left, to: rect.right, index: index)
      for offset in 0..<rect.columns { cells[index + offset] = cell }
    }
  }

  /// Changes the look of what already stands in a rectangle.
  package mutating func restyle(_ rect: Rect, _ change: (Style) -> Style) {
    let rect = rect.intersection(clip)
    guard !rect.isEmpty else { return }
    for row in rect.top..<rect.bottom {
      for index in row * size.columns + rect.left..<row * size.columns + rect.right {
        cells[index].style = change(cells[index].style)
      }
      // A wide character has one style: its left half decides.
      let first = row * size.columns + rect.left
      let next = first + rect.columns
      if rect.left > 0, cells[first].glyph.isContinuation {
        cells[first].style = cells[first - 1].style
      }
      if rect.right < size.columns, cells[next].glyph.isContinuation {
        cells[next].style = cells[next - 1].style
      }
    }
  }

  /// Replaces what a terminal without Unicode cannot show; the last thing done to such a frame.
  ///
  /// Charts draw plainly with GlyphSet.ascii; this is for names and other foreign text.
  package mutating func foldToASCII() {
    for index in cells.indices where !cells[index].glyph.isASCII {
      cells[index].glyph = cells[index].glyph.plain
    }
  }

  /// Empties the clip.
  package mutating func clear(style: Style = .plain) {
    fill(clip, with: Cell(Glyph.space, style))
  }
}
