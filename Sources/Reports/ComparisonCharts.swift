// The charts of a comparison: results by seed, paired differences, the arms' courses.
import Comparisons
import Foundation
import PlainText
import RunRecords

/// Draws the table and the curves of gathered logs.
struct ComparisonCharts {
  let gathered: GatheredLogs

  var table: ComparisonTable { gathered.table }
  var figure: FigureText { FigureText(metric: table.metric) }
  /// "validation accuracy, %".
  var metricName: String {
    MetricName.words(table.metric) + (MetricName.isShare(table.metric) ? ", %" : "")
  }
  /// Arms, each in its colour.
  static let mostCurves = 12

  var figures: [Figure] {
    if let sweep = gathered.sweep {
      return SweepCharts(sweep: sweep, charts: self).figures + [differences].compactMap { $0 }
    }
    return [results, differences].compactMap { $0 } + courses
  }

  /// The pen of an arm: black for the baseline.
  func pen(of arm: String) -> Pen {
    guard arm != table.baseline else {
      return Pen(ink: .series(0), width: 1.8, marker: .circle)
    }
    let others = gathered.arms.filter { $0 != table.baseline }
    return .series((others.firstIndex(of: arm) ?? 0) + 1)
  }

  /// How an arm is marked among the intervals: its own pen, or what a sweep says of it.
  private func mark(of arm: String) -> (marker: Marker, ink: Ink) {
    if let point = gathered.sweep?.points.first(where: { $0.candidate.arm == arm }) {
      return SweepCharts.mark(of: point)
    }
    let pen = pen(of: arm)
    return (pen.marker ?? .circle, pen.ink)
  }

  /// An arm's name, for a candidate of a sweep its values alone.
  private func name(of arm: String) -> String {
    let point = gathered.sweep?.points.first { $0.candidate.arm == arm }
    return point.map { $0.candidate.values.map { SweepTable.text($0) }.joined(separator: ", ") }
      ?? arm
  }

  /// Two charts stand side by side where the names of the arms leave room for both.
  private var standsAlone: Bool {
    gathered.sweep != nil || gathered.arms.contains { Lettering.width($0) > 130 }
  }

  // MARK: Results and differences

  /// Each arm's runs at their end.
  var results: Figure? {
    let rows = table.rows.map { row in
      let mark = mark(of: row.arm)
      let mean = row.last.map { $0.mean * figure.scale }
      let spread = row.last?.standardDeviation.map { $0 * figure.scale }
      return IntervalChart.Row(
        name: name(of: row.arm), ink: mark.ink, marker: mark.marker,
        dots: row.values.sorted { $0.key < $1.key }.map { $0.value * figure.scale }, mean: mean,
        bar: mean.flatMap { mean in spread.map { (mean - $0)...(mean + $0) } },
        words: figure.meanAndDeviation(row.last))
    }
    guard rows.contains(where: { $0.mean != nil }) else { return nil }
    let chart = IntervalChart(
      title: "At the end of the runs",
      summary: Self.summary("Mean and standard deviation", rows), axisName: metricName, rows: rows)
    return Figure(
      drawing: chart, isWide: standsAlone || !table.rows.contains { $0.difference != nil },
      height: IntervalChart.height(rows: rows.count, hasSides: true),
      caption: "Rings: one run each. Marker and bar: mean ± standard deviation.")
  }

  /// What differs between an arm and the baseline under the same seed.
  var differences: Figure? {
    guard let reference = table[table.baseline] else { return nil }
    guard table.rows.contains(where: { $0.difference != nil }) else { return nil }
    let rows = table.rows.map { row -> IntervalChart.Row in
      let mark = mark(of: row.arm)
      guard let difference = row.difference else {
        // It keeps its place, so that rows stand beside those of the results.
        return IntervalChart.Row(
          name: name(of: row.arm), ink: mark.ink, marker: mark.marker, dots: [],
          words: row.arm != table.baseline ? "–" : gathered.sweep == nil ? "baseline" : "best")
      }
      let dots = row.values.keys.sorted().compactMap { seed in
        row.values[seed].flatMap { value in
          reference.values[seed].map { (value - $0) * figure.scale }
        }
      }
      let point = gathered.sweep?.points.first { $0.candidate.arm == row.arm }
      let interval = point == nil ? difference.interval : point?.fromBest
      var words = Axis.minus(
        point == nil ? figure.difference(difference) : figure.interval(interval))
      if let probability = row.adjustedProbability, point == nil {
        words += ", \(Self.words(p: probability))"
      }
      return IntervalChart.Row(
        name: name(of: row.arm), ink: mark.ink, marker: mark.marker, dots: dots,
        mean: difference.estimate.mean * figure.scale,
        bar: interval.map {
          ($0.lowerBound * figure.scale)...($0.upperBound * figure.scale)
        }, words: words)
    }
    let isHigherBetter = table.goal == .maximize
    let unit = figure.unit.isEmpty ? MetricName.words(table.metric) : "\(figure.unit)"
    let chart = IntervalChart(
      title: gathered.sweep.map {
        "Difference from the best, by \($0.keys.joined(separator: ", "))"
      } ?? "Difference from \(table.baseline)",
      summary: Self.summary("Mean paired difference and 95 % interval", rows),
      axisName: "\(unit), same seeds", rows: rows, zero: 0,
      sides: isHigherBetter ? ("worse", "better") : ("better", "worse"))
    return Figure(
      drawing: chart, isWide: standsAlone,
      height: IntervalChart.height(rows: rows.count, hasSides: true),
      caption:
        gathered.sweep == nil
        ? "Rings: one seed each. Marker and bar: mean and its 95 % interval; all intervals hold at once, "
          + "p is corrected for the other arms (Holm)."
        : "Rings: one seed each. Marker: mean difference from the best; bar: 95 % interval of a value "
          + "minus the best of the others, all at once.")
  }

