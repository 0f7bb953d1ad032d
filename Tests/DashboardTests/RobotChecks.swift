// What holds of a screen wherever a robot has come to.
import TerminalUI
import Testing

/// No cell holds what a terminal would obey or that changes the direction of text; in ASCII all of them are.
func expectPrintable(_ buffer: CellBuffer, isASCII: Bool, _ place: Comment) {
  let isPrintable = buffer.cells.allSatisfy { cell in
    cell.glyph.scalars.allSatisfy { scalar in
      let category = scalar.properties.generalCategory
      return category != .control && category != .format
    }
  }
  #expect(isPrintable, place)
  if isASCII { #expect(buffer.text.utf8.allSatisfy { $0 < 0x80 }, place) }
}
