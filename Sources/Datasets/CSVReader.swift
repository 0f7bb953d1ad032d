// Reads comma-separated tables, with the place of whatever is wrong in them.
//
// Our own reader, because an error must name the line and column of a cell; a package that returns
// rows alone has lost them. Quoted fields follow RFC 4180.
import Foundation

/// A table of text cells below a header line.
package struct CSVTable: Sendable, Equatable {
  /// Where the table came from, for messages.
  package var name: String
  /// The cells of the header line.
  package var columns: [String]
  /// At least one; each has as many cells as there are columns.
  package var rows: [Row]

  /// A row, and the line of the file it starts on, counted from 1.
  package struct Row: Sendable, Equatable {
    /// Counted from 1; a row with line feeds in quotes spans several.
    package var line: Int
    /// Text without its quotes.
    package var cells: [String]
  }

  /// Reads a file.
  ///
  /// - Throws: `DatasetError` where it is missing, empty, ragged or not UTF-8.
  package init(contentsOf url: URL) throws(DatasetError) {
    let bytes = try datasetBytes(
      at: url, hint: "check data.csv; it is relative to the experiment's file")
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .bad(
        place: url.path, problem: "expected UTF-8 text, found other bytes",
        hint: "convert the file to UTF-8")
    }
    try self.init(text, name: url.path)
  }

  init(_ text: String, name: String) throws(DatasetError) {
    self.name = name
    var parser = Parser(bytes: Array(text.utf8), name: name)
    guard let header = try parser.nextRow() else {
      throw .bad(
        place: name, problem: "expected a header line, found an empty file",
        hint: "the first line names the columns")
    }
    columns = header.cells
    rows = []
    while let row = try parser.nextRow() {
      guard row.cells.count == columns.count else {
        let column = min(row.cells.count, columns.count) + 1
        throw .bad(
          place: "\(name): line \(row.line), column \(column)",
          problem: "expected \(columns.count) cells as in the header, found \(row.cells.count)",
          hint: "mend the line; a cell with a comma needs quotes")
      }
      rows.append(row)
    }
    guard !rows.isEmpty else {
      throw .bad(
        place: name, problem: "expected rows below the header, found none",
        hint: "give a table with at least two rows")
    }
  }

  /// The place of a cell as messages name it.
  package func place(row: Row, column: Int) -> String {
    "\(name): line \(row.line), column \(column + 1) (\(columns[column]))"
  }

  private struct Parser {
    let bytes: [UInt8]
    let name: String
    var position = 0
    var line = 1

    init(bytes: [UInt8], name: String) {
      // A byte-order mark is no part of the first column's name.
      self.bytes = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes.dropFirst(3)) : bytes
      self.name = name
    }

    /// The next row that is not blank; nil at the end.
    mutating func nextRow() throws(DatasetError) -> Row? {
      while position < bytes.count, isLineEnd(bytes[position]) { endLine() }
      guard position < bytes.count else { return nil }
      let start = line
      var cells: [String] = []
      while true {
        cells.append(try nextCell())
        guard position < bytes.count else { break }
        if bytes[position] == UInt8(ascii: ",") {
          position += 1
          continue
        }
        endLine()
        break
      }
      return Row(line: start, cells: cells)
    }

    private mutating func nextCell() throws(DatasetError) -> String {
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: ","),
          !isLineEnd(bytes[position])
        { position += 1 }
        let cell = String(decoding: bytes[start..<position], as: UTF8.self)
        // Most cells have nothing to trim, and Foundation's trimming costs more than all the rest.
        guard let first = cell.utf8.first, let last = cell.utf8.last,
          !(0x21...0x7e ~= first && 0x21...0x7e ~= last)
        else { return cell }
        return cell.trimmingCharacters(in: .whitespaces)
      }
      let opened = line
      var cell: [UInt8] = []
      position += 1
      while position < bytes.count {
        let byte = bytes[position]
        position += 1
        if byte == UInt8(ascii: "\n") { line += 1 }
        guard byte == UInt8(ascii: "\"") else {
          cell.append(byte)
          continue
        }
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
          guard
            position == bytes.count || bytes[position] == UInt8(ascii: ",")
              || isLineEnd(bytes[position])
          else {
            throw .bad(
              place: "\(name): line \(line)",
              problem: "expected a comma after the closing quote, found other text",
              hint: "double a quote that belongs to the cell")
          }
          return String(decoding: cell, as: UTF8.self)
        }
        cell.append(byte)
        position += 1
      }
      throw .bad(
        place: "\(name): line \(opened)",
        problem: "expected a closing quote, found the file's end", hint: "close the quoted cell")
    }

    private func isLineEnd(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    private mutating func endLine() {
      if bytes[position] == UInt8(ascii: "\n") { line += 1 }
      position += 1
    }
  }
}
