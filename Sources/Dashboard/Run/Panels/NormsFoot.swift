// What stands below the layers in the norms panel: the proof, the selected layer, the suggested r.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// As many lines as there is room for.
struct NormsFoot {
  let model: DashboardModel
  let segment: RunSegment

  /// Proof, selected layer, axis, and the table of ceilings with a line of air.
  static let mostRows = 11
  /// From this on there is a table that says something.
  static let tableRows = 9

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    guard rect.rows > 0 else { return }
    var lines: [[TextLine.Piece]] = []
    if rect.rows > 1 { lines.append(proof(columns: rect.columns, look)) }
    if rect.rows > 2, let next = next(columns: rect.columns, look) { lines.append(next) }
    if let layer = model.layer {
      let text = layer.wording.axis.first { DisplayWidth.of($0) <= rect.columns }
      lines.append([.init(text ?? "", .mutedText)])
    }
    let table = SuggestionTable(model: model)
    // The table first, so that the lines keep their place at the lower edge.
    let (upper, lower) = rect.splitBottom(min(rect.rows, lines.count))
    if upper.rows > 0, let action = table.action.first(where: { $0.count <= rect.columns }) {
      let area = upper.inset(top: upper.rows > 2 ? 1 : 0)
      if area.rows >= 3 {
        TextLine([.init("r and the units it would hold", .mutedText)]).draw(
          in: area.line(0), into: &buffer, look)
        table.draw(in: area.inset(top: 1, bottom: 1), into: &buffer, look)
      }
      TextLine([.init(action, .keyHint)]).draw(
        in: area.line(area.rows - 1), into: &buffer, look)
    }
    for (row, line) in lines.enumerated() {
      TextLine(line).draw(in: lower.line(row), into: &buffer, look)
    }
  }

  /// Draws a line like: fc1 next at r: ≈ 230 steps.
  private func next(columns: Int, _ look: Appearance) -> [TextLine.Piece]? {
    guard let layer = model.layer, let forecast = segment.forecast(layer) else { return nil }
    let words = forecast.words(look.glyphs)
    let room = columns - 12 - DisplayWidth.of(words)
    guard room >= 2 else { return nil }
    return [
      .init(look.name(of: layer, to: room), .text), .init(" next at r: ", .mutedText),
      .init(words),
    ]
  }

  /// Whether any norm is above its ceiling: the proof that the constraint does what it says.
  private func proof(
    columns: Int, _ look: Appearance
  ) -> [TextLine.Piece] {
    var largest: Float?
    for index in segment.layers.indices {
      guard let ceiling = segment.layers[index].ceiling, ceiling > 0,
        let norm = segment.layers[index].latest?.normMax
      else { continue }
      guard norm.isFinite else {
        return [.init("a norm is \(NonFinite.words)", .error, isBold: true)]
      }
      largest = max(largest ?? 0, norm / ceiling)
    }
    guard let largest, largest.isFinite else { return [] }
    let times = look.glyphs.isUnicode ? "×" : "x"
    let ratio = NumberText.fixed(Double(largest), decimals: 2)
    if !segment.band.isAbove(largest, 1) {
      let mark: TextLine.Piece = .init(look.glyphs.isUnicode ? "✓ " : "", .good)
      let statement: TextLine.Piece = .init("no norm above r", .mutedText)
      guard columns >= 34 else { return [mark, statement] }
      return [mark, statement, .init(", largest ", .mutedText), .init("\(ratio) \(times) r")]
    }
    return [
      .init("largest norm ", .mutedText), .init("\(ratio) \(times) r", .observed, isBold: true),
    ]
  }
}
