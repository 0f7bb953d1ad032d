// Text of HTML and SVG, written so that nothing in names or titles can be taken for markup.
import PlainText

/// A document that is written element by element; what stands in it is escaped.
struct Markup: Sendable, Equatable {
  private(set) var text: String

  init() { text = "" }

  /// Attributes of an element, in the order in which they are written.
  typealias Attributes = [(String, String)]

  /// Writes an element around what `content` writes.
  mutating func element(
    _ name: String, _ attributes: Attributes = [], content: (inout Markup) -> Void
  ) {
    open(name, attributes)
    text += ">"
    content(&self)
    text += "</\(name)>"
  }

  /// Writes an element that holds words.
  mutating func element(_ name: String, _ attributes: Attributes = [], words: String) {
    element(name, attributes) { $0.words(words) }
  }

  /// Writes an element without content: `<path d="…"/>`, `<br/>`.
  mutating func empty(_ name: String, _ attributes: Attributes = []) {
    open(name, attributes)
    text += "/>"
  }

  /// Writes one line of text.
  mutating func words(_ words: String) {
    text += MarkupText.escaped(ScreenText.printable(words))
  }

  /// Writes text in which line breaks and indentation count.
  mutating func lines(_ lines: String) {
    text += ScreenText.lines(lines).map(MarkupText.escaped).joined(separator: "\n")
  }

  /// Breaks the line of the document, for those who read it as text.
  mutating func newLine() { text += "\n" }

  /// Puts in what has been written elsewhere, or is the program's own.
  mutating func append(raw: String) { text += raw }

  private mutating func open(_ name: String, _ attributes: Attributes) {
    text += "<\(name)"
    for (key, value) in attributes {
      text += " \(key)=\"\(MarkupText.escaped(ScreenText.printable(value)))\""
    }
  }
}

extension Markup {
  /// A coordinate: at most one decimal, as short as it goes.
  static func number(_ value: Double) -> String {
    let text = NumberText.fixed(value.isFinite ? value : 0, decimals: 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
