// A frame as text with colours: what `cat` shows as it stood on the screen.

extension CellBuffer {
  /// The rows with SGR sequences for colours and attributes, each row ended plain.
  ///
  /// Nothing but those sequences can be in it: cells hold no controls.
  package var ansi: String {
    var view = String.UnicodeScalarView()
    for row in 0..<size.rows {
      var last = Style.plain
      for cell in self[row: row] where !cell.glyph.isContinuation {
        if cell.style != last {
          view.append(contentsOf: cell.style.sequence.unicodeScalars)
          last = cell.style
        }
        cell.glyph.appendText(to: &view)
      }
      if last != .plain { view.append(contentsOf: Style.plain.sequence.unicodeScalars) }
      view.append("\n")
    }
    return String(view)
  }
}

extension Style {
  /// The SGR sequence that sets it from nothing: a row may be cut out and still look the same.
  var sequence: String {
    var parts = ["0"]
    if attributes.contains(.bold) { parts.append("1") }
    if attributes.contains(.dim) { parts.append("2") }
    if attributes.contains(.underline) { parts.append("4") }
    if attributes.contains(.reverse) { parts.append("7") }
    parts += Self.color(foreground, base: 30) + Self.color(background, base: 40)
    return "\u{1B}[\(parts.joined(separator: ";"))m"
  }

  private static func color(_ color: Color, base: Int) -> [String] {
    switch color {
    case .default: []
    case .palette(let index) where index < 8: ["\(base + Int(index))"]
    case .palette(let index) where index < 16: ["\(base + 52 + Int(index))"]
    case .palette(let index): ["\(base + 8);5;\(index)"]
    case .rgb(let red, let green, let blue): ["\(base + 8);2;\(red);\(green);\(blue)"]
    }
  }
}
