// Where the panels of a comparison stand: the chart above, arms and differences below, then words and runs.
import Comparisons
import TerminalUI

/// How the body of the screen is shared out.
struct ComparisonLayout {
  let model: ComparisonModel

  /// What the differences beside the table need to say anything.
  private static let differencesColumns = 30
  private static let leastChart = 8

  /// The panels that fit, the one in focus always among them.
  func places(in body: Rect) -> [(panel: ComparisonModel.Panel, rect: Rect)] {
    if model.isMaximized { return [(model.focus, body)] }
    // Two panels, where more would each be too low to be read.
    guard body.rows >= 17 else {
      let other = model.focus == .chart ? .table : model.focus
      let wanted = other.description.wantedRows(model, body)
      let (top, rest) = body.splitTop(max(body.rows / 2, body.rows - wanted))
      return [(.chart, top), (other, rest)]
    }
    let lower = lowerBand(in: body)
    let wantedLower = min(lower.rows, max(4, body.rows / 4))
    let leastChart = max(Self.leastChart, body.rows * 2 / 5)
    let middle = min(model.state.arms.count + 3, body.rows - leastChart - wantedLower)
    // What the table does not need, words and runs may have, but never the better part.
    let rows = min(lower.rows, max(wantedLower, (body.rows - leastChart - middle)))
    let (upper, bottom) = body.splitBottom(rows)
    let (chart, table) = upper.splitBottom(max(4, middle))
    return [(.chart, chart)] + middleBand(in: table) + lower.places(bottom)
  }

  // MARK: Table and differences

  private func middleBand(in rect: Rect) -> [(panel: ComparisonModel.Panel, rect: Rect)] {
    guard model.panels.contains(.differences) else { return [(.table, rect)] }
    let table = ArmTable(model: model)
    if rect.columns >= 100 {
      let spare = rect.columns - table.naturalWidth - 4
      let wanted = max(Self.differencesColumns, min(spare, rect.columns * 2 / 5))
      let (left, right) = rect.splitRight(wanted)
      return [(.table, left), (.differences, right)]
    }
    return [(model.focus == .differences ? .differences : .table, rect)]
  }

  // MARK: Words and runs

  private struct LowerBand {
    var rows: Int
    var places: (Rect) -> [(panel: ComparisonModel.Panel, rect: Rect)]
  }

  /// Side by side where both have something to say; else the one that has.
  private func lowerBand(in body: Rect) -> LowerBand {
    let runs = RunsPanel(model: model)
    let verdict = VerdictPanel(model: model)
    let hasRuns = !runs.isIdle
    let hasVerdict = !model.figures.verdict.isEmpty
    // From the start as high as the sentences at the end will need, so that nothing above moves.
    let expected = model.isSweep ? 4 : model.state.arms.count + 1
    let isWide = body.columns >= 72
    if isWide, hasRuns || model.focus == .runs {
      let right = min(72, max(34, body.columns * 2 / 5))
      let rows =
        2
        + max(
          expected, verdict.lines(columns: body.columns - right - 4).count,
          runs.lines(columns: right - 4).count)
      return LowerBand(rows: max(3, rows)) { rect in
        let (left, right) = rect.splitRight(right)
        return [(.verdict, left), (.runs, right)]
      }
    }
    let showsRuns = model.focus == .runs || model.focus != .verdict && hasRuns && !hasVerdict
    let rows =
      2
      + (showsRuns
        ? runs.lines(columns: body.columns - 4).count
        : verdict.lines(columns: body.columns - 4).count)
    return LowerBand(rows: max(expected + 2, rows)) { rect in [(showsRuns ? .runs : .verdict, rect)]
    }
  }
}
