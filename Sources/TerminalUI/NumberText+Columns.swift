// Texts in columns: filled up to a width, or cut to one.
import PlainText

extension NumberText {
  /// The text with spaces before it up to a width.
  package static func padded(_ text: String, to width: Int) -> String {
    let missing = width - DisplayWidth.of(text)
    return missing > 0 ? String(repeating: " ", count: missing) + text : text
  }

  /// The text with spaces behind it up to a width.
  package static func leading(_ text: String, to width: Int) -> String {
    let missing = width - DisplayWidth.of(text)
    return missing > 0 ? text + String(repeating: " ", count: missing) : text
  }

  /// As much of the text as fits into that many columns.
  package static func prefix(_ text: String, columns: Int) -> String {
    var used = 0
    return String(
      text.prefix { character in
        used += DisplayWidth.of(character)
        return used <= columns
      })
  }
}
