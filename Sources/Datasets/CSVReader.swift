// Reads tables of text cells below a header line, with the place of whatever is wrong in them.
import Basics
import Foundation

/// A table of text cells below a header line.
package struct CSVTable: Sendable {
  /// Where the table came from, for messages.
  package let name: String
  /// The cells of the header line; numbers from 1 without a header.
  package private(set) var columns: [String]
  /// What was found that a user should know.
  package internal(set) var notes: [String] = []
  /// What an experiment says of the text.
  let reading: TableReading
  /// Cells without a value.
  let markers: MissingMarkers
  /// What separates the cells.
  let separator: TableReading.Separator
  /// The line the header stands on, counted from 1.
  private let headerLine: Int
  private let cells: CSVCellStore
  /// The rows of `cells` that are kept, in their order.
  private var kept: [UInt32]

  /// Reads a file, plain or packed with gzip.
  ///
  /// Lines of separators alone at the end are left out unless `keepsEmptyRows`.
  ///
  /// - Throws: `ProgramError` if it is missing, empty, ragged or no text.
  package init(
    contentsOf url: URL, _ reading: TableReading = TableReading(), keepsEmptyRows: Bool = false
  ) throws(ProgramError) {
    try self.init(
      text: try TableText.bytes(contentsOf: url), reading, name: url.path,
      keepsEmptyRows: keepsEmptyRows)
  }

  init(
    _ text: String, _ reading: TableReading = TableReading(), name: String
  ) throws(ProgramError) {
    try self.init(bytes: Array(text.utf8), reading, name: name)
  }

  /// Reads the bytes of a file, as they come from standard input.
  init(
    bytes: [UInt8], _ reading: TableReading, name: String, keepsEmptyRows: Bool = false
  ) throws(ProgramError) {
    try self.init(
      text: try TableText.utf8(bytes, name: name), reading, name: name,
      keepsEmptyRows: keepsEmptyRows)
  }

  private init(
    text: [UInt8], _ reading: TableReading, name: String, keepsEmptyRows: Bool
  ) throws(ProgramError) {
    let layout = try CSVLayout(text, reading, name: name)
    let cells = try CSVCellStore(
      layout.start > 0 ? Array(text[layout.start...]) : text, separator: layout.separator.byte,
      line: layout.line, name: name)
    self.name = name
    self.reading = reading
    markers = MissingMarkers(reading.missingValues)
    separator = layout.separator
    self.cells = cells
    guard cells.rowCount > 0 else {
      throw .bad(
        place: name, problem: "expected a header line, found an empty file",
        hint: "the first line names the columns")
    }
    headerLine = Int(cells.lines[0])
    let hasHeader = reading.header != TableReading.Header.none
    var header = cells.texts(row: 0)
    if layout.hasCommentedHeader, hasHeader {
      header[0] = header[0].trimmingCharacters(in: CharacterSet(charactersIn: "# \t"))
      notes.append("\(name): line \(headerLine) behind its # is read as the header")
    }
    columns = hasHeader ? header : header.indices.map { String($0 + 1) }
    kept = Array((hasHeader ? 1 : 0)..<UInt32(cells.rowCount))
    try checkWidths()
    try leaveOutEmptyRows(keepsEmptyRows: keepsEmptyRows)
    if hasHeader { try nameColumns() }
    guard !kept.isEmpty else {
      throw .bad(
        place: name, problem: "expected rows below the header, found none",
        hint: "give a table with at least two rows")
    }
    if reading.header == nil { try checkHeader() }
  }

  /// The number of rows.
  package var rowCount: Int { kept.count }

  /// The text of a cell; rows are counted from 0, below the header.
  package subscript(row: Int, column: Int) -> String {
    let row = Int(kept[row])
    return isThere(row, column) ? cells.text(row: row, column: column) : ""
  }

  /// The line of the file a row starts on, counted from 1.
  package func line(_ row: Int) -> Int { Int(cells.lines[Int(kept[row])]) }

  /// The place of a cell as messages name it.
  package func place(row: Int, column: Int) -> String {
    "\(name): line \(line(row)), column \(column + 1) (\(columns[column]))"
  }

  /// Calls `body` with the cells of a column, row by row; it ends where that returns false.
  func forEachCell(
    of column: Int, _ body: (_ row: Int, _ cell: UnsafeBufferPointer<UInt8>) -> Bool
  ) {
    cells.bytes.withUnsafeBufferPointer { bytes in
      for (index, row) in kept.enumerated() {
        let range =
          isThere(Int(row), column) ? cells.range(row: Int(row), column: column) : 0..<0
        guard body(index, UnsafeBufferPointer(rebasing: bytes[range])) else { return }
      }
    }
  }

  /// Leaves out all rows but these.
  mutating func keepRows(where isKept: [Bool]) {
    var row = 0
    kept.removeAll { _ in
      defer { row += 1 }
      return !isKept[row]
    }
  }

  /// Turns the order of the rows round.
  mutating func reverseRows() { kept.reverse() }

  /// A separator at the end of the header makes a column that other lines need not have.
  private func isThere(_ row: Int, _ column: Int) -> Bool { column < cells.cellCount(row: row) }

  // MARK: Checks

  /// Every row has as many cells as the header; a separator at the end of a line makes none.
  private mutating func checkWidths() throws(ProgramError) {
    var width = columns.count
    let hasTail = width > 1 && columns[width - 1].isEmpty
    for row in kept {
      let row = Int(row)
      let count = cells.cellCount(row: row)
      if count == width { continue }
      if count > width, (width..<count).allSatisfy({ cells.range(row: row, column: $0).isEmpty }) {
        continue
      }
      if hasTail, count == width - 1 { continue }
      if count == 1, cells.range(row: row, column: 0).isEmpty { continue }
      throw .bad(
        place: "\(name): line \(cells.lines[row]), column \(min(count, width) + 1)",
        problem: "expected \(width) cells as in the header, found \(count)",
        hint: "mend the line; a cell with \(separator.words) needs quotes")
    }
    guard hasTail else { return }
    // If no row has anything behind the last separator, there is no such column.
    let isEmpty = kept.allSatisfy { row in
      !isThere(Int(row), width - 1) || cells.range(row: Int(row), column: width - 1).isEmpty
    }
    if isEmpty { width -= 1 }
    columns.removeLast(columns.count - width)
  }

  /// Spreadsheets end their tables with lines of separators alone.
  private mutating func leaveOutEmptyRows(keepsEmptyRows: Bool) throws(ProgramError) {
    func isEmpty(_ row: Int) -> Bool {
      (0..<cells.cellCount(row: row)).allSatisfy { cells.range(row: row, column: $0).isEmpty }
    }
    // A line of spaces is blank. In a table of one column an empty cell is a missing one.
    kept.removeAll { columns.count > 1 && cells.cellCount(row: Int($0)) == 1 && isEmpty(Int($0)) }
    var count = 0
    while columns.count > 1, !keepsEmptyRows, let last = kept.last, isEmpty(Int(last)) {
      kept.removeLast()
      count += 1
    }
    guard count > 0 else { return }
    notes.append(
      "\(name): \(count) \(count == 1 ? "line" : "lines") without any cell at the end left out")
  }

  /// Columns without a name go by their number.
  private mutating func nameColumns() throws(ProgramError) {
    for (index, column) in columns.enumerated() where column.isEmpty {
      columns[index] = "column \(index + 1)"
    }
  }

  /// The first line is not a row.
  private func checkHeader() throws(ProgramError) {
    let header = columns.indices.map { cells.text(row: 0, column: $0) }
    let isNumber = header.map { isNumberOrMissing($0) }
    func recurs(_ column: Int) -> Bool {
      let name = Array(header[column].utf8)
      var found = false
      forEachCell(of: column) { _, cell in
        found = cell.count == name.count && cell.elementsEqual(name)
        return !found
      }
      return found
    }
    let names = header.indices.filter { !isNumber[$0] }
    let isNamed = header.contains { !$0.isEmpty }
    // Years and hours name columns too, beside at least one word that stands in no row.
    guard isNamed, names.allSatisfy(recurs) else { return }
    let isRepeated =
      names.count == header.count
      && kept.contains { row in header == cells.texts(row: Int(row)) }
    if isRepeated {
      let row = kept.first { header == cells.texts(row: Int($0)) } ?? 0
      throw .bad(
        place: "\(name): line \(cells.lines[Int(row)])",
        problem: "expected the header once, found it again",
        hint: "remove the line, or set data.header to none if no line names the columns")
    }
    throw .bad(
      place: "\(name): line \(headerLine)",
      problem: "expected names of columns, found what looks like a row: "
        + header.prefix(6).joined(separator: ", "),
      hint: "set data.header to none (columns then go by their number, from 1), or to first if "
        + "these are names")
  }

  private func isNumberOrMissing(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { cell in
      markers.isMissing(cell, isText: false) || !NumberShape(cell).conventions.isEmpty
    }
  }
}

extension TableReading.Separator {
  fileprivate var words: String {
    switch self {
    case .comma: "a comma"
    case .semicolon: "a semicolon"
    case .tab: "a tab"
    case .bar: "a bar"
    }
  }
}
