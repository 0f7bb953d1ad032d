// Foreign text as it was laid out: lines, indentation and tabs kept, long lines wrapped.
import PlainText

/// A text cut into lines for a part of the screen.
///
/// Only what is shown is processed, so that a text of any length costs no more than the room it
/// gets.
package struct TextLayout: Hashable, Sendable {
  /// Lines no wider than the width, each safe to draw.
  package private(set) var lines: [String] = []
  /// Whether there is more text than fits.
  package private(set) var isCut = false

  private let width: Int
  private let rows: Int
  private var line: [Unicode.Scalar] = []
  private var used = 0
  /// Where the last space of the line stands that a word comes before.
  private var lastSpace: Int?
  /// Marks on the last character; what a cell cannot hold is left out.
  private var marks = 0

  private static let tabStop = 4

  /// The first lines of a text; control characters and what reorders or hides text vanish.
  package init(_ text: String, width: Int, rows: Int) {
    self.width = width
    self.rows = rows
    guard width > 0, rows > 0 else {
      isCut = !text.isEmpty
      return
    }
    // Text that takes no room, however much there is of it, must come to an end too.
    var patience = rows * width * 8 + 1024
    var afterReturn = false
    for scalar in text.unicodeScalars {
      patience -= 1
      guard lines.count < rows, patience > 0 else {
        isCut = true
        break
      }
      let isSecondHalf = afterReturn && scalar == "\n"
      afterReturn = scalar == "\r"
      switch scalar.value {
      case 0x0A where isSecondHalf: break
      case 0x0A...0x0D, 0x85, 0x2028, 0x2029: finishLine()
      case 0x09:
        for _ in 0..<(Self.tabStop - used % Self.tabStop) { add(" ", columns: 1) }
      default:
        if !ScreenText.isForbidden(scalar) { add(scalar, columns: DisplayWidth.of(scalar)) }
      }
    }
    if !line.isEmpty, lines.count < rows { finishLine() }
    if !line.isEmpty { isCut = true }
  }

  private mutating func add(_ scalar: Unicode.Scalar, columns: Int) {
    guard columns > 0 else {
      guard !line.isEmpty, marks < 2 else { return }
      marks += 1
      line.append(scalar)
      return
    }
    guard columns <= width else { return }
    marks = 0
    if used + columns > width {
      // The space between two lines is seen without being drawn.
      guard scalar != " " else { return finishLine() }
      wrap()
    }
    if scalar == " ", line.last.map({ $0 != " " }) ?? false { lastSpace = line.count }
    line.append(scalar)
    used += columns
  }

  /// Begins a new line with the word that has no room.
  private mutating func wrap() {
    var word: [Unicode.Scalar] = []
    if let lastSpace {
      word = Array(line[lastSpace...].drop { $0 == " " })
      line.removeSubrange(lastSpace...)
    }
    finishLine()
    line = word
    used = word.reduce(0) { $0 + DisplayWidth.of($1) }
  }

  private mutating func finishLine() {
    guard lines.count < rows else {
      isCut = true
      return
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: line)
    lines.append(String(view))
    (line, used, lastSpace, marks) = ([], 0, nil, 0)
  }

  /// Draws the lines; a mark at the end says that there is more.
  package func draw(
    in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance, style: Style
  ) {
    buffer.clipped(to: rect) { buffer in
      for (row, line) in lines.prefix(rect.rows).enumerated() {
        buffer.write(line, at: rect.origin.offset(rows: row), style: style)
      }
      guard isCut, let last = lines.last, lines.count <= rect.rows else { return }
      let column = rect.left + min(DisplayWidth.of(last), max(0, rect.columns - 1))
      buffer.put(
        Glyph(look.glyphs.ellipsis), at: Point(column: column, row: rect.top + lines.count - 1),
        style: look.style(.mutedText))
    }
  }
}
