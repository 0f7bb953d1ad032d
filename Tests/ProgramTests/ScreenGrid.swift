// The cells of an emulated screen, and the operations terminals have on them.

/// Rows of texts, one per cell; the right half of a wide character is an empty text.
struct ScreenGrid {
  let columns: Int
  let rows: Int
  private var cells: [[String]]

  init(columns: Int, rows: Int) {
    (self.columns, self.rows) = (columns, rows)
    cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
  }

  /// The rows without the spaces at their ends.
  var lines: [String] {
    cells.map { row in
      let text = row.joined()
      return String(text.reversed().drop { $0 == " " }.reversed())
    }
  }

  /// The top left part, or the whole with blanks to the right and below.
  func resized(columns: Int, rows: Int) -> ScreenGrid {
    var resized = ScreenGrid(columns: columns, rows: rows)
    for row in 0..<min(rows, self.rows) {
      for column in 0..<min(columns, self.columns) {
        resized.cells[row][column] = cells[row][column]
      }
    }
    return resized
  }

  /// Puts a character that is one or two columns wide; it must fit into the row.
  mutating func put(_ scalar: Unicode.Scalar, width: Int, column: Int, row: Int) {
    clearHalves(row, column..<column + width)
    cells[row][column] = String(Character(scalar))
    if width == 2 { cells[row][column + 1] = "" }
  }

  /// Joins a mark to the character that ends before or at a column.
  mutating func combine(_ mark: Unicode.Scalar, column: Int, row: Int) {
    guard column >= 0 else { return }
    let column = column > 0 && cells[row][column].isEmpty ? column - 1 : column
    cells[row][column].unicodeScalars.append(mark)
  }

  mutating func erase(_ row: Int, _ range: Range<Int>) {
    clearHalves(row, range)
    for column in range { cells[row][column] = " " }
  }

  /// Moves the rows of a region up, or down for a negative count.
  mutating func scroll(_ region: ClosedRange<Int>, by count: Int) {
    let blank = Array(repeating: " ", count: columns)
    for _ in 0..<min(abs(count), region.count) {
      cells.remove(at: count > 0 ? region.lowerBound : region.upperBound)
      cells.insert(blank, at: count > 0 ? region.upperBound : region.lowerBound)
    }
  }

  /// Moves the end of a row right; what leaves it is lost.
  mutating func insertBlanks(_ count: Int, column: Int, row: Int) {
    let blanks = Array(repeating: " ", count: min(count, columns - column))
    cells[row].insert(contentsOf: blanks, at: column)
    cells[row].removeLast(blanks.count)
  }

  /// Moves the end of a row left over some cells.
  mutating func deleteCells(_ count: Int, column: Int, row: Int) {
    let count = min(count, columns - column)
    cells[row].removeSubrange(column..<column + count)
    cells[row].append(contentsOf: Array(repeating: " ", count: count))
  }

  /// Half a wide character cannot be shown: blanks the halves that stick out of a range.
  private mutating func clearHalves(_ row: Int, _ range: Range<Int>) {
    if range.lowerBound > 0, cells[row][range.lowerBound].isEmpty {
      cells[row][range.lowerBound - 1] = " "
    }
    if range.upperBound < columns, cells[row][range.upperBound].isEmpty {
      cells[row][range.upperBound] = " "
    }
  }
}
