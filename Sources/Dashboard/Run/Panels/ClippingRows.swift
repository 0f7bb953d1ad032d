// The list in the clipping panel: units clipped per step and in total, and the recent past.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// A row for each layer, as far as there is room.
struct ClippingRows {
  let model: DashboardModel
  let segment: RunSegment

  /// Where the names would be cut, they need the room more than the air does.
  private static func rateColumns(names: Int, free: Int) -> Int { names > free - 9 ? 8 : 9 }

  /// The units of a layer rescaled since the start: 1 060 663, or 1.06M.
  private static func total(_ layer: LayerState, isGrouped: Bool) -> String {
    guard let total = layer.latest.map({ $0.clippedTotal }) ?? 0 else { return "-" }
    return isGrouped ? NumberText.grouped(total) : NumberText.prefixed(Double(total))
  }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let isOn = segment.settings.isConstraintOn
    let layers = model.shownLayers.map { segment.layers[$0] }
    let names = layers.map { DisplayWidth.of($0.name) }.max() ?? 0
    // In full where that leaves the names some room.
    let longest = layers.map { Self.total($0, isGrouped: true).utf8.count }.max() ?? 0
    let isGrouped = rect.columns - 4 - 9 - longest >= 5
    let totals = layers.map { Self.total($0, isGrouped: isGrouped) }
    let totalColumns = max(6, totals.map(\.utf8.count).max() ?? 0)
    let rateColumns = Self.rateColumns(names: names, free: rect.columns - 4 - totalColumns)
    let free = rect.columns - 4 - totalColumns - rateColumns
    let nameColumns = max(5, min(names, max(8, rect.columns / 3), free))
    let used = 1 + nameColumns + 1 + rateColumns + 2 + totalColumns
    let spark = max(0, rect.columns - used - 2)
    let hasSpark = spark >= 5
    let steps = model.recentSteps(columns: max(1, spark), entries: 50)

    var head = " " + NumberText.leading("layer", to: nameColumns + 1)
    head += NumberText.padded(isOn ? "per step" : "exceeded", to: rateColumns) + "  "
    head += NumberText.padded("total", to: totalColumns)
    let last =
      "last \(Self.brief(steps.upperBound - steps.lowerBound + (steps.lowerBound > 0 ? 1 : 0)))"
    let sparkTitle = [last + " steps", last].first { $0.utf8.count <= spark } ?? ""
    rect.line(0).write(
      left: [.init(head, .mutedText)], right: hasSpark ? [.init(sparkTitle, .mutedText)] : [],
      into: &buffer, look)

    let shown = model.listWindow(room: rect.rows - 1).shown
    for (offset, layer) in layers[shown].enumerated() {
      let line = rect.line(offset + 1)
      let columns = Columns(layer, over: steps, count: max(1, spark))
      drawNumbers(
        layer, columns, total: totals[shown.lowerBound + offset],
        isSelected: model.shownLayers[shown.lowerBound + offset] == model.selectedLayer,
        columns: (nameColumns, rateColumns, totalColumns), in: line, into: &buffer, look)
      if hasSpark { columns.draw(in: line.splitRight(spark).right, into: &buffer, look) }
    }
  }

  private func drawNumbers(
    _ layer: LayerState, _ columns: Columns, total: String, isSelected: Bool,
    columns widths: (name: Int, rate: Int, total: Int),
    in line: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    if isSelected {
      buffer.put(Glyph(look.glyphs.pointer), at: line.origin, style: look.style(.keyHint))
    }
    let name = line.inset(left: 1).splitLeft(widths.name).left
    buffer.write(
      look.name(of: layer, to: widths.name), at: name.origin, style: look.style(.text))
    let rest = line.inset(left: widths.name + 2)
    guard layer.latest != nil else { return }
    guard segment.isHeld(layer) else {
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

  /// A layer's recent past in columns.
  private struct Columns {
    var exceeded: [Double] = []
    var isClipped: [Bool] = []
    var lastClipped: Float?
    var lastExceeded: Float?

    init(_ layer: LayerState, over steps: ClosedRange<Int>, count: Int) {
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
