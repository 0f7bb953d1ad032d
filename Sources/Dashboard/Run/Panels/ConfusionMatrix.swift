// The matrix of a confusion sample, with totals and recall if they fit.
import PlainText
import TerminalUI

/// A matrix that fits into its area.
struct ConfusionMatrix {
  private let counts: ConfusionCounts
  /// The classes' names across, without what they all begin with.
  private let heads: [String]
  private let nameColumns: Int
  private let cellColumns: Int
  private let hasRecall, hasTotals, hasPredicted: Bool

  /// From this share of a class's examples on, a confusion is pointed at.
  static let largeShare = 0.1
  private static let recallColumns = 8

  /// Nil if there are more classes than room.
  init?(_ counts: ConfusionCounts, in rect: Rect) {
    let count = counts.names.count
    guard count > 0, rect.rows > count, rect.columns > count * 2 else { return nil }
    var largest = 0
    for truth in counts.names.indices {
      for prediction in counts.names.indices { largest = max(largest, counts[truth, prediction]) }
    }
    let digits = max(2, String(largest).utf8.count)
    let names = counts.names.map(ScreenText.printable)
    let longest = names.map { DisplayWidth.of($0) }.max() ?? 1
    let heads = Self.heads(names)
    let longestHead = heads.map { DisplayWidth.of($0) }.max() ?? 1
    let leastName = min(longest, 6)
    let needed = leastName + count * (digits + 1)
    guard needed <= rect.columns else { return nil }
    self.counts = counts
    self.heads = heads
    var free = rect.columns - needed
    /// As much of the rest as wanted: all of it, or at least the given part.
    func take(_ wanted: Int, orLess: Bool = false) -> Int {
      let taken = wanted <= free ? wanted : orLess ? free : 0
      free -= taken
      return taken
    }
    hasRecall = take(Self.recallColumns) > 0
    // Names of four letters say which class it is; the rest of them is worth less than a total.
    let first = take(max(0, min(4, longestHead) - digits) * count)
    let name = leastName + take(min(longest - leastName, 8), orLess: true)
    // Room for the words "truth" and "taken for".
    nameColumns = name + take(max(0, DisplayWidth.of(Self.sumWord) - name))
    hasTotals = take(Self.recallColumns) > 0
    let wider = min(max(0, min(longestHead, 12) - digits - first / count), free / count)
    cellColumns = digits + first / count + wider
    hasPredicted = rect.rows > count + 2
  }

  private static let sumWord = "taken for"

  /// Names without the words that all of them begin with: "speaker 1" and "speaker 2" are 1 and 2.
  private static func heads(_ names: [String]) -> [String] {
    guard names.count > 1, let first = names.first else { return names }
    let common = names.dropFirst().reduce(first[...]) { common, name in
      common.prefix(zip(common, name).prefix { $0 == $1 }.count)
    }
    guard let space = common.lastIndex(of: " ") else { return names }
    let length = common[...space].count
    return names.map { String($0.dropFirst(length)) }
  }

  /// The names across, in the width of a cell: their beginnings, if these differ.
  private func shortHeads(_ look: Appearance) -> [String] {
    // Where there are few columns, letters are worth more than the sign that some are missing.
    let cut = heads.map {
      cellColumns < 6 ? NumberText.prefix($0, columns: cellColumns) : look.cut($0, to: cellColumns)
    }
    return Set(cut).count == cut.count
      ? cut : heads.map { look.shortened($0, to: cellColumns) }
  }

  /// Rows that the matrix takes.
  var rows: Int { counts.names.count + (hasPredicted ? 2 : 1) }

  /// Columns that the matrix takes.
  var columns: Int {
    nameColumns + counts.names.count * (cellColumns + 1)
      + (hasRecall ? Self.recallColumns : 0) + (hasTotals ? Self.recallColumns : 0)
  }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let area = rect.splitLeft(columns).left
    drawHead(in: area.line(0), into: &buffer, look)
    for truth in counts.names.indices {
      drawRow(truth, in: area.line(truth + 1), into: &buffer, look)
    }
    guard hasPredicted else { return }
    var pieces: [TextLine.Piece] = [
      .init(
        NumberText.leading(nameColumns >= 9 ? Self.sumWord : "sum", to: nameColumns),
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
    for name in shortHeads(look) { head += cell(name) }
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
        NumberText.leading(rowName(truth, look), to: nameColumns))
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

  /// Words are recognized by their beginnings; if two begin alike, they are distinguished by their
  /// ends.
  private func rowName(_ truth: Int, _ look: Appearance) -> String {
    let name = look.cut(counts.names[truth], to: nameColumns)
    let isShared = counts.names.indices.contains {
      $0 != truth && look.cut(counts.names[$0], to: nameColumns) == name
    }
    return isShared ? look.shortened(counts.names[truth], to: nameColumns) : name
  }

  private static func text(_ total: Double) -> String {
    total < 1e6 ? NumberText.fixed(total, decimals: 0) : NumberText.prefixed(total)
  }
}
