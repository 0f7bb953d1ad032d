// What a sweep measured over the values of one key: means with error bars, the best and what is not shown to differ.
import Comparisons
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// The metric over a key.
struct SweepChart {
  let model: ComparisonModel
  /// Its index.
  let key: Int

  /// What explains the chart while it shows this.
  static let explanation = Explanation(
    term: "error bars",
    brief: [
      "mean over the seeds at the end, with one standard deviation to either side",
      "means at the end; bars: standard deviation", "means at the end",
    ],
    full:
      "The mean over the seeds at the end of the runs, with one standard deviation to either side."
      + " A diamond is the best mean, a full point is not shown to differ from"
      + " it, a ring is worse, or a run of it diverged.")

  private var points: [SweepTable.Point] { model.figures.sweep?.points ?? [] }

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let inner = model.drawFrame(.chart, note: reading, in: rect, into: &buffer, look)
    chart(inner, look).draw(in: inner, into: &buffer, look)
  }

  /// The chosen candidate's figures.
  private var reading: String {
    guard points.indices.contains(model.selectedArm) else { return "" }
    let mean = model.figures.figure.meanAndDeviation(points[model.selectedArm].row?.last)
    return "\(model.name(of: model.selectedArm)): \(mean)"
  }

  private func chart(_ rect: Rect, _ look: Appearance) -> PointChart {
    let scale = model.figures.figure.scale
    let shown = points.enumerated().filter { $0.element.candidate.values.indices.contains(key) }
    let values = Set(shown.map { $0.element.candidate.values[key] }).sorted()
    let places = shown.compactMap { index, point -> ErrorPoint? in
      guard let last = point.row?.last else { return nil }
      return ErrorPoint(
        x: point.candidate.values[key], mean: last.mean * scale,
        spread: last.standardDeviation.map { $0 * scale },
        rank: point.isBest ? .best : point.isUndecided ? .good : .other,
        isSelected: index == model.selectedArm)
    }
    var chart = PointChart(
      points: places.sorted { $0.x < $1.x },
      ticks: values.map { Tick(value: $0, label: Wording.short(Float($0))) })
    chart.isLogarithmic = Self.isLogarithmic(values)
    chart.isJoined = values.count == shown.count
    chart.range = model.figures.sweep?.range.flatMap { $0.lowerBound < $0.upperBound ? $0 : nil }
    chart.leastLabelWidth = DashboardModel.labelWidth
    chart.emptyText = model.isOver ? "no run has ended" : "waiting for the first run to end"
    chart.caption = caption(rect.columns - 6, chart.isLogarithmic, look)
    return chart
  }

  /// Evenly in ratios rather than in differences.
  static func isLogarithmic(_ values: [Double]) -> Bool {
    guard let low = values.first, let high = values.last, low > 0, high >= 4 * low,
      values.count > 2
    else { return false }
    let pairs = zip(values, values.dropFirst())
    let differences = pairs.map { $1 - $0 }
    let ratios = pairs.map { $1 / $0 - 1 }
    func unevenness(_ steps: [Double]) -> Double {
      guard let low = steps.min(), let high = steps.max(), low > 0 else { return .infinity }
      return high / low
    }
    return unevenness(ratios) < unevenness(differences)
  }

  private func caption(_ columns: Int, _ isLogarithmic: Bool, _ look: Appearance) -> String? {
    guard let best = model.figures.sweep?.best, let sweep = model.figures.sweep else {
      return isLogarithmic ? "logarithmic" : nil
    }
    var words = ["\(look.glyphs.best) best \(text(best.candidate.values))"]
    if let range = sweep.range, range.lowerBound < range.upperBound {
      words.append(
        "\(look.glyphs.thickLine) not shown to differ: \(SweepTable.text(range.lowerBound)) to "
          + SweepTable.text(range.upperBound))
    }
    words.append("bars: ± s.d.")
    if isLogarithmic { words.append("logarithmic") }
    while words.count > 1, DisplayWidth.of(words.joined(separator: look.separator)) > columns {
      words.removeLast()
    }
    return words.joined(separator: look.separator)
  }

  private func text(_ values: [Double]) -> String {
    values.map(SweepTable.text).joined(separator: ", ")
  }
}
