// An article of the manual as lines of a terminal, or as plain text.

extension MarkdownDocument {
  /// How marked words are shown.
  package enum Marking: Sendable {
    /// Bold and underlined, as every terminal can.
    case attributes
    /// Code keeps its backticks, headings are underlined by a line.
    case plain
  }

  /// The document in lines of `width` columns; code alone may be wider.
  ///
  /// `link` says what stands for a link to an article of that name, in Markdown too.
  package func lines(
    width: Int, marking: Marking, link: (String) -> String
  ) -> [StyledText] {
    var lines: [StyledText] = []
    var last: Block?
    for block in blocks {
      // The items of a list stand together.
      var isTogether = false
      if case .item = block, case .item? = last { isTogether = true }
      if last != nil, !isTogether { lines.append(StyledText()) }
      last = block
      func read(_ text: String, _ attributes: Attributes = []) -> StyledText {
        StyledText(markdown: text, attributes, marking: marking, link: link)
      }
      switch block {
      case .heading(let level, let text):
        let title = read(text, .bold).wrapped(to: width)
        lines += title
        if marking == .plain, level < 3 {
          let rule = String(repeating: level == 1 ? "=" : "-", count: title.last?.width ?? 0)
          lines.append(StyledText(rule))
        }
      case .paragraph(let text): lines += read(text).wrapped(to: width)
      case .item(let marker, let text):
        let indent = marker.count + 1
        let body = read(text).wrapped(to: max(1, width - indent))
        for (index, line) in body.enumerated() {
          lines.append(line.indented(to: indent, behind: index == 0 ? marker : ""))
        }
      case .code(let code): lines += code.map { StyledText($0.isEmpty ? "" : "    " + $0) }
      case .table(let header, let rows):
        lines += MarkdownTable(
          header: header.map { read($0, .bold) }, rows: rows.map { $0.map { read($0) } }
        ).lines(width: width)
      }
    }
    return lines
  }
}

extension StyledText {
  /// Reads code, `**strong**`, `*emphasis*`, links and escapes.
  package init(
    markdown text: String, _ attributes: Attributes = [], marking: MarkdownDocument.Marking,
    link: (String) -> String
  ) {
    self.init()
    var rest = text[...]
    func read(_ inner: Substring, _ more: Attributes) -> StyledText {
      StyledText(markdown: String(inner), attributes.union(more), marking: marking, link: link)
    }
    while !rest.isEmpty {
      let end: String.Index
      if let match = rest.prefixMatch(of: /[^\\`<*]+/) {
        append(match.0, attributes)
        end = match.range.upperBound
      } else if let match = rest.prefixMatch(of: /\\([!-\/:-@\[-`{-~])/) {
        append(match.1, attributes)
        end = match.range.upperBound
      } else if let match = rest.prefixMatch(of: /(`+)(.+?)\1(?!`)/) {
        append(
          marking == .plain ? "`\(match.2)`" : match.2, attributes.union(.bold), isFixed: true)
        end = match.range.upperBound
      } else if let match = rest.prefixMatch(of: /<doc:([^>#]+)[^>]*>/) {
        letters += read(link(String(match.1))[...], []).letters
        end = match.range.upperBound
      } else if let match = rest.prefixMatch(of: /\*\*(.+?)\*\*/) {
        letters += read(match.1, .bold).letters
        end = match.range.upperBound
      } else if let match = rest.prefixMatch(of: /\*([^* ][^*]*)\*/) {
        letters += read(match.1, .underline).letters
        end = match.range.upperBound
      } else {
        append(rest.prefix(1), attributes)
        end = rest.index(after: rest.startIndex)
      }
      rest = rest[end...]
    }
  }
}

/// A table whose cells wrap, so that it is as wide as the terminal at most.
struct MarkdownTable {
  var header: [StyledText]
  var rows: [[StyledText]]

  private static let gap = 2

  func lines(width: Int) -> [StyledText] {
    let widths = columnWidths(within: width - Self.gap * (header.count - 1))
    // If the first cells take several lines, only a blank line separates rows.
    let isSpaced = rows.contains { ($0.first?.width ?? 0) > widths[0] }
    let rule = StyledText(
      String(repeating: "-", count: widths.reduce(0, +) + Self.gap * (widths.count - 1)))
    let bodies = rows.map { lines(of: $0, widths) }
    return lines(of: header, widths) + [rule]
      + bodies.enumerated().flatMap { index, body in
        isSpaced && index > 0 ? [StyledText()] + body : body
      }
  }

  private func lines(of row: [StyledText], _ widths: [Int]) -> [StyledText] {
    let cells = zip(row, widths).map { $0.wrapped(to: $1) }
    return (0..<(cells.map(\.count).max() ?? 0)).map { number in
      var line = StyledText()
      var column = 0
      for (cell, width) in zip(cells, widths) {
        defer { column += width + Self.gap }
        guard number < cell.count, !cell[number].isEmpty else { continue }
        line.append(String(repeating: " ", count: column - line.width))
        line.letters += cell[number].letters
      }
      return line
    }
  }

  /// As wide as their widest cells where there is room; else the widest ones give way until all fit,
  /// none below its longest word as long as that can be.
  private func columnWidths(within available: Int) -> [Int] {
    let columns = header.indices.map { column in
      ([header] + rows).compactMap { column < $0.count ? $0[column] : nil }
    }
    let natural = columns.map { $0.map(\.width).max() ?? 0 }
    guard natural.reduce(0, +) > available else { return natural }
    var least = columns.map { $0.map(\.widestWord).max() ?? 0 }
    if least.reduce(0, +) > available { least = least.map { _ in 1 } }
    func widths(_ cap: Int) -> [Int] { zip(natural, least).map { min($0, max($1, cap)) } }
    let cap = (1...max(1, available)).last { widths($0).reduce(0, +) <= available } ?? 1
    return widths(cap)
  }
}
