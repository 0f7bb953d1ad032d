// The means of a sweep over two keys as a table whose cells have levels and colours.
import Comparisons
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// One key's values across, the other's down.
struct SweepHeat {
  let model: ComparisonModel

  /// What explains the chart while it shows this.
  static let explanation = Explanation(
    term: "levels",
    brief: [
      "means over the seeds at the end; the fuller a bar, the better",
      "means at the end; the fuller a bar, the better", "means at the end",
    ],
    full:
      "Over two keys each cell has the mean over the seeds at the end of the runs, and a bar: the"
      + " fuller, the better. The diamond is the best, full points are not shown to differ.")

  private struct MeanCell {
    var index: Int
    var mean: Double?
    var rank: ErrorPoint.Rank
  }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    guard let grid = model.figures.grid, case .sweep(let keys, _) = model.state.kind,
      let sweep = model.figures.sweep
    else { return }
    let names = ComparisonModel.shortNames(keys).map { ScreenText.printable($0) }
    let places = Self.places(sweep, grid)
    let chosen = places.first { $0.value.index == model.selectedArm }?.key
    let labels = grid.rows.map { Wording.short(Float($0)) }
    let side = (labels.map(\.count).max() ?? 0) + 1
    let interior = Panel.interior(of: rect)
    let rows = ListWindow(
      selected: chosen?.row ?? 0, room: interior.rows - 2, of: grid.rows.count)
    let inner = model.drawFrame(
      .chart, note: reading, position: rows.label, in: rect, into: &buffer, look)
    let figure = model.figures.figure
    let texts = places.compactMapValues { $0.mean.map(figure.plain) }
    let heads = grid.columns.map { Wording.short(Float($0)) }
    let widest = max(texts.values.map(\.count).max() ?? 1, heads.map(\.count).max() ?? 1)
    // With a rank before and a level behind the figure; or the level alone.
    let isWide = side + grid.columns.count * (widest + 4) <= inner.columns
    let share = max(2, (inner.columns - side) / grid.columns.count)
    let width = isWide ? max(widest + 4, min(24, share)) : min(6, share)
    let spacing = rows.isWhole && grid.rows.count * 2 + 1 < inner.rows ? 2 : 1
    TextLine([
      .init("across: ", .mutedText), .init(names[0]), .init("  down: ", .mutedText),
      .init(names[1]),
      .init(
        "  \(look.glyphs.best) best  \(look.glyphs.point(.good)) not shown to differ", .mutedText),
    ]).draw(in: inner.line(inner.rows - 1), into: &buffer, look)
    var free = inner.left
    for (column, head) in heads.enumerated() {
      let start =
        inner.left + side + column * width + (isWide ? max(0, widest + 1 - head.count) : 0)
      guard start >= free, start + head.count <= inner.right, inner.rows > 2 else { continue }
      buffer.write(head, at: Point(column: start, row: inner.top), style: look.style(.mutedText))
      free = start + head.count + 1
    }
    let scale = Self.scale(places.values.compactMap(\.mean))
    let isLower = model.figures.table?.goal == .minimize
    for (offset, row) in rows.shown.enumerated() where offset * spacing + 2 < inner.rows {
      let line = inner.line(offset * spacing + 1)
      buffer.write(
        NumberText.padded(labels[row], to: side - 1), at: line.origin,
        style: look.style(.mutedText), maxWidth: side - 1)
      for column in grid.columns.indices {
        let cell = Rect(
          column: line.left + side + column * width, row: line.top, columns: width, rows: 1
        ).intersection(line)
        guard let place = places[Key(column: column, row: row)] else { continue }
        var share = place.mean.map {
          ($0 - scale.lowerBound) / (scale.upperBound - scale.lowerBound)
        }
        if isLower { share = share.map { 1 - $0 } }
        draw(
          place, share, text: isWide ? texts[Key(column: column, row: row)] ?? "–" : nil,
          widest: widest, in: cell, into: &buffer, look)
      }
    }
  }

  private struct Key: Hashable {
    var column: Int
    var row: Int
  }

  private static func places(
    _ sweep: SweepTable, _ grid: ComparisonFigures.Grid
  ) -> [Key: MeanCell] {
    var places: [Key: MeanCell] = [:]
    for (index, point) in sweep.points.enumerated() {
      guard let column = grid.columns.firstIndex(of: point.candidate.values[0]),
        let row = grid.rows.firstIndex(of: point.candidate.values[1])
      else { continue }
      let mean = point.row?.last?.mean
      places[Key(column: column, row: row)] = MeanCell(
        index: index, mean: mean,
        rank: point.isBest ? .best : mean != nil && point.isUndecided ? .good : .other)
    }
    return places
  }

  private static func scale(_ means: [Double]) -> ClosedRange<Double> {
    guard let low = means.min(), let high = means.max(), low < high else {
      let middle = means.first ?? 0
      return middle - 1...middle + 1
    }
    return low...high
  }

  private var reading: String {
    guard let points = model.figures.sweep?.points, points.indices.contains(model.selectedArm)
    else { return "" }
    let mean = model.figures.figure.meanAndDeviation(points[model.selectedArm].row?.last)
    return "\(model.name(of: model.selectedArm)): \(mean)"
  }

  private func draw(
    _ place: MeanCell, _ share: Double?, text: String?, widest: Int, in cell: Rect,
    into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let levels = look.glyphs.levels
    let level = share.map {
      levels[1 + Int((max(0, min(1, $0)) * Double(levels.count - 2)).rounded())]
    }
    let isBest = place.rank == .best
    let rank = place.rank == .other ? " " : String(Character(look.glyphs.point(place.rank)))
    let heat = Style(
      foreground: look.theme.isMonochrome ? .default : look.theme.heat(max(0.3, share ?? 0)),
      background: look.style(.background).background)
    buffer.clipped(to: cell) { buffer in
      var point = cell.origin
      point.column += buffer.write(rank, at: point, style: look.style(place.rank.role).bold)
      if let text {
        let style = isBest ? look.style(.good).bold : look.style(share == nil ? .mutedText : .text)
        point.column += buffer.write(
          NumberText.padded(text, to: widest) + " ", at: point, style: style)
      }
      let room = cell.right - point.column - 1
      if let share, text != nil, room >= 4 {
        // Something is never shown as nothing: the worst has been measured too.
        Bar(share: 0.08 + 0.92 * share, role: isBest ? .good : .train)
          .draw(
            in: Rect(origin: point, size: Size(columns: room, rows: 1)), into: &buffer, look)
      } else if let level {
        buffer.put(Glyph(level), at: point, style: heat)
      }
    }
    guard place.index == model.selectedArm else { return }
    let mark = look.style(.selection)
    buffer.restyle(
      cell.intersection(
        Rect(column: cell.left, row: cell.top, columns: (text == nil ? 2 : widest + 3), rows: 1))
    ) { style in
      mark.attributes.contains(.reverse) ? style.reversed : style.background(mark.background)
    }
  }
}