  /// "p = 0.012", "p < 0.001".
  static func words(p probability: Double) -> String {
    guard probability >= 0.001 else { return "p < 0.001" }
    return "p = " + NumberText.fixed(probability, decimals: probability < 0.0995 ? 3 : 2)
  }

  private static func summary(_ what: String, _ rows: [IntervalChart.Row]) -> String {
    "\(what): " + rows.map { "\($0.name) \($0.words)" }.joined(separator: "; ") + "."
  }

  // MARK: Courses

  /// The metric and the losses over the steps, mean over each arm's runs.
  var courses: [Figure] {
    let arms = chosenArms
    let courses = arms.map { (arm: $0, points: Self.thinned(gathered.curve(of: $0).points)) }
    var figures: [Figure] = []
    let left = gathered.arms.count - arms.count
    let caption =
      "Lines: mean over the runs. Bands: from the lowest to the highest run."
      + (left > 0 ? " \(left) arms are left out." : "")
    let metric = chart(
      metricName.prefix(1).uppercased() + MetricName.words(table.metric).dropFirst(), metricName,
      courses.map { arm, points in
        (arm, points.map { (Double($0.step), $0.value.mean * figure.scale) })
      },
      bands: courses.map { arm, points in
        points.map { point in
          let range = point.range
          return (
            Double(point.step),
            (range.lowerBound * figure.scale)...(range.upperBound * figure.scale)
          )
        }
      })
    if let metric {
      let height = 330 + metric.legendHeight(Figure.wide)
      figures.append(Figure(drawing: metric, height: height, caption: caption))
    }
    let losses: [(String, (ArmCurve.Point) -> Double?)] = [
      ("Validation loss", \.validationLoss), ("Training loss", \.trainLoss),
    ]
    for (title, loss) in losses where title.lowercased() != MetricName.words(table.metric) {
      let chart = chart(
        title, title.lowercased(),
        courses.map { arm, points in (arm, points.map { (Double($0.step), loss($0)) }) })
      if let chart {
        var figure = Figure(
          drawing: chart, isWide: false, caption: "Mean over the runs.", isMain: false)
        figure.height = 280 + chart.legendHeight(figure.size.width)
        figures.append(figure)
      }
    }
    return figures
  }

  /// The baseline and the best of the others where there are many.
  private var chosenArms: [String] {
    guard gathered.arms.count > Self.mostCurves else { return gathered.arms }
    let sorted = table.rows.filter { $0.arm != table.baseline && $0.last != nil }.sorted {
      let (first, second) = ($0.last?.mean ?? 0, $1.last?.mean ?? 0)
      return table.goal == .maximize ? first > second : first < second
    }
    let best = sorted.prefix(Self.mostCurves - 1).map(\.arm)
    return gathered.arms.filter { $0 == table.baseline || best.contains($0) }
  }

  private func chart(
    _ title: String, _ axis: String, _ courses: [(arm: String, values: RunCharts.Values)],
    bands: [[(x: Double, range: ClosedRange<Double>)]] = []
  ) -> Chart? {
    let last = courses.flatMap { $0.values.map(\.x) }.max() ?? 0
    guard courses.contains(where: { $0.values.contains { $0.y != nil } }) else { return nil }
    let isMany = courses.count > 4
    return Chart(
      title: title, summary: "\(title) of each arm over the steps, mean over its runs.",
      x: Axis(RunCharts.stepsName, AxisScale(0, max(1, last))),
      y: Axis(axis, RunCharts.scale(courses.map(\.values), band: bands.flatMap { $0 })),
      bands: zip(courses, bands).map { course, band in
        .init(
          name: "", ink: pen(of: course.arm).ink, opacity: isMany ? 0.08 : 0.15, values: band)
      },
      curves: courses.map { .init(name: $0.arm, pen: pen(of: $0.arm), values: $0.values) })
  }

  /// More points than a picture shows are merged: means of means, bands as wide as all of them.
  private static func thinned(_ points: [ArmCurve.Point]) -> [ArmCurve.Point] {
    let most = 700
    guard points.count > most else { return points }
    let size = (points.count + most - 1) / most
    return stride(from: 0, to: points.count, by: size).compactMap { start in
      let part = points[start..<min(points.count, start + size)]
      guard var point = part.last, let value = Estimate(part.map(\.value.mean)) else { return nil }
      point.value = value
      for other in part {
        point.range =
          min(
            point.range.lowerBound, other.range.lowerBound)...max(
            point.range.upperBound, other.range.upperBound)
      }
      point.validationLoss = Estimate(part.compactMap(\.validationLoss))?.mean
      point.trainLoss = Estimate(part.compactMap(\.trainLoss))?.mean
      return point
    }
  }
}
