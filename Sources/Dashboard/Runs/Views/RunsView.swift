// The screen of many runs: where its panels stand, and what its status line says.
import PlainText
import RunIndex
import RunRecords
import TerminalUI

/// How the body of the screen is shared out.
struct RunsLayout {
  let model: RunsModel

  /// From so many columns on settings stand beside the chart.
  private static let wide = 100

  /// The panels that find room, the one in focus always among them.
  func places(in body: Rect) -> [(panel: RunsModel.Panel, rect: Rect)] {
    if model.isMaximized { return [(model.focus, body)] }
    let listRows = min(model.shown.count + 3, max(6, body.rows / 2))
    let (list, rest) = body.splitTop(max(5, listRows))
    guard body.columns >= Self.wide else {
      return [(.list, list), (model.focus == .settings ? .settings : .chart, rest)]
    }
    let (chart, settings) = rest.splitRight(max(36, body.columns * 2 / 5))
    return [(.list, list), (.chart, chart), (.settings, settings)]
  }

  /// The rows that a panel has for its lines, its line of titles aside.
  func rows(of panel: RunsModel.Panel) -> Int {
    guard !model.isTooSmall, model.size != .zero,
      let place = places(in: ScreenLayout(model.size).body).first(where: { $0.panel == panel })
    else { return 1 }
    return max(1, Panel.interior(of: place.rect).rows - 1)
  }
}

extension RunsModel {
  var listRows: Int { RunsLayout(model: self).rows(of: .list) }
  var settingRows: Int { RunsLayout(model: self).rows(of: .settings) }

  package func draw(_ layout: ScreenLayout, into buffer: inout CellBuffer, _ look: Appearance) {
    RunsHeader(model: self).draw(in: layout.header, into: &buffer, look)
    for (panel, rect) in RunsLayout(model: self).places(in: layout.body) {
      panel.description.draw(self, rect, &buffer, look)
    }
  }

  /// What is typed; else the notice; else what is to be said of the selected run.
  package func status(_ look: Appearance) -> [[TextLine.Piece]] {
    switch typing {
    case .filter:
      return [
        [.init("filter: ", .accent), .init(ScreenText.printable(filter)), .init("_", .keyHint)],
        [.init("\(shown.count) of \(runs.count) runs", .mutedText)],
      ]
    case .note(let text):
      return [
        [.init("note: ", .accent), .init(ScreenText.printable(text)), .init("_", .keyHint)]
      ]
    case nil: break
    }
    if let notice = shellStatus(look) { return [notice] }
    guard let run else { return [] }
    var items: [[TextLine.Piece]] = []
    if let trouble = run.trouble { items.append([.init(ScreenText.printable(trouble), .warning)]) }
    let note = note(of: run)
    if !note.isEmpty { items.append([.init(ScreenText.printable(note), .text, isBold: true)]) }
    items.append([.init(ScreenText.printable(run.path), .mutedText)])
    if !run.about.title.isEmpty {
      items.append([.init(ScreenText.printable(run.about.title), .mutedText)])
    }
    return items
  }

  package func lowStatus(_ look: Appearance) -> [TextLine.Piece]? {
    typing != nil || shell.notice != nil ? status(look).first : nil
  }
}
