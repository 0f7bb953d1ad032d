// The list that metrics are chosen from: by group, with their last values.
import PlainText
import RunHistory
import TerminalUI

/// A line for each group and each figure, as far as there is room.
struct MetricList {
  let model: DashboardModel

  private enum Row: Equatable {
    case group(String)
    case metric(MetricKey)
  }

  private var rows: [Row] {
    var rows: [Row] = []
    var group = ""
    for key in model.segment?.metrics.keys ?? [] {
      let own = key.group
      if own != group { rows.append(.group(own)) }
      group = own
      rows.append(.metric(key))
    }
    return rows
  }

  private static let valueColumns = 8
  /// Pointer, mark, and air before the name.
  private static let margin = 3

  /// The columns that show the whole of all names.
  var wantedColumns: Int {
    guard let metrics = model.segment?.metrics else { return 0 }
    let names = metrics.keys.map { DisplayWidth.of(name($0, metrics)) + ($0.group.isEmpty ? 0 : 1) }
    return Self.margin + (names.max() ?? 0) + 1 + Self.valueColumns
  }

  private func name(_ key: MetricKey, _ metrics: MetricHistories) -> String {
    key.words(key.nameInGroup, metrics)
  }

  private func window(_ rows: [Row], room: Int) -> ListWindow {
    let selected = model.selectedMetric.flatMap { rows.firstIndex(of: .metric($0)) } ?? 0
    return ListWindow(selected: selected, room: room, of: rows.count)
  }

  /// The figure at a point; nil if there is none.
  func metric(at point: Point, in rect: Rect) -> MetricKey? {
    let rows = rows
    guard let index = window(rows, room: rect.rows).entry(at: point, in: rect),
      case .metric(let key) = rows[index]
    else { return nil }
    return key
  }

  /// Draws the list; `roles` are the colours of the figures that have a curve.
  func draw(
    _ roles: [MetricKey: Role], in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    guard !rect.isEmpty, let metrics = model.segment?.metrics else { return }
    let rows = rows
    for (offset, row) in rows[window(rows, room: rect.rows).shown].enumerated() {
      let line = rect.line(offset)
      switch row {
      case .group(let group):
        let name = group.isEmpty ? "" : ScreenText.printable(group) + "/"
        TextLine([.init(" " + name, .mutedText)]).draw(in: line, into: &buffer, look)
      case .metric(let key): draw(key, metrics, roles[key], in: line, into: &buffer, look)
      }
    }
  }

  private func draw(
    _ key: MetricKey, _ metrics: MetricHistories, _ role: Role?, in line: Rect,
    into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let isSelected = key == model.selectedMetric
    if isSelected {
      buffer.put(Glyph(look.glyphs.pointer), at: line.origin, style: look.style(.keyHint))
    }
    let isPinned = model.isPinned(key)
    if isPinned || role != nil {
      let sign = isPinned ? look.glyphs.bullet : look.glyphs.isUnicode ? "━" : "-"
      buffer.put(
        Glyph(sign), at: line.origin.offset(columns: 1), style: look.style(role ?? .mutedText))
    }
    let indent = key.group.isEmpty ? 0 : 1
    let (names, values) = line.inset(left: Self.margin + indent).splitRight(Self.valueColumns)
    buffer.write(
      look.shortened(name(key, metrics), to: names.columns), at: names.origin,
      style: look.style(isSelected ? .title : .text))
    let value = metrics[key]?.last.map { NumberText.significant(Double($0)) } ?? "-"
    TextLine([.init(NumberText.padded(value, to: values.columns), role ?? .mutedText)])
      .draw(in: values, into: &buffer, look)
  }
}
