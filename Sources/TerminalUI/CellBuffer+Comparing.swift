// Comparing buffers: the changes between two frames, and pictures for tests.

/// Neighbouring cells of one row that changed.
package struct CellRun: Hashable, Sendable {
  package let start: Point
  /// Never starts with a continuation, never ends with the left half of a wide character.
  package let cells: ArraySlice<Cell>
}

extension CellBuffer {
  /// The cells that differ from an older frame, as runs in reading order.
  ///
  /// All of them when the sizes differ: after a resize nobody knows what the screen shows.
  package func changes(since old: CellBuffer) -> [CellRun] {
    let columns = size.columns
    guard columns > 0 else { return [] }
    var runs: [CellRun] = []
    let isResized = old.size != size
    for row in 0..<size.rows {
      let base = row * columns
      var column = 0
      while column < columns {
        guard isResized || cells[base + column] != old.cells[base + column] else {
          column += 1
          continue
        }
        var start = column
        if cells[base + start].glyph.isContinuation, start > 0 { start -= 1 }
        column += 1
        while column < columns,
          isResized || cells[base + column].glyph.isContinuation
            || cells[base + column] != old.cells[base + column]
        {
          column += 1
        }
        runs.append(
          CellRun(
            start: Point(column: start, row: row), cells: cells[base + start..<base + column]))
      }
    }
    return runs
  }

  /// Puts the changed cells of another buffer in their places.
  package mutating func apply(_ runs: [CellRun]) {
    for run in runs {
      for (offset, cell) in run.cells.enumerated() {
        put(cell.glyph, at: run.start.offset(columns: offset), style: cell.style)
      }
    }
  }

  /// The texts of the rows without the spaces at their ends.
  package var lines: [String] {
    (0..<size.rows).map { row in
      var view = String.UnicodeScalarView()
      for cell in cells[row * size.columns..<(row + 1) * size.columns] {
        cell.glyph.appendText(to: &view)
      }
      while view.last == " " { view.removeLast() }
      return String(view)
    }
  }

  /// The rows as one text, for pictures in tests.
  package var text: String { lines.joined(separator: "\n") }

  /// Whether both show the same text, whatever the styles.
  package func hasSameText(as other: CellBuffer) -> Bool {
    size == other.size && zip(cells, other.cells).allSatisfy { $0.glyph == $1.glyph }
  }
}

extension CellBuffer: Equatable {
  /// Same size, same glyphs, same styles; what is being clipped does not matter.
  package static func == (left: CellBuffer, right: CellBuffer) -> Bool {
    left.size == right.size && left.cells == right.cells
  }
}
