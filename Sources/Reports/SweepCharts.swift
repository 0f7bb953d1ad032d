// The charts of a sweep: the metric over one key, or over two as a field.
import Comparisons
import Foundation
import PlainText
import RunRecords

/// Draws a sweep's points.
struct SweepCharts {
  let sweep: SweepTable
  let charts: ComparisonCharts

  private var figure: FigureText { charts.figure }

  var figures: [Figure] {
    switch sweep.keys.count {
    case 1: [curve].compactMap { $0 }
    case 2: [field].compactMap { $0 }
    default: [charts.results].compactMap { $0 }
    }
  }

  /// The best value, those not shown to differ, and the others each have their shape.
  static func mark(of point: SweepTable.Point) -> (marker: Marker, ink: Ink) {
    if point.isBest { return (.diamond, .series(2)) }
    return (point.isUndecided ? .circle : .ring, .series(1))
  }

  // MARK: One key

  private var curve: Figure? {
    let measured = sweep.points.compactMap { point -> (point: SweepTable.Point, mean: Double)? in
      point.row?.last.map { (point, $0.mean * figure.scale) }
    }
    guard !measured.isEmpty else { return nil }
    let values = sweep.points.map { $0.candidate.values[0] }
    let isLogarithmic = Self.isEvenByRatio(values)
    let points = measured.map { point, mean in
      let error = point.row?.last?.standardError.map { $0 * figure.scale }
      let mark = Self.mark(of: point)
      let value = SweepTable.text(point.candidate.values[0])
      return Chart.DataPoint(
        x: point.candidate.values[0], y: mean, bar: error.map { (mean - $0)...(mean + $0) },
        marker: mark.marker, ink: mark.ink, size: point.isBest ? 5 : 4,
        label: point.isBest ? "best: \(value)" : "")
    }
    let ends = points.flatMap { [$0.y, $0.bar?.lowerBound, $0.bar?.upperBound].compactMap { $0 } }
    guard let x = AxisScale(holding: values, isLogarithmic: isLogarithmic),
      let y = AxisScale(holding: ends, room: 0.12)
    else { return nil }
    let key = sweep.keys[0]
    var chart = Chart(
      title: "\(MetricName.words(charts.table.metric)) over \(key)".capitalizedFirst,
      summary: sweep.verdict.joined(separator: ". ") + ".",
      x: Axis(key, x, ticks: values.count <= 16 ? Array(Set(values)).sorted() : nil),
      y: Axis(charts.metricName, y),
      curves: [
        .init(
          name: "", pen: Pen(ink: .series(1), width: 1.2), values: points.map { ($0.x, $0.y) })
      ],
      points: points)
    chart.keys = [.init(name: "best", marker: .diamond, ink: .series(2))]
    if measured.contains(where: { $0.point.isUndecided && !$0.point.isBest }) {
      chart.keys.append(
        .init(name: "not shown to differ (95 %)", marker: .circle, ink: .series(1)))
    }
    if measured.contains(where: { !$0.point.isUndecided }) {
      chart.keys.append(.init(name: "others", marker: .ring, ink: .series(1)))
    }
    if let range = sweep.range, range.lowerBound < range.upperBound {
      chart.shade = .init(
        range: range,
        name: "not shown to differ: \(SweepTable.text(range.lowerBound)) to "
          + SweepTable.text(range.upperBound))
    }
    let seeds = Set(measured.map { $0.point.row?.last?.count ?? 0 })
    let count = seeds.count == 1 ? " of \(seeds.first ?? 0)" : ""
    return Figure(
      drawing: chart, height: 340,
      caption: "Means\(count) runs; bars: ± standard error of the mean.".replacing(
        "Means runs", with: "Means over the runs"))
  }

  /// Whether values lie more evenly by their ratios than by their differences.
  static func isEvenByRatio(_ values: [Double]) -> Bool {
    let sorted = Set(values).sorted()
    guard sorted.count > 2, let first = sorted.first, let last = sorted.last, first > 0,
      last / first >= 4
    else { return false }
    func spread(_ steps: [Double]) -> Double {
      (steps.max() ?? 1) / max(steps.min() ?? 1, .leastNormalMagnitude)
    }
    let neighbours = zip(sorted, sorted.dropFirst())
    return spread(neighbours.map { log($1 / $0) }) < spread(neighbours.map { $1 - $0 })
  }

  // MARK: Two keys

  private var field: Figure? {
    let columns = Set(sweep.points.map { $0.candidate.values[0] }).sorted()
    let rows = Set(sweep.points.map { $0.candidate.values[1] }).sorted(by: >)
    let means = sweep.points.compactMap { $0.row?.last?.mean }
    guard let low = means.min(), let high = means.max() else { return nil }
    // Values drawn at random make no field.
    guard columns.count * rows.count <= 2 * sweep.points.count else { return charts.results }
    let cells = sweep.points.compactMap { point -> HeatChart.HeatCell? in
      guard let column = columns.firstIndex(of: point.candidate.values[0]),
        let row = rows.firstIndex(of: point.candidate.values[1])
      else { return nil }
      let mean = point.row?.last?.mean
      let share = mean.map { high > low ? ($0 - low) / (high - low) : 1 }
      let diverged = point.row?.diverged ?? 0
      return HeatChart.HeatCell(
        column: column, row: row,
        share: share.map { charts.table.goal == .maximize ? $0 : 1 - $0 },
        words: point.row?.last == nil
          ? (diverged > 0 ? "diverged" : "–") : figure.meanAndDeviation(point.row?.last),
        note: point.isBest ? "best" : point.isUndecided && mean != nil ? "not shown to differ" : "",
        isBest: point.isBest)
    }
    let chart = HeatChart(
      title: (charts.metricName + ", over \(sweep.keys.joined(separator: " and "))")
        .capitalizedFirst,
      summary: sweep.verdict.joined(separator: ". ") + ".",
      names: (sweep.keys[0], sweep.keys[1]), columns: columns, rows: rows, cells: cells)
    return Figure(
      drawing: chart, height: HeatChart.height(rows: rows.count),
      caption: "Mean ± standard deviation over the runs; darker is better.")
  }
}

extension String {
  /// The text with a large first letter.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
