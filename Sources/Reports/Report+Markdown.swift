// A report as Markdown, for a terminal, a pull request or a notebook.
import Comparisons
import PlainText
import RunRecords

extension Report {
  /// Words and tables; figures are in the other forms.
  package var markdown: String {
    var blocks = ["# \(Self.inline(title))\n"]
    if !subtitle.isEmpty { blocks.append(Self.inline(subtitle) + "\n") }
    for section in sections {
      let parts = section.items.compactMap(Self.markdown)
      guard !parts.isEmpty else { continue }
      if !section.heading.isEmpty { blocks.append("## \(Self.inline(section.heading))\n") }
      blocks += parts
    }
    return blocks.joined(separator: "\n")
  }

  private static func markdown(_ item: Item) -> String? {
    switch item {
    case .paragraph(let text): return inline(text) + "\n"
    case .list(let lines):
      return lines.isEmpty ? nil : lines.map { "- \(inline($0))\n" }.joined()
    case .facts(let facts):
      return facts.map { "- \(inline($0.name)): \(inline($0.value))\n" }.joined()
    case .table(let table):
      let printable = { (text: String) in ScreenText.printable(text) }
      return TextTable(
        header: table.header.map(printable), rows: table.rows.map { $0.map(printable) }
      ).markdown
    case .figure: return nil
    case .text(let summary, let text), .details(let summary, let text):
      // A fence longer than any within.
      let ticks = String(repeating: "`", count: max(3, longestRun(of: "`", in: text) + 1))
      let lines = ScreenText.lines(text).joined(separator: "\n")
      return "\(inline(summary)):\n\n\(ticks)\n\(lines)\n\(ticks)\n"
    }
  }

  /// Text that neither a terminal obeys nor a browser takes for markup.
  private static func inline(_ text: String) -> String {
    Markdown.escaped(ScreenText.printable(text))
  }

  private static func longestRun(of character: Character, in text: String) -> Int {
    var (longest, run) = (0, 0)
    for next in text {
      run = next == character ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}
