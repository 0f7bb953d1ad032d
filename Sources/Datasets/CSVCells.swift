// What the cells of a table mean: numbers, classes, nothing.

extension CSVTable {
  /// The place of a column.
  ///
  /// - Throws: `DatasetError` that tells the columns there are; `key` is what names the column.
  func column(_ name: String, key: String) throws(DatasetError) -> Int {
    guard let column = columns.firstIndex(of: name) else {
      throw .bad(
        place: "\(self.name): header",
        problem: "expected a column '\(name)', found \(columns.joined(separator: ", "))",
        hint: "set \(key) to one of them")
    }
    return column
  }

  /// No cell of the column is a number, and some are text.
  func holdsText(column: Int) -> Bool {
    var found = false
    for row in rows where !row.cells[column].isEmpty {
      guard Self.number(row.cells[column]) == nil else { return false }
      found = true
    }
    return found
  }

  /// The cell has no value; among numbers the usual words for that count too.
  func isMissing(row: Row, column: Int, isText: Bool) -> Bool {
    let cell = row.cells[column]
    return cell.isEmpty || !isText && ["na", "n/a", "nan", "?"].contains(cell.lowercased())
  }

  /// Leaves out rows without a value in one of these columns.
  ///
  /// - Throws: `DatasetError` where no row is left.
  mutating func dropRows(missing columns: [Int]) throws(DatasetError) {
    for column in columns {
      let isText = holdsText(column: column)
      rows = rows.filter { !isMissing(row: $0, column: column, isText: isText) }
    }
    guard !rows.isEmpty else {
      throw .bad(
        place: name, problem: "expected rows without missing cells, found none",
        hint: "name the empty columns in data.ignore, or set data.missing to mean")
    }
  }

  func missingCell(row: Row, column: Int, expected: String) -> DatasetError {
    .bad(
      place: place(row: row, column: column),
      problem: "expected \(expected), found an empty cell",
      hint: "fill the cell, drop the row, or set data.missing")
  }

  /// The number in a cell.
  ///
  /// - Throws: `DatasetError` with line and column where there is none that a Float holds.
  func double(row: Row, column: Int) throws(DatasetError) -> Double {
    let cell = row.cells[column]
    guard !cell.isEmpty else {
      throw missingCell(row: row, column: column, expected: "a number")
    }
    guard let value = Self.number(cell) else {
      throw .bad(
        place: place(row: row, column: column),
        problem: "expected a number, found '\(cell)'",
        hint: "drop the column or encode it as numbers")
    }
    guard Float(value).isFinite else {
      throw .bad(
        place: place(row: row, column: column),
        problem: "expected a finite number, found '\(cell)'",
        hint: "drop the row, or set data.missing")
    }
    return value
  }

  /// Swift reads hexadecimal too; in a table that is more likely a code than a number.
  private static func number(_ cell: String) -> Double? {
    cell.utf8.contains { $0 | 0x20 == UInt8(ascii: "x") } ? nil : Double(cell)
  }

  /// Each row's class, and the classes' names in order.
  ///
  /// Where every cell is a number, equal numbers are one class, however they are written.
  func classes(column: Int) throws(DatasetError) -> (labels: [Int32], names: [String]) {
    let cells = rows.map { $0.cells[column] }
    for (row, cell) in zip(rows, cells) where cell.isEmpty {
      throw missingCell(row: row, column: column, expected: "a class")
    }
    let numbers = cells.compactMap(Double.init)
    guard numbers.count == cells.count else {
      let names = Set(cells).sorted()
      return (try labels(of: cells, classes: names, column: column), names)
    }
    for (row, number) in zip(rows, numbers) where !number.isFinite {
      throw .bad(
        place: place(row: row, column: column),
        problem: "expected a finite number or a name, found '\(row.cells[column])'",
        hint: "drop the row")
    }
    let classes = Set(numbers).sorted()
    let names = classes.map { number in
      Int(exactly: number).map(String.init) ?? number.description
    }
    return (try labels(of: numbers, classes: classes, column: column), names)
  }

  private func labels<Value: Hashable>(
    of values: [Value], classes: [Value], column: Int
  ) throws(DatasetError) -> [Int32] {
    guard classes.count > 1 else {
      throw .bad(
        place: "\(name): column \(columns[column])",
        problem: "expected at least two classes, found one", hint: "choose another data.target")
    }
    let limit = 1000
    guard classes.count <= limit else {
      throw .bad(
        place: "\(name): column \(columns[column])",
        problem: "expected at most \(limit) classes, found \(classes.count)",
        hint: "set data.task to regression")
    }
    let places = Dictionary(uniqueKeysWithValues: zip(classes, Int32(0)...))
    return values.compactMap { places[$0] }
  }
}
