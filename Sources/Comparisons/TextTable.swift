// A table of text cells, for a screen, Markdown or a page.
import PlainText

/// Cells of text under a header, as they stand on a screen, in Markdown or on a page.
package struct TextTable: Sendable, Equatable {
  package var header: [String]
  package var rows: [[String]]

  package init(header: [String], rows: [[String]]) {
    self.header = header
    self.rows = rows
  }

  /// A Markdown table, a line each row, its columns aligned in plain text too.
  ///
  /// Columns of words lie to the left, those of figures to the right.
  package var markdown: String { Markdown.alignedTable(header, rows) }
}
