// The list in the clipping panel: units clipped per step and in total, and the recent past.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// A row for each layer, as far as there is room.
struct ClippingRows {
  let model: DashboardModel
  let segment: RunSegment

  /// Where the names would be cut, they need the room more than the air does; where less of them than
  /// `wanted` would be left, also more than a long title.
  private static func rateColumns(names: Int, wanted: Int, free: Int) -> Int {
    wanted > free - 8 ? 7 : names > free - 9 ? 8 : 9
  }

  /// The units of a layer rescaled since the start; nil if that was not measured.
  private func total(_ layer: Int) -> Int? {
    segment.layers[layer].latest == nil ? 0 : segment.layers[layer].latest?.clippedTotal
  }

  private func total(_ row: LayerRow) -> Int? {
    switch row {
    case .layer(let index): total(index)
    case .block(let index): segment.summary(of: segment.blocks[index]).clippedTotal
    }
  }

  /// A number of units: 1 060 663, or 1.06M.
  private static func text(_ total: Int?, isGrouped: Bool) -> String {
    guard let total else { return "-" }
    return isGrouped ? NumberText.grouped(total) : NumberText.prefixed(Double(total))
  }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let isOn = segment.settings.isConstraintOn
    let names = model.layerRows.nameColumns
    let window = model.listWindow(room: rect.rows - 1).shown
    let selected = model.selectedRow
    let shown = window.map { model.layerRows.rows[$0] }
    // The longest of all layers, so that columns stay where they are while the list is scrolled, and
    // the blocks' in sight.
    let largest = (model.shownLayers.compactMap(total) + shown.compactMap(total)).max()
    // In full where that leaves the names some room: those of blocks tell their number at their end.
    let least = LayerRows.leastNameColumns(model.foldsLayers)
    let grouped = Self.text(largest, isGrouped: true).utf8.count
    let wanted = min(names, max(least, rect.columns / 3))
    let isGrouped = rect.columns - 4 - 9 - grouped >= max(5, min(names, least))
    let totalColumns = max(
      isGrouped ? 6 : 5, Self.text(largest, isGrouped: isGrouped).utf8.count)
    let rateColumns = Self.rateColumns(
      names: names, wanted: wanted, free: rect.columns - 4 - totalColumns)
    let free = rect.columns - 4 - totalColumns - rateColumns
    let nameColumns = max(5, min(wanted, free))
    let form = LayerNameForm(isFolded: model.foldsLayers, names: names, columns: nameColumns)
    let used = 1 + nameColumns + 1 + rateColumns + 2 + totalColumns
    let spark = max(0, rect.columns - used - 2)
    let hasSpark = spark >= 5
    let steps = model.recentSteps(columns: max(1, spark), entries: 50)

    var head = " " + NumberText.leading("layer", to: nameColumns + 1)
    let title = rateColumns < 8 ? isOn ? "a step" : "over r" : isOn ? "per step" : "exceeded"
    head += NumberText.padded(title, to: rateColumns) + "  "
    head += NumberText.padded("total", to: totalColumns)
    let last =
      "last \(Self.brief(steps.upperBound - steps.lowerBound + (steps.lowerBound > 0 ? 1 : 0)))"
    let sparkTitle = [last + " steps", last].first { $0.utf8.count <= spark } ?? ""
    rect.line(0).write(
      left: [.init(head, .mutedText)], right: hasSpark ? [.init(sparkTitle, .mutedText)] : [],
      into: &buffer, look)

