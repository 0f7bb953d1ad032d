// Lines of words: wrapped paragraphs, runs of styled text, and the footer of keys.
import PlainText

/// Breaks text into lines.
package enum Paragraph {
  /// Lines no wider than `width`, broken at spaces, inside a word only if it is longer than a line.
  package static func wrap(_ text: String, width: Int) -> [String] {
    guard width > 0 else { return [] }
    var lines: [String] = []
    for source in ScreenText.lines(text) {
      var line = ""
      var used = 0
      for word in source.split(separator: " ") {
        let length = DisplayWidth.of(word)
        if used > 0, used + 1 + length > width {
          lines.append(line)
          (line, used) = ("", 0)
        }
        if used > 0 {
          line += " "
          used += 1
        }
        for scalar in word.unicodeScalars {
          let columns = DisplayWidth.of(scalar)
          if used > 0, used + columns > width {
            lines.append(line)
            (line, used) = ("", 0)
          }
          line.unicodeScalars.append(scalar)
          used += columns
        }
      }
      lines.append(line)
    }
    return lines
  }

  /// Draws the wrapped text and says how many rows it took.
  @discardableResult
  package static func draw(
    _ text: String, in rect: Rect, into buffer: inout CellBuffer, style: Style
  ) -> Int {
    let lines = wrap(text, width: rect.columns).prefix(rect.rows)
    buffer.clipped(to: rect) { buffer in
      for (row, line) in lines.enumerated() {
        buffer.write(line, at: rect.origin.offset(rows: row), style: style)
      }
    }
    return lines.count
  }
}

/// Pieces of text in different roles on one line.
package struct TextLine: Hashable, Sendable {
  package struct Piece: Hashable, Sendable {
    package var text: String
    package var role: Role
    package var isBold: Bool

    package init(_ text: String, _ role: Role = .text, isBold: Bool = false) {
      self.text = text
      self.role = role
      self.isBold = isBold
    }
  }

  package var pieces: [Piece]

  package init(_ pieces: [Piece]) {
    self.pieces = pieces
  }

  package var width: Int { pieces.map { DisplayWidth.of($0.text) }.reduce(0, +) }

  /// Draws the pieces one after the other; the first that does not fit is cut.
  @discardableResult
  package func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) -> Int {
    guard !rect.isEmpty else { return 0 }
    var column = rect.left
    buffer.clipped(to: rect) { buffer in
      for piece in pieces where column < rect.right {
        let style = look.style(piece.role)
        column += buffer.write(
          piece.text, at: Point(column: column, row: rect.top),
          style: piece.isBold ? style.bold : style, maxWidth: rect.right - column,
          ellipsis: look.glyphs.ellipsis)
      }
    }
    return column - rect.left
  }
}

/// The keys that matter now: bold key, plain word.
package struct KeyHints: Hashable, Sendable {
  package struct Hint: Hashable, Sendable {
    package var key: String
    package var word: String
    /// Hints with a lower importance vanish first when the screen is too narrow.
    package var importance: Int

    package init(_ key: String, _ word: String, importance: Int = 0) {
      self.key = key
      self.word = word
      self.importance = importance
    }

    fileprivate var width: Int { DisplayWidth.of(key) + 1 + DisplayWidth.of(word) }
  }

  package var hints: [Hint]

  package init(_ hints: [Hint]) {
    self.hints = hints
  }

  /// The hints that fit, in their order; of equal importance the last goes first.
  package func fitting(_ columns: Int) -> [Hint] {
    var shown = Array(hints.enumerated())
    while shown.map(\.element.width).reduce(2 * (shown.count - 1), +) > columns {
      guard
        let least = shown.indices.min(by: {
          (shown[$0].element.importance, -shown[$0].offset)
            < (shown[$1].element.importance, -shown[$1].offset)
        })
      else { break }
      shown.remove(at: least)
    }
    return shown.map(\.element)
  }

  /// The hint at a column of a line of `columns`, and its distance from the hint's start; nil
  /// between hints.
  package func hint(at column: Int, of columns: Int) -> (hint: Hint, offset: Int)? {
    guard (0..<columns).contains(column) else { return nil }
    var start = 0
    for hint in fitting(columns) {
      if (start..<start + hint.width).contains(column) { return (hint, column - start) }
      start += hint.width + 2
    }
    return nil
  }

  package func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    var pieces: [TextLine.Piece] = []
    for hint in fitting(rect.columns) {
      if !pieces.isEmpty { pieces.append(.init("  ")) }
      pieces.append(.init(hint.key, .keyHint, isBold: true))
      pieces.append(.init(" " + hint.word, .mutedText))
    }
    TextLine(pieces).draw(in: rect, into: &buffer, look)
  }
}
