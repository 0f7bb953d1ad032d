// One cell of the screen: what stands in it and how it looks.
import PlainText

/// What stands in a cell: one spacing scalar with up to two combining marks, or the right half of
/// a wide character.
///
/// Eight bytes without a heap, since a frame compares tens of thousands of them. Three scalars are
/// what writing systems need; longer piles of marks lose their top.
package struct Glyph: Hashable, Sendable {
  /// Three scalars of 21 bits each, the base lowest.
  private var packed: UInt64

  package static let space = Glyph(packed: 0x20)
  /// The right half of the wide character in the cell to the left: nothing is drawn for it.
  package static let continuation = Glyph(packed: 0)

  private init(packed: UInt64) {
    self.packed = packed
  }

  /// A scalar as it is; one that must not be drawn becomes a space.
  package init(_ scalar: Unicode.Scalar) {
    packed = ScreenText.isForbidden(scalar) ? 0x20 : UInt64(scalar.value)
  }

  /// A character; of what does not fit in a cell the first scalar and its marks are kept.
  package init(_ character: Character) {
    self = .space
    var isEmpty = true
    for scalar in character.unicodeScalars where !ScreenText.isForbidden(scalar) {
      if isEmpty {
        guard DisplayWidth.of(scalar) > 0 else { continue }
        self = Glyph(scalar)
        isEmpty = false
      } else if DisplayWidth.of(scalar) == 0 {
        append(scalar)
      }
    }
  }

  package var isContinuation: Bool { packed == 0 }

  var isASCII: Bool { packed < 0x80 && packed != 0 }

  /// The nearest ASCII: a letter without its marks, a likeness, or a question mark.
  var plain: Glyph {
    switch packed & 0x1F_FFFF {
    case 0x20..<0x7F: Glyph(packed: packed & 0x1F_FFFF)
    case 0xA0: .space
    case 0xB7, 0x2010...0x2015, 0x2212: Glyph("-" as Unicode.Scalar)
    case 0x2018, 0x2019: Glyph("'" as Unicode.Scalar)
    case 0x201C, 0x201D: Glyph("\"" as Unicode.Scalar)
    case 0x2016: Glyph("|" as Unicode.Scalar)
    case 0x2026: Glyph("~" as Unicode.Scalar)
    case 0xB1: Glyph("~" as Unicode.Scalar)
    default: Glyph("?" as Unicode.Scalar)
    }
  }

  /// Columns the glyph takes: 1 or 2, 0 for a continuation.
  package var width: Int {
    let base = packed & 0x1F_FFFF
    if base < 0x300 { return base == 0 ? 0 : 1 }
    return Unicode.Scalar(UInt32(base)).map { DisplayWidth.of($0) } ?? 1
  }

  /// The scalars in order, base first; none for a continuation.
  package var scalars: [Unicode.Scalar] {
    [packed & 0x1F_FFFF, packed >> 21 & 0x1F_FFFF, packed >> 42].compactMap { value in
      value == 0 ? nil : Unicode.Scalar(UInt32(value))
    }
  }

  /// The glyph as text; empty for a continuation.
  package var text: String {
    var view = String.UnicodeScalarView()
    appendText(to: &view)
    return String(view)
  }

  /// Appends the scalars to a text that is being put together from many cells.
  package func appendText(to view: inout String.UnicodeScalarView) {
    var rest = packed
    while rest != 0 {
      if let scalar = Unicode.Scalar(UInt32(rest & 0x1F_FFFF)) { view.append(scalar) }
      rest >>= 21
    }
  }

  /// Adds a combining mark; a third one is dropped.
  mutating func append(_ mark: Unicode.Scalar) {
    if packed >> 21 == 0 {
      packed |= UInt64(mark.value) << 21
    } else if packed >> 42 == 0 {
      packed |= UInt64(mark.value) << 42
    }
  }
}

/// A glyph and its style.
package struct Cell: Hashable, Sendable {
  package var glyph: Glyph
  package var style: Style

  package init(_ glyph: Glyph, _ style: Style = .plain) {
    self.glyph = glyph
    self.style = style
  }

  package init(_ character: Character, _ style: Style = .plain) {
    self.init(Glyph(character), style)
  }

  /// An empty cell in the terminal's own colours.
  package static let blank = Cell(Glyph.space)
}
