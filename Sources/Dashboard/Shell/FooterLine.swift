// The keys that matter now, on the last line.
import TerminalUI

/// An entry of the footer.
package struct FooterItem: Sendable, Equatable {
  package var keys: [Key]
  package var label: String
  /// Shown however narrow the screen is.
  package var isEssential: Bool

  /// The keys' names: "space", "- +".
  package var names: String { keys.map(\.name).joined(separator: " ") }

  /// The key at `offset` columns from the start of the entry; behind the names of several keys, the
  /// first.
  func key(at offset: Int) -> Key? {
    var start = 0
    for key in keys {
      let end = start + DisplayWidth.of(key.name)
      if (start..<end).contains(offset) { return key }
      start = end + 1
    }
    return keys.first
  }
}

/// The keys that matter now; a low screen without a status line shows that line's content first.
struct FooterLine {
  let items: [FooterItem]
  /// What stands in their place; nil: nothing does.
  let notice: [TextLine.Piece]?

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let line = rect.inset(left: 1, right: 1)
    if let notice {
      TextLine(notice).draw(in: line, into: &buffer, look)
    } else {
      FooterKeys(items: items).draw(in: line, into: &buffer, look)
    }
  }

  /// The key whose name or word is at a point; nil if there is none.
  func key(at point: Point, in rect: Rect) -> Key? {
    guard notice == nil else { return nil }
    return FooterKeys(items: items).key(at: point, in: rect.inset(left: 1, right: 1))
  }
}

/// Entries of a footer on a line, as many as fit.
struct FooterKeys {
  let items: [FooterItem]

  private var hints: KeyHints {
    KeyHints(
      items.enumerated().map { index, item in
        KeyHints.Hint(item.names, item.label, importance: item.isEssential ? 1 : -index)
      })
  }

  func draw(in line: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    hints.draw(in: line, into: &buffer, look)
  }

  /// The key whose name or word is at a point; nil if there is none.
  func key(at point: Point, in line: Rect) -> Key? {
    guard let (hint, offset) = hints.hint(at: point.column - line.left, of: line.columns)
    else { return nil }
    return items.first { $0.names == hint.key && $0.label == hint.word }?.key(at: offset)
  }
}
