// Figures in large type.
import Testing

@testable import TerminalUI

@Suite("Large type")
struct LargeTypeTests {
  private func lines(_ text: String, at scale: Int, _ columns: Int, _ rows: Int, _ glyphs: GlyphSet)
    -> [String]
  {
    var buffer = CellBuffer(size: Size(columns: columns, rows: rows))
    LargeType(text).draw(
      at: scale, in: buffer.bounds, into: &buffer, Appearance(theme: .terminal, glyphs: glyphs))
    return buffer.lines
  }

  @Test
  func `two dots stand in a cell, one above the other`() {
    #expect(
      lines("0.7", at: 1, 9, 4, .unicode) == ["█▀█   ▀▀█", "█ █     █", "█ █    █", "▀▀▀ ▀  ▀"])
    #expect(
      lines("0.7", at: 1, 9, 4, .ascii) == [
        "#\"#   \"\"#", "# #     #", "# #    #", "\"\"\" \"  \"",
      ])
  }

  @Test
  func `each letter of each number has its place, at every scale`() {
    for text in ["0.123", "45.6%", "789", "-0.5", "NaN", "inf", "-inf", "1.2e-5", "100%"] {
      guard let dots = LargeType(text).dots else {
        Issue.record("\(text) has a letter that the font has not")
        continue
      }
      for scale in LargeType.scales {
        let shown = lines(text, at: scale, dots * scale + 1, 20, .unicode)
        let width = shown.map { DisplayWidth.of($0) }.max()
        let isEmptyBelow = shown[LargeType.height(at: scale)...].allSatisfy { $0.isEmpty }
        #expect(width == dots * scale && isEmptyBelow, "\(text)")
      }
    }
  }

  @Test
  func `what finds no room, or is not in the font, comes as plain text`() {
    #expect(lines("0.832", at: 1, 16, 4, .unicode)[2].hasPrefix("0.832"))
    #expect(lines("0.832", at: 1, 40, 3, .unicode)[1].hasPrefix("0.832"))
    #expect(lines("hm?", at: 1, 40, 4, .unicode)[2].hasPrefix("hm?"))
  }
}
