// The network as boxes one below the other, the shapes between them, the chosen layer marked.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// What data go through on their way to the output.
struct NetworkPanel {
  let model: DashboardModel
  private let boxes: [NetworkBox]

  init(model: DashboardModel) {
    self.model = model
    boxes = model.segment.map(NetworkBox.boxes) ?? []
  }

  static let description = PanelDescription(
    title: "network",
    explanation: Explanation(
      term: "network",
      brief: [
        "the layers in their order; between them the shape of what one example has become",
        "layers, and shapes of one example",
      ],
      full: "The layers in the order in which data go through them. Between two boxes stands the"
        + " shape of what one example has become there: values, or channels x height x width."
        + " Layers that keep the shape share a box with the one before."),
    leastRows: 9,
    list: .layers,
    ownKeys: [],
    isPresent: { $0.segment?.header.network.isEmpty == false },
    target: { NetworkPanel(model: $0).target(at: $1, in: $2) },
    draw: { NetworkPanel(model: $0).draw(in: $1, into: &$2, $3) })

  /// A box with its frame and the shape below it; where three do not fit, boxes are lines.
  private static let boxRows = 4

  // MARK: What is in sight

  private func hasFrames(_ inner: Rect) -> Bool {
    inner.rows >= 3 * Self.boxRows && inner.columns >= 24
  }

  /// Which boxes are in sight, the chosen layer's among them, and how many rows each has.
  private func shown(_ inner: Rect) -> (window: ListWindow, rows: Int) {
    let rows = hasFrames(inner) ? Self.boxRows : 1
    let chosen = boxes.firstIndex { $0.layers.contains(model.selectedLayer) } ?? 0
    let window = ListWindow(selected: chosen, room: inner.rows / rows, of: boxes.count)
    // Around the input there is no frame, which may leave room for another box.
    guard rows > 1, window.shown.lowerBound == 0 else { return (window, rows) }
    return (ListWindow(from: 0, room: (inner.rows + 2) / rows, of: boxes.count), rows)
  }

  /// The rectangles of the boxes in sight, shapes included.
  private func places(in inner: Rect) -> [(box: NetworkBox, rect: Rect)] {
    let (window, rows) = shown(inner)
    var row = 0
    return window.shown.map { index in
      let box = boxes[index]
      let height = rows == 1 ? 1 : box.isInput ? 2 : rows
      let rect = Rect(
        column: inner.left, row: inner.top + row, columns: inner.columns, rows: height)
      row += height
      return (box, rect.intersection(inner))
    }
  }

  private func target(at point: Point, in rect: Rect) -> Target? {
    let place = places(in: Panel.interior(of: rect)).first { $0.rect.contains(point) }
    return place?.box.layers.first.map { .layer($0, in: .network) }
  }

