// Text with bold and underlined words, wrapped to a width and written for a terminal or without one.
import PlainText

/// Characters with attributes, in lines no wider than a width.
package struct StyledText: Hashable, Sendable {
  package struct Letter: Hashable, Sendable {
    package var character: Character
    package var attributes: Attributes = []
    /// A space inside code, where a line ends only if the code is wider than the line.
    package var isFixed = false
  }

  package var letters: [Letter] = []

  package init() {}

  /// Plain text, safe to show.
  package init(_ text: some StringProtocol, _ attributes: Attributes = []) {
    append(text, attributes)
  }

  /// Adds text; what a terminal could obey vanishes.
  package mutating func append(
    _ text: some StringProtocol, _ attributes: Attributes = [], isFixed: Bool = false
  ) {
    letters += ScreenText.printable(text).map {
      Letter(character: $0, attributes: attributes, isFixed: isFixed)
    }
  }

  /// Columns on the screen.
  package var width: Int { Self.width(letters[...]) }

  /// Columns of the longest word that a line never breaks within.
  package var widestWord: Int {
    letters.split { $0.character == " " }.map(Self.width).max() ?? 0
  }

  package var isEmpty: Bool { letters.isEmpty }

  /// The text at a column, behind a marker or a name that is shorter.
  package func indented(to column: Int, behind marker: String = "") -> StyledText {
    var line = StyledText(marker)
    line.append(String(repeating: " ", count: max(0, column - line.width)))
    line.letters += letters
    return line
  }

  // MARK: Wrapping

  /// Lines no wider than `width`: broken at spaces, in code and in words only where one alone is wider.
  package func wrapped(to width: Int) -> [StyledText] {
    guard width > 0, self.width > width else { return [self] }
    var lines: [StyledText] = []
    var line: [Letter] = []
    func finish() {
      lines.append(StyledText(letters: line))
      line = []
    }
    for word in pieces(within: width) {
      let used = Self.width(line[...])
      if used > 0, used + 1 + Self.width(word) > width { finish() }
      if let first = word.first {
        if !line.isEmpty { line.append(space(between: line.last, first)) }
        line += word
      }
    }
    if !line.isEmpty || lines.isEmpty { finish() }
    return lines
  }

  private init(letters: [Letter]) { self.letters = letters }

  private func space(between last: Letter?, _ first: Letter) -> Letter {
    Letter(
      character: " ", attributes: first.attributes.intersection(last?.attributes ?? []))
  }

  /// What is kept together where it fits: words, and code with its spaces.
  private func pieces(within width: Int) -> [ArraySlice<Letter>] {
    letters.split { $0.character == " " && !$0.isFixed }.flatMap { piece in
      Self.width(piece) <= width
        ? [piece]
        : piece.split { $0.character == " " }.flatMap { Self.cut($0, to: width) }
    }
  }

  private static func cut(_ word: ArraySlice<Letter>, to width: Int) -> [ArraySlice<Letter>] {
    var parts: [ArraySlice<Letter>] = []
    var rest = word
    while Self.width(rest) > width, rest.count > 1 {
      var end = rest.startIndex + 1
      while end < rest.endIndex, Self.width(rest[...end]) <= width { end += 1 }
      parts.append(rest[..<end])
      rest = rest[end...]
    }
    return parts + [rest]
  }

  private static func width(_ letters: ArraySlice<Letter>) -> Int {
    letters.reduce(0) { $0 + DisplayWidth.of($1.character) }
  }

  // MARK: Writing

  /// The text alone.
  package var text: String { String(letters.map(\.character)) }

  /// The same in ASCII, for what cannot show more.
  package var ascii: StyledText {
    StyledText(
      letters: letters.flatMap { letter in
        ScreenText.ascii(String(letter.character)).map {
          Letter(character: $0, attributes: letter.attributes, isFixed: letter.isFixed)
        }
      })
  }

  /// The text with SGR sequences for its attributes, ended plain.
  package var ansi: String {
    var result = ""
    var last: Attributes = []
    for letter in letters {
      if letter.attributes != last {
        result += Style(attributes: letter.attributes).sequence
        last = letter.attributes
      }
      result.append(letter.character)
    }
    return result + (last.isEmpty ? "" : Style.plain.sequence)
  }
}
