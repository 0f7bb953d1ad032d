// The loss chart: training and validation on one scale, the batches as a band behind them.
import RunRecords
import TerminalUI

/// Tells whether the net learns, and whether it overfits.
struct LossPanel {
  let model: DashboardModel

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let notes = [
      model.window == .all ? "whole run" : "recent",
      (model.segment?.validationLoss.shown(model.smoothing) ?? model.smoothing).label,
      model.isLogScale ? "logarithmic" : "linear",
    ]
    let inner = model.drawFrame(
      .loss, "loss", note: notes.joined(separator: look.separator), in: rect, into: &buffer, look)
    chart(inner, look).draw(in: inner, into: &buffer, look)
  }

  private func chart(_ rect: Rect, _ look: Appearance) -> LineChart {
    guard let segment = model.segment else {
      var chart = LineChart(series: [])
      chart.emptyText = "loading data" + look.ellipsis
      return chart
    }
    let (steps, axis) = model.horizontal(rect)
    let count = rect.columns * 2
    var batches = LineSeries(
      name: "batch", role: .train, points: segment.loss.raw.points(over: steps, count: count))
    batches.showsLine = segment.trainLoss.isEmpty
    var train = LineSeries(
      name: "train", role: .train,
      points: segment.trainLoss.curve(model.smoothing).points(over: steps, count: count),
      showsBand: false)
    train.latest = segment.trainLoss.last.map(Double.init)
    var validation = LineSeries(
      name: "validation", role: .validation,
      points: segment.validationLoss.curve(model.smoothing).points(over: steps, count: count),
      mark: .dashed, showsBand: false)
    validation.latest = segment.validationLoss.last.map(Double.init)
    let evaluated = segment.validationLoss.isEmpty ? [] : [train, validation]
    let twin = model.twinSeries(\.validationLoss, over: steps, count: count)
    var chart = LineChart(series: [batches] + twin + evaluated)
    chart.horizontal = axis
    chart.marks = model.eventMarks
    chart.leastLabelWidth = DashboardModel.labelWidth
    chart.isLogarithmic = model.isLogScale
    chart.startsAtZero = !model.isLogScale
    chart.notes = Array(segment.twinWords.prefix(1)) + best(segment)
    if rect.rows >= 12 {
      let isWide = rect.columns >= 76 && !twin.isEmpty
      chart.caption =
        "steps\(look.separator)shaded: smallest to largest batch loss"
        + (isWide ? "\(look.separator)twin: validation" : "")
    }
    return chart
  }

  /// The best of the header's metric, and what needs no training beside it.
  private func best(_ segment: RunSegment) -> [String] {
    guard let best = segment.best else { return [] }
    let value = Wording.value(best.value, of: best.metric)
    let figure = Wording.figure(best.metric)
    let baselines = segment.taskFigures.first { $0.name == best.metric }?.baselines ?? []
    // They are no losses: each says what it is.
    return ["best \(figure) \(value) at step \(NumberText.grouped(best.step))"]
      + baselines.prefix(3).map {
        "\($0.name): \(figure) \(Wording.value($0.value, of: best.metric))"
      }
  }
}
