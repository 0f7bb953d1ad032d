// Figures in large type: a font of dots, two of which stand in a cell, one above the other.

/// A short text, mostly a number, in letters many cells high.
package struct LargeType: Hashable, Sendable {
  package var text: String
  package var role: Role

  package init(_ text: String, role: Role = .text) {
    self.text = text
    self.role = role
  }

  /// Rows of dots in a letter.
  package static let dotRows = 7

  /// How large dots can be, in columns and in halves of rows.
  package static let scales = 1...4

  /// The rows of the screen that letters take.
  package static func height(at scale: Int) -> Int { (dotRows * scale + 1) / 2 }

  /// Dots from left to right; nil if a letter is not in the font.
  package var dots: Int? {
    var width = 0
    for character in text {
      guard let letter = Self.letters[character] else { return nil }
      width += (width > 0 ? 1 : 0) + (letter.first?.utf8.count ?? 0)
    }
    return width
  }

  /// Draws the text at the top left of the area; as plain text where it has letters that the font
  /// has not, or finds no room.
  package func draw(
    at scale: Int, in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    guard let dots, dots * scale <= rect.columns, Self.height(at: scale) <= rect.rows else {
      TextLine([.init(text, role, isBold: true)])
        .draw(in: rect.line(rect.rows / 2), into: &buffer, look)
      return
    }
    let style = look.style(role)
    // Full, upper half, lower half.
    let glyphs: [Unicode.Scalar] =
      look.glyphs.isUnicode ? ["\u{2588}", "\u{2580}", "\u{2584}"] : ["#", "\"", "."]
    var start = rect.left
    for character in text {
      let letter = (Self.letters[character] ?? []).map { Array($0.utf8) }
      let width = letter.first?.count ?? 0
      let isInked = { (column: Int, half: Int) in
        let line = half / scale
        return letter.indices.contains(line)
          && letter[line][column / scale] == UInt8(ascii: "#")
      }
      for row in 0..<Self.height(at: scale) {
        for column in 0..<width * scale {
          let halves = (isInked(column, row * 2), isInked(column, row * 2 + 1))
          guard halves.0 || halves.1 else { continue }
          let glyph = halves.0 && halves.1 ? glyphs[0] : halves.0 ? glyphs[1] : glyphs[2]
          buffer.put(
            Glyph(glyph), at: Point(column: start + column, row: rect.top + row), style: style)
        }
      }
      start += (width + 1) * scale
    }
  }

  private static let letters: [Character: [String]] = [
    "0": ["###", "#.#", "#.#", "#.#", "#.#", "#.#", "###"],
    "1": [".#.", "##.", ".#.", ".#.", ".#.", ".#.", "###"],
    "2": ["###", "..#", "..#", "###", "#..", "#..", "###"],
    "3": ["###", "..#", "..#", "###", "..#", "..#", "###"],
    "4": ["#.#", "#.#", "#.#", "###", "..#", "..#", "..#"],
    "5": ["###", "#..", "#..", "###", "..#", "..#", "###"],
    "6": ["###", "#..", "#..", "###", "#.#", "#.#", "###"],
    "7": ["###", "..#", "..#", "..#", ".#.", ".#.", ".#."],
    "8": ["###", "#.#", "#.#", "###", "#.#", "#.#", "###"],
    "9": ["###", "#.#", "#.#", "###", "..#", "..#", "###"],
    ".": [".", ".", ".", ".", ".", ".", "#"],
    "-": ["...", "...", "...", "###", "...", "...", "..."],
    "%": ["#.#", "#.#", "..#", ".#.", "#..", "#.#", "#.#"],
    "e": ["...", "...", ".#.", "#.#", "###", "#..", ".##"],
    "N": ["#.#", "###", "###", "###", "#.#", "#.#", "#.#"],
    "a": ["...", "...", "##.", "..#", "###", "#.#", "###"],
    "i": ["#", ".", "#", "#", "#", "#", "#"],
    "n": ["...", "...", "###", "#.#", "#.#", "#.#", "#.#"],
    "f": [".##", "#..", "###", "#..", "#..", "#..", "#.."],
  ]
}
