// Cuts the text of a table into cells, with the line each row starts on.
//
// Our own, because an error must name the line and column of a cell; a package that returns rows alone
// has lost them. Quoted fields follow RFC 4180.
import Basics

/// Cells of rows, one after the other, in one block of memory.
///
/// Millions of separate strings take longer to make than to read, and several times the memory of
/// the file.
struct CSVCellStore: Sendable {
  /// The cells' text without quotes and the spaces around it.
  var bytes: [UInt8]
  /// Where each cell ends in `bytes`.
  var ends: [UInt32] = []
  /// The first cell of each row, and behind the last row the number of cells.
  var rowStarts: [UInt32] = [0]
  /// The line of the file each row starts on, counted from 1.
  var lines: [UInt32] = []

  var rowCount: Int { lines.count }

  func cellCount(row: Int) -> Int { Int(rowStarts[row + 1] - rowStarts[row]) }

  /// The bytes of a cell.
  @inline(__always)
  func range(row: Int, column: Int) -> Range<Int> {
    let cell = Int(rowStarts[row]) + column
    return (cell == 0 ? 0 : Int(ends[cell - 1]))..<Int(ends[cell])
  }

  func text(row: Int, column: Int) -> String {
    String(decoding: bytes[range(row: row, column: column)], as: UTF8.self)
  }

  func texts(row: Int) -> [String] {
    (0..<cellCount(row: row)).map { text(row: row, column: $0) }
  }

  /// Cuts text into rows; blank lines are passed over.
  ///
  /// `line` is that of the first byte.
  ///
  /// - Throws: `ProgramError` if a quoted cell does not end.
  init(
    _ bytes: [UInt8], separator: UInt8, line: Int = 1, mostRows: Int = .max, name: String
  ) throws(ProgramError) {
    guard bytes.count < Int(UInt32.max) else {
      throw .bad(
        place: name, problem: "expected a table of at most 4 GB, found \(bytes.count) bytes",
        hint: "split the file")
    }
    self.bytes = bytes
    var scan = CSVScan(separator: separator, line: line, name: name)
    // Cells move to the front of the text they are cut from: nothing is held twice.
    var failure: ProgramError?
    var (ends, rowStarts, lines) = (ends, rowStarts, lines)
    let length = self.bytes.withUnsafeMutableBufferPointer { text -> Int in
      do throws(ProgramError) {
        while lines.count < mostRows, scan.passBlankLines(text) {
          lines.append(UInt32(clamping: scan.line))
          repeat { ends.append(UInt32(try scan.cutCell(text))) } while scan.passSeparator(text)
          rowStarts.append(UInt32(ends.count))
        }
      } catch {
        failure = error
      }
      return scan.end
    }
    if let failure { throw failure }
    (self.ends, self.rowStarts, self.lines) = (ends, rowStarts, lines)
    self.bytes.removeLast(self.bytes.count - length)
  }
}

/// The place in a text that is cut, and how much of it is taken.
private struct CSVScan {
  let separator: UInt8
  var line: Int
  let name: String
  /// The next byte to read.
  var position = 0
  /// Where the next cell goes.
  var end = 0

  /// False at the end of the text.
  mutating func passBlankLines(_ text: UnsafeMutableBufferPointer<UInt8>) -> Bool {
    while position < text.count, Self.isLineEnd(text[position]) { passLineEnd(text) }
    return position < text.count
  }

  /// True if another cell of the row follows; passes the line's end where none does.
  mutating func passSeparator(_ text: UnsafeMutableBufferPointer<UInt8>) -> Bool {
    guard position < text.count else { return false }
    guard text[position] == separator else {
      passLineEnd(text)
      return false
    }
    position += 1
    return true
  }

  /// Moves the next cell's text to the front; its end there.
  mutating func cutCell(
    _ text: UnsafeMutableBufferPointer<UInt8>
  ) throws(ProgramError) -> Int {
    var first = position
    while first < text.count, let space = text.space(at: first, separator: separator) {
      first += space
    }
    if first < text.count, text[first] == UInt8(ascii: "\"") {
      position = first
      let start = end
      try cutQuotedCell(text)
      trim(text, from: start)
      return end
    }
    while position < text.count, text[position] != separator, !Self.isLineEnd(text[position]) {
      position += 1
    }
    var last = position
    first = min(first, last)
    while last > first, let space = text.space(before: last, from: first, separator: separator) {
      last -= space
    }
    for place in first..<last {
      text[end] = text[place]
      end += 1
    }
    return end
  }

  private mutating func cutQuotedCell(
    _ text: UnsafeMutableBufferPointer<UInt8>
  ) throws(ProgramError) {
    let quote = UInt8(ascii: "\"")
    let opened = line
    position += 1
    while position < text.count {
      let byte = text[position]
      position += 1
      if byte == UInt8(ascii: "\n") { line += 1 }
      if byte == quote {
        guard position < text.count, text[position] == quote else {
          while position < text.count, let space = text.space(at: position, separator: separator) {
            position += space
          }
          guard
            position == text.count || text[position] == separator
              || Self.isLineEnd(text[position])
          else {
            throw .bad(
              place: "\(name): line \(line)",
              problem: "expected a separator after the closing quote, found other text",
              hint: "double a quote that belongs to the cell, or set data.separator")
          }
          return
        }
        position += 1
      }
      text[end] = byte
      end += 1
    }
    throw .bad(
      place: "\(name): line \(opened)",
      problem: "expected a closing quote, found the file's end", hint: "close the quoted cell")
  }

  /// Takes the spaces off both ends of the cell that was moved last: `" red "` and `"red"` are the
  /// same text.
  private mutating func trim(_ text: UnsafeMutableBufferPointer<UInt8>, from start: Int) {
    while end > start, let space = text.space(before: end, from: start, separator: separator) {
      end -= space
    }
    var first = start
    while first < end, let space = text.space(at: first, separator: separator) { first += space }
    guard first > start else { return }
    for place in first..<end { text[start + place - first] = text[place] }
    end -= first - start
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  private mutating func passLineEnd(_ text: UnsafeMutableBufferPointer<UInt8>) {
    if text[position] == UInt8(ascii: "\r"), position + 1 < text.count,
      text[position + 1] == UInt8(ascii: "\n")
    {
      position += 1
    }
    line += 1
    position += 1
  }
}

extension UnsafeMutableBufferPointer<UInt8> {
  /// The length of a space at a place: ASCII's, a tab where tabs separate nothing, or one of the
  /// no-break and thin spaces that spreadsheets write; nil if there is no space.
  @inline(__always)
  fileprivate func space(at place: Int, separator: UInt8) -> Int? {
    let byte = self[place]
    if byte == 0x20 || byte == 0x09 && separator != 0x09 { return 1 }
    guard byte >= 0xc2 else { return nil }
    if byte == 0xc2 { return place + 1 < count && self[place + 1] == 0xa0 ? 2 : nil }
    guard byte == 0xe2, place + 2 < count, self[place + 1] == 0x80 else { return nil }
    return self[place + 2] == 0xaf || self[place + 2] == 0x89 ? 3 : nil
  }

  /// The length of a space that ends before a place.
  @inline(__always)
  fileprivate func space(before place: Int, from first: Int, separator: UInt8) -> Int? {
    let byte = self[place - 1]
    if byte == 0x20 || byte == 0x09 && separator != 0x09 { return 1 }
    guard byte >= 0x80 else { return nil }
    for length in 2...3 where place - length >= first {
      if space(at: place - length, separator: separator) == length { return length }
    }
    return nil
  }
}
