// A frame as text with colours and as SVG: the same cells, and nothing a terminal or a browser obeys.

import FoundationXML
import Foundation
import PlainText
import Testing

@testable import TerminalUI

@Suite struct ExportTests {
  private let red = Style(foreground: .rgb(255, 0, 0), background: .rgb(0, 0, 40))

  private func svg(_ buffer: CellBuffer, title: String = "a run") -> String {
    buffer.svg(title: title, foreground: .rgb(200, 200, 200), background: .rgb(0, 0, 0))
  }

  /// The document read by an independent parser.
  private func elements(_ text: String) throws -> [(
    name: String, attributes: [String: String], text: String
  )] {
    let reader = Elements()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = reader
    try #require(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "")")
    return reader.found
  }

  // MARK: ANSI

  @Test func `colours and attributes come as SGR and every row ends plain`() {
    var buffer = CellBuffer(size: Size(columns: 4, rows: 2))
    buffer.write("ab", at: Point(column: 0, row: 0), style: red.bold)
    buffer.write("c", at: Point(column: 2, row: 0), style: Style(foreground: .palette(12)))
    buffer.write("d", at: Point(column: 0, row: 1), style: Style(background: .palette(200)).dim)
    #expect(
      buffer.ansi == "\u{1B}[0;1;38;2;255;0;0;48;2;0;0;40mab\u{1B}[0;94mc\u{1B}[0m \n"
        + "\u{1B}[0;2;48;5;200md\u{1B}[0m   \n")
    let every = Style(foreground: .palette(1), background: .palette(9)).underlined.reversed
    var one = CellBuffer(size: Size(columns: 1, rows: 1))
    one.write("x", at: .zero, style: every)
    #expect(one.ansi == "\u{1B}[0;4;7;31;101mx\u{1B}[0m\n")
  }

  @Test func `nothing in a cell can become a sequence`() {
    var buffer = CellBuffer(size: Size(columns: 40, rows: 1))
    buffer.write("\u{1B}]52;c;YQ==\u{7}\u{9B}2J\u{202E}x\u{E0041}", at: .zero, style: .plain)
    #expect(buffer.ansi.unicodeScalars.allSatisfy { $0 == "\n" || !ScreenText.isForbidden($0) })
  }

  @Test func `a wide character is written once`() {
    let buffer = CellBuffer(lines: ["漢字e\u{301}"])
    #expect(buffer.ansi == "漢字e\u{301}\n")
  }

  // MARK: SVG

  @Test func `words stand at their places with their colours`() throws {
    var buffer = CellBuffer(size: Size(columns: 20, rows: 3))
    buffer.write("loss  <b>&\"", at: Point(column: 2, row: 1), style: red.bold)
    let elements = try elements(svg(buffer))
    #expect(elements.first?.name == "svg" && elements.first?.attributes["viewBox"] == "0 0 200 60")
    let words = elements.filter { $0.name == "text" }
    #expect(words.map(\.text) == ["loss", "<b>&\""])
    #expect(words.map { $0.attributes["x"] } == ["20", "80"])
    #expect(words.map { $0.attributes["y"] } == ["35", "35"])
    #expect(words.map { $0.attributes["textLength"] } == ["40", "50"])
    let group = elements.first { $0.name == "g" && $0.attributes["fill"] == "#ff0000" }
    #expect(group?.attributes["font-weight"] == "bold")
    let bar = elements.first { $0.name == "path" && $0.attributes["fill"] == "#000028" }
    #expect(bar?.attributes["d"] == "M20 20h110v20h-110z")
  }

  @Test func `braille, blocks and frames are shapes`() throws {
    let buffer = CellBuffer(lines: ["⡀▄─╭░▏"])
    let elements = try elements(svg(buffer))
    #expect(!elements.contains { $0.name == "text" })
    let paths = elements.filter { $0.name == "path" }
    let solid = paths.first {
      $0.attributes["fill"] == "#c8c8c8" && $0.attributes["fill-opacity"] == nil
    }
    #expect(
      solid?.attributes["d"]
        == "M1 16h3v3h-3zM10 10h10v10h-10zM20 9.4h10v1.2h-10zM50 0h1.25v20h-1.25z")
    #expect(
      paths.first { $0.attributes["fill-opacity"] == "0.25" }?.attributes["d"] == "M40 0h10v20h-10z"
    )
    #expect(
      paths.first { $0.attributes["stroke"] != nil }?.attributes["d"] == "M35 20V15Q35 10 40 10")
  }

  @Test func `every glyph of charts and frames has a shape`() throws {
    for glyphs in [GlyphSet.unicode] {
      let scalars =
        glyphs.levels + glyphs.parts + glyphs.shades + [
          glyphs.topLeft, glyphs.topRight, glyphs.bottomLeft, glyphs.bottomRight, glyphs.horizontal,
          glyphs.vertical, glyphs.axisCorner, glyphs.axisTick, glyphs.eventLine, glyphs.ceilingLine,
          glyphs.upperEdge, glyphs.thinLine, glyphs.thickLine, glyphs.median, glyphs.ceilingMark,
          glyphs.lowBar, glyphs.hatchedBar, glyphs.lowTrack, glyphs.progressStart,
          glyphs.progressEnd,
        ]
      for scalar in scalars where scalar != " " {
        #expect(GlyphShapes.shapes(of: Glyph(scalar)) != nil, "\(scalar)")
      }
      for value in UInt32(0x2801)...0x28FF {
        let scalar = try #require(Unicode.Scalar(value))
        let bits = (value & 0xFF).nonzeroBitCount
        #expect(GlyphShapes.shapes(of: Glyph(scalar))?.count == bits)
      }
    }
  }

  @Test func `reverse, dim and underline show`() throws {
    var buffer = CellBuffer(size: Size(columns: 3, rows: 1))
    buffer.write("a", at: Point(column: 0, row: 0), style: red.reversed)
    buffer.write("b", at: Point(column: 1, row: 0), style: red.dim)
    buffer.write("c", at: Point(column: 2, row: 0), style: red.underlined)
    let elements = try elements(svg(buffer))
    let fills = elements.filter { $0.name == "g" }.map { $0.attributes["fill"] }
    #expect(fills.contains("#000028") && fills.contains("#ff0000"))
    #expect(elements.contains { $0.attributes["fill-opacity"] == "0.6" })
    #expect(elements.contains { $0.attributes["d"] == "M20 18h10v1h-10z" })
  }

  @Test func `foreign text cannot end the document or carry commands`() throws {
    let evil = "</text><script>alert(1)</script>]]>&#27;\u{1B}[2J\u{9B}m\u{202E}\u{0}\u{FFFE}"
    var buffer = CellBuffer(size: Size(columns: 80, rows: 1))
    buffer.write(evil, at: .zero, style: .plain)
    let text = svg(buffer, title: evil)
    let elements = try elements(text)
    #expect(!elements.contains { $0.name == "script" })
    #expect(elements.contains { $0.name == "title" && $0.text.contains("<script>") })
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || !ScreenText.isForbidden($0) })
  }

  @Test func `wide characters stand alone, an empty frame is a document too`() throws {
    let words = try elements(svg(CellBuffer(lines: ["a漢字b"]))).filter { $0.name == "text" }
    #expect(words.map(\.text) == ["a", "漢", "字", "b"])
    #expect(words.map { $0.attributes["x"] } == ["0", "10", "30", "50"])
    #expect(try elements(svg(CellBuffer(size: .zero))).count >= 3)
  }
}

private final class Elements: NSObject, XMLParserDelegate {
  var found: [(name: String, attributes: [String: String], text: String)] = []
  private var open: [Int] = []

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    open.append(found.count)
    found.append((name, attributes, ""))
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if let index = open.last { found[index].text += string }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    open.removeLast()
  }
}
