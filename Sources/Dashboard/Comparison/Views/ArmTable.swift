// The table that fills up: an arm or a value a row, its figures over the seeds, the best marked.
import Comparisons
import PlainText
import RunHistory
import TerminalUI

/// The panel of the table.
struct ArmTable {
  let model: ComparisonModel

  static let description = ComparisonPanelDescription(
    title: { $0.isSweep ? "values" : "arms" },
    explanation: Explanation(
      term: "mean ± s.d.",
      brief: [
        "mean and standard deviation over the seeds, at the end of each run",
        "mean and standard deviation", "mean ± s.d.",
      ],
      full:
        "Mean and standard deviation over the seeds, each run measured at its end. Under best each"
        + " run is measured at its best evaluation, which flatters all arms. Runs that diverged stand"
        + " in no mean."),
    wantedRows: { model, _ in model.state.arms.count + 3 },
    keys: [],
    row: { ArmTable(model: $0).arm(at: $1, in: $2) },
    draw: { ArmTable(model: $0).draw(in: $1, into: &$2, $3) })

  /// The columns that show the whole of it.
  var naturalWidth: Int {
    table(Array(model.state.arms.indices.prefix(Self.mostAligned)), Appearance.plain).naturalWidth
  }

  /// A sweep may have thousands of candidates: then those in sight are in line with one another.
  private static let mostAligned = 64

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let room = Panel.interior(of: rect).rows - 1
    let window = model.window(room: room)
    let inner = model.drawFrame(
      .table, note: note(look), position: window.label, in: rect, into: &buffer, look)
    let isWhole = model.state.arms.count <= Self.mostAligned
    var table = table(isWhole ? Array(model.state.arms.indices) : Array(window.shown), look)
    if isWhole { table.rows = Array(table.rows[window.shown]) }
    table.selected = model.selectedArm - window.shown.lowerBound
    table.draw(in: inner, into: &buffer, look)
  }

  /// The arm in the row at a point; nil if there is none.
  func arm(at point: Point, in rect: Rect) -> Int? {
    Self.arm(at: point, in: Panel.interior(of: rect), model)
  }

  static func arm(at point: Point, in inner: Rect, _ model: ComparisonModel) -> Int? {
    model.window(room: inner.rows - 1).entry(at: point, in: inner.inset(top: 1))
  }

  private func note(_ look: Appearance) -> String {
    // The mean of an arm's trials is no result of it.
    guard !model.areTrials, let table = model.figures.table, table.best != nil else { return "" }
    let best = "\(look.glyphs.best) best mean"
    return model.isSweep
      ? "\(best)\(look.separator)\(look.glyphs.point(.good)) not shown to differ" : best
  }

  // MARK: Cells

  /// The longest name that leaves the figures their room.
  private var nameColumns: Int { max(10, min(40, model.size.columns / 4)) }

  private func table(_ arms: [Int], _ look: Appearance) -> Table {
    let text = model.figures.text
    // Before the first record nobody knows what is measured.
    let header = text.header.isEmpty ? placeholder : text.header
    let first = model.isSweep ? 1 : 0
    let names = Array(header.dropFirst(first))
    var cells: [[String]] = arms.map { index in
      guard text.rows.indices.contains(index) else {
        return placeholderCells(index, count: names.count)
      }
      return Array(text.rows[index].dropFirst(first))
    }
    let keys = keyCount
    for (place, index) in arms.enumerated() where cells[place].count > keys {
      if !model.isSweep {
        cells[place][0] = look.shortened(model.name(of: index), to: nameColumns)
      }
      cells[place][keys] = runs(index)
    }
    for column in names.indices where column < keys && model.isSweep || column > keys {
      let aligned = FigureColumn.aligned(
        cells.map { $0.indices.contains(column) ? $0[column] : "" })
      for place in cells.indices where cells[place].indices.contains(column) {
        cells[place][column] = aligned[place]
      }
    }
    // Trials of the same number are no pairs.
    let shown = names.indices.filter { !model.areTrials || $0 != keys + 2 }
    return Table(
      columns: [Table.Column("", importance: 9), Table.Column("", importance: 11)]
        + shown.map { column(names[$0], at: $0, keys: keys, look) },
      rows: arms.enumerated().map { place, index in
        [rank(index, look), .init(ArmLook.letter(index), model.role(of: index))]
          + shown.filter(cells[place].indices.contains).map { column -> Table.Entry in
            let cell = cells[place][column]
            return .init(ScreenText.printable(cell), role(index, column - keys, cell))
          }
      }, selected: nil)
  }

  /// The columns before the number of runs: the arm's name, or the values.
  private var keyCount: Int {
    if case .sweep(let keys, _) = model.state.kind { keys.count } else { 1 }
  }

  private var placeholder: [String] {
    switch model.state.kind {
    case .arms(let baseline): ["arm", "runs", "metric", "minus \(baseline)"]
    case .sweep(let keys, _): [""] + keys + ["runs", "metric", "minus best"]
    case .trials: ["arm", "runs", "metric", ""]
    }
  }

  private func placeholderCells(_ index: Int, count: Int) -> [String] {
    var cells = [model.state.arms[index]]
    if case .sweep(_, let candidates) = model.state.kind {
      let values = candidates.first { $0.arm == model.state.arms[index] }?.values ?? []
      cells = values.map(SweepTable.text)
    }
    return cells + Array(repeating: "–", count: max(0, count - cells.count))
  }

  private func column(_ title: String, at index: Int, keys: Int, _ look: Appearance) -> Table.Column
  {
    var title = ScreenText.printable(title)
    let place = index - keys
    if place < 0 {
      guard model.isSweep else { return .init(title, importance: 10) }
      title = ComparisonModel.shortNames([title])[0]
      return .init(title, .right, importance: 10)
    }
    switch place {
    case 0: return .init(title, importance: 6)
    case 1:
      let prefix = "validation "
      if title.hasPrefix(prefix), title.count > 12 { title = String(title.dropFirst(prefix.count)) }
      return .init(title, .right, importance: 9)
    case 2:
      let baseline = look.shortened(model.baseline ?? "", to: nameColumns - 6)
      return .init(model.isSweep ? "minus best" : "minus \(baseline)", .right, importance: 8)
    default:
      let importances = ["best": 4, "seconds": 3, "train": 2, "loss": 1]
      return .init(title, .right, importance: importances[title] ?? 0)
    }
  }

  private func rank(_ index: Int, _ look: Appearance) -> Table.Entry {
    if let point = model.figures.sweep?.points, point.indices.contains(index) {
      if point[index].isBest { return .init("\(look.glyphs.best)", .good) }
      return point[index].isUndecided ? .init("\(look.glyphs.point(.good))", .train) : .init(" ")
    }
    let isBest = !model.areTrials && model.figures.table?.best?.arm == model.state.arms[index]
    return isBest ? .init("\(look.glyphs.best)", .good) : .init(" ")
  }

  /// "2/3, 1 diverged, 1 failed".
  private func runs(_ index: Int) -> String {
    let arm = model.state.arms[index]
    let row = model.figures.table?[arm]
    let ended = row?.runs ?? 0
    let planned = model.state.runs.filter { $0.arm == arm }
    var words = [ended < planned.count ? "\(ended)/\(planned.count)" : "\(ended)"]
    if let diverged = row?.diverged, diverged > 0 { words.append("\(diverged) diverged") }
    let failed = planned.count {
      if case .failed = $0.phase { true } else { false }
    }
    if failed > 0 { words.append("\(failed) failed") }
    return words.joined(separator: ", ")
  }

  private func role(_ index: Int, _ place: Int, _ cell: String) -> Role {
    if cell.allSatisfy({ $0 == "–" || $0 == " " }) { return .mutedText }
    switch place {
    case ..<0: return model.role(of: index) == .mutedText ? .text : model.role(of: index)
    case 0: return cell.contains("diverged") || cell.contains("failed") ? .error : .text
    case 1: return .title
    case 2:
      guard model.figures.differences.indices.contains(index),
        let difference = model.figures.differences[index], difference.isCertain
      else { return .text }
      return difference.isBetter ? .good : .warning
    default: return .mutedText
    }
  }
}

