// What lies over the panels: the help and questions, and what dims what is below.
import PlainText
import TerminalUI

/// What overlays share.
enum Overlay {
  /// Lets what lies below fade into the background.
  static func dim(_ rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let theme = look.theme
    guard theme.depth >= .twoHundredFiftySix, theme.hasOwnBackground else {
      let style = theme.isMonochrome ? Style(attributes: .dim) : look.style(.border)
      buffer.restyle(rect) { _ in style }
      return
    }
    let background = theme.color(.background)
    var faded: [Color: Color] = [background: background]
    let fade = { (color: Color) -> Color in
      if let known = faded[color] { return known }
      let result = color.blended(with: background, 0.7).reduced(to: theme.depth)
      faded[color] = result
      return result
    }
    // Neighbouring cells mostly look alike.
    var last: (style: Style, faded: Style)?
    buffer.restyle(rect) { style in
      if let last, last.style == style { return last.faded }
      let result = Style(foreground: fade(style.foreground), background: fade(style.background))
      last = (style, result)
      return result
    }
  }

  /// A framed box in the middle, emptied; returns the area inside.
  static func box(
    _ size: Size, title: String, note: String = "", in rect: Rect,
    into buffer: inout CellBuffer, _ look: Appearance
  ) -> Rect {
    let box = rect.centered(size)
    buffer.fill(box, with: Cell(Glyph.space, look.style(.background)))
    Panel(title: title, note: note, isFocused: true).draw(in: box, into: &buffer, look)
    return box.inset(by: 1).inset(left: 1, right: 1)
  }
}

/// The panel in focus, all keys by subject, the words.
struct HelpOverlay {
  let lines: [HelpLine]
  /// The first line that is shown.
  let scroll: Int
  /// The rows that lines have room on.
  let rows: Int
  /// How wide the column of key names and words is.
  let keysWidth: Int

  /// Where it lies.
  func box(in screen: Rect) -> Rect { screen.centered(size(in: screen)) }

  private func size(in screen: Rect) -> Size {
    let texts = lines.map { line in
      switch line {
      case .binding(_, let text), .word(_, let text): DisplayWidth.of(text)
      case .blank, .heading: 0
      }
    }
    return Size(
      columns: min(screen.columns, keysWidth + 2 + (texts.max() ?? 0) + 4),
      rows: min(rows, lines.count) + 2)
  }

  func draw(in screen: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let size = size(in: screen)
    let rows = size.rows - 2
    let isScrolled = lines.count > rows
    let end = min(lines.count, scroll + rows)
    let inner = Overlay.box(
      size, title: "help",
      note: isScrolled ? "\(scroll + 1)-\(end) of \(lines.count)" : "", in: screen,
      into: &buffer, look)
    for (row, line) in lines.dropFirst(scroll).prefix(inner.rows).enumerated() {
      let rect = inner.line(row)
      switch line {
      case .blank: break
      case .heading(let text):
        TextLine([.init(text, .accent)]).draw(in: rect, into: &buffer, look)
      case .binding(let names, let text):
        TextLine([
          .init(NumberText.padded(names, to: keysWidth), .keyHint, isBold: true),
          .init("  " + text, .text),
        ]).draw(in: rect, into: &buffer, look)
      case .word(let term, let text):
        TextLine([
          .init(NumberText.padded(term, to: keysWidth), .title), .init("  " + text, .mutedText),
        ]).draw(in: rect, into: &buffer, look)
      }
    }
  }
}

/// A question that waits for an answer.
struct DialogBox {
  let title: String
  /// The question.
  let text: String

  init(_ question: Question) {
    title = question.title
    text = question.text
  }

  private static let answers: [(key: Key, word: String)] = [
    (.character("y"), "yes"), (.character("n"), "no"),
  ]
  private static let gap = 4

  private func layout(in rect: Rect) -> (size: Size, answers: Rect) {
    let width = min(rect.columns - 6, 46)
    let lines = Paragraph.wrap(text, width: width).count
    let size = Size(columns: width + 6, rows: lines + 4)
    let inner = rect.centered(size).inset(by: 1).inset(left: 2, right: 2)
    return (size, inner.line(min(inner.rows - 1, lines + 1)))
  }

  /// Where it lies.
  func box(in rect: Rect) -> Rect { rect.centered(layout(in: rect).size) }

  /// The key of the answer at a point; nil if there is none.
  func key(at point: Point, in rect: Rect) -> Key? {
    let line = layout(in: rect).answers
    guard line.contains(point) else { return nil }
    var start = line.left
    for answer in Self.answers {
      let end = start + answer.key.name.count + 1 + answer.word.count
      if (start..<end).contains(point.column) { return answer.key }
      start = end + Self.gap
    }
    return nil
  }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let (size, answers) = layout(in: rect)
    let inner = Overlay.box(size, title: title, in: rect, into: &buffer, look)
      .inset(left: 1, right: 1)
    Paragraph.draw(text, in: inner, into: &buffer, style: look.style(.text))
    let pieces = Self.answers.flatMap { answer -> [TextLine.Piece] in
      [
        .init(answer.key.name, .keyHint, isBold: true), .init(" " + answer.word, .mutedText),
        .init(String(repeating: " ", count: Self.gap)),
      ]
    }
    TextLine(pieces.dropLast()).draw(in: answers, into: &buffer, look)
  }
}
