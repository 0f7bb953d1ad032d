// What lies over the panels: the help and questions, and what dims what is below.
import TerminalUI

/// What overlays share.
enum Overlay {
  /// Lets what lies below fade into the background.
  static func dim(_ rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let theme = look.theme
    guard theme.depth >= .twoHundredFiftySix else {
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

  /// A framed box in the middle, emptied; gives back the area inside.
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
  let model: DashboardModel

  func draw(in screen: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let lines = model.helpLines
    let keys = HelpText.keysWidth
    let texts = lines.map { line in
      switch line {
      case .binding(_, let text), .word(_, let text): DisplayWidth.of(text)
      case .blank, .heading: 0
      }
    }
    let columns = min(screen.columns, keys + 2 + (texts.max() ?? 0) + 4)
    let rows = min(model.helpRows, lines.count)
    let isScrolled = lines.count > rows
    let end = min(lines.count, model.helpScroll + rows)
    let inner = Overlay.box(
      Size(columns: columns, rows: rows + 2), title: "help",
      note: isScrolled ? "\(model.helpScroll + 1)-\(end) of \(lines.count)" : "", in: screen,
      into: &buffer, look)
    for (row, line) in lines.dropFirst(model.helpScroll).prefix(inner.rows).enumerated() {
      let rect = inner.line(row)
      switch line {
      case .blank: break
      case .heading(let text):
        TextLine([.init(text, .accent)]).draw(in: rect, into: &buffer, look)
      case .binding(let names, let text):
        TextLine([
          .init(NumberText.padded(names, to: keys), .keyHint, isBold: true),
          .init("  " + text, .text),
        ]).draw(in: rect, into: &buffer, look)
      case .word(let term, let text):
        TextLine([
          .init(NumberText.padded(term, to: keys), .title), .init("  " + text, .mutedText),
        ]).draw(in: rect, into: &buffer, look)
      }
    }
  }
}

/// A question that waits for an answer.
struct DialogBox {
  let dialog: DashboardModel.Dialog
  let nextSeed: UInt64

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let (title, text) =
      switch dialog {
      case .quit: ("quit", "The run is still going. Stop it and quit?")
      case .reset: ("restart", "Start again from the same seed? What was learned is lost.")
      case .reseed: ("restart", "Start again from seed \(nextSeed)? What was learned is lost.")
      }
    let width = min(rect.columns - 6, 46)
    let lines = Paragraph.wrap(text, width: width)
    let inner = Overlay.box(
      Size(columns: width + 6, rows: lines.count + 4), title: title, in: rect, into: &buffer, look
    ).inset(left: 1, right: 1)
    Paragraph.draw(text, in: inner, into: &buffer, style: look.style(.text))
    TextLine([
      .init("y", .keyHint, isBold: true), .init(" yes    ", .mutedText),
      .init("n", .keyHint, isBold: true), .init(" no", .mutedText),
    ]).draw(in: inner.line(min(inner.rows - 1, lines.count + 1)), into: &buffer, look)
  }
}
