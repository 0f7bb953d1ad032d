// The page of an arm: each of its runs as a curve and as a row.
import Comparisons
import PlainText
import RunRecords
import TerminalUI

/// What `enter` opens.
struct ArmPage {
  let model: ComparisonModel

  private var index: Int { model.selectedArm }

  private var runs: [ComparisonState.Run] { model.state.runs.filter { $0.arm == model.arm } }

  private func places(in body: Rect) -> (chart: Rect, table: Rect) {
    if body.columns >= 150 {
      let (left, right) = body.splitRight(min(90, body.columns / 2))
      return (left, right)
    }
    let rows = min(runs.count + 3, max(5, body.rows / 2))
    let (top, bottom) = body.splitBottom(rows)
    return (top, bottom)
  }

  /// The rows that runs have room on.
  func runRows(in body: Rect) -> Int {
    max(1, Panel.interior(of: places(in: body).table).rows - 1)
  }

  func draw(in body: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let (chart, table) = places(in: body)
    drawChart(in: chart, into: &buffer, look)
    drawTable(in: table, into: &buffer, look)
  }

  // MARK: Curves

  private var figure: ComparisonModel.Figure {
    if case .curves(let figure) = model.shownChart { return figure }
    return .metric
  }

  private func drawChart(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let name = look.shortened(model.name(of: index), to: max(8, rect.columns / 3))
    let inner = Panel(
      title: "\(name): \(model.title(of: figure))",
      note: model.countsEpochs ? "each run by epochs" : "each run", isFocused: true
    ).draw(in: rect, into: &buffer, look)
    var overlay = OverlayChart(
      series: runs.enumerated().map { place, run in
        var series = LineSeries(
          name: "\(ArmLook.letter(place)) seed \(run.seed)", role: ArmLook.role(place),
          points: points(of: run), showsBand: false)
        if figure == .metric, let value = run.digest.last?.value {
          series.reading = model.figures.figure.plain(Double(value))
        }
        return series
      })
    overlay.horizontal = model.horizontal
    overlay.isLogarithmic = model.isLogarithmic && model.canBeLogarithmic
    overlay.startsAtZero = figure != .metric
    overlay.showsAll = model.showsAll
    var chart = overlay.chart
    chart.showsLegend = runs.count <= 6
    chart.emptyText = "no run of this arm has measured anything yet"
    chart.draw(in: inner, into: &buffer, look)
  }

  private func points(of run: ComparisonState.Run) -> [LinePoint] {
    let points = run.digest.points.map { point in
      let value =
        switch figure {
        case .metric: point.value
        case .validationLoss: point.validationLoss
        case .trainLoss: point.trainLoss
        }
      return LinePoint(x: Double(point.step), value: Double(value))
    }
    return model.placed(ComparisonFigures.thinned(points), figure)
  }

  // MARK: Rows

  private func drawTable(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    let runs = runs
    let room = max(1, Panel.interior(of: rect).rows - 1)
    let first = min(model.firstRun, max(0, runs.count - room))
    let shown = first..<min(runs.count, first + room)
    var panel = Panel(title: "runs")
    if shown.count < runs.count {
      panel.position = "\(first + 1)-\(shown.upperBound) of \(runs.count)"
    }
    let inner = panel.draw(in: rect, into: &buffer, look)
    let figure = model.figures.figure
    let values = FigureColumn.aligned(runs.map { text($0.digest.last?.value, figure) })
    let best = FigureColumn.aligned(runs.map { text($0.digest.best?.value, figure) })
    let train = FigureColumn.aligned(runs.map { text($0.digest.last?.trainValue, figure) })
    let hasTrain = runs.contains { $0.digest.last?.trainValue != nil }
    let table = Table(
      columns: [
        .init("", importance: 9), .init("seed", .right, importance: 8),
        .init(Self.short(figure.name), .right, importance: 7),
        .init("best", .right, importance: 4), .init("at step", .right, importance: 2),
        .init(hasTrain ? "train" : "", .right, importance: 1),
        .init("loss", .right, importance: 3), .init("seconds", .right, importance: 5),
        .init("end", importance: 6, leastWidth: 22),
      ],
      rows: shown.map { place in
        let run = runs[place]
        let loss = run.digest.last.map { NumberText.significant(Double($0.validationLoss)) } ?? "–"
        return [
          .init(ArmLook.letter(place), ArmLook.role(place)), .init("\(run.seed)"),
          .init(values[place], .title), .init(best[place]),
          .init(run.digest.best.map { NumberText.grouped($0.step) } ?? "–", .mutedText),
          .init(hasTrain ? train[place] : "", .mutedText), .init(loss, .mutedText),
          .init(NumberText.fixed(run.digest.elapsed, decimals: 1), .mutedText), end(of: run),
        ]
      })
    table.draw(in: inner, into: &buffer, look)
  }

  private static func short(_ title: String) -> String {
    let prefix = "validation "
    return ScreenText.printable(
      title.hasPrefix(prefix) ? String(title.dropFirst(prefix.count)) : title)
  }

  private func text(_ value: Float?, _ figure: FigureText) -> String {
    value.map { figure.plain(Double($0)) } ?? "–"
  }

  private func end(of run: ComparisonState.Run) -> Table.Entry {
    let steered = run.digest.isSteered ? ", changed by hand" : ""
    switch run.phase {
    case .waiting: return .init("waiting", .mutedText)
    case .running:
      let share = NumberText.percent(run.share, decimals: 0)
      return .init((model.isPaused ? "held at " : "running, ") + share + steered, .good)
    case .interrupted:
      return .init("interrupted at \(NumberText.percent(run.share, decimals: 0))", .warning)
    case .failed(let reason): return .init("failed: \(ScreenText.printable(reason))", .error)
    case .ended, .kept:
      let before = run.phase == .kept ? ", kept from before" : ""
      guard run.digest.end == .diverged else {
        return .init("\(run.digest.end?.rawValue ?? "ended")\(before)\(steered)")
      }
      let step = NumberText.grouped(run.digest.step)
      return .init("diverged at step \(step)\(before)\(steered)", .error)
    }
  }
}
