// The arms of a study as a table, and the whole answer as Markdown, CSV and JSON lines.
import PlainText
import RunRecords

extension AdviceAnswer {
  /// A row for each arm: how its choices score, and their secondary difference from `none`.
  package func table(_ selections: [TrialSelection]) -> TextTable {
    TextTable(
      header: [
        "arm", "best of all in", figure.name, "minus \(Self.plainArm)",
      ],
      rows: design.arms.map { arm in
        let difference = comparison(with: .arm(arm.name))?.difference
        return [
          arm.name,
          arm.role == .reference
            ? "–" : "\(selections.count { $0.all?.arm == arm.name }) of \(selections.count)",
          figure.meanAndDeviation(scores[arm.name]),
          difference.map { figure.difference($0) } ?? "",
        ]
      })
  }

  /// What the figures of the table are.
  package var note: String {
    let way = design.goal == .maximize ? "" : "; differences are positive where the arm is better"
    return
      "Mean ± standard deviation over the resamplings of each arm's choice on the test part\(way). "
      + "Secondary: differences from \(Self.plainArm) and from simpler answers with half of their "
      + "intervals, which hold together with 95 %; the primary question has an interval of its own."
  }

  /// Sentences, table and secondary comparisons.
  package func markdown(
    _ recommendation: Recommendation?, _ rows: Rows?, _ selections: [TrialSelection]
  ) -> String {
    let answer = Markdown.list(sentences(recommendation, rows))
    guard gain != nil else { return answer }
    return answer + "\n" + table(selections).markdown + "\n\(Markdown.escaped(note))\n"
  }

  /// The primary comparison and the secondary ones, unrounded.
  package var documents: [JSONValue] {
    var documents: [JSONValue] = []
    if let gain {
      documents.append(document("primary", "all", "without", gain, finding))
    }
    for comparison in secondary {
      let (first, second) =
        switch comparison.subject {
        case .arm(let name): (name, Self.plainArm)
        case .trivial: ("all", "trivial")
        case .reference(let name): ("all", name)
        }
      documents.append(
        document("secondary", first, second, comparison.difference, finding(of: comparison)))
    }
    return documents
  }

  private func document(
    _ type: String, _ first: String, _ second: String, _ difference: PairedDifference,
    _ finding: Finding?
  ) -> JSONValue {
    .fields([
      .init("type", .text(type)), .init("first", .text(first)), .init("second", .text(second)),
      .init("metric", .text(design.testMetric)), .init("goal", .text(design.goal.rawValue)),
      .init("resamplings", .integer(difference.estimate.count)),
      .init("gain", .number(difference.estimate.mean)),
      .init("gain_low", .init(difference.interval?.lowerBound)),
      .init("gain_high", .init(difference.interval?.upperBound)),
      .init("p", .init(difference.probability)), .init("margin", .init(margin)),
      .init("finding", finding.map { .text($0.word) } ?? .null),
    ])
  }

  /// The objects of `documents` as JSON lines, and one with the sentences.
  package func jsonLines(_ recommendation: Recommendation?, _ rows: Rows?) -> String {
    let verdict = JSONValue.fields([
      .init("type", .text("verdict")),
      .init("sentences", .list(sentences(recommendation, rows).map { .text($0) })),
    ])
    return (documents + [verdict]).map { $0.json + "\n" }.joined()
  }

  /// The objects of `documents` as a table.
  package var csv: String { JSONValue.csv(documents) }
}

extension AdviceAnswer.Finding {
  /// As records have it.
  package var word: String {
    switch self {
    case .helps: "helps"
    case .asGood: "as_good"
    case .harms: "harms"
    case .notShown: "not_shown"
    }
  }
}
