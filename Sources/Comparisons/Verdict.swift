// What a comparison says, in words.
import Basics
import Foundation
import RunRecords

extension ComparisonTable {
  /// One sentence for each arm but the baseline, and what to beware of.
  package var verdict: [String] {
    var sentences = rows.filter { $0.arm != baseline }.map(sentence)
    if let row = self[baseline], row.diverged > 0 {
      sentences.insert("\(baseline): \(divergence(row)), so that no mean is given", at: 0)
    }
    if let laterMargin { sentences.append(laterMargin) }
    sentences += limits
    let steered = rows.flatMap { row in row.steered.map { "\(row.arm) seed \($0)" } }
    if !steered.isEmpty {
      sentences.append(
        "Left out, because settings were changed by hand while they went on (events in their logs): "
          + steered.joined(separator: ", ") + ".")
    }
    return sentences
  }

  /// What the differences do not say.
  private var limits: [String] {
    var limits: [String] = []
    if isOfOneTestPart {
      limits.append(
        "All runs are tested on the same examples: this holds for this test part only (--resample N "
          + "draws others).")
    }
    if let resampling, let cost = resampling.counts.cost(over: resampling.splits) {
      limits.append(cost.prefix(1).uppercased() + cost.dropFirst() + ".")
    }
    if isChosenByFigure {
      limits.append(
        "Runs that stop early end with the evaluation that their figure is of, which flatters them: "
          + "data.test: true holds a part out to compare them by.")
    }
    return limits
  }

  /// That the margin was chosen with the runs' figures at hand.
  var laterMargin: String? {
    guard let earlierMargin, let width = marginWidth,
      let earlier = earlierMargin.width(baseline: self[baseline]?.last?.mean)
    else { return nil }
    let figure = FigureText(metric: metric)
    return "The margin of \(figure.distance(width)) was chosen after the runs, which recorded "
      + "\(figure.distance(earlier))."
  }

  private func sentence(_ row: Row) -> String { "\(row.arm): \(finding(row))" }

  private func finding(_ row: Row) -> String {
    if row.runs == 0 { return "no run has ended yet" }
    if let order = row.order { return comparison(row, order) }
    guard let difference = row.difference else {
      if row.values.isEmpty { return row.diverged > 0 ? divergence(row) : "measured nothing" }
      return "no seed in common with a finished run of \(baseline)"
        + (row.diverged > 0 ? "; \(divergence(row))" : "")
    }
    let figure = FigureText(metric: metric)
    let unit = figure.unit.isEmpty ? "" : " " + figure.unit
    let text = "\(figure.difference(difference))\(unit)"
    let margin = figure.distance(marginWidth ?? 0)
    let side = "\(text) \(difference.estimate.mean > 0 ? "over" : "under") \(baseline)"
    func within(_ isWithin: Bool) -> String { isWithin ? ", by less than \(margin)" : "" }
    switch standing(of: row) {
    case nil: return "\(text) beside \(baseline) on one seed, which says nothing yet"
    case .better(let isWithin): return "\(side), better\(within(isWithin))"
    case .worse(let isWithin): return "\(side), worse\(within(isWithin))"
    case .asGood where difference.estimate.mean == 0 && difference.estimate.standardDeviation == 0:
      return "the same \(MetricName.words(metric)) as \(baseline) in every run"
    case .asGood: return "as good as \(baseline) within \(margin): \(text)"
    case .notShownToDiffer:
      return "not shown to differ from \(baseline): \(text), so that "
        + "\(figure.interval(difference.interval))\(unit) is not excluded"
    }
  }

  /// When runs diverged, only the order within pairs is reported.
  private func comparison(_ row: Row, _ order: SignTest) -> String {
    let probability = String(format: "%.2g", order.probability)
    let counts =
      "better than \(baseline) in \(order.better) of \(order.pairs) pairs, worse in \(order.worse)"
    let test = "exact sign test, p = \(probability)"
    return row.diverged > 0 ? "\(divergence(row)); \(counts) (\(test))" : "\(counts) (\(test))"
  }

  private func divergence(_ row: Row) -> String {
    "diverged in \(row.diverged) of \(row.runs) runs"
  }
}
