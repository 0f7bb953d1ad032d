// The grid of cells: writing, wide characters, clipping, changes, and text that must not get through.

import PlainText
import Testing

@testable import TerminalUI

@Suite struct CellBufferTests {
  @Test func `text is cut at the edge, with an ellipsis if wanted`() {
    var buffer = CellBuffer(size: Size(columns: 6, rows: 2))
    #expect(buffer.write("validation", at: .zero, style: .plain) == 6)
    buffer.write(
      "validation", at: Point(column: 0, row: 1), style: .plain, maxWidth: 5, ellipsis: "…")
    #expect(buffer.text == "valida\nvali…")
    #expect(buffer.write("x", at: Point(column: 0, row: 7), style: .plain) == 0)
    #expect(buffer.write("x", at: Point(column: 9, row: 0), style: .plain, maxWidth: .max) == 0)
  }

  @Test func `a text that begins left of the edge is cut there`() {
    var buffer = CellBuffer(size: Size(columns: 4, rows: 1))
    buffer.write("loss", at: Point(column: -2, row: 0), style: .plain)
    #expect(buffer.text == "ss")
  }

  @Test func `a wide character takes two cells and is not drawn by half`() {
    var buffer = CellBuffer(size: Size(columns: 5, rows: 1))
    #expect(buffer.write("模型層", at: .zero, style: .plain) == 4)
    #expect(buffer.text == "模型")
    #expect(buffer[1, 0].glyph.isContinuation)
    buffer.write("x", at: Point(column: 1, row: 0), style: .plain)
    #expect(buffer.text == " x型")
    buffer.write("y", at: Point(column: 2, row: 0), style: .plain)
    #expect(buffer.text == " xy")
  }

  @Test func `combining marks join the cell before them`() {
    var buffer = CellBuffer(size: Size(columns: 3, rows: 1))
    #expect(buffer.write("e\u{301}a\u{308}\u{304}\u{323}", at: .zero, style: .plain) == 2)
    #expect(buffer[0, 0].glyph.text.unicodeScalars.count == 2)
    #expect(buffer[1, 0].glyph.scalars.count == 3)
  }

  @Test func `widths are one, two or nothing`() {
    #expect(DisplayWidth.of("a" as Character) == 1)
    #expect(DisplayWidth.of("é" as Character) == 1)
    #expect(DisplayWidth.of("⣿" as Character) == 1)
    #expect(DisplayWidth.of("層" as Character) == 2)
    #expect(DisplayWidth.of("😀" as Character) == 2)
    #expect(DisplayWidth.of("👍🏽" as Character) == 2)
    #expect(DisplayWidth.of("\u{301}" as Unicode.Scalar) == 0)
    #expect(DisplayWidth.of("한글") == 4)
    #expect(DisplayWidth.of("─━┃█▀×●") == 7)
  }

  @Test func `nothing is drawn outside the clip`() {
    var buffer = CellBuffer(size: Size(columns: 8, rows: 3))
    buffer.clipped(to: Rect(column: 2, row: 1, columns: 3, rows: 1)) { buffer in
      buffer.fill(buffer.bounds, with: Cell("#"))
      buffer.write("abcdefgh", at: Point(column: 0, row: 1), style: .plain)
      buffer.write("out", at: .zero, style: .plain)
      buffer[7, 2] = Cell("z")
    }
    #expect(buffer.text == "\n  cde\n")
    buffer[7, 2] = Cell("z")
    #expect(buffer.lines[2] == "       z")
  }

  @Test func `wide characters never straddle an edge, and changes applied to the old give the new`()
  {
    var numbers = SeededNumbers(2)
    let texts = ["loss", "模型層", "e\u{301}te\u{301}", "😀😀", "⣿⣿⡇", "\u{1B}[31mred", "a層b層c"]
    let roles: [Style] = [.plain, Style(foreground: .rgb(1, 2, 3)), Style.plain.bold]
    for _ in 0..<400 {
      let size = Size(
        columns: .random(in: 0...12, using: &numbers), rows: .random(in: 0...4, using: &numbers))
      var old = CellBuffer(size: size)
      var new = old
      for step in 0..<20 {
        if step == 10 { old = new }
        let point = Point(
          column: .random(in: -3...13, using: &numbers), row: .random(in: -1...4, using: &numbers))
        let style = roles.randomElement(using: &numbers) ?? .plain
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0:
          new.fill(
            Rect(origin: point, size: Size(columns: 3, rows: 2)), with: Cell(Glyph.space, style))
        case 1:
          new.restyle(Rect(origin: point, size: Size(columns: 3, rows: 1))) { _ in style }
        default:
          new.write(
            texts.randomElement(using: &numbers) ?? "", at: point, style: style,
            maxWidth: .random(in: 0...9, using: &numbers),
            ellipsis: Bool.random(using: &numbers) ? "…" : nil)
        }
      }
      for row in 0..<size.rows {
        for column in 0..<size.columns {
          let isWide = new[column, row].glyph.width == 2
          let next = column + 1 < size.columns && new[column + 1, row].glyph.isContinuation
          #expect(isWide == next)
        }
        #expect(size.columns == 0 || !new[0, row].glyph.isContinuation)
      }
      let changes = new.changes(since: old)
      #expect(changes.allSatisfy { !($0.cells.first?.glyph.isContinuation ?? true) })
      #expect(changes.allSatisfy { $0.cells.last?.glyph.width != 2 })
      old.apply(changes)
      #expect(old == new)
      #expect(new.changes(since: old).isEmpty)
    }
  }

  @Test func `after a change of size everything has changed`() {
    let old = CellBuffer(size: Size(columns: 3, rows: 2))
    let new = CellBuffer(size: Size(columns: 4, rows: 2))
    #expect(new.changes(since: old).map(\.cells.count) == [4, 4])
  }

  @Test func `pictures compare with and without style`() {
    let plain = CellBuffer(lines: ["ab", "c"])
    let bold = CellBuffer(lines: ["ab", "c"], style: Style.plain.bold)
    #expect(plain != bold)
    #expect(plain.hasSameText(as: bold))
    #expect(!plain.hasSameText(as: CellBuffer(lines: ["ab", "d"])))
    #expect(plain.text == "ab\nc")
  }

  @Test(arguments: [
    ("\u{1B}]52;c;aGk=\u{07}x", "]52;c;aGk=x"), ("a\u{9B}31mb", "a31mb"), ("a\tb\r\nc", "a b c"),
    ("\u{202E}evil\u{2066}", "evil"), ("a\u{7F}\u{0}b", "ab"), ("\u{200B}\u{FEFF}z", "z"),
    ("naïve 層", "naïve 層"), ("\u{90}q\u{9C}", "q"),
  ])
  func `nothing a terminal obeys gets through`(text: String, expected: String) {
    #expect(ScreenText.printable(text) == expected)
    var buffer = CellBuffer(size: Size(columns: 20, rows: 1))
    buffer.write(text, at: .zero, style: .plain)
    for scalar in buffer.text.unicodeScalars {
      #expect(!ScreenText.isForbidden(scalar))
    }
    for scalar in text.unicodeScalars {
      #expect(Glyph(scalar).scalars.allSatisfy { !ScreenText.isForbidden($0) })
    }
  }

  @Test func `a cell keeps of a joined emoji what fits into it`() {
    #expect(Glyph("👩‍👩‍👧" as Character).text == "👩")
    #expect(Glyph("\u{7}" as Character) == .space)
  }
}
