// The list of runs: a row each, with its state, its figures and a small curve.
import Comparisons
import PlainText
import RunHistory
import RunIndex
import RunRecords
import TerminalUI

/// The panel of the list.
struct RunList {
  let model: RunsModel

  static let description = RunsPanelDescription(
    title: { _ in "runs" },
    explanation: Explanation(
      term: "list",
      brief: [
        "a run a row; marked ones have the letter and colour of their curve", "a run a row",
      ],
      full:
        "Every log below the folder is a row: how the run stands, how far it is, a figure's last and best"
        + " value, its course, and how long ago it wrote last. New runs come by themselves."),
    wantedRows: { model, _ in model.shown.count + 3 },
    keys: [
      .up, .down, .first, .last, .pageUp, .pageDown, .details, .mark, .markAll, .unmarkAll, .pin,
      .note, .filter, .sortAfter, .sortBefore, .reverseSort,
    ],
    row: { RunList(model: $0).row(at: $1, in: $2) },
    draw: { RunList(model: $0).draw(in: $1, into: &$2, $3) })

  private func window(room: Int) -> ListWindow {
    ListWindow(selected: model.selectedRow ?? 0, room: room, of: model.shown.count)
  }

  func row(at point: Point, in rect: Rect) -> Int? {
    let inner = Panel.interior(of: rect)
    return window(room: inner.rows - 1).entry(at: point, in: inner.inset(top: 1))
  }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let window = window(room: Panel.interior(of: rect).rows - 1)
    let inner = model.drawFrame(
      .list, note: model.metric.map { MetricName.words($0) } ?? "", position: window.label,
      in: rect, into: &buffer, look)
    guard !model.shown.isEmpty else {
      let text =
        !model.index.isListed
        ? "looking for logs" : model.runs.isEmpty ? "no log here yet" : "no run fits the filter"
      TextLine([.init(text, .mutedText)]).draw(in: inner, into: &buffer, look)
      return
    }
    let runs = model.shown[window.shown].map { model.runs[$0] }
    let selected = model.selectedRow.map { $0 - window.shown.lowerBound }
    table(runs, selected, look).draw(in: inner, into: &buffer, look)
  }

  // MARK: Cells

  /// Where the name of its figure stands in a row.
  private static let figureColumn = 5

  private func table(_ runs: [IndexedRun], _ selected: Int?, _ look: Appearance) -> Table {
    let last = FigureColumn.aligned(runs.map { text($0) { run, name in run.figures[name]?.last } })
    let best = FigureColumn.aligned(
      runs.map { text($0) { run, name in run.best(of: name)?.value } })
    // Where all go by one figure its name stands above; else each row names its own.
    let names = Set(runs.compactMap { model.metric ?? $0.metric })
    let isOne = names.count <= 1
    let title = isOne ? names.first.map { FigureText(metric: $0).name } ?? "last" : "last"
    var columns: [Table.Column] = [
      .init("", importance: 12), .init("", importance: 6),
      .init(sorted("run", .name, look), importance: 11, leastWidth: 12),
      .init(sorted("state", .state, look), importance: 10),
      .init(sorted("steps", .steps, look), .right, importance: 7),
      .init(sorted(short(title), .last, look), .right, importance: 9),
      .init(sorted("best", .best, look), .right, importance: 8),
      .init("course", importance: 5), .init(sorted("age", .age, look), .right, importance: 4),
      .init(sorted("time", .elapsed, look), .right, importance: 2),
      .init("note", importance: 1, leastWidth: 6),
    ]
    if !isOne { columns.insert(.init("figure", importance: 3), at: Self.figureColumn) }
    return Table(
      columns: columns,
      rows: runs.enumerated().map { place, run in
        row(run, isOne: isOne, last: last[place], best: best[place], look)
      }, selected: selected)
  }

  private func row(
    _ run: IndexedRun, isOne: Bool, last: String, best: String, _ look: Appearance
  ) -> [Table.Entry] {
    let state = run.state(at: model.time)
    let name = model.metric ?? run.metric
    let mark = model.marks[run.path]
    let role = mark.map(RunLook.role)
    let isPinned = model.notes.pinned.contains(run.path)
    var steps = NumberText.grouped(run.figures.step)
    if state == .live, let share = run.share {
      steps += " " + NumberText.percent(share, decimals: 0)
    }
    let figure = name.map { MetricName.words($0) } ?? ""
    let time = run.figures.elapsed.map { NumberText.duration($0) } ?? "–"
    var cells: [Table.Entry] = []
    cells.append(Table.Entry(mark.map { ArmLook.letter($0) } ?? " ", role ?? .text))
    cells.append(Table.Entry(isPinned ? String(Character(look.glyphs.best)) : " ", .accent))
    let width = max(16, model.size.columns * 2 / 5)
    cells.append(Table.Entry(look.shortened(run.shownName, to: width), role ?? .text))
    cells.append(Table.Entry("\(state.glyph(look)) \(state.rawValue)", state.role))
    cells.append(Table.Entry(steps))
    if !isOne { cells.append(Table.Entry(figure, .mutedText)) }
    cells.append(Table.Entry(last, .title))
    cells.append(Table.Entry(best, run.isWhole ? .text : .mutedText))
    cells.append(Table.Entry(curve(run, name, look), role ?? .mutedText))
    cells.append(Table.Entry(RunTable.age(run.age(at: model.time)), .mutedText))
    cells.append(Table.Entry(time, .mutedText))
    cells.append(Table.Entry(ScreenText.printable(model.note(of: run))))
    return cells
  }

  private func sorted(_ title: String, _ column: RunOrder.Column, _ look: Appearance) -> String {
    guard model.order.column == column else { return title }
    return title
      + String(
        Character(model.order.isReversed ? look.glyphs.arrowUp : look.glyphs.arrowDown))
  }

  private func short(_ title: String) -> String {
    let prefix = "validation "
    return ScreenText.printable(
      title.hasPrefix(prefix) && title.count > 16 ? String(title.dropFirst(prefix.count)) : title)
  }

  private func text(_ run: IndexedRun, _ value: (IndexedRun, String) -> Float?) -> String {
    guard let name = model.metric ?? run.metric, let value = value(run, name) else { return "–" }
    return FigureText(metric: name).plain(Double(value))
  }

  private static let curveColumns = 12

  /// The course of a figure in a few cells, from its lowest value to its highest.
  private func curve(_ run: IndexedRun, _ name: String?, _ look: Appearance) -> String {
    guard run.isWhole, let name, let figure = run.figures[name] else { return "" }
    return SmallCurve.text(figure.curve, steps: run.figures.step, columns: Self.curveColumns, look)
  }
}

