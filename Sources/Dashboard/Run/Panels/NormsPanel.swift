// Every layer's unit norms against the ceiling, and what the constraint does to it, in words.
import RunHistory
import RunRecords
import TerminalUI

/// Tells which layers the ceiling holds.
struct NormsPanel {
  let model: DashboardModel

  static let description = PanelDescription(
    title: "norms",
    explanation: Explanation(
      term: "norm",
      brief: [
        "norm: the length of a unit's weight vector; at the ceiling r it can grow no further",
        "norm: the length of a unit's weight vector", "norm: length of the weights",
      ],
      full:
        "The length of a unit's weight vector: the root of the sum of its squared weights. Norms"
        + " grow while a net learns; a net that learns by heart needs large ones."),
    showsConstraint: true,
    leastRows: 7,
    list: .layers,
    ownKeys: [],
    isPresent: { $0.segment?.tellsLayers ?? true },
    target: { NormsPanel(model: $0).target(at: $1, in: $2) },
    draw: { NormsPanel(model: $0).draw(in: $1, into: &$2, $3) })

  /// Rows of a layer with a histogram of its norms.
  private static let largestBlock = LayerNorms.ownRows + 4

  /// The rows with which each layer has all its lines.
  var wantedRows: Int { 2 + 1 + (model.listedRows ?? 3) * LayerNorms.ownRows + 2 }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let note = note(isShort: rect.columns < 38)
    let layout = layout(Panel.interior(of: rect))
    let inner = model.drawFrame(
      .norms, model.filtered(Self.description.title), note: note.text, noteRole: note.role,
      position: model.listWindow(room: layout.room).label, in: rect, into: &buffer, look)
    guard let segment = model.segment else {
      model.drawEmpty("no record yet", in: inner, into: &buffer, look)
      return
    }
    guard !segment.layers.isEmpty else {
      model.drawEmpty(segment.absentLayers, in: inner, into: &buffer, look)
      return
    }
    guard !model.shownLayers.isEmpty else {
      model.drawEmpty("no layer of that name", in: inner, into: &buffer, look)
      return
    }
    buffer.clipped(to: inner) { drawLayers(segment, layout, into: &$0, look) }
  }

  /// The layer or block in the rows of a point; nil if there is none.
  private func target(at point: Point, in rect: Rect) -> Target? {
    let layout = layout(Panel.interior(of: rect))
    let window = model.listWindow(room: layout.room)
    return window.entry(at: point, in: layout.list, height: layout.block).map {
      model.layerRows.rows[$0].target(in: .norms)
    }
  }

  private func note(isShort: Bool) -> (text: String, role: Role) {
    guard let segment = model.segment else { return ("", .mutedText) }
    guard segment.settings.maxNorm != nil || segment.layers.contains(where: segment.isHeld)
    else { return ("no ceiling", .mutedText) }
    let text: String
    if segment.constraintKind == .maxNorm {
      let ceiling = segment.settings.maxNorm.map(Wording.norm)
      let name = isShort ? "r" : "ceiling r ="
      text = ceiling.map { "\(name) \($0)" } ?? "r per layer"
    } else {
      let (name, value) = segment.constraintKind.state(
        segment.settings, segment.header.summary.constraint)
      text = "\(name) \(value)"
    }
    return segment.settings.isConstraintOn ? (text + "  ON", .good) : (text + "  OFF", .warning)
  }

  // MARK: Layers

  private struct Layout {
    var head, list, foot: Rect
    /// The rows of each layer, and how many layers have room.
    var block, room: Int
  }

  private func layout(_ rect: Rect) -> Layout {
    let count = model.layerRows.rows.count
    let hasHead = rect.rows >= count + 1 || rect.rows >= 4
    let (head, rest) = rect.splitTop(hasHead ? 1 : 0)
    // The last layer needs no air below it.
    let spare = { (block: Int) in rest.rows + (block > 3 ? 1 : 0) - count * block }
    // As high as leaves the foot its lines, and the table of ceilings too on large screens; a
    // histogram of less than two rows would say nothing.
    let block =
      (LayerNorms.ownRows + 2...Self.largestBlock).last { spare($0) >= NormsFoot.tableRows }
      ?? (LayerNorms.ownRows + 2...Self.largestBlock).last { spare($0) >= 2 }
      ?? (2...LayerNorms.ownRows).last { spare($0) >= 1 } ?? (spare(2) >= 0 ? 2 : 1)
    let (list, foot) = rest.splitBottom(min(NormsFoot.mostRows, max(0, spare(block))))
    return Layout(
      head: head, list: list, foot: foot, block: block,
      room: max(1, (list.rows + (block > 3 ? 1 : 0)) / block))
  }

  private func drawLayers(
    _ segment: RunSegment, _ layout: Layout, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    let (list, block) = (layout.list, layout.block)
    let row = LayerNorms(
      segment: segment, scale: 0...upper(segment), block: block, columns: list.columns,
      names: model.layerRows.nameColumns, digits: model.unitDigits ?? 2,
      isFolded: model.foldsLayers)
    row.drawScale(in: layout.head, into: &buffer, look)
    let selected = model.selectedRow
    for (offset, place) in model.listWindow(room: layout.room).shown.enumerated() {
      let area = Rect(
        column: list.left, row: list.top + offset * block, columns: list.columns,
        rows: min(block, list.bottom - list.top - offset * block))
      let isSelected = place == selected
      switch model.layerRows.rows[place] {
      case .layer(let index):
        row.draw(segment.layers[index], isSelected: isSelected, in: area, into: &buffer, look)
      case .block(let index):
        row.draw(
          segment.blocks[index], isOpen: model.isOpen(index), isSelected: isSelected, in: area,
          into: &buffer, look)
      }
    }
    NormsFoot(model: model, segment: segment).draw(in: layout.foot, into: &buffer, look)
  }

  /// The right end of the scale: one for all layers, so that they can be compared.
  private func upper(_ segment: RunSegment) -> Double {
    var largest = 0.0
    // By index: copying hundreds of layers would take longer than all else in a frame.
    for index in model.shownLayers {
      if let ceiling = segment.layers[index].ceiling, ceiling.isFinite {
        largest = max(largest, Double(ceiling) * 1.15)
      }
      if let norm = segment.layers[index].latest?.normMax, norm.isFinite {
        largest = max(largest, Double(norm))
      }
    }
    return RoundEnd.above(largest)
  }
}
