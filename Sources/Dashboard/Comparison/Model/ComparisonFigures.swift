// What views need of a comparison's state: put together once, and only where runs have gone on.
import Comparisons
import RunRecords
import TerminalUI

/// The table, the curves and the words of a comparison.
struct ComparisonFigures: Sendable {
  /// Nil before the first record.
  private(set) var table: ComparisonTable?
  /// Nil for arms.
  private(set) var sweep: SweepTable?
  /// The table's cells; empty before the first record.
  private(set) var text = TextTable(header: [], rows: [])
  private(set) var verdict: [String] = []
  /// By the index of the arm; nil for the baseline and for arms without results yet.
  private(set) var differences: [Difference?] = []
  /// By the index of the arm.
  private(set) var curves: [Curves] = []
  /// The values of two keys where every pair of them was tried.
  private(set) var grid: Grid?
  /// The last step of the longest run, and how many steps make an epoch.
  private(set) var totalSteps = 0
  private(set) var stepsPerEpoch = 0

  /// A paired difference from the baseline, in the metric's own scale.
  struct Difference: Sendable, Equatable {
    var mean: Double
    /// 95 %; nil for a single pair.
    var interval: ClosedRange<Double>?
    var isCertain: Bool
    var isBetter: Bool
  }

  /// The curves of an arm, thinned out to what a chart can show.
  struct Curves: Sendable {
    var metric: [LinePoint] = []
    var validationLoss: [LinePoint] = []
    var trainLoss: [LinePoint] = []
    fileprivate var mark: [[Int]] = []
  }

  /// Both keys' values in ascending order.
  struct Grid: Sendable, Equatable {
    var columns: [Double]
    var rows: [Double]
  }

  /// What the table goes by: an end, or a first header.
  private struct Mark: Equatable {
    var end: EndRecord.Reason?
    var step: Int
    var hasHeader: Bool
  }

  private var marks: [Mark] = []
  private var arms: [String] = []

  var metric: String { table?.metric ?? "validation_accuracy" }
  var figure: FigureText { FigureText(metric: metric) }

  mutating func update(_ state: ComparisonState) {
    let marks = state.runs.map { run in
      Mark(
        end: run.digest.end, step: run.digest.end == nil ? 0 : run.digest.step,
        hasHeader: run.digest.header != nil)
    }
    if marks != self.marks || arms != state.arms {
      self.marks = marks
      arms = state.arms
      sweep = state.sweep
      table = sweep.map(\.table) ?? state.table
      updateTable(state)
    }
    if case .trials = state.kind { verdict = state.sentences }
    updateCurves(state)
  }

  private mutating func updateTable(_ state: ComparisonState) {
    text = sweep?.text ?? table?.text ?? TextTable(header: [], rows: [])
    verdict = sweep?.verdict ?? table?.verdict ?? []
    let goal = table?.goal ?? .maximize
    differences = state.arms.map { arm in
      guard let difference = table?[arm]?.difference else { return nil }
      let mean = difference.estimate.mean
      let isBetter = (mean > 0) == (goal == .maximize)
      if let point = sweep?.points.first(where: { $0.candidate.arm == arm }) {
        return Difference(
          mean: mean, interval: point.fromBest, isCertain: !point.isUndecided, isBetter: isBetter)
      }
      return Difference(
        mean: mean, interval: difference.interval,
        isCertain: difference.isSignificant ?? false, isBetter: isBetter)
    }
    let headers = state.runs.lazy.compactMap(\.digest.header)
    totalSteps = headers.compactMap(\.totalSteps).max() ?? 0
    stepsPerEpoch = headers.first?.stepsPerEpoch ?? 0
    grid = nil
    if case .sweep(let keys, let candidates) = state.kind, keys.count == 2 {
      let grid = Grid(
        columns: Set(candidates.map { $0.values[0] }).sorted(),
        rows: Set(candidates.map { $0.values[1] }).sorted())
      let isGrid = grid.columns.count * grid.rows.count == candidates.count
      if isGrid, grid.columns.count > 1, grid.rows.count > 1 { self.grid = grid }
    }
  }

  // MARK: Curves

  private mutating func updateCurves(_ state: ComparisonState) {
    var byArm: [String: [RunDigest]] = [:]
    for run in state.runs { byArm[run.arm, default: []].append(run.digest) }
    if curves.count != state.arms.count {
      curves = Array(repeating: Curves(), count: state.arms.count)
    }
    for (index, arm) in state.arms.enumerated() {
      let runs = byArm[arm] ?? []
      let mark = runs.map { [$0.points.count, $0.last?.step ?? 0] }
      guard mark != curves[index].mark else { continue }
      curves[index] = Self.curves(ArmCurve(runs))
      curves[index].mark = mark
    }
  }

  private static func curves(_ curve: ArmCurve) -> Curves {
    var curves = Curves()
    for point in curve.points {
      let x = Double(point.step)
      let spread = point.value.standardDeviation ?? 0
      curves.metric.append(
        LinePoint(
          x: x, minimum: point.value.mean - spread, maximum: point.value.mean + spread,
          mean: point.value.mean))
      if let loss = point.validationLoss {
        curves.validationLoss.append(LinePoint(x: x, value: loss))
      }
      if let loss = point.trainLoss { curves.trainLoss.append(LinePoint(x: x, value: loss)) }
    }
    curves.metric = thinned(curves.metric)
    curves.validationLoss = thinned(curves.validationLoss)
    curves.trainLoss = thinned(curves.trainLoss)
    return curves
  }

  /// A frame need not draw more points than a wide screen has dots.
  private static let mostPoints = 600

  /// Neighbours put together so that none of their ends is lost.
  static func thinned(_ points: [LinePoint]) -> [LinePoint] {
    guard points.count > mostPoints else { return points }
    let stride = (points.count + mostPoints - 1) / mostPoints
    return Swift.stride(from: 0, to: points.count, by: stride).map { start in
      let part = points[start..<min(start + stride, points.count)]
      let last = part[part.endIndex - 1]
      let mean = part.reduce(0) { $0 + $1.mean / Double(part.count) }
      return LinePoint(
        x: last.x, minimum: part.map(\.minimum).min() ?? mean,
        maximum: part.map(\.maximum).max() ?? mean, mean: mean)
    }
  }
}
