// Prediction against truth for values over time.
import PlainText
import RunRecords
import TerminalUI

/// How well the net predicts what follows, beside predictions without a net.
struct SeriesPanel {
  let model: DashboardModel

  static let description = PanelDescription(
    title: "series",
    explanation: SampleStack.explanation,
    leastRows: 9,
    showsSamples: true,
    ownKeys: [.window],
    draw: { SeriesPanel(model: $0).draw(in: $1, into: &$2, $3) })

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let stack = SampleStack(model: model, kind: .series, plural: "series", leastRows: 7)
    stack.draw(in: rect, note: unit(of: stack.samples), into: &buffer, look) {
      sample, area, buffer in
      guard case .series(let truth, let prediction, let baseline, _) = sample.content else {
        return
      }
      chart(truth, prediction, baseline, in: area, look).draw(in: area, into: &buffer, look)
    }
  }

  /// The unit, where all samples have the same.
  private func unit(of samples: [SampleRecord]) -> String {
    let units = Set(
      samples.map { sample in
        if case .series(_, _, _, let unit?) = sample.content { unit } else { "" }
      })
    return units.count == 1 ? ScreenText.printable(units.first ?? "") : ""
  }

  private func chart(
    _ truth: [Double], _ prediction: [Double], _ baseline: [Double]?, in rect: Rect,
    _ look: Appearance
  ) -> LineChart {
    // Where several values fall on a column of dots, the truth shows between which it lies.
    let isDense = model.charts.window == .all && truth.count > rect.columns * 2
    var lines = [series("truth", .text, truth, .solid, showsBand: isDense)]
    if let baseline {
      lines.insert(series("baseline", .mutedText, baseline, .dotted), at: 0)
    }
    lines.append(series("prediction", .validation, prediction, .dashed))
    var chart = LineChart(series: lines)
    // The recent part is as long as each value has room to be seen.
    let last = max(1, truth.count - 1)
    let recent = model.charts.window == .recent ? max(0, last - max(12, rect.columns / 3)) : 0
    chart.horizontal = Double(recent)...Double(last)
    chart.leastLabelWidth = DashboardModel.labelWidth
    chart.emptyText = "no values"
    if rect.rows >= 8 { chart.caption = "time steps" }
    return chart
  }

  private func series(
    _ name: String, _ role: Role, _ values: [Double], _ mark: LineMark, showsBand: Bool = false
  ) -> LineSeries {
    let points = values.enumerated().map { LinePoint(x: Double($0), value: $1) }
    return LineSeries(name: name, role: role, points: points, mark: mark, showsBand: showsBand)
  }
}
