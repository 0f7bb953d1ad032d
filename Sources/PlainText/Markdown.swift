// Markdown that shows foreign text as it is: names, titles, cells, and code.

/// The one room where text becomes Markdown.
///
/// What is written reads the same under CommonMark, GitHub's dialect and Python-Markdown, which
/// TensorBoard uses: backslashes stand only before what all of them let be escaped, entities before
/// the rest. Words stay as they are where none of them sees markup: `fc1.norm_max`.
package enum Markdown {
  /// Text on one line that stands where words, a heading, a list's item or a table's cell may stand.
  ///
  /// No link, picture, emphasis, code, block or HTML comes of it, whatever it holds. Line breaks
  /// become spaces; other control characters, and those that turn text around, vanish.
  package static func escaped(_ text: String) -> String {
    // By scalars: an accent behind a bracket makes another character of it, and no less a bracket.
    let scalars = oneLine(text)
    return scalars.indices.map { escape(scalars, at: $0) }.joined()
  }

  /// A table; cells are text of any kind.
  package static func table(_ columns: [String], _ rows: [[String]]) -> String {
    let rule = columns.map { _ in "---" }
    return ([columns.map(escaped), rule] + rows.map { $0.map(escaped) }).map(line).joined()
  }

  /// A table that is also read as it stands: columns of words lie to the left, those of figures to the
  /// right, and all cells of a column are as wide as the widest.
  package static func alignedTable(_ header: [String], _ rows: [[String]]) -> String {
    let cells = ([header] + rows).map { $0.map(escaped) }
    let columns = header.indices.map { column in
      (
        width: max(3, cells.map { $0[column].count }.max() ?? 0),
        isFigure: rows.contains { $0[column].first.map { "0123456789+−–".contains($0) } ?? false }
      )
    }
    let padded = cells.map { row in
      zip(row, columns).map { cell, column in
        let space = String(repeating: " ", count: column.width - cell.count)
        return column.isFigure ? space + cell : cell + space
      }
    }
    let rule = columns.map {
      String(repeating: "-", count: $0.width - ($0.isFigure ? 1 : 0)) + ($0.isFigure ? ":" : "")
    }
    return ([padded[0], rule] + padded.dropFirst()).map(line).joined()
  }

  private static func line(_ cells: [String]) -> String {
    "| \(cells.joined(separator: " | ")) |\n"
  }

  /// A list; its items are text of any kind.
  package static func list(_ items: [String]) -> String {
    items.map { "- \(escaped($0))\n" }.joined()
  }

  /// Text as it is, spaces and lines kept.
  package static func code(_ text: String) -> String {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map { "    \($0)\n" }.joined()
  }

  // MARK: Scalars

  private typealias Scalars = ArraySlice<Unicode.Scalar>

  /// The text on one line, without spaces at its ends, which would make code or a break of it.
  private static func oneLine(_ text: String) -> Scalars {
    let scalars = text.unicodeScalars.compactMap { scalar -> Unicode.Scalar? in
      if scalar.isSpacingControl { return " " }
      return scalar.isControl || scalar.isBidirectionalControl ? nil : scalar
    }
    let inner = scalars.drop { $0 == " " }
    return inner[...(inner.lastIndex { $0 != " " } ?? inner.startIndex - 1)]
  }

  /// What stands for the scalar at a place of a line.
  private static func escape(_ line: Scalars, at index: Int) -> String {
    let scalar = line[index]
    let (before, rest) = (line[..<index], line[(index + 1)...])
    let plain = String(scalar)
    var isMarkup = false
    switch scalar {
    case "\\", "`", "*", "[", "]", "|": isMarkup = true
    case "_":
      // Between letters or digits underscores are never emphasis, however many there are.
      isMarkup = !isWord(before.last { $0 != "_" }) || !isWord(rest.first { $0 != "_" })
    case "#":
      // A heading, or what ends one.
      isMarkup = before.isEmpty || rest.allSatisfy { $0 == "#" }
    case "-", "+":
      // An item of a list, or a rule.
      isMarkup = before.isEmpty && (rest.first.map { $0 == " " || $0 == scalar } ?? true)
    case ".", ")":
      // The number of an item; a host, of which some make a link.
      let isItem = !before.isEmpty && before.allSatisfy { ("0"..."9").contains($0) }
      isMarkup =
        isItem && (rest.first.map { $0 == " " } ?? true)
        || scalar == "." && before.suffix(3).count { $0 == "w" || $0 == "W" } == 3
    case "<":
      // A tag or an address; "p < 0.05" is neither.
      let isSign = rest.first.map { $0 == " " || ("0"..."9").contains($0) } ?? false
      return isSign ? plain : entity("lt")
    case ">": return before.isEmpty ? entity("gt") : plain
    case "&": return isEntity(rest) ? entity("amp") : plain
    case "~":
      // Struck out; not the `~/` of a path, which can end nothing.
      let isHome = rest.first == "/" && (before.last.map { $0 == " " } ?? true)
      return isHome ? plain : entity("#126")
    case ":":
      // An address, of which some make a link.
      return isWord(before.last) && rest.starts(with: ["/", "/"]) ? entity("#58") : plain
    default: break
    }
    return isMarkup ? "\\" + plain : plain
  }

  private static func entity(_ name: String) -> String { "&\(name);" }

  private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.map { $0.properties.isAlphabetic || $0.properties.numericType != nil } ?? false
  }

  /// Whether an ampersand before this would stand for another character.
  private static func isEntity(_ rest: Scalars) -> Bool {
    let name = rest.prefix { $0.isASCII && (isWord($0) || $0 == "#") }
    return !name.isEmpty && rest[name.endIndex...].first == ";"
  }
}