  // MARK: Drawing

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let inside = Panel.interior(of: rect)
    let parameters = model.segment?.header.parameters.map { "\(NumberText.grouped($0)) parameters" }
    let inner = model.drawFrame(
      .network, Self.description.title, note: parameters ?? "",
      position: shown(inside).window.label, in: rect, into: &buffer, look)
    guard !boxes.isEmpty else {
      model.drawEmpty(
        model.segment == nil ? "no record yet" : "the records do not tell of it", in: inner,
        into: &buffer, look)
      return
    }
    let places = places(in: inner)
    let widest = places.map { DisplayWidth.of(title($0.box)) }.max() ?? 0
    let width = min(inner.columns, max(16, widest + 4))
    buffer.clipped(to: inner) { buffer in
      for (box, rect) in places {
        if hasFrames(inner) {
          draw(box, in: rect, width: width, into: &buffer, look)
        } else {
          drawLine(box, in: rect, into: &buffer, look)
        }
      }
    }
  }

  private func isChosen(_ box: NetworkBox) -> Bool { box.layers.contains(model.selectedLayer) }

  /// "fc1  dense, relu", and in which part of the network.
  private func title(_ box: NetworkBox) -> String {
    let part = box.part.isEmpty ? "" : box.part + ": "
    let name = box.name.isEmpty ? "" : box.name + "  "
    return ScreenText.printable(part + name + box.kinds.joined(separator: ", "))
  }

  private func draw(
    _ box: NetworkBox, in rect: Rect, width: Int, into buffer: inout CellBuffer,
    _ look: Appearance
  ) {
    let middle = rect.left + width / 2
    guard !box.isInput else {
      let text = title(box)
      let start = max(rect.left, middle - DisplayWidth.of(text) / 2)
      buffer.write(
        text, at: Point(column: start, row: rect.top), style: look.style(.mutedText))
      return drawShape(box, at: Point(column: middle, row: rect.top + 1), into: &buffer, look)
    }
    let frame = Rect(column: rect.left, row: rect.top, columns: width, rows: 3)
    drawFrame(frame, look.style(isChosen(box) ? .accent : .border), into: &buffer, look)
    let line = frame.line(1).inset(left: 2, right: 2)
    buffer.write(
      look.cut(title(box), to: line.columns), at: line.origin,
      style: isChosen(box) ? look.style(.text).bold : look.style(.text))
    let note = note(box, look)
    if rect.columns - width - 2 >= DisplayWidth.of(note) {
      buffer.write(
        note, at: Point(column: frame.right + 2, row: line.top), style: look.style(.mutedText))
    }
    drawShape(box, at: Point(column: middle, row: frame.bottom), into: &buffer, look)
  }

  private func drawFrame(
    _ rect: Rect, _ style: Style, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let glyphs = look.glyphs
    for column in rect.left + 1..<max(rect.left + 1, rect.right - 1) {
      for row in [rect.top, rect.bottom - 1] {
        buffer.put(Glyph(glyphs.horizontal), at: Point(column: column, row: row), style: style)
      }
    }
    for column in [rect.left, rect.right - 1] {
      buffer.put(
        Glyph(glyphs.vertical), at: Point(column: column, row: rect.top + 1), style: style)
    }
    let corners = [
      (glyphs.topLeft, rect.left, rect.top), (glyphs.topRight, rect.right - 1, rect.top),
      (glyphs.bottomLeft, rect.left, rect.bottom - 1),
      (glyphs.bottomRight, rect.right - 1, rect.bottom - 1),
    ]
    for (glyph, column, row) in corners {
      buffer.put(Glyph(glyph), at: Point(column: column, row: row), style: style)
    }
  }

  /// An arrow to what comes next, and the shape that goes there.
  private func drawShape(
    _ box: NetworkBox, at point: Point, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    buffer.put(Glyph(look.glyphs.arrowDown), at: point, style: look.style(.mutedText))
    buffer.write(box.shape, at: point.offset(columns: 2), style: look.style(.title))
  }

  /// One box as a line: the layer, and behind an arrow its shape.
  private func drawLine(
    _ box: NetworkBox, in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let mark = isChosen(box) ? "\(look.glyphs.pointer) " : "  "
    let shape = box.shape.isEmpty ? "" : " \(look.arrow) \(box.shape)"
    let room = max(0, rect.columns - 2 - DisplayWidth.of(shape))
    TextLine([
      .init(mark + look.cut(title(box), to: room), .text, isBold: isChosen(box)),
      .init(shape, .title),
    ]).draw(in: rect, into: &buffer, look)
  }

  /// How many weights a box has, and how many of its units the ceiling holds.
  private func note(_ box: NetworkBox, _ look: Appearance) -> String {
    guard let segment = model.segment, !box.layers.isEmpty else { return "" }
    let layers = box.layers.map { segment.layers[$0] }
    let shapes = layers.map(\.header.shape)
    var words: [String] = []
    if shapes.allSatisfy({ !$0.isEmpty }) {
      let count = shapes.reduce(0.0) { $0 + $1.reduce(1.0) { $0 * Double($1) } }
      words.append("\(NumberText.grouped(Int(min(count, 1e15)))) weights")
    }
    let held = layers.filter { $0.latest?.maxNorm != nil }.compactMap { $0.latest?.atCeiling }
    if !held.isEmpty { words.append("\(held.reduce(0, &+)) at r") }
    return words.joined(separator: look.separator)
  }
}
