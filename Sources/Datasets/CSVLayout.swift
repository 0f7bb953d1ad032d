// Where a table's header is, and what separates its cells: found in the first lines of the text.
import Basics

/// What stands above the header, and what separates cells.
struct CSVLayout: Equatable {
  var separator: TableReading.Separator
  /// Where the header, or the first row, starts.
  var start: Int
  /// The line it starts on, counted from 1.
  var line: Int
  /// The header starts with a number sign that is not part of the first name.
  var hasCommentedHeader = false

  /// Lines that are examined to find the separator.
  private static let firstRows = 20
  /// Bytes that are examined for them.
  private static let firstBytes = 1 << 16

  /// Finds what `reading` does not say.
  ///
  /// - Throws: `ProgramError` if the first lines could be read in two ways.
  init(_ bytes: [UInt8], _ reading: TableReading, name: String) throws(ProgramError) {
    start = 0
    line = 1
    separator = .comma
    var declared = reading.separator
    passBlankLines(bytes)
    // Excel's own line: it says what separates.
    let top = Self.lineText(bytes, from: start)
    if top.lowercased().hasPrefix("sep=") {
      let mark = top.dropFirst(4).first ?? ","
      let found = TableReading.Separator.allCases.first { $0.byte == mark.asciiValue }
      guard let found else {
        throw .bad(
          place: "\(name): line \(line)",
          problem: "expected sep= and one of , ; tab |, found '\(top)'",
          hint: "separate the cells by one of them")
      }
      declared = declared ?? found
      passLine(bytes)
      passBlankLines(bytes)
    }
    // Lines of comment end where a line without a number sign begins.
    var comments: [(start: Int, line: Int)] = []
    while start < bytes.count, bytes[start] == UInt8(ascii: "#") {
      comments.append((start, line))
      passLine(bytes)
      passBlankLines(bytes)
    }
    if let declared {
      separator = declared
    } else {
      separator = try Self.separator(bytes, from: start, line: line, name: name)
    }
    guard let last = comments.last else { return }
    // The last of them is the header where it has as many names as the rows below have cells, numbers
    // among them: `#,Name,Type`, or NumPy's `# x,y`.
    let header = Array(bytes[last.start..<min(bytes.count, last.start + Self.firstBytes)])
    let cells = try CSVCellStore(
      header, separator: separator.byte, line: last.line, mostRows: 1, name: name)
    let below = try CSVCellStore(
      Array(bytes[start..<min(bytes.count, start + Self.firstBytes)]), separator: separator.byte,
      line: line, mostRows: 1, name: name)
    guard below.rowCount == 1, cells.cellCount(row: 0) == below.cellCount(row: 0),
      below.cellCount(row: 0) > 1 || declared != nil,
      below.texts(row: 0).contains(where: { Double($0) != nil })
    else { return }
    start = last.start
    line = last.line
    hasCommentedHeader = cells.text(row: 0, column: 0) != "#"
  }

  /// The separator that cuts the header and the first lines into equally many cells.
  private static func separator(
    _ bytes: [UInt8], from start: Int, line: Int, name: String
  ) throws(ProgramError) -> TableReading.Separator {
    let end = min(bytes.count, start + firstBytes)
    let text = Array(bytes[min(start, end)..<end])
    var fitting: [TableReading.Separator] = []
    var inHeader: [TableReading.Separator] = []
    for separator in TableReading.Separator.allCases {
      // A quoted cell that the end of the examined part cuts off is not damage.
      guard let rows = Self.rows(text, separator, isCut: end < bytes.count, name: name),
        rows.rowCount > 0, rows.cellCount(row: 0) > 1
      else { continue }
      inHeader.append(separator)
      let counts = (0..<rows.rowCount).map { row in
        // A separator at the end of a line makes no cell.
        let count = rows.cellCount(row: row)
        return rows.text(row: row, column: count - 1).isEmpty ? count - 1...count : count...count
      }
      let columns = counts.reduce(1...Int.max) { common, counts in
        let lower = max(common.lowerBound, counts.lowerBound)
        let upper = min(common.upperBound, counts.upperBound)
        return lower <= upper ? lower...upper : 0...0
      }
      if columns.upperBound > 1 { fitting.append(separator) }
    }
    if fitting.count == 1 { return fitting[0] }
    // A line that does not fit is reported with its line number once all are read.
    if fitting.isEmpty {
      return inHeader.count == 1 ? inHeader[0] : .comma
    }
    // A table with one row below its header, or none, may be cut anyhow; so may one whose texts hold
    // another separator in every line.
    throw .bad(
      place: "\(name): line \(line)",
      problem: "expected one separator that cuts all lines into equally many cells, found "
        + fitting.map { $0 == .tab ? "tabs" : "'\($0.rawValue)'" }.joined(separator: " and "),
      hint:
        "set data.separator to \(fitting.map { "\"\($0.rawValue)\"" }.joined(separator: " or "))")
  }

  /// The first rows, fewer where a quoted cell does not end.
  private static func rows(
    _ text: [UInt8], _ separator: TableReading.Separator, isCut: Bool, name: String
  ) -> CSVCellStore? {
    for most in [firstRows, 1] {
      guard
        let store = try? CSVCellStore(
          text, separator: separator.byte, mostRows: most, name: name)
      else { continue }
      guard isCut, store.rowCount > 1, store.rowCount < most else { return store }
      // The last line may be cut off.
      return try? CSVCellStore(
        text, separator: separator.byte, mostRows: store.rowCount - 1, name: name)
    }
    return nil
  }

  private mutating func passBlankLines(_ bytes: [UInt8]) {
    while start < bytes.count, bytes[start] == UInt8(ascii: "\n") || bytes[start] == 0x0d {
      passLine(bytes)
    }
  }

  private mutating func passLine(_ bytes: [UInt8]) {
    while start < bytes.count, bytes[start] != UInt8(ascii: "\n"), bytes[start] != 0x0d {
      start += 1
    }
    guard start < bytes.count else { return }
    if bytes[start] == 0x0d, start + 1 < bytes.count, bytes[start + 1] == UInt8(ascii: "\n") {
      start += 1
    }
    start += 1
    line += 1
  }

  private static func lineText(_ bytes: [UInt8], from start: Int) -> String {
    let limit = min(bytes.count, start + 40)
    let end = bytes[min(start, limit)..<limit].firstIndex { $0 == 0x0a || $0 == 0x0d } ?? limit
    return String(decoding: bytes[min(start, limit)..<end], as: UTF8.self)
  }
}
