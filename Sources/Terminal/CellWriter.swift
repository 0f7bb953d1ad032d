// Cells into a curses window: one call per run of changed cells.

import CNcurses
import Glibc
import TerminalUI

/// Turns runs of cells into curses' characters.
struct CellWriter {
  private var pairs: ColorPairs
  private let isUnicode: Bool
  private var characters: [cchar_t] = []
  private var scalars = String.UnicodeScalarView()

  init(pairs: ColorPairs, isUnicode: Bool) {
    self.pairs = pairs
    self.isUnicode = isUnicode
  }

  var depth: ColorDepth { pairs.depth }

  /// Writes a run at its place in the window; what lies outside it is cut off.
  mutating func write(_ run: CellRun, to window: UnsafeMutablePointer<WINDOW>) {
    guard run.start.row < Int(getmaxy(window)), run.start.column < Int(getmaxx(window)) else {
      return
    }
    characters.removeAll(keepingCapacity: true)
    var lastStyle: Style?
    var style = CursesStyle(attributes: 0, pair: 0)
    for cell in run.cells where !cell.glyph.isContinuation {
      if cell.style != lastStyle {
        style = pairs.style(cell.style)
        lastStyle = cell.style
      }
      append(cell.glyph, style)
    }
    mvwadd_wchnstr(
      window, Int32(run.start.row), Int32(run.start.column), characters, Int32(characters.count))
  }

  /// Adds a glyph; one that the C library holds for wider or narrower than we do, or that the
  /// terminal cannot show, is replaced by question marks, so that nothing shifts.
  private mutating func append(_ glyph: Glyph, _ style: CursesStyle) {
    scalars.removeAll(keepingCapacity: true)
    glyph.appendText(to: &scalars)
    let base = scalars.first ?? " "
    let isPlain = base.value >= 0x20 && base.value < 0x7F
    let width = isPlain ? 1 : glyph.width
    if isPlain || (isUnicode && Int(wcwidth(wchar_t(base.value))) == width) {
      append(scalars, style)
    } else {
      for _ in 0..<width { append("?".unicodeScalars, style) }
    }
  }

  private mutating func append(_ text: String.UnicodeScalarView, _ style: CursesStyle) {
    var wide: (wchar_t, wchar_t, wchar_t, wchar_t) = (0, 0, 0, 0)
    var character = cchar_t()
    var pair = style.pair
    var position = text.startIndex
    func next() -> wchar_t {
      guard position < text.endIndex else { return 0 }
      defer { position = text.index(after: position) }
      return wchar_t(text[position].value)
    }
    wide = (next(), next(), next(), 0)
    let result = withUnsafePointer(to: &wide) { wide in
      wide.withMemoryRebound(to: wchar_t.self, capacity: 4) { wide in
        setcchar(&character, wide, style.attributes, 0, &pair)
      }
    }
    if result == OK { characters.append(character) }
  }
}
