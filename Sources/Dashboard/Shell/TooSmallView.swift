// What a terminal shows that is too small for anything else: what it has and what is needed.
import TerminalUI

/// As much of the message as fits; q works as ever.
struct TooSmallView {
  /// What is in progress, in a word.
  let state: String
  /// Whether the next q quits, even with a run in progress.
  let isAsking: Bool

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let least = ScreenLayout.leastSize
    let have = "\(rect.columns)x\(rect.rows)"
    var lines: [[TextLine.Piece]] = [
      [.init("maxnorm", .accent), .init(" \(state)", .text)],
      rect.columns < 20
        ? [.init(have, .warning, isBold: true)]
        : [.init("too small: ", .warning, isBold: true), .init(have)],
      [.init("needs \(least.columns)x\(least.rows)", .mutedText)],
      [
        .init("q", .keyHint, isBold: true),
        .init(isAsking ? " again: quit" : " quit", .mutedText),
      ],
    ]
    // The least said first: the size, then what to do.
    if rect.rows < 4 { lines.removeFirst() }
    let shown = Array(lines.prefix(rect.rows))
    let top = rect.top + (rect.rows - shown.count) / 2
    for (row, line) in shown.enumerated() {
      let width = min(TextLine(line).width, rect.columns)
      let area = Rect(
        column: rect.left + (rect.columns - width) / 2, row: top + row, columns: width, rows: 1)
      TextLine(line).draw(in: area, into: &buffer, look)
    }
  }
}
