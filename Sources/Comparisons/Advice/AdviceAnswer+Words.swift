// The answer in five sentences: does it help, by how much, against what, at which r, how sure.
import Foundation
import RunRecords

extension AdviceAnswer {
  /// How many rows each part has, for the sentences.
  package struct Rows: Sendable, Equatable {
    package var train: Int
    package var validation: Int
    package var test: Int

    package init(train: Int, validation: Int, test: Int) {
      (self.train, self.validation, self.test) = (train, validation, test)
    }
  }

  /// The five sentences, each with a full stop; fewer as long as nothing is scored.
  package func sentences(_ recommendation: Recommendation?, _ rows: Rows?) -> [String] {
    guard gain != nil, let finding else {
      return ["No answer yet: fewer than two resamplings are scored on the test part."]
    }
    return [
      verdict(finding, rows), size, opponents, ceiling(finding, recommendation), certainty,
    ]
  }

  var figure: FigureText { FigureText(metric: design.testMetric) }

  /// "+2.1 ± 0.8 points", above 0 where the first is better.
  func words(_ difference: PairedDifference) -> String {
    figure.difference(difference) + (figure.unit.isEmpty ? "" : " " + figure.unit)
  }

  private var marginWords: String { figure.distance(margin ?? 0) }

  // MARK: Does it help

  private func verdict(_ finding: Finding, _ rows: Rows?) -> String {
    switch finding {
    case .helps:
      let isWithin = gain?.interval.map { $0.upperBound <= margin ?? 0 } ?? false
      return isWithin
        ? "Max-norm helps on these data, but by less than \(marginWords)."
        : "Max-norm helps on these data."
    case .asGood where timesChosen == 0:
      return "In no resampling was an arm with max-norm the best on validation: leave it out."
    case .asGood:
      return "Max-norm is as good as going without it, within \(marginWords): leave it out."
    case .harms:
      return "Max-norm does not help on these data: with it among the arms the choice is worse."
    case .notShown where hasTooFewRows:
      let count = rows.map { ": \($0.test) are tested on at a time" } ?? ""
      return "These are too few rows to tell whether max-norm helps\(count)."
    case .notShown: return "It is not shown that max-norm helps on these data."
    }
  }

  // MARK: By how much

  private var size: String {
    guard let gain else { return "" }
    let unit = figure.unit.isEmpty ? "" : " \(figure.unit)"
    let way = design.goal == .maximize ? "" : ", a lower one being better"
    let open = finding == .notShown ? ", none of which is excluded" : ""
    let part: String
    switch testPart {
    case .drawn:
      part = "corrected resampled t over \(Self.counted(gain.estimate.count, "resampling"))"
    case .fixed:
      part =
        "paired t over \(Self.counted(gain.estimate.count, "seed")), for this test part only"
    }
    return
      "The best of all arms by validation gains \(words(gain)) of \(MetricName.words(design.testMetric)) "
      + "over the best without max-norm\(way): \(figure.interval(gain.interval))\(unit) with 95 % "
      + "(\(part))\(open)."
  }

  // MARK: Against what

  private var opponents: String {
    var text =
      "Both were chosen among \(design.choices) trials in each resampling, arms with max-norm in "
      + "\(timesChosen) of \(gain?.estimate.count ?? 0); without max-norm the choice comes to "
      + figure.words(without)
    if divergedScores > 0 {
      text +=
        "; \(Self.counted(divergedScores, "run")) of those that score them diverged, and "
        + "\(divergedScores == 1 ? "counts" : "count") as always answering the same"
    }
    text += comparison(with: .trivial).map { simple($0, "always answering the same") } ?? ""
    for arm in design.arms where arm.role == .reference {
      text += comparison(with: .reference(arm.name)).map { simple($0, "a straight line") } ?? ""
    }
    return text + "."
  }

  /// What the choice among all arms is held against, and whether it is worth its trouble.
  private func simple(_ comparison: Comparison, _ name: String) -> String {
    let words = words(comparison.difference)
    switch finding(of: comparison) {
    case .helps: return "; the net is better than \(name) by \(words)"
    case .asGood: return "; the net is no better than \(name), within \(marginWords): \(words)"
    case .harms: return "; the net is worse than \(name): \(words)"
    case .notShown, nil: return "; the net is not shown to be better than \(name): \(words)"
    }
  }

  // MARK: At which r

  private func ceiling(_ finding: Finding, _ recommendation: Recommendation?) -> String {
    guard let recommendation, let spread = recommendation.ceiling,
      let arm = recommendation.armWithMaxNorm
    else { return "No r can be named: no arm with max-norm was chosen on all rows." }
    func text(_ value: Double) -> String { SweepTable.text(value) }
    let range =
      "\(text(spread.range.lowerBound)) to \(text(spread.range.upperBound)) in "
      + "\(Self.counted(spread.values.count, "resampling"))"
    let width =
      spread.isWide ? ", a wide range: these rows say little about r" : ""
    let lead =
      finding == .helps
      ? "Chosen again on all rows, r is \(text(spread.median)) with \(arm)"
      : "Whoever takes it all the same takes r = \(text(spread.median)) with \(arm)"
    return "\(lead) (\(range)\(width))."
  }

  // MARK: How sure

  private var certainty: String {
    let part =
      switch testPart {
      case .drawn: "other rows of the same kind"
      case .fixed: "these test rows only"
      }
    return
      "The interval is for the procedure of choosing and holds for \(part); it is no score of the "
      + "recommended settings, and all other comparisons are secondary."
  }

  static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}
