// A layer's weights over time, as a heat map: whether they spread, die out or pile up.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// The distribution of the weights themselves, where the norms are those of whole units.
struct WeightsPanel {
  let model: DashboardModel
  let layer: LayerState

  static let description = PagePanelDescription(
    explanation: Explanation(
      term: "weights over time",
      brief: [
        "each column shows how many weights had which value",
        "a column: how many weights are where",
      ],
      full: "A heat map of the weights themselves: time from left to right, their value upwards."
        + " The further its colour is from the background, or the denser it is, the more weights"
        + " are there. A band that widens grows; one that narrows to 0 decays."),
    isChart: true,
    isPresent: { !$0.weights.isEmpty },
    draw: { WeightsPanel(model: $0, layer: $1).draw(in: $2, into: &$3, $4) })

  /// So many that a weight in 200 still counts.
  private static let values = 200

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let panel = ChartPanel(model, .weights, of: layer)
    let inner = panel.drawFrame(
      "weights over time", notes: [panel.window] + panel.scales + notes(look), in: rect,
      into: &buffer, look)
    let axis = panel.axis
    var map = HeatMap(
      columns: layer.weights.heatColumns(
        on: axis, count: max(1, inner.columns - 6), values: Self.values))
    map.horizontal = axis.range
    map.unit = axis.axisUnit
    map.vertical = vertical(map.columns, over: axis.steps)
    map.marks = model.eventMarks(on: axis)
    map.leastLabelWidth = DashboardModel.labelWidth
    if let cursor = model.visibleCursor {
      map.cursor = axis.x(cursor)
      map.readings = readings(at: cursor, look)
    }
    map.draw(in: inner, into: &buffer, look)
  }

  /// All weights, or without outliers those that stand for a share of them.
  private func vertical(
    _ columns: [HeatColumn], over steps: ClosedRange<Int>
  ) -> ClosedRange<Double>? {
    let values = columns.flatMap(\.values).filter(\.isFinite)
    let usual = values.min().flatMap { low in values.max().map { low...$0 } }
    let range = model.charts.isRobust ? usual : layer.weights.range(over: steps) ?? usual
    return range.map { Double($0.lowerBound)...Double($0.upperBound) }
  }

  /// How many weights there are, and what brightness means.
  private func notes(_ look: Appearance) -> [String] {
    let count = layer.header.shape.reduce(1.0) { $0 * Double($1) }
    let isShaded = look.theme.isMonochrome || !look.glyphs.isUnicode
    let word = isShaded ? "denser" : look.theme.isDark ? "brighter" : "darker"
    return [
      layer.header.shape.isEmpty ? "" : "\(NumberText.grouped(Int(min(count, 1e15)))) weights",
      "\(word): more weights",
    ]
  }

  /// What was measured last at a step, in wordings that get shorter.
  private func readings(at step: Int, _ look: Appearance) -> [String] {
    guard let weights = layer.weights.measured(at: step), let range = weights.range,
      let median = weights.representatives(3).dropFirst().first
    else { return [] }
    let text = { (value: Float) in NumberText.significant(Double(value)) }
    let (low, middle, high) = (text(range.lowerBound), text(median), text(range.upperBound))
    return [
      "smallest \(low)\(look.separator)median \(middle)\(look.separator)largest \(high)",
      "\(low)\(look.separator)\(middle)\(look.separator)\(high)",
    ]
  }
}
