// The selected layer's unit norms over time, as a heat map under the ceiling.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// How the norms came to where they are.
struct NormsOverTimePanel {
  let model: DashboardModel
  /// Whether it stands on the layer's own page.
  var isOnPage = false

  private static let explanation = Explanation(
    term: "norms over time",
    brief: [
      "each column shows how many units had which norm; the line is the ceiling",
      "a column: how many units had which norm",
    ],
    full: "A heat map: time from left to right, the norm upwards. The further its colour is from"
      + " the background, or the denser it is, the more units are there. The line is the ceiling r."
  )

  static let description = PanelDescription(
    title: "norms over time",
    explanation: explanation,
    leastRows: 9,
    isChart: true,
    list: .layers,
    ownKeys: [.outliers],
    isPresent: { $0.segment?.tellsLayers ?? true },
    draw: { NormsOverTimePanel(model: $0).draw(in: $1, into: &$2, $3) })

  static let pageDescription = PagePanelDescription(
    explanation: explanation,
    isChart: true,
    draw: { model, _, rect, buffer, look in
      NormsOverTimePanel(model: model, isOnPage: true).draw(in: rect, into: &buffer, look)
    })

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    // Its page tells the whole name.
    let name =
      model.layer.map {
        (isOnPage ? ScreenText.printable($0.name) : ScreenText.printable($0.shownName))
          + look.separator
      } ?? ""
    let title = name + "\(model.layer?.wording.noun ?? "unit") norms over time"
    let onPage = isOnPage ? model.layer : nil
    let panel =
      onPage.map { ChartPanel(model, .overTime, of: $0) } ?? ChartPanel(model, .normsOverTime)
    let inner = panel.drawFrame(
      title, notes: [panel.window] + panel.scales + notes(look),
      in: rect, into: &buffer, look)
    guard let layer = model.layer else {
      let text = model.segment?.absentLayers ?? "no record yet"
      model.drawEmpty(text, in: inner, into: &buffer, look)
      return
    }
    let axis = panel.axis
    var map = HeatMap(
      columns: layer.distribution.heatColumns(on: axis, count: max(1, inner.columns - 6)))
    map.horizontal = axis.range
    map.unit = axis.axisUnit
    if let cursor = model.visibleCursor {
      map.cursor = axis.x(cursor)
      map.readings = readings(layer, at: cursor, look)
    }
    map.vertical = vertical(layer, over: axis.steps)
    map.isRobust = model.charts.isRobust
    if let ceiling = layer.ceiling, ceiling.isFinite {
      map.reference = ReferenceLine(value: Double(ceiling), label: Wording.norm(ceiling))
    }
    map.marks = model.eventMarks(on: axis)
    map.leastLabelWidth = DashboardModel.labelWidth
    map.draw(in: inner, into: &buffer, look)
  }

  /// How many units there are, what share of them is at the ceiling, and what brightness means.
  private func notes(_ look: Appearance) -> [String] {
    guard let layer = model.layer else { return [] }
    var parts = [layer.wording.count(layer.units)]
    if layer.digest != nil { parts.append("digest") }
    if layer.ceiling != nil, layer.units > 1, let share = layer.shareAtCeiling {
      // The brightest row looks the same for a half and for all of them.
      parts.append(NumberText.percent(share, decimals: 0) + " at r")
    }
    if layer.units > 1 {
      let isShaded = look.theme.isMonochrome || !look.glyphs.isUnicode
      let word = isShaded ? "denser" : look.theme.isDark ? "brighter" : "darker"
      parts.append("\(word): more \(layer.wording.noun)s")
    }
    return parts
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

  /// What was measured last at a step, in wordings that get shorter.
  private func readings(_ layer: LayerState, at step: Int, _ look: Appearance) -> [String] {
    guard let norms = layer.distribution.measured(at: step), let range = norms.range,
      var median = norms.representatives(3).dropFirst().first
    else { return [] }
    // They are drawn a little lower than they are.
    median = max(range.lowerBound, median)
    let text = { (norm: Float) in Wording.norm(norm) }
    return [
      "smallest \(text(range.lowerBound))\(look.separator)median \(text(median))"
        + "\(look.separator)largest \(text(range.upperBound))",
      "\(text(range.lowerBound))\(look.separator)\(text(median))"
        + "\(look.separator)\(text(range.upperBound))",
      "largest \(text(range.upperBound))",
    ]
  }
}
