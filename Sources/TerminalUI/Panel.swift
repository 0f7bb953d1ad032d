// A frame with a title at the left and a note at the right.
import PlainText

/// A bordered area of the screen.
package struct Panel: Hashable, Sendable {
  package var title: String
  /// What holds for the whole panel: the window shown, the ceiling and whether it is on.
  package var note: String
  package var noteRole: Role
  package var isFocused: Bool
  /// What the panel shows, on its lower edge; the first that fits.
  package var captions: [String] = []
  /// Which part of a longer list is in sight, at the end of the lower edge: "24-37 of 60".
  package var position = ""

  package init(
    title: String, note: String = "", noteRole: Role = .mutedText, isFocused: Bool = false
  ) {
    self.title = title
    self.note = note
    self.noteRole = noteRole
    self.isFocused = isFocused
  }

  /// The area inside the frame, a column of air on each side where there is room.
  package static func interior(of rect: Rect) -> Rect {
    let inner = rect.inset(by: 1)
    return inner.columns >= 20 ? inner.inset(left: 1, right: 1) : inner
  }

  /// Draws the frame and returns the area inside.
  ///
  /// In monochrome and ASCII the focus shows in the title too, which is then marked.
  @discardableResult
  package func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) -> Rect {
    guard rect.columns >= 2, rect.rows >= 2 else { return Self.interior(of: rect) }
    let style = look.style(isFocused ? .focusedBorder : .border)
    buffer.clipped(to: rect) { buffer in
      if look.hasFrames { drawFrame(rect, style, into: &buffer, look.glyphs) }
      let room = rect.columns - 4
      guard room >= 3 else { return }
      let mark = isFocused ? "\(look.glyphs.pointer)" : ""
      let title = " \(mark)\(ScreenText.printable(self.title)) "
      let titleStyle = isFocused ? look.style(.focusedBorder) : look.style(.title)
      let start = rect.origin.offset(columns: 2)
      let used = buffer.write(
        title, at: start, style: titleStyle, maxWidth: room, ellipsis: look.glyphs.ellipsis)
      let note = " \(ScreenText.printable(self.note)) "
      let width = DisplayWidth.of(note)
      if width > 2, used + width + 1 <= room + 1 {
        // A piece of the frame behind it, if there is room for it.
        let gap = used + width + 1 <= room ? 2 : 1
        let point = Point(column: rect.right - gap - width, row: rect.top)
        buffer.write(note, at: point, style: look.style(noteRole))
      }
      drawLowerEdge(rect, into: &buffer, look)
    }
    return Self.interior(of: rect)
  }

  private func drawLowerEdge(
    _ rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    var room = rect.columns - 4
    let muted = look.style(.mutedText)
    let end = position.isEmpty ? "" : " \(position) "
    if !end.isEmpty, end.utf8.count <= room {
      room -= end.utf8.count
      let point = Point(column: rect.right - 2 - end.utf8.count, row: rect.bottom - 1)
      buffer.write(end, at: point, style: muted)
    }
    guard rect.rows > 2, let caption = captions.first(where: { DisplayWidth.of($0) + 3 <= room })
    else { return }
    buffer.write(
      " \(caption) ", at: rect.origin.offset(columns: 2, rows: rect.rows - 1), style: muted)
  }

  private func drawFrame(
    _ rect: Rect, _ style: Style, into buffer: inout CellBuffer, _ glyphs: GlyphSet
  ) {
    for column in rect.left + 1..<rect.right - 1 {
      for row in [rect.top, rect.bottom - 1] {
        buffer.put(Glyph(glyphs.horizontal), at: Point(column: column, row: row), style: style)
      }
    }
    for row in rect.top + 1..<rect.bottom - 1 {
      for column in [rect.left, rect.right - 1] {
        buffer.put(Glyph(glyphs.vertical), at: Point(column: column, row: row), style: style)
      }
    }
    let right = rect.columns - 1
    let bottom = rect.rows - 1
    buffer.put(Glyph(glyphs.topLeft), at: rect.origin, style: style)
    buffer.put(Glyph(glyphs.topRight), at: rect.origin.offset(columns: right), style: style)
    buffer.put(Glyph(glyphs.bottomLeft), at: rect.origin.offset(rows: bottom), style: style)
    buffer.put(
      Glyph(glyphs.bottomRight), at: rect.origin.offset(columns: right, rows: bottom),
      style: style)
  }
}
