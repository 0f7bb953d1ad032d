// The Markdown that the manual is written in, read into blocks.

/// Headings, paragraphs, lists of one level, fenced code and tables; directives (`@Metadata { … }`) are
/// left out.
///
/// The part of CommonMark, with GitHub's tables, that articles for DocC need; anything else is read as
/// a paragraph. swift-markdown would read all of it, but is not among the packages that build here.
package struct MarkdownDocument: Equatable, Sendable {
  package enum Block: Equatable, Sendable {
    case heading(level: Int, String)
    case paragraph(String)
    /// One item of a list, with `-` or `1.` before it.
    case item(marker: String, String)
    case code([String])
    case table(header: [String], rows: [[String]])
  }

  package private(set) var blocks: [Block] = []

  package init(_ source: String) {
    var lines = source.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)[...]
    while let line = lines.popFirst() {
      let text = line.drop { $0 == " " }
      if text.hasPrefix("```") {
        let code = lines.prefix { !$0.hasPrefix("```") }
        lines = lines.dropFirst(code.count + 1)
        blocks.append(.code(code.map(String.init)))
      } else if text.hasPrefix("@") {
        // A directive ends with the brace that stands alone.
        if text.hasSuffix("{") { lines = lines.drop { $0 != "}" }.dropFirst() }
      } else if text.hasPrefix("|") {
        let rest = lines.prefix { $0.hasPrefix("|") }
        lines = lines.dropFirst(rest.count)
        blocks.append(.table(header: Self.cells(text), rows: rest.dropFirst().map(Self.cells)))
      } else if let heading = text.prefixMatch(of: #/(#{1,6}) +/#) {
        blocks.append(.heading(level: heading.1.count, String(text[heading.range.upperBound...])))
      } else if let item = text.prefixMatch(of: /(-|[0-9]+\.) +/) {
        let rest = Self.takeContinuation(&lines)
        let first = text[item.range.upperBound...]
        blocks.append(
          .item(marker: String(item.1), ([first] + rest).joined(separator: " ")))
      } else if !text.isEmpty {
        let rest = Self.takeContinuation(&lines)
        blocks.append(.paragraph(([text] + rest).joined(separator: " ")))
      }
    }
  }

  /// The lines that continue a paragraph or an item.
  private static func takeContinuation(_ lines: inout ArraySlice<Substring>) -> [Substring] {
    let texts = lines.map { $0.drop { $0 == " " } }.prefix { text in
      !text.isEmpty && text.prefixMatch(of: #/#{1,6} |```|\||- |[0-9]+\. /#) == nil
    }
    lines = lines.dropFirst(texts.count)
    return Array(texts)
  }

  /// The cells of a row; `\|` is a bar within one.
  private static func cells(_ row: Substring) -> [String] {
    var cells: [String] = []
    var cell = ""
    var isEscaped = false
    for character in row.dropFirst() {
      if character == "|", !isEscaped {
        cells.append(cell.trimmingSpaces)
        cell = ""
      } else {
        if character == "|" { cell.removeLast() }
        cell.append(character)
      }
      isEscaped = character == "\\" && !isEscaped
    }
    return cell.trimmingSpaces.isEmpty ? cells : cells + [cell.trimmingSpaces]
  }
}

extension MarkdownDocument {
  /// The heading of the first level.
  package var title: String? {
    blocks.lazy.compactMap { if case .heading(1, let text) = $0 { text } else { nil } }.first
  }

  /// The paragraph right behind the title: DocC's abstract.
  package var abstract: String? {
    guard blocks.count > 1, case .heading(1, _) = blocks[0], case .paragraph(let text) = blocks[1]
    else { return nil }
    return text
  }

  /// The articles that `<doc:NAME>` links lead to, in their order, without places within them.
  package static func links(in text: String) -> [String] {
    text.matches(of: /<doc:([^>#]+)(?:#[^>]*)?>|\]\(doc:([^)#]+)/).map { match in
      String(match.1 ?? match.2 ?? "")
    }
  }
}

extension String {
  fileprivate var trimmingSpaces: String { replacing(#/^ +| +$/#, with: "") }
}
