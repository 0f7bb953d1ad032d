// A table on standard output.
import Basics
import Foundation
import PlainText
import TerminalUI

/// Prints columns as wide as their widest cell; what stands in them may come from files.
///
/// - Throws: `ProgramError` if it cannot be written.
func printTable(_ header: [String], _ rows: [[String]]) throws(ProgramError) {
  let rows = rows.map { $0.map { ScreenText.printable($0) } }
  let widths = header.indices.map { column in
    ([header] + rows).map { $0[column].count }.max() ?? 0
  }
  let lines = ([header] + rows).map { row in
    let cells = zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
    return cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces) + "\n"
  }
  try writeToStandardOutput(lines.joined())
}
