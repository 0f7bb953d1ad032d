// Every layer's unit norms against the ceiling, and what the constraint does to it, in words.
import RunRecords
import TerminalUI

/// Which layers are held by the ceiling?
struct NormsPanel {
  let model: DashboardModel

  /// Rows of a layer: strip, share at the ceiling, state, and one of air.
  private static let largestBlock = 4

  /// The rows with which each layer has all its lines.
  var wantedRows: Int { 2 + 1 + (model.segment?.layers.count ?? 3) * Self.largestBlock + 2 }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let note = note(isShort: rect.columns < 38)
    let inner = model.drawFrame(
      .norms, "norms", note: note.text, noteRole: note.role, in: rect, into: &buffer, look)
    guard let segment = model.segment else {
      model.drawEmpty("no record yet", in: inner, into: &buffer, look)
      return
    }
    guard !segment.layers.isEmpty else {
      model.drawEmpty("this run has no layer with weights", in: inner, into: &buffer, look)
      return
    }
    buffer.clipped(to: inner) { drawLayers(segment, in: inner, into: &$0, look) }
  }

  private func note(isShort: Bool) -> (text: String, role: Role) {
    guard let segment = model.segment else { return ("", .mutedText) }
    guard segment.settings.maxNorm != nil || segment.layers.contains(where: { $0.ceiling != nil })
    else { return ("no ceiling", .mutedText) }
    let ceiling = segment.settings.maxNorm.map(Wording.norm)
    let name = isShort ? "r" : "ceiling r ="
    let text = ceiling.map { "\(name) \($0)" } ?? "r per layer"
    return segment.settings.isConstraintOn ? (text + "  ON", .good) : (text + "  OFF", .warning)
  }

  // MARK: Layers

  private func drawLayers(
    _ segment: RunSegment, in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let count = segment.layers.count
    let hasHead = rect.rows >= count + 1 || rect.rows >= 4
    var rest = rect
    let head: Rect
    (head, rest) = rest.splitTop(hasHead ? 1 : 0)
    var block = min(Self.largestBlock, max(1, (rest.rows + 1) / count))
    var foot = Rect.zero
    let footRows = min(2, max(0, rest.rows + (block > 3 ? 1 : 0) - count * block))
    if footRows == 0, block > 2, count * (block - 1) <= rest.rows - 1 { block -= 1 }
    (rest, foot) = rest.splitBottom(min(2, max(0, rest.rows - count * block + (block > 3 ? 1 : 0))))
    let row = LayerNorms(
      model: model, segment: segment, scale: 0...upper(segment),
      nameColumns: min(
        max(8, rect.columns / 3), segment.layers.map { DisplayWidth.of($0.name) }.max() ?? 0))
    row.drawScale(in: head, into: &buffer, look)

    let room = max(1, (rest.rows + (block > 3 ? 1 : 0)) / block)
    let first = min(max(0, model.selectedLayer - room / 2), max(0, count - room))
    for (offset, layer) in segment.layers.dropFirst(first).prefix(room).enumerated() {
      let area = Rect(
        column: rest.left, row: rest.top + offset * block, columns: rest.columns,
        rows: min(block, rest.bottom - rest.top - offset * block))
      row.draw(
        layer, isSelected: first + offset == model.selectedLayer, in: area, into: &buffer, look)
    }
    if first > 0 {
      drawMore("\(first) more", look.glyphs.arrowUp, at: rest.top, rect, &buffer, look)
    }
    if first + room < count {
      drawMore(
        "\(count - first - room) more", look.glyphs.arrowDown, at: rect.bottom - 1, rect, &buffer,
        look)
    }
    drawFoot(segment, in: foot, into: &buffer, look)
  }

  private func drawMore(
    _ text: String, _ arrow: Unicode.Scalar, at row: Int, _ rect: Rect,
    _ buffer: inout CellBuffer, _ look: Appearance
  ) {
    let text = " \(arrow) \(text)"
    let column = rect.right - DisplayWidth.of(text)
    guard column > rect.left + 12 else { return }
    buffer.write(text, at: Point(column: column, row: row), style: look.style(.mutedText))
  }

  /// The right end of the scale: one for all layers, so that they can be compared.
  private func upper(_ segment: RunSegment) -> Double {
    var largest = 0.0
    for layer in segment.layers {
      if let ceiling = layer.ceiling, ceiling.isFinite {
        largest = max(largest, Double(ceiling) * 1.15)
      }
      if let norm = layer.latest?.normMax, norm.isFinite { largest = max(largest, Double(norm)) }
    }
    return RoundEnd.above(largest)
  }

  // MARK: Foot

  private func drawFoot(
    _ segment: RunSegment, in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    guard rect.rows > 0 else { return }
    if rect.rows > 1 {
      TextLine(proof(segment, look)).draw(in: rect.line(0), into: &buffer, look)
    }
    guard let layer = model.layer else { return }
    let text = [
      AxisWording.sentence(layer.header.axis), AxisWording.phrase(layer.header.axis),
    ].first { $0.utf8.count <= rect.columns }
    TextLine([.init(text ?? "", .mutedText)]).draw(
      in: rect.line(rect.rows - 1), into: &buffer, look)
  }

  /// Whether any norm is above its ceiling: the proof that the constraint does what it says.
  private func proof(_ segment: RunSegment, _ look: Appearance) -> [TextLine.Piece] {
    var largest: Float?
    for layer in segment.layers {
      guard let ceiling = layer.ceiling, ceiling > 0, let norm = layer.latest?.normMax else {
        continue
      }
      largest = max(largest ?? 0, norm / ceiling)
    }
    guard let largest, largest.isFinite else { return [] }
    let times = look.glyphs.isUnicode ? "×" : "x"
    let ratio = NumberText.fixed(Double(largest), decimals: 2)
    if largest <= 1 + 2e-6 {
      let mark = look.glyphs.isUnicode ? "✓ " : ""
      return [
        .init(mark, .good), .init("no norm above r, largest ", .mutedText),
        .init("\(ratio) \(times) r"),
      ]
    }
    return [
      .init("largest norm ", .mutedText), .init("\(ratio) \(times) r", .observed, isBold: true),
    ]
  }
}

/// The axis of the norms in words.
enum AxisWording {
  static func sentence(_ axis: String) -> String {
    switch axis {
    case "incoming": "L2 of each unit's incoming weights"
    case "outgoing": "L2 of each input's outgoing weights"
    case "tensor": "L2 of the whole weight tensor"
    default: "L2 along \(axis)"
    }
  }

  static func phrase(_ axis: String) -> String {
    axis == "tensor" ? "L2 of the whole tensor" : "L2 of \(axis) weights"
  }
}
