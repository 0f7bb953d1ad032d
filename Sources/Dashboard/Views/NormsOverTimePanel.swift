// The selected layer's unit norms over time, as a heat map under the ceiling.
import RunRecords
import TerminalUI

/// How the norms came to where they are.
struct NormsOverTimePanel {
  let model: DashboardModel
  /// Whether it stands on the layer's own page.
  var isOnPage = false

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let name = model.layer.map { ScreenText.printable($0.name) + look.separator } ?? ""
    let title = name + "\(model.layer?.wording.noun ?? "unit") norms over time"
    let note = note(look, room: rect.columns - 10 - DisplayWidth.of(title))
    let inner: Rect
    if isOnPage, let layer = model.layer {
      inner = model.drawFrame(
        .overTime, of: layer, title, note: note, in: rect, into: &buffer, look)
    } else {
      inner = model.drawFrame(
        .normsOverTime, title, note: note, in: rect, into: &buffer, look)
    }
    guard let layer = model.layer else {
      let text = model.segment == nil ? "no record yet" : "this run has no layer with weights"
      model.drawEmpty(text, in: inner, into: &buffer, look)
      return
    }
    let (steps, axis) = model.horizontal(inner)
    var map = HeatMap(
      columns: layer.distribution.heatColumns(over: steps, count: max(1, inner.columns - 6)))
    map.horizontal = axis
    map.vertical = vertical(layer, over: steps)
    if let ceiling = layer.ceiling, ceiling.isFinite {
      map.reference = ReferenceLine(value: Double(ceiling), label: Wording.norm(ceiling))
    }
    map.marks = model.eventMarks
    map.leastLabelWidth = DashboardModel.labelWidth
    map.draw(in: inner, into: &buffer, look)
  }

  /// How many units there are, what share of them is at the ceiling, and what brightness means.
  private func note(_ look: Appearance, room: Int) -> String {
    guard let layer = model.layer else { return "" }
    let isShaded = look.theme.isMonochrome || !look.glyphs.isUnicode
    var parts = [layer.wording.count(layer.units)]
    if let latest = layer.latest, layer.ceiling != nil, layer.units > 1 {
      // The brightest row looks the same for a half and for all of them.
      let share = Double(latest.atCeiling) / Double(layer.units)
      parts.append(NumberText.percent(share, decimals: 0) + " at r")
    }
    if layer.units > 1 {
      parts.append((isShaded ? "denser: more " : "brighter: more ") + layer.wording.noun + "s")
    }
    while parts.count > 1, DisplayWidth.of(parts.joined(separator: look.separator)) > room {
      parts.removeLast()
    }
    return parts.joined(separator: look.separator)
  }

  /// From 0; where all norms are near the ceiling, from a half or three quarters of it, or they would
  /// share a few rows.
  private func vertical(_ layer: LayerState, over steps: ClosedRange<Int>) -> ClosedRange<Double> {
    let range = layer.distribution.range(over: steps)
    let largest = Double(range?.upperBound ?? 0)
    guard let ceiling = layer.ceiling.map(Double.init), ceiling.isFinite, ceiling > 0 else {
      return 0...RoundEnd.above(largest)
    }
    let lowest = Double(range?.lowerBound ?? 0) / ceiling * 0.97
    let lower = lowest >= 0.75 ? 0.75 : lowest >= 0.5 ? 0.5 : 0
    // The map rounds the upper end itself, to whole rows below the ceiling.
    return ceiling * lower...max(largest, ceiling * 1.15)
  }
}
