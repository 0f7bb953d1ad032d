// Every layer's unit norms against the ceiling, and what the constraint does to it, in words.
import RunRecords
import TerminalUI

/// Tells which layers the ceiling holds.
struct NormsPanel {
  let model: DashboardModel

  /// Rows of a layer with a histogram of its norms.
  private static let largestBlock = LayerNorms.ownRows + 4

  /// The rows with which each layer has all its lines.
  var wantedRows: Int { 2 + 1 + (model.segment?.layers.count ?? 3) * LayerNorms.ownRows + 2 }

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
    // The last layer needs no air below it.
    let spare = { (block: Int) in rest.rows + (block > 3 ? 1 : 0) - count * block }
    // As high as leaves the foot its lines; a histogram of less than two rows would say nothing.
    let block =
      (LayerNorms.ownRows + 2...Self.largestBlock).last { spare($0) >= 2 }
      ?? (2...LayerNorms.ownRows).last { spare($0) >= 1 } ?? (spare(2) >= 0 ? 2 : 1)
    let isScrolled = spare(block) < 0
    let foot: Rect
    (rest, foot) = rest.splitBottom(isScrolled ? 1 : min(2, max(0, spare(block))))
    let row = LayerNorms(
      segment: segment, scale: 0...upper(segment), block: block, columns: rect.columns)
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
    guard !isScrolled else {
      let last = min(count, first + room)
      TextLine([.init(" layers \(first + 1)-\(last) of \(count)", .mutedText)]).draw(
        in: foot, into: &buffer, look)
      return
    }
    drawFoot(segment, in: foot, into: &buffer, look)
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
      TextLine(proof(segment, columns: rect.columns, look)).draw(
        in: rect.line(0), into: &buffer, look)
    }
    guard let layer = model.layer else { return }
    let text = layer.wording.axis.first { DisplayWidth.of($0) <= rect.columns }
    TextLine([.init(text ?? "", .mutedText)]).draw(
      in: rect.line(rect.rows - 1), into: &buffer, look)
  }

  /// Whether any norm is above its ceiling: the proof that the constraint does what it says.
  private func proof(
    _ segment: RunSegment, columns: Int, _ look: Appearance
  ) -> [TextLine.Piece] {
    var largest: Float?
    for layer in segment.layers {
      guard let ceiling = layer.ceiling, ceiling > 0, let norm = layer.latest?.normMax else {
        continue
      }
      guard norm.isFinite else { return [.init("a norm is not finite", .error, isBold: true)] }
      largest = max(largest ?? 0, norm / ceiling)
    }
    guard let largest, largest.isFinite else { return [] }
    let times = look.glyphs.isUnicode ? "×" : "x"
    let ratio = NumberText.fixed(Double(largest), decimals: 2)
    if largest <= 1 + 2e-6 {
      let mark: TextLine.Piece = .init(look.glyphs.isUnicode ? "✓ " : "", .good)
      let statement: TextLine.Piece = .init("no norm above r", .mutedText)
      guard columns >= 34 else { return [mark, statement] }
      return [mark, statement, .init(", largest ", .mutedText), .init("\(ratio) \(times) r")]
    }
    return [
      .init("largest norm ", .mutedText), .init("\(ratio) \(times) r", .observed, isBold: true),
    ]
  }
}