/// A curve in one row of cells.
enum SmallCurve {
  static func text(
    _ curve: History<Reading>, steps: Int, columns: Int, _ look: Appearance
  ) -> String {
    let buckets = curve.columns(over: 0...max(1, steps), count: columns)
    let values = buckets.compactMap { $0?.entry.hasValue == true ? $0?.entry.mean : nil }
    guard let low = values.min(), let high = values.max() else { return "" }
    let levels = look.glyphs.levels
    var text = ""
    var before: String?
    for bucket in buckets {
      guard let entry = bucket?.entry else {
        // Between two measurements the last one holds.
        text += before ?? " "
        continue
      }
      guard entry.hasValue else {
        text += String(Character(look.glyphs.notFinite))
        continue
      }
      let share = high > low ? Double((entry.mean - low) / (high - low)) : 0.5
      let level = 1 + min(levels.count - 2, max(0, Int(share * Double(levels.count - 1))))
      before = String(Character(levels[level]))
      text += before ?? ""
    }
    return text
  }
}

/// How a marked run is distinguished from the others: by its letter first, then by colour and kind of line.
enum RunLook {
  private static let roles: [Role] = [.train, .validation, .good, .accent, .warning, .twin]
  private static let lines: [LineMark] = [.solid, .dashed, .dotted]

  static func role(_ place: Int) -> Role { roles[max(0, place) % roles.count] }

  /// Six colours three times: no two of the runs that can be marked look alike.
  static func line(_ place: Int) -> LineMark { lines[max(0, place) / roles.count % lines.count] }
}
