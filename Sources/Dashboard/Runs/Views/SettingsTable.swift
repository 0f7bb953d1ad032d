// The settings in which the marked runs differ, side by side; of a single run all of them.
import RunHistory
import RunIndex
import TerminalUI

/// The panel of the settings.
struct SettingsTable {
  let model: RunsModel

  static let description = RunsPanelDescription(
    title: { model in model.charted.count > 1 ? "settings that differ" : "settings" },
    explanation: Explanation(
      term: "settings",
      brief: ["what the marked runs were set to, where that differs", "what differs"],
      full:
        "The keys of the experiment that not all marked runs have alike, a column each; of a single run all"
        + " of its keys. Another program's run has those that its log tells."),
    wantedRows: { model, _ in DifferingSettings(model.charted).rows.count + 3 },
    keys: [.up, .down],
    draw: { SettingsTable(model: $0).draw(in: $1, into: &$2, $3) })

  /// A value in full could be a whole list.
  private static let widestValue = 24

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let runs = model.charted
    let rows = DifferingSettings(runs).rows
    let room = max(1, Panel.interior(of: rect).rows - 1)
    let window = ListWindow(from: model.firstSetting, room: room, of: rows.count)
    let inner = model.drawFrame(
      .settings, position: window.label, in: rect, into: &buffer, look)
    guard !rows.isEmpty else {
      let text = runs.count > 1 ? "the marked runs differ in no setting" : "its log tells none"
      TextLine([.init(text, .mutedText)]).draw(in: inner, into: &buffer, look)
      return
    }
    var columns = [Table.Column("", importance: 100, leastWidth: 10)]
    for (place, run) in runs.enumerated() {
      let letter = model.marks[run.path].map { ArmLook.letter($0) } ?? ""
      columns.append(Table.Column(letter, importance: 99 - place, leastWidth: 4))
    }
    let cells = rows[window.shown].map { row in
      var cells = [Table.Entry(look.shortened(row.key, to: 28), .mutedText)]
      for (run, value) in zip(runs, row.values) {
        let text = value.map { look.cut($0, to: Self.widestValue) } ?? "–"
        cells.append(Table.Entry(text, model.marks[run.path].map(RunLook.role) ?? .text))
      }
      return cells
    }
    Table(columns: columns, rows: cells).draw(in: inner, into: &buffer, look)
  }
}