    for (offset, row) in shown.enumerated() {
      let line = rect.line(offset + 1)
      if window.lowerBound + offset == selected {
        buffer.put(Glyph(look.glyphs.pointer), at: line.origin, style: look.style(.keyHint))
      }
      let layers: [LayerState]
      let name: String
      switch row {
      case .layer(let index):
        layers = [segment.layers[index]]
        name = look.name(of: layers[0], to: nameColumns, as: form)
      case .block(let index):
        let block = segment.blocks[index]
        layers = block.layers.map { segment.layers[$0] }
        name = look.name(of: block, isOpen: model.isOpen(index), to: nameColumns)
      }
      buffer.write(name, at: line.inset(left: 1).origin, style: look.style(.text))
      let columns = Columns(layers, over: steps, count: max(1, spark))
      drawNumbers(
        layers, columns, total: Self.text(total(row), isGrouped: isGrouped),
        columns: (rateColumns, totalColumns), in: line.inset(left: nameColumns + 2),
        into: &buffer, look)
      if hasSpark { columns.draw(in: line.splitRight(spark).right, into: &buffer, look) }
    }
  }

  private func drawNumbers(
    _ layers: [LayerState], _ columns: Columns, total: String,
    columns widths: (rate: Int, total: Int), in rest: Rect, into buffer: inout CellBuffer,
    _ look: Appearance
  ) {
    guard layers.contains(where: { $0.latest != nil }) else { return }
    guard layers.contains(where: segment.isHeld) else {
      buffer.write("no ceiling", at: rest.origin, style: look.style(.mutedText))
      return
    }
    let isOn = segment.settings.isConstraintOn
    let rate = (isOn ? columns.lastClipped : columns.lastExceeded).map {
      NumberText.fixed(Double($0), decimals: $0 < 999.5 ? 1 : 0)
    }
    // In brackets: what would have been clipped.
    let text = rate.map { isOn ? $0 : "(\($0))" } ?? "-"
    TextLine([
      .init(
        NumberText.padded(text, to: widths.rate),
        columns.lastExceeded == 0 ? .text : isOn ? .clipped : .observed),
      .init("  " + NumberText.padded(total, to: widths.total)),
    ]).draw(in: rest, into: &buffer, look)
  }

  /// A number of steps in at most four columns: 710, 1.5k, 12k.
  private static func brief(_ count: Int) -> String {
    guard count >= 1000 else { return String(count) }
    let thousands = Double(count) / 1000
    guard thousands < 1000 else { return NumberText.prefixed(Double(count)) }
    return NumberText.fixed(thousands, decimals: thousands < 9.95 ? 1 : 0) + "k"
  }

  /// The recent past of a layer, or of all those of a block together, in columns.
  private struct Columns {
    var exceeded: [Double] = []
    var isClipped: [Bool] = []
    var lastClipped: Float?
    var lastExceeded: Float?

    init(_ layers: [LayerState], over steps: ClosedRange<Int>, count: Int) {
      for layer in layers { add(Columns(layer, over: steps, count: count)) }
    }

    private mutating func add(_ other: Columns) {
      guard !exceeded.isEmpty else { return self = other }
      for index in exceeded.indices where index < other.exceeded.count {
        exceeded[index] += other.exceeded[index]
        isClipped[index] = isClipped[index] || other.isClipped[index]
      }
      lastClipped = other.lastClipped.map { $0 + (lastClipped ?? 0) } ?? lastClipped
      lastExceeded = other.lastExceeded.map { $0 + (lastExceeded ?? 0) } ?? lastExceeded
    }

    private init(_ layer: LayerState, over steps: ClosedRange<Int>, count: Int) {
      let exceeded = layer.exceededPerStep.columns(over: steps, count: count)
      let clipped = layer.clippedPerStep.columns(over: steps, count: count)
      for (exceeded, clipped) in zip(exceeded, clipped) {
        guard let exceeded, let clipped else {
          // Before the run, or between two records: what was before holds.
          self.exceeded.append(self.exceeded.last ?? 0)
          isClipped.append(isClipped.last ?? false)
          continue
        }
        self.exceeded.append(Double(exceeded.entry.mean))
        isClipped.append(clipped.entry.mean > 0)
        lastClipped = clipped.entry.last
        lastExceeded = exceeded.entry.last
      }
    }

    func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
      var spark = Sparkline(values: exceeded, role: .clipped)
      // Not quite the whole height, so that full rows do not run into one another.
      spark.top = (exceeded.filter(\.isFinite).max() ?? 0) * 8 / 7
      spark.roles = isClipped.map { $0 ? .clipped : .observed }
      spark.isHatched = isClipped.map { !$0 }
      spark.draw(in: rect, into: &buffer, look)
    }
  }
}
