// The charts of a run: loss, metric, norms against the ceiling, clipping, gradients.
import RunHistory
import Foundation
import PlainText
import RunRecords

/// Draws the histories of a segment over its steps.
struct RunCharts {
  let course: RunCourse
  let segment: RunSegment

  static let stepsName = "optimizer steps"

  /// In the order in which they stand in the report.
  var figures: [Figure] {
    var figures = [loss, metric].compactMap { $0 }
    // Alone in its row, either has room.
    for index in figures.indices { figures[index].isWide = true }
    return figures
  }

  // MARK: Values

  typealias Values = [(x: Double, y: Double?)]

  /// The means of a history; nil if a value was not finite.
  static func means(_ history: History<Reading>, scale: Double = 1) -> Values {
    history.whole.map { bucket in
      (Double(bucket.lastStep), bucket.entry.hasValue ? Double(bucket.entry.mean) * scale : nil)
    }
  }

  /// Between which values each bucket of a history lies.
  static func extremes(
    _ history: History<Reading>
  ) -> [(x: Double, range: ClosedRange<Double>)] {
    history.whole.compactMap { bucket in
      let (low, high) = (Double(bucket.entry.minimum), Double(bucket.entry.maximum))
      guard bucket.entry.hasValue, low <= high else { return nil }
      return (Double(bucket.lastStep), low...high)
    }
  }

  var steps: Axis {
    Axis(Self.stepsName, AxisScale(0, Double(max(1, segment.step))))
  }

  var marks: [Chart.Mark] {
    segment.marks.map { mark in
      // "off" alone is clear on the screen, where the key was just pressed.
      let label = ["on", "off"].contains(mark.label) ? "constraint \(mark.label)" : mark.label
      return Chart.Mark(x: Double(mark.step), label: label)
    }
  }

  /// A scale for curves and, as far as nine tenths of it go, for the band around them.
  static func scale(
    _ curves: [Values], band: [(x: Double, range: ClosedRange<Double>)] = [], fromZero: Bool = false
  ) -> AxisScale {
    let values = curves.flatMap { $0.compactMap(\.y) }.filter(\.isFinite).sorted()
    let highs = band.map(\.range.upperBound).filter(\.isFinite).sorted()
    let lows = band.map(\.range.lowerBound).filter(\.isFinite).sorted()
    var all = values
    if !highs.isEmpty { all.append(highs[(highs.count - 1) * 19 / 20]) }
    if !lows.isEmpty { all.append(lows[(lows.count - 1) / 20]) }
    guard let largest = all.max(), let smallest = all.min() else { return AxisScale(0, 1) }
    // When most of a curve would lie flat on the axis, powers of ten show more.
    let middle = values.isEmpty ? largest : values[values.count / 2]
    if smallest > 0, largest > 20 * middle {
      return AxisScale(holding: all, isLogarithmic: true) ?? AxisScale(0, 1)
    }
    if fromZero, smallest >= 0 { return AxisScale(0, largest > 0 ? largest * 1.06 : 1) }
    return AxisScale(holding: all) ?? AxisScale(0, 1)
  }

  func chart(
    _ title: String, _ summary: String, y: String, curves: [Chart.Curve],
    bands: [Chart.Band] = [], fromZero: Bool = false
  ) -> Chart? {
    guard curves.contains(where: { $0.values.contains { $0.y != nil } }) else { return nil }
    let scale = Self.scale(
      curves.map(\.values), band: bands.flatMap(\.values), fromZero: fromZero)
    return Chart(
      title: title, summary: summary, x: steps, y: Axis(y, scale), bands: bands, curves: curves,
      marks: marks)
  }

  // MARK: Loss and metric

  private static let batchInk = Ink.muted
  static let trainPen = Pen(ink: .series(1), dash: .long)
  static let validationPen = Pen(ink: .series(2), width: 2)
  static let twinPen = Pen(ink: .series(4), dash: .dashDot)

  var loss: Figure? {
    let batches = Self.extremes(segment.loss.raw)
    var curves: [Chart.Curve] = []
    if segment.trainLoss.isEmpty {
      curves.append(
        .init(
          name: "batches, mean", pen: Self.trainPen, values: Self.means(segment.loss.raw)))
    } else {
      curves = [
        .init(name: "training", pen: Self.trainPen, values: Self.means(segment.trainLoss.raw)),
        .init(
          name: "validation", pen: Self.validationPen,
          values: Self.means(segment.validationLoss.raw)),
      ]
    }
    if let twin = segment.twin, !twin.validationLoss.isEmpty {
      curves.append(
        .init(
          name: "validation of the twin without the constraint", pen: Self.twinPen,
          values: Self.means(twin.validationLoss.raw)))
    }
    let band = Chart.Band(
      name: "batches, smallest to largest", ink: Self.batchInk, values: batches)
    guard
      var chart = chart(
        "Loss", "Loss over the steps, on training and validation data.", y: "loss",
        curves: curves, bands: [band])
    else { return nil }
    if segment.header.criterion.metric == "validation_loss" { mark(best: &chart, scale: 1) }
    return Figure(drawing: chart, height: 310)
  }

