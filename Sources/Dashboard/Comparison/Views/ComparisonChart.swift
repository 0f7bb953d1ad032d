// The chart of a comparison: curves of all arms with bands, or what a sweep measured over its values.
import Comparisons
import RunHistory
import RunRecords
import TerminalUI

/// The panel of the chart.
struct ComparisonChart {
  let model: ComparisonModel

  static let description = ComparisonPanelDescription(
    title: { $0.title(of: $0.chart) },
    explanation: Explanation(
      term: "curves",
      brief: [
        "the mean of each arm over its seeds; the band is one standard deviation to either side",
        "means over seeds; band: standard deviation", "means over seeds",
      ],
      full: "The mean of each arm over its seeds at each evaluation, with one standard deviation to"
        + " either side as a band: for all of up to three arms, else for the chosen one. The letter at"
        + " the end of a curve is the arm's letter in the table."),
    otherExplanation: {
      switch $0.chart {
      case .curves: nil
      case .overKey: SweepChart.explanation
      case .heat: SweepHeat.explanation
      }
    },
    wantedRows: { $1.rows },
    keys: [.preset, .logScale, .outliers, .axisUnit],
    draw: { ComparisonChart(model: $0).draw(in: $1, into: &$2, $3) })

  func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    switch model.chart {
    case .heat: SweepHeat(model: model).draw(in: rect, into: &buffer, look)
    case .overKey(let index):
      SweepChart(model: model, key: index).draw(in: rect, into: &buffer, look)
    case .curves(let figure):
      let inner = model.drawFrame(.chart, note: note(figure), in: rect, into: &buffer, look)
      chart(figure, inner, look).draw(in: inner, into: &buffer, look)
    }
  }

  private func note(_ figure: ComparisonModel.Figure) -> String {
    var words = [model.countsEpochs ? "by epochs" : ""]
    if model.isLogarithmic, model.canBeLogarithmic { words.append("logarithmic") }
    if model.showsAll { words.append("all values") }
    words.append(figure == .metric ? "band: ± s.d. over seeds" : "means over seeds")
    return words.filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// More names would cover the curves; the table has them too.
  private static let mostNames = 8
  private static let mostBands = 3
  private static let mostCurves = 40

  private func chart(
    _ figure: ComparisonModel.Figure, _ rect: Rect, _ look: Appearance
  ) -> LineChart {
    // Of thousands of candidates those around the chosen one; no more could be distinguished.
    let arms = model.window(room: Self.mostCurves).shown
    // The chosen one lies on top, the baseline under it.
    let order =
      arms.filter { $0 != model.selectedArm && model.state.arms[$0] != model.baseline }
      + arms.filter { $0 != model.selectedArm && model.state.arms[$0] == model.baseline }
      + arms.filter { $0 == model.selectedArm }
    var overlay = OverlayChart(series: order.map { series($0, figure) })
    overlay.horizontal = model.horizontal
    overlay.isLogarithmic = model.isLogarithmic && model.canBeLogarithmic
    overlay.startsAtZero = figure != .metric
    overlay.showsAll = model.showsAll
    var chart = overlay.chart
    chart.showsLegend = arms.count <= Self.mostNames
    chart.sortsLegend = true
    chart.emptyText = model.isOver ? "no run has measured anything" : "waiting for the first runs"
    if rect.rows >= 12 {
      chart.caption = model.countsEpochs ? "epochs" : "optimizer steps"
    }
    return chart
  }

  private func series(_ index: Int, _ figure: ComparisonModel.Figure) -> LineSeries {
    let isChosen = index == model.selectedArm
    let isBaseline = model.state.arms[index] == model.baseline
    let curves = model.figures.curves[index]
    let points =
      switch figure {
      case .metric: curves.metric
      case .validationLoss: curves.validationLoss
      case .trainLoss: curves.trainLoss
      }
    var series = LineSeries(
      name: "\(ArmLook.letter(index)) \(model.name(of: index).prefix(24))",
      role: model.role(of: index), points: model.placed(points, figure),
      mark: isChosen ? .solid : isBaseline ? .dotted : .dashed,
      showsBand: figure == .metric
        && (isChosen || model.state.arms.count <= Self.mostBands))
    // In colour gaps would only hide many lines from one another.
    series.isMarkedInColor = isBaseline && model.state.arms.count > Self.mostBands
    if figure == .metric, let mean = points.last?.mean {
      series.reading = model.figures.figure.plain(mean)
    }
    return series
  }
}

extension ComparisonModel {
  /// The name of what a chart shows.
  func title(of chart: Chart) -> String {
    let metric = figures.figure.name
    switch chart {
    case .curves(let figure): return title(of: figure)
    case .overKey(let index):
      guard case .sweep(let keys, _) = state.kind, keys.indices.contains(index) else {
        return metric
      }
      return "\(metric) over \(keys[index])"
    case .heat:
      guard case .sweep(let keys, _) = state.kind else { return metric }
      return "\(metric) over \(Self.shortNames(keys).joined(separator: " and "))"
    }
  }

  func title(of figure: Figure) -> String {
    switch figure {
    case .metric: figures.figure.name
    case .validationLoss: "validation loss"
    case .trainLoss: "training loss"
    }
  }

  /// Points as they lie in a chart: in steps or epochs, shares in per cent.
  func placed(_ points: [LinePoint], _ figure: Figure) -> [LinePoint] {
    let width = stepsOfUnit
    let scale = figure == .metric ? figures.figure.scale : 1
    return points.map {
      LinePoint(
        x: $0.x / width, minimum: $0.minimum * scale, maximum: $0.maximum * scale,
        mean: $0.mean * scale)
    }
  }

  /// From the first step to the last of the longest run.
  var horizontal: ClosedRange<Double>? {
    figures.totalSteps > 0 ? 0...Double(figures.totalSteps) / stepsOfUnit : nil
  }

  private var stepsOfUnit: Double {
    countsEpochs && figures.stepsPerEpoch > 0 ? Double(figures.stepsPerEpoch) : 1
  }
}
