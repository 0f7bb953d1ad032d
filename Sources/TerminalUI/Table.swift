// Rows of aligned columns; numbers stand at the right, and what has no room is cut or left out.

/// A table of texts.
package struct Table: Hashable, Sendable {
  package enum Alignment: Hashable, Sendable { case left, right }

  package struct Column: Hashable, Sendable {
    package var title: String
    package var alignment: Alignment
    /// Columns with a lower importance vanish first when the table is too wide.
    package var importance: Int
    /// The columns down to which its texts may be cut; nil: shown in full or not at all.
    package var leastWidth: Int?

    package init(
      _ title: String, _ alignment: Alignment = .left, importance: Int = 0, leastWidth: Int? = nil
    ) {
      self.title = title
      self.alignment = alignment
      self.importance = importance
      self.leastWidth = leastWidth
    }
  }

  package struct Entry: Hashable, Sendable {
    package var text: String
    package var role: Role

    package init(_ text: String, _ role: Role = .text) {
      self.text = text
      self.role = role
    }
  }

  package var columns: [Column]
  package var rows: [[Entry]]
  /// The row that keys act on; it is kept in sight.
  package var selected: Int?
  package var showsTitles = true

  package init(columns: [Column], rows: [[Entry]], selected: Int? = nil) {
    self.columns = columns
    self.rows = rows
    self.selected = selected
  }

  package func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    guard !rect.isEmpty else { return }
    let widths = fittingWidths(rect.columns)
    buffer.clipped(to: rect) { buffer in
      var top = rect.top
      if showsTitles {
        let titles = columns.map { Entry($0.title, .mutedText) }
        draw(titles, row: top, widths: widths, rect, isSelected: false, into: &buffer, look)
        top += 1
      }
      let room = max(0, rect.bottom - top)
      let first = min(max(0, (selected ?? 0) - room + 1), max(0, rows.count - room))
      for (offset, row) in rows.dropFirst(first).prefix(room).enumerated() {
        draw(
          row, row: top + offset, widths: widths, rect, isSelected: first + offset == selected,
          into: &buffer, look)
      }
    }
  }

  private static let gap = 2

  /// Columns of the screen in which everything stands in full.
  package var naturalWidth: Int {
    naturalWidths.reduce(Self.gap * max(0, columns.count - 1), +)
  }

  private var naturalWidths: [Int] {
    columns.indices.map { index in
      let texts = rows.compactMap { $0.indices.contains(index) ? $0[index].text : nil }
      let titled = showsTitles ? texts + [columns[index].title] : texts
      return titled.map { DisplayWidth.of($0) }.max() ?? 0
    }
  }

  /// Width of each column, nil for those left out: what may be cut is cut first; then columns go,
  /// the least important first, then from the right.
  private func fittingWidths(_ room: Int) -> [Int?] {
    var widths: [Int?] = naturalWidths
    while true {
      let shown = widths.compactMap { $0 }
      var excess = shown.reduce(Self.gap * (shown.count - 1), +) - room
      guard excess > 0 else { return widths }
      var cut = widths
      for (index, column) in columns.enumerated() {
        guard let width = widths[index], let least = column.leastWidth else { continue }
        let less = min(excess, max(0, width - max(1, least)))
        cut[index] = width - less
        excess -= less
      }
      if excess <= 0 { return cut }
      guard shown.count > 1,
        let least = widths.indices.filter({ widths[$0] != nil }).min(by: {
          (columns[$0].importance, -$0) < (columns[$1].importance, -$1)
        })
      else { return widths }
      widths[least] = nil
    }
  }

  private func draw(
    _ entries: [Entry], row: Int, widths: [Int?], _ rect: Rect, isSelected: Bool,
    into buffer: inout CellBuffer, _ look: Appearance
  ) {
    var column = rect.left
    for (index, entry) in entries.enumerated() {
      guard columns.indices.contains(index), let width = widths[index] else { continue }
      let free = max(0, width - DisplayWidth.of(entry.text))
      let start = columns[index].alignment == .right ? column + free : column
      buffer.write(
        entry.text, at: Point(column: start, row: row), style: look.style(entry.role),
        maxWidth: min(width, rect.right - start), ellipsis: look.glyphs.ellipsis)
      column += width + Self.gap
    }
    guard isSelected else { return }
    let line = Rect(column: rect.left, row: row, columns: rect.columns, rows: 1)
    buffer.select(line, look)
  }
}

extension CellBuffer {
  /// Marks what is drawn in a rectangle as selected.
  package mutating func select(_ rect: Rect, _ look: Appearance) {
    let mark = look.style(.selection)
    restyle(rect) { style in
      mark.attributes.contains(.reverse) ? style.reversed : style.background(mark.background)
    }
  }
}