  /// The header's metric where it is not the loss.
  var metric: Figure? {
    let metric = segment.header.criterion.metric
    guard !metric.hasSuffix("_loss") else { return nil }
    let isShare = MetricName.isShare(metric)
    let scale = isShare ? 100.0 : 1
    let isAccuracy = metric.hasSuffix("_accuracy")
    let (train, validation) =
      isAccuracy
      ? (segment.trainAccuracy, segment.validationAccuracy) : (nil, segment.taskMetric)
    var curves: [Chart.Curve] = []
    if let train {
      curves.append(
        .init(name: "training", pen: Self.trainPen, values: Self.means(train.raw, scale: scale)))
    }
    curves.append(
      .init(
        name: isAccuracy ? "validation" : MetricName.words(metric), pen: Self.validationPen,
        values: Self.means(validation.raw, scale: scale)))
    if let twin = segment.twin {
      let history = isAccuracy ? twin.validationAccuracy : twin.taskMetric
      if !history.isEmpty {
        curves.append(
          .init(
            name: "the twin without the constraint", pen: Self.twinPen,
            values: Self.means(history.raw, scale: scale)))
      }
    }
    let words = MetricName.words(metric)
    let name = isAccuracy ? "accuracy" : words
    guard
      var chart = chart(
        name.capitalizedFirst, "\(words) over the steps.", y: isShare ? "\(name), %" : name,
        curves: curves)
    else { return nil }
    chart.rules = baselines.map { baseline in
      Chart.Rule(y: Double(baseline.value) * scale, name: MetricName.words(baseline.name))
    }
    mark(best: &chart, scale: scale)
    // Where a line of what needs no training stands must not be left to the edge.
    let values = curves.flatMap { $0.values.compactMap(\.y) }
    let all = values + chart.rules.map(\.y) + chart.points.map(\.y)
    chart.y.scale =
      AxisScale(holding: all, isLogarithmic: chart.y.scale.isLogarithmic) ?? chart.y.scale
    return Figure(drawing: chart, height: 270)
  }

  /// The same figure of what needs no training: `last_value_rmse` beside `validation_rmse`.
  private var baselines: [Metric] {
    let metric = segment.header.criterion.metric
    guard metric.hasPrefix("validation_") else { return [] }
    let ending = metric.dropFirst("validation".count)
    return (segment.evaluation?.metrics ?? []).filter { other in
      other.name.hasSuffix(ending) && other.value.isFinite
        && !["validation_", "train_"].contains { other.name.hasPrefix($0) }
    }
  }

  private func mark(best chart: inout Chart, scale: Double) {
    guard let best = segment.best, best.value.isFinite else { return }
    chart.points = [
      .init(
        x: Double(best.step), y: Double(best.value) * scale, marker: .diamond, ink: .text)
    ]
    let value = RunWords.text(best.value, of: best.metric)
    chart.keys = [
      .init(
        name: "best \(value) at step \(NumberText.grouped(best.step))", marker: .diamond,
        ink: .text)
    ]
  }

  // MARK: Gradients and rates

  var gradient: Figure? {
    let history = segment.gradientNorm.raw
    let band = Chart.Band(name: "mean to largest", ink: .series(3), values: Self.extremes(history))
    guard
      var chart = chart(
        "Gradient norm", "L2 norm of the gradient over all parameters.", y: "gradient norm",
        curves: [.init(name: "mean", pen: Pen(ink: .series(3)), values: Self.means(history))],
        bands: [band], fromZero: true)
    else { return nil }
    if let limit = segment.gradientLimit {
      chart.rules = [.init(y: Double(limit), name: "clipped to \(Wording.short(limit))")]
    }
    return Figure(drawing: chart, isWide: false, height: 250, isMain: false)
  }

  /// Only where it changed.
  var learningRate: Figure? {
    let values = Self.means(segment.learningRate)
    guard Set(values.map(\.y)).count > 1,
      let chart = chart(
        "Learning rate", "The learning rate over the steps.", y: "learning rate",
        curves: [.init(name: "", pen: Pen(ink: .series(1)), values: values)], fromZero: true)
    else { return nil }
    return Figure(drawing: chart, isWide: false, height: 250, isMain: false)
  }
}
