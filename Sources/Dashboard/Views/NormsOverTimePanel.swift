// The selected layer's unit norms over time, as a heat map under the ceiling.
import TerminalUI

/// How the norms came to where they are.
struct NormsOverTimePanel {
  let model: DashboardModel

  private func note(_ look: Appearance) -> String {
    guard let layer = model.layer else { return "" }
    let isShaded = look.theme.isMonochrome || !look.glyphs.isUnicode
    return layer.wording.count(layer.units)
      + (layer.units > 1
        ? look.separator + (isShaded ? "denser: more " : "brighter: more ")
          + layer.wording.noun + "s" : "")
  }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let name = model.layer.map { ScreenText.printable($0.name) + look.separator } ?? ""
    let inner = model.drawFrame(
      .normsOverTime, name + "\(model.layer?.wording.noun ?? "unit") norms over time",
      note: note(look),
      in: rect, into: &buffer, look)
    guard let layer = model.layer else {
      let text = model.segment == nil ? "no record yet" : "this run has no layer with weights"
      model.drawEmpty(text, in: inner, into: &buffer, look)
      return
    }
    let (steps, axis) = model.horizontal(inner)
    var map = HeatMap(
      columns: layer.distribution.heatColumns(over: steps, count: max(1, inner.columns - 6)))
    map.horizontal = axis
    var largest = Double(layer.distribution.largest(over: steps) ?? 0)
    if let ceiling = layer.ceiling, ceiling.isFinite {
      map.reference = ReferenceLine(value: Double(ceiling), label: Wording.norm(ceiling))
      largest = max(largest, Double(ceiling) * 1.15)
    }
    // With a ceiling the map rounds the scale itself, to whole rows below the ceiling.
    map.vertical = 0...(map.reference == nil ? RoundEnd.above(largest) : max(largest, 1e-9))
    map.marks = model.eventMarks
    map.leastLabelWidth = DashboardModel.labelWidth
    map.draw(in: inner, into: &buffer, look)
  }
}
