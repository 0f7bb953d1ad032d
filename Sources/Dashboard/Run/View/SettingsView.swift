// The settings over the panels, where they hide no loss curve: what can be changed, and to what it is set.
import PlainText
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
      rows: min(body.rows, Setting.allCases.count + (isExplained(in: body) ? 4 : 2)))
    return Rect(
      column: body.left, row: body.bottom - size.rows, columns: size.columns, rows: size.rows)
  }

  /// A line of air and the explanation, where there is room.
  private func isExplained(in body: Rect) -> Bool { body.rows >= Setting.allCases.count + 4 }

  private func inner(in body: Rect) -> Rect {
    box(in: body).inset(by: 1).inset(left: 1, right: 1)
  }

  /// The settings in sight, the chosen one among them.
  private func shown(_ rows: Int) -> ArraySlice<Setting> {
    let all = Setting.allCases
    let chosen = all.firstIndex(of: panel.setting) ?? 0
    let visible = min(all.count, rows)
    return all.dropFirst(min(max(0, chosen - visible + 1), all.count - visible)).prefix(visible)
  }

  /// The setting in the row of a point; nil where none is.
  func setting(at point: Point, in body: Rect) -> Setting? {
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
    for (row, setting) in shown(inner.rows).enumerated() {
      draw(setting, in: inner.line(row), into: &buffer, look)
    }
    guard isExplained(in: body) else { return }
    TextLine([.init("  " + panel.setting.explanation, .mutedText)])
      .draw(in: inner.line(Setting.allCases.count + 1), into: &buffer, look)
  }

  private var note: String {
    panel.entry == nil ? "left and right change, enter types" : "enter takes it, esc cancels"
  }

  private func draw(
    _ setting: Setting, in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let isChosen = setting == panel.setting
    var name = model.name(of: setting)
    if setting == .layerCeiling, let layer = model.layer {
      name = "r of " + look.name(of: layer, to: 15)
    }
    let mark = isChosen ? "\(look.glyphs.pointer) " : "  "
    let label = NumberText.leading(look.shortened(name, to: 20), to: 20)
    var pieces: [TextLine.Piece]
    if let absence = model.absence(of: setting) {
      pieces = [
        .init(mark + label, .mutedText), .init("  -  " + ScreenText.printable(absence), .mutedText),
      ]
    } else if isChosen, let entry = panel.entry {
      pieces = [
        .init(mark + label + "  ", .text, isBold: true),
        .init(entry + "_", .accent), .init("  was \(value(of: setting))", .mutedText),
      ]
    } else {
      pieces = [
        .init(mark + label + "  ", .text, isBold: isChosen),
        .init(value(of: setting), role(of: setting), isBold: true),
      ]
      if let remark = remark(on: setting) { pieces.append(.init("  " + remark, .mutedText)) }
    }
    TextLine(pieces).draw(in: rect, into: &buffer, look)
  }

  /// What it will be once what was asked for is done.
  private func value(of setting: Setting) -> String {
    switch (setting, model.wanted(setting)) {
    case (.ceiling, .number(let number)), (.layerCeiling, .number(let number)):
      Wording.norm(number)
    case (.dropout, .number(let number)):
      isUneven ? dropouts : Wording.short(number)
    case (_, .number(let number)): Wording.short(number)
    case (.batchNormFreeze, .flag(let flag)): flag ? "frozen" : "learning"
    case (_, .flag(let flag)): flag ? "on" : "off"
    default: "none"
    }
  }

  private func remark(on setting: Setting) -> String? {
    switch setting {
    case .layerCeiling:
      let own = model.wanted(.layerCeiling)
      return own != nil && own == model.wanted(.ceiling) ? "as all layers" : nil
    case .constraint where model.wanted(.constraint) == .flag(false): return "observing"
    case .learningRate where model.segment?.hasSchedule == true: return "by its schedule"
    default: return nil
    }
  }

  private func role(of setting: Setting) -> Role {
    switch setting {
    case .ceiling, .layerCeiling: .ceiling
    case .constraint: model.wanted(.constraint) == .flag(true) ? .good : .warning
    default: .text
    }
  }

  private var dropout: [Float] { model.segment?.settings.dropout ?? [] }

  /// The layers have different rates, and no command is on its way that makes them equal.
  private var isUneven: Bool {
    let isChanging = model.pending.contains {
      if case .dropout = $0.command { true } else { false }
    }
    return Set(dropout).count > 1 && !isChanging
  }

  private var dropouts: String {
    let shown = dropout.prefix(4).map(Wording.short).joined(separator: ", ")
    return dropout.count > 4 ? shown + ", ..." : shown
  }
}
