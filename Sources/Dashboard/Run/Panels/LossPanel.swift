// The loss chart: training and validation on one scale, the batches as a band behind them.
import PlainText
import RunHistory
import RunRecords
import TerminalUI

/// Tells whether the net learns, and whether it overfits.
struct LossPanel {
  let model: DashboardModel

  static let description = PanelDescription(
    title: "loss",
    explanation: Explanation(
      term: "loss",
      brief: [
        "loss: how wrong the net is; validation is measured on data it does not train on",
        "how wrong the net is, on data it trains on and not", "how wrong the net is",
      ],
      full:
        "How wrong the net is, less is better. Validation loss is measured on data that it does not"
        + " train on: where it climbs while training loss falls, the net learns by heart."),
    leastRows: 9,
    isChart: true,
    logarithmicScale: LogarithmicScale(values: "losses"),
    ownKeys: [.smoothing, .outliers],
    draw: { LossPanel(model: $0).draw(in: $1, into: &$2, $3) })

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let panel = ChartPanel(model, .loss)
    let smoothing = model.segment?.validationLoss.shown(model.charts.smoothing)
    let inner = panel.drawFrame(
      Self.description.title,
      notes: [panel.window.isEmpty ? "whole run" : panel.window] + panel.scales + [
        (smoothing ?? model.charts.smoothing).label, panel.isLogarithmic ? "" : "linear",
      ], in: rect, into: &buffer, look)
    guard let segment = model.segment else {
      var chart = LineChart(series: [])
      let isLoading = model.source.isRun
      chart.emptyText = isLoading ? "loading data" + look.ellipsis : "no record yet"
      chart.draw(in: inner, into: &buffer, look)
      return
    }
    chart(segment, panel, inner, look).draw(in: inner, into: &buffer, look)
  }

  private func chart(
    _ segment: RunSegment, _ panel: ChartPanel, _ rect: Rect, _ look: Appearance
  ) -> LineChart {
    let columns = rect.columns
    var batches = LineSeries(
      name: "batch", role: .train,
      points: segment.loss.raw.points(on: panel.axis, count: columns * 2))
    batches.showsLine = segment.trainLoss.isEmpty
    var series = [batches]
    let twin = panel.twin(\.validationLoss, columns: columns)
    var best: LinePoint?
    series += twin
    if !segment.validationLoss.isEmpty {
      let validation = panel.curve(
        "validation", .validation, segment.validationLoss, columns: columns, mark: .dashed)
      series += [panel.curve("train", .train, segment.trainLoss, columns: columns), validation]
      best = segment.best.flatMap { panel.best(validation, at: $0.step) }
    }
    var chart = panel.chart(series)
    if segment.latest != nil || segment.evaluation != nil {
      chart.emptyText = "the records tell no loss"
    }
    chart.best = best
    chart.notes = Array(segment.twinWords.prefix(1)) + notes(segment, look)
    if rect.rows >= 12 {
      let further = columns >= 76 && !twin.isEmpty ? "\(look.separator)twin: validation" : ""
      chart.caption = panel.caption(
        chart, ["shaded: smallest to largest batch loss" + further, "shaded: batches"],
        columns: columns - 6, look)
    }
    return chart
  }

  /// The best of the header's metric, and what needs no training beside it.
  private func notes(_ segment: RunSegment, _ look: Appearance) -> [String] {
    guard let best = segment.best else { return [] }
    let value = Wording.value(best.value, of: best.metric)
    let figure = Wording.figure(best.metric)
    let baselines = segment.taskFigures.first { $0.name == best.metric }?.baselines ?? []
    // They are not losses: each is labelled.
    return ["\(look.glyphs.best) best \(figure) \(value) at step \(NumberText.grouped(best.step))"]
      + baselines.prefix(3).map {
        "\($0.name): \(figure) \(Wording.value($0.value, of: best.metric))"
      }
  }
}
