// What a comparison says, in words.
import RunRecords

extension ComparisonTable {
  /// One sentence for each arm but the baseline, and what to beware of.
  package var verdict: [String] {
    var sentences = rows.filter { $0.arm != baseline }.map(sentence)
    if let row = self[baseline], row.diverged > 0 {
      sentences.insert("\(baseline): diverged in \(row.diverged) of \(row.runs) runs", at: 0)
    }
    let compared = rows.count { $0.difference?.interval != nil }
    if compared > 1 {
      sentences.append(
        "Each interval holds for its arm alone: of \(compared) arms that change nothing, one stands "
          + "out by chance with a probability of "
          + "\(Int(((1 - Self.power(0.95, compared)) * 100).rounded())) %.")
    }
    if rows.contains(where: { $0.steered > 0 }) {
      sentences.append("Some runs were changed by hand while they went on (events in their logs).")
    }
    return sentences
  }

  private func sentence(_ row: Row) -> String {
    let figure = FigureText(metric: metric)
    let divergence = row.diverged > 0 ? "diverged in \(row.diverged) of \(row.runs) runs" : nil
    func say(_ text: String) -> String {
      "\(row.arm): \([text, divergence].compactMap { $0 }.joined(separator: "; "))"
    }
    guard let difference = row.difference else {
      if row.runs == 0 { return "\(row.arm): no run has ended yet" }
      return row.values.isEmpty
        ? "\(row.arm): \(divergence ?? "measured nothing")"
        : say("no seed in common with a finished run of \(baseline)")
    }
    let text = figure.difference(difference)
    let unit = figure.unit.isEmpty ? "" : " " + figure.unit
    guard let isSignificant = difference.isSignificant else {
      return say("\(text)\(unit) beside \(baseline) on one seed, which says nothing yet")
    }
    guard isSignificant else {
      return difference.estimate.mean == 0 && difference.estimate.standardDeviation == 0
        ? say("the same \(MetricName.words(metric)) as \(baseline) in every run")
        : say(
          "not shown to differ from \(baseline): \(text)\(unit), so that "
            + "\(figure.interval(difference))\(unit) is not excluded")
    }
    // What is left where some runs diverged is no better for it.
    guard row.diverged == 0 else {
      return say(
        "\(text)\(unit) \(difference.estimate.mean > 0 ? "over" : "under") \(baseline) where it "
          + "did not diverge")
    }
    let isBetter = (difference.estimate.mean > 0) == (goal == .maximize)
    return say(
      "\(text)\(unit) \(difference.estimate.mean > 0 ? "over" : "under") \(baseline), "
        + (isBetter ? "better" : "worse"))
  }

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }
}
