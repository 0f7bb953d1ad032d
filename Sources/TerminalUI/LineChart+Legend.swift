// The legend of a line chart, placed where it hides least.
import PlainText

extension LineChart {
  private struct Entry {
    var text: String
    var value: String
    var style: Style
    var valueStyle: Style
    var marker: Unicode.Scalar?
    var width: Int {
      DisplayWidth.of(text) + (marker == nil ? 0 : 2) + (value.isEmpty ? 0 : 1 + value.utf8.count)
    }
  }

  /// Draws names and values, without the notes or not at all if there is no room.
  func drawLegend(
    _ frame: ChartFrame, _ canvas: Canvas, below labelRows: Int, besides signs: [Point],
    into buffer: inout CellBuffer, _ look: Appearance
  ) {
    guard showsLegend, series.contains(where: \.showsLine) else { return }
    let area = frame.plot.inset(top: labelRows)
    let shown = series.filter(\.showsLine)
    let names = (sortsLegend ? shown.sorted { $0.name < $1.name } : shown).map { entry($0, look) }
    let further = notes.map {
      Entry(
        text: ScreenText.printable($0), value: "", style: look.style(.mutedText),
        valueStyle: look.style(.mutedText), marker: nil)
    }
    let shapes = [names.map { [$0] } + further.map { [$0] }, names.map { [$0] }, [names]]
    // Rather without the notes than over the lines; over the lines only if it must be, and at the
    // cursor it must.
    for share in cursor == nil ? [0, 8] : [0, 8, 1] {
      for lines in shapes {
        let width = lines.map { $0.map(\.width).reduce(2 * $0.count - 2, +) }.max() ?? 0
        guard width + 12 <= area.columns, lines.count + 3 <= area.rows else { continue }
        let size = Size(columns: width, rows: lines.count)
        guard
          let place = Self.place(
            size, in: area, frame.plot, canvas, besides: signs,
            hidingAtMost: share == 0 ? 0 : size.area / share)
        else { continue }
        // Words that stand in a band need air around them.
        let words = Rect(
          column: place.left - 1, row: place.top, columns: place.columns + 2, rows: place.rows)
        buffer.fill(words.intersection(area), with: Cell(Glyph.space, look.style(.background)))
        for (row, entries) in lines.enumerated() {
          draw(entries, at: place.origin.offset(rows: row), into: &buffer, look)
        }
        return
      }
    }
  }

  private func entry(_ line: LineSeries, _ look: Appearance) -> Entry {
    let value = line.value(at: cursor)
    let isBroken = value.map { !$0.isFinite } ?? false
    let style = look.style(line.role)
    let marker: Unicode.Scalar =
      switch (line.mark(look), look.glyphs.isUnicode) {
      case (.solid, true): "━"
      case (.dashed, true): "╍"
      case (.dotted, true): "┅"
      case (.solid, false): "-"
      case (.dashed, false): "="
      case (.dotted, false): "."
      }
    return Entry(
      text: ScreenText.printable(line.name),
      value: value.map { line.reading ?? NumberText.significant($0) } ?? "",
      style: style, valueStyle: isBroken ? look.style(.error) : style.bold, marker: marker)
  }

  private func draw(
    _ entries: [Entry], at start: Point, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    var point = start
    for entry in entries {
      if let marker = entry.marker {
        buffer.put(Glyph(marker), at: point, style: entry.style)
        buffer.put(.space, at: point.offset(columns: 1), style: entry.style)
        point.column += 2
      }
      point.column += buffer.write(entry.text, at: point, style: entry.style)
      if !entry.value.isEmpty {
        point.column += buffer.write(" ", at: point, style: entry.style)
        point.column += buffer.write(entry.value, at: point, style: entry.valueStyle)
      }
      point.column += 2
    }
  }

  /// The corner where it covers the fewest inked cells, the top right one if several cover none; else
  /// half-way between corners, and in the middle.
  private static func place(
    _ size: Size, in area: Rect, _ plot: Rect, _ canvas: Canvas, besides signs: [Point],
    hidingAtMost limit: Int
  ) -> Rect? {
    let left = area.left + 2
    let right = area.right - size.columns - 1
    let bottom = area.bottom - size.rows
    let (center, middle) = ((left + right) / 2, (area.top + bottom) / 2)
    let origins = [
      Point(column: right, row: area.top), Point(column: left, row: area.top),
      Point(column: right, row: bottom), Point(column: left, row: bottom),
      Point(column: center, row: area.top), Point(column: center, row: bottom),
      Point(column: right, row: middle), Point(column: left, row: middle),
      Point(column: center, row: middle),
    ]
    var best: (rect: Rect, hidden: Int)?
    for origin in origins {
      let rect = Rect(origin: origin, size: size)
      // With the air around the words.
      let words = Rect(
        column: rect.left - 1, row: rect.top, columns: rect.columns + 2, rows: rect.rows)
      var hidden = signs.count(where: words.contains)
      for row in rect.top..<rect.bottom {
        for column in rect.left..<rect.right
        where canvas.isInked(column: column - plot.left, row: row - plot.top) {
          hidden += 1
        }
      }
      if hidden < best?.hidden ?? .max { best = (rect, hidden) }
    }
    guard let best, best.hidden <= limit else { return nil }
    return best.rect
  }
}
