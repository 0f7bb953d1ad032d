// Words in pictures: how wide they are, and how they are placed.

/// Sizes and fonts of the words in charts.
enum Lettering {
  static let fonts = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"
  static let size = 12.0
  static let small = 11.0

  /// About how wide a line of text is; the fonts differ by a few per cent.
  static func width(_ text: String, size: Double = size) -> Double {
    text.unicodeScalars.reduce(0) { $0 + share($1) } * size
  }

  /// As much of a text as fits, with an ellipsis where it was cut.
  static func fitted(_ text: String, to width: Double, size: Double = size) -> String {
    guard self.width(text, size: size) > width else { return text }
    var result = text
    while !result.isEmpty, self.width(result + "…", size: size) > width { result.removeLast() }
    return result + "…"
  }

  /// A text in lines of at most that width, as far as its words allow.
  static func lines(_ text: String, width: Double, size: Double = size) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      let longer = (lines.last.map { "\($0) " } ?? "") + word
      if !lines.isEmpty, self.width(longer, size: size) <= width {
        lines[lines.count - 1] = longer
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  /// The width of a character in parts of the font's size.
  private static func share(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "I", "|", "'", ".", ",", ":", ";", "!", " ", "\u{2009}": 0.28
    case "f", "t", "r", "(", ")", "[", "]", "/", "-", "\"": 0.34
    case "m", "w", "M", "W", "%", "@", "…": 0.86
    case "A"..."Z", "+", "=", "±", "−", "–", "<", ">", "~": 0.66
    default: scalar.value > 0x2E80 ? 1.05 : 0.56
    }
  }
}

extension Markup {
  /// Where a line of text stands beside its place.
  enum Anchor: String, Sendable {
    case start, middle, end
  }

  /// Writes a line of text at a place of a picture.
  mutating func label(
    _ words: String, _ x: Double, _ y: Double, anchor: Anchor = .start,
    size: Double = Lettering.size, ink: Ink = .text, isBold: Bool = false, hasHalo: Bool = false,
    extra: Attributes = []
  ) {
    var attributes: Attributes = [("x", Markup.number(x)), ("y", Markup.number(y))]
    if anchor != .start { attributes.append(("text-anchor", anchor.rawValue)) }
    if size != Lettering.size { attributes.append(("font-size", Markup.number(size))) }
    if isBold { attributes.append(("font-weight", "600")) }
    // On curves: a seam in the colour of the page keeps it readable.
    attributes += hasHalo ? ink.fillWithSeam : ink.fill
    element("text", attributes + extra, words: words)
  }
}
