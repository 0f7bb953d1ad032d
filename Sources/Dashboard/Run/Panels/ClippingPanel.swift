// How many units the constraint clips, per layer and over time; while it is off, how many it would.
import RunHistory
import TerminalUI

/// What the constraint does.
struct ClippingPanel {
  let model: DashboardModel

  static let description = PanelDescription(
    title: "clipping",
    explanation: Explanation(
      term: "exceeded, clipped",
      brief: [
        "exceeded: found above r after a step; clipped: scaled back to r",
        "clipped: found above r, scaled back",
      ],
      full:
        "Exceeded are units found above r after an optimizer step; clipped are those scaled back,"
        + " which are none while the constraint is off. A unit that pushes is clipped in every step."
    ),
    showsConstraint: true,
    leastRows: 7,
    isChart: true,
    list: .layers,
    ownKeys: [.outliers],
    isPresent: { $0.segment?.tellsLayers ?? true },
    target: { ClippingPanel(model: $0).target(at: $1, in: $2) },
    draw: { ClippingPanel(model: $0).draw(in: $1, into: &$2, $3) })

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let isOn = model.segment?.settings.isConstraintOn ?? true
    let (area, chart) = parts(of: Panel.interior(of: rect))
    let inner = model.drawFrame(
      .clipping, model.filtered(Self.description.title),
      note: isOn
        ? "units scaled back"
        : rect.columns < 44 ? "off: only counted" : "off: counted, not clipped",
      noteRole: isOn ? .mutedText : .warning,
      position: model.listWindow(room: area.rows - 1).label, in: rect, into: &buffer, look)
    guard let segment = model.segment, !segment.layers.isEmpty else {
      let text = model.segment?.absentLayers ?? "no record yet"
      model.drawEmpty(text, in: inner, into: &buffer, look)
      return
    }
    guard !model.shownLayers.isEmpty else {
      model.drawEmpty("no layer of that name", in: inner, into: &buffer, look)
      return
    }
    let rows = ClippingRows(model: model, segment: segment)
    buffer.clipped(to: area) { rows.draw(in: area, into: &$0, look) }
    drawChart(segment, in: chart, into: &buffer, look)
  }

  /// The layer or block in the row of a point; nil if there is none.
  private func target(at point: Point, in rect: Rect) -> Target? {
    let list = parts(of: Panel.interior(of: rect)).list
    // Below the line with the titles.
    let rows = list.inset(top: 1)
    return model.listWindow(room: rows.rows).entry(at: point, in: rows).map {
      model.layerRows.rows[$0].target(in: .clipping)
    }
  }

  /// The list, and the chart where it leaves room for one.
  private func parts(of inner: Rect) -> (list: Rect, chart: Rect) {
    let count = model.listedRows ?? 0
    // No chart in place of layers that would all fit without it.
    let needsAll = count > inner.rows - 4 && count < inner.rows
    let chartRows = inner.rows >= 7 && !needsAll ? max(3, inner.rows - count - 2) : 0
    let (list, chart) = inner.splitTop(inner.rows - max(0, min(chartRows, inner.rows - 3)))
    return (list, chart)
  }

  private func drawChart(
    _ segment: RunSegment, in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance
  ) {
    guard rect.rows >= 3 else { return }
    var area = rect
    if rect.rows >= 6 {
      let (line, rest) = rect.splitTop(1)
      let title: [TextLine.Piece] =
        segment.settings.isConstraintOn
        ? [.init("clipped", .clipped), .init(" per step, all layers", .mutedText)]
        : [.init("exceeded", .observed), .init(" per step, all layers", .mutedText)]
      TextLine(title).draw(in: line, into: &buffer, look)
      area = rest
    }
    let panel = ChartPanel(model, .clipping)
    // Where the constraint is on both are the same, and the later one covers the first.
    var chart = panel.chart([
      panel.curve(
        "exceeded", .observed, segment.exceededPerStep, columns: area.columns, mark: .dotted),
      panel.curve("clipped", .clipped, segment.clippedPerStep, columns: area.columns),
    ])
    chart.series[0].isMarkedInColor = true
    chart.marks = []
    chart.leastLabelWidth = 0
    chart.showsLegend = chart.cursor != nil
    chart.alternatesLines = false
    chart.emptyText = "nothing counted yet"
    chart.draw(in: area, into: &buffer, look)
  }
}