extension Appearance {
  /// For measuring alone.
  static let plain = Appearance(theme: .terminal)
}

/// Figures one below the other: their points in one column, and so their spreads.
enum FigureColumn {
  static func aligned(_ cells: [String]) -> [String] {
    let parts = cells.map { cell -> (mean: String, spread: String?) in
      guard let sign = cell.firstRange(of: " ± ") else { return (cell, nil) }
      return (String(cell[..<sign.lowerBound]), String(cell[sign.upperBound...]))
    }
    let means = points(parts.map(\.mean))
    let spreads = points(parts.map { $0.spread ?? "" })
    let hasSpread = parts.contains { $0.spread != nil }
    return parts.indices.map { index in
      guard hasSpread else { return means[index] }
      return means[index]
        + (parts[index].spread == nil
          ? String(repeating: " ", count: 3 + DisplayWidth.of(spreads[index]))
          : " ± " + spreads[index])
    }
  }

  /// Spaces before and behind, so that all are equally wide with the decimal points in line.
  private static func points(_ texts: [String]) -> [String] {
    let halves = texts.map { text -> (whole: String, rest: String) in
      guard let point = text.firstIndex(of: "."), text.contains(where: \.isNumber) else {
        return (text, "")
      }
      return (String(text[..<point]), String(text[point...]))
    }
    let whole = halves.map { DisplayWidth.of($0.whole) }.max() ?? 0
    let rest = halves.map { DisplayWidth.of($0.rest) }.max() ?? 0
    return halves.map {
      NumberText.padded($0.whole, to: whole) + NumberText.leading($0.rest, to: rest)
    }
  }
}
