// The matrix of a confusion sample, with totals and recall where they find room.
import TerminalUI

/// A matrix that fits into its area.
struct ConfusionMatrix {
  private let counts: ConfusionCounts
  private let nameColumns: Int
  private let cellColumns: Int
  private let hasRecall, hasTotals, hasPredicted: Bool

  /// From this share of a class's examples on, a confusion is pointed at.
  static let largeShare = 0.1
  private static let recallColumns = 8

  /// Nil where there are more classes than room.
  init?(_ counts: ConfusionCounts, in rect: Rect) {
    let count = counts.names.count
    guard count > 0, rect.rows > count, rect.columns > count * 2 else { return nil }
    var largest = 0
    for truth in counts.names.indices {
      for prediction in counts.names.indices { largest = max(largest, counts[truth, prediction]) }
    }
    let digits = max(2, String(largest).utf8.count)
    let longest = counts.names.map { DisplayWidth.of(ScreenText.printable($0)) }.max() ?? 1
    let leastName = min(longest, 6)
    let needed = leastName + count * (digits + 1)
    guard needed <= rect.columns else { return nil }
    self.counts = counts
    var free = rect.columns - needed
    /// As much of what is left as is wanted, all of it or at least so much of it.
    func take(_ wanted: Int, orLess: Bool = false) -> Int {
      let taken = wanted <= free ? wanted : orLess ? free : 0
      free -= taken
      return taken
    }
    hasRecall = take(Self.recallColumns) > 0
    // Names of four letters say which class it is; the rest of them is worth less than a total.
    let first = take(max(0, min(4, longest) - digits) * count)
    nameColumns = leastName + take(min(longest - leastName, 8), orLess: true)
    hasTotals = take(Self.recallColumns) > 0
    let wider = min(max(0, min(longest, 12) - digits - first / count), free / count)
    cellColumns = digits + first / count + wider
    hasPredicted = rect.rows > count + 2
  }

  /// Rows that the matrix takes.
  var rows: Int { counts.names.count + (hasPredicted ? 2 : 1) }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let area = rect.centeredTop(
      Size(
        columns: nameColumns + counts.names.count * (cellColumns + 1) + (hasRecall ? 8 : 0)
          + (hasTotals ? 8 : 0), rows: rect.rows))
    drawHead(in: area.line(0), into: &buffer, look)
    for truth in counts.names.indices {
      drawRow(truth, in: area.line(truth + 1), into: &buffer, look)
    }
    guard hasPredicted else { return }
    var pieces: [TextLine.Piece] = [
      .init(
        NumberText.leading(nameColumns >= 9 ? "taken for" : "sum", to: nameColumns),
        .mutedText)
    ]
    for prediction in counts.names.indices {
      pieces.append(.init(cell(Self.text(counts.predicted(prediction))), .mutedText))
    }
    TextLine(pieces).draw(in: area.line(counts.names.count + 1), into: &buffer, look)
  }

  private func cell(_ text: String) -> String {
    " " + NumberText.padded(text, to: cellColumns)
  }

  private func drawHead(in line: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let corner = look.shortened("truth", to: nameColumns)
    var head = NumberText.leading(corner, to: nameColumns)
    for name in counts.names { head += cell(look.shortened(name, to: cellColumns)) }
    if hasTotals { head += NumberText.padded("total", to: Self.recallColumns) }
    if hasRecall { head += NumberText.padded("recall", to: Self.recallColumns) }
    TextLine([.init(head, .mutedText)]).draw(in: line, into: &buffer, look)
  }

  private func drawRow(
    _ truth: Int, in line: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let total = counts.total(truth)
    var pieces: [TextLine.Piece] = [
      .init(
        NumberText.leading(look.shortened(counts.names[truth], to: nameColumns), to: nameColumns))
    ]
    for prediction in counts.names.indices {
      let count = counts[truth, prediction]
      let isLarge = Double(count) >= total * Self.largeShare
      // Nothing is a dot, so that what is there stands out.
      let text = count == 0 ? look.glyphs.isUnicode ? "·" : "." : String(count)
      let role: Role =
        prediction == truth ? .good : count == 0 ? .border : isLarge ? .warning : .text
      pieces.append(.init(cell(text), role, isBold: prediction == truth))
    }
    if hasTotals {
      pieces.append(.init(NumberText.padded(Self.text(total), to: Self.recallColumns), .mutedText))
    }
    if hasRecall {
      let recall = counts.recall(truth).map { NumberText.percent($0, decimals: 0) } ?? "-"
      pieces.append(.init(NumberText.padded(recall, to: Self.recallColumns)))
    }
    TextLine(pieces).draw(in: line, into: &buffer, look)
  }

  private static func text(_ total: Double) -> String {
    total < 1e6 ? NumberText.fixed(total, decimals: 0) : NumberText.prefixed(total)
  }
}

extension Rect {
  /// A part of that size at the top, in the middle.
  fileprivate func centeredTop(_ wanted: Size) -> Rect {
    let columns = min(wanted.columns, self.columns)
    return Rect(
      column: left + (self.columns - columns) / 2, row: top, columns: columns,
      rows: min(wanted.rows, rows))
  }
}
