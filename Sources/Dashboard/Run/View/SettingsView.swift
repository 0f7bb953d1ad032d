// The settings over the panels, where they hide no loss curve: what can be changed, and to what it is set.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// A list of settings, the chosen one marked and explained.
struct SettingsView {
  let model: DashboardModel
  let panel: SettingsPanel

  private static let width = 62

  /// Where it lies: over the lower left corner.
  func box(in body: Rect) -> Rect {
    let size = Size(
      columns: min(body.columns, Self.width),
      rows: min(body.rows, SettingRow.all.count + (isExplained(in: body) ? 4 : 2)))
    return Rect(
      column: body.left, row: body.bottom - size.rows, columns: size.columns, rows: size.rows)
  }

  /// A line of air and the explanation, where there is room.
  private func isExplained(in body: Rect) -> Bool { body.rows >= SettingRow.all.count + 4 }

  private func inner(in body: Rect) -> Rect {
    box(in: body).inset(by: 1).inset(left: 1, right: 1)
  }

  /// The settings in sight, the chosen one among them.
  private func shown(_ rows: Int) -> ArraySlice<SettingRow> {
    let all = SettingRow.all
    let chosen = all.firstIndex(of: panel.row) ?? 0
    let visible = min(all.count, rows)
    return all.dropFirst(min(max(0, chosen - visible + 1), all.count - visible)).prefix(visible)
  }

  /// The setting in the row at a point; nil if there is none.
  func row(at point: Point, in body: Rect) -> SettingRow? {
    let inner = inner(in: body)
    let shown = Array(shown(inner.rows))
    let row = point.row - inner.top
    return inner.contains(point) && shown.indices.contains(row) ? shown[row] : nil
  }

  func draw(in body: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let box = box(in: body)
    buffer.fill(box, with: Cell(Glyph.space, look.style(.background)))
    Panel(title: "settings", note: note, isFocused: true).draw(in: box, into: &buffer, look)
    let inner = inner(in: body)
    for (line, row) in shown(inner.rows).enumerated() {
      draw(row, in: inner.line(line), into: &buffer, look)
    }
    guard isExplained(in: body) else { return }
    TextLine([.init("  " + panel.row.explanation, .mutedText)])
      .draw(in: inner.line(SettingRow.all.count + 1), into: &buffer, look)
  }

  private var note: String {
    panel.entry == nil ? "left and right change, enter types" : "enter takes it, esc cancels"
  }

  private func draw(
    _ row: SettingRow, in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let isChosen = row == panel.row
    var name = model.name(of: row)
    if row.isOfLayer, let layer = model.layer {
      name = "\(row.setting.description.title) of " + look.name(of: layer, to: 15)
    }
    let mark = isChosen ? "\(look.glyphs.pointer) " : "  "
    let label = NumberText.leading(look.shortened(name, to: 20), to: 20)
    var pieces: [TextLine.Piece]
    if let absence = model.absence(of: row) {
      pieces = [
        .init(mark + label, .mutedText), .init("  -  " + ScreenText.printable(absence), .mutedText),
      ]
    } else if isChosen, let entry = panel.entry {
      pieces = [
        .init(mark + label + "  ", .text, isBold: true),
        .init(entry + "_", .accent), .init("  was \(value(of: row))", .mutedText),
      ]
    } else {
      pieces = [
        .init(mark + label + "  ", .text, isBold: isChosen),
        .init(value(of: row), role(of: row), isBold: true),
      ]
      if let remark = remark(on: row) { pieces.append(.init("  " + remark, .mutedText)) }
    }
    TextLine(pieces).draw(in: rect, into: &buffer, look)
  }

  /// What it will be once what was asked for is done.
  private func value(of row: SettingRow) -> String {
    if row.setting == .dropout, isUneven { return dropouts }
    return row.setting.description.kind.text(model.wanted(row)) ?? "none"
  }

  private func remark(on row: SettingRow) -> String? {
    switch row.setting {
    case .maxNorm where row.isOfLayer:
      let own = model.wanted(row)
      return own != nil && own == model.wanted(.maxNorm) ? "as all layers" : nil
    case .constraint where model.wanted(.constraint) == .flag(false): return "observing"
    case .learningRate where model.segment?.hasSchedule == true: return "by its schedule"
    case .maxNorm, .learningRate, .momentum, .weightDecay, .dropout, .batchNormFreeze, .constraint:
      return nil
    }
  }

  private func role(of row: SettingRow) -> Role {
    switch row.setting {
    case .maxNorm: .ceiling
    case .constraint: model.wanted(.constraint) == .flag(true) ? .good : .warning
    case .learningRate, .momentum, .weightDecay, .dropout, .batchNormFreeze: .text
    }
  }

  private var dropout: [Float] { model.segment?.settings.dropout ?? [] }

  /// The layers have different rates, and no command is on its way that makes them equal.
  private var isUneven: Bool {
    let isChanging = model.pending.contains {
      if case .set(.dropout, _, _) = $0.command { true } else { false }
    }
    return Set(dropout).count > 1 && !isChanging
  }

  private var dropouts: String {
    let shown = dropout.prefix(4).map(Wording.short).joined(separator: ", ")
    return dropout.count > 4 ? shown + ", ..." : shown
  }
}
