// A comparison as a table of text cells, Markdown, CSV and JSON lines.
import PlainText
import RunRecords

extension ComparisonTable {
  /// The table with its figures rounded to what the spread allows.
  package var text: TextTable {
    let figure = FigureText(metric: metric)
    let loss = FigureText(metric: "validation_loss")
    let showsTrain = rows.contains { $0.train != nil }
    let showsLoss = metric != "validation_loss"
    var header = ["arm", "runs", figure.name, "minus \(baseline)", "best"]
    if showsTrain { header.append("train") }
    if showsLoss { header.append("loss") }
    return TextTable(
      header: header + ["seconds"],
      rows: rows.map { row in
        var cells = [
          row.arm, row.diverged > 0 ? "\(row.runs), \(row.diverged) diverged" : "\(row.runs)",
          figure.meanAndDeviation(row.last),
          row.arm == baseline ? "" : difference(row, figure),
          figure.meanAndDeviation(row.best),
        ]
        if showsTrain { cells.append(figure.meanAndDeviation(row.train)) }
        if showsLoss { cells.append(loss.meanAndDeviation(row.loss)) }
        return cells + [row.seconds.map { seconds($0.mean) } ?? "–"]
      })
  }

  private func difference(_ row: Row, _ figure: FigureText) -> String {
    row.order.map { "\($0.better) : \($0.worse)" } ?? figure.difference(row.difference)
  }

  private func seconds(_ value: Double) -> String {
    FigureText(metric: "seconds").plain(value)
  }

  /// Table and verdict in Markdown.
  package var markdown: String {
    text.markdown + "\n" + Markdown.list(verdict) + "\n\(Markdown.escaped(note))\n"
  }

  /// What the figures of the table are.
  package var note: String {
    let order = rows.contains { $0.order != nil }
    let margin = marginWidth.map { FigureText(metric: metric).distance($0) }
    return
      "Mean ± standard deviation over \(sample); \"minus \(baseline)\" is the "
      + "mean difference from \(baseline) over the same \(resampling == nil ? "seeds" : "splits") with half "
      + "of its interval, and all of these intervals hold together with 95 % (\(method))"
      + (margin.map { "; \"as good\" is an interval within \($0)" } ?? "")
      + "; \"best\" is the mean of each run's best evaluation, which flatters all of them."
      + (order
        ? " Where a run diverged no mean difference is given: pairs are compared by their order, a run "
          + "that diverged being worse than any other."
        : "")
  }

  /// What the figures are a sample of.
  private var sample: String {
    let isTested = metric.hasPrefix("test_")
    guard let resampling else {
      return isTested
        ? "the seeds of the test part at a run's end" : "the seeds of a run's last evaluation"
    }
    return "\(resampling.splits) splits of "
      + (isTested ? "the test part at a run's end" : "a run's last evaluation")
      + ", the seeds of a split averaged first"
  }

  private var method: String {
    let correction =
      resampling.map {
        ", corrected for what the splits share, \($0.ratioText) tested on for each seen (Nadeau and "
          + "Bengio 2003)"
      } ?? ""
    let compared = rows.compactMap(\.difference)
    if compared.count < 2 { return "Student's t" + correction }
    return
      (SimultaneousIntervals.samples(of: compared) == nil
      ? "Student's t, shared out among \(compared.count) arms"
      : "the largest t of \(compared.count) arms, pairs resampled") + correction
  }

  /// One object for each arm, unrounded.
  package var documents: [JSONValue] {
    rows.map { row in
      .fields(
        [
          .init("type", .text("arm")), .init("arm", .text(row.arm)), .init("metric", .text(metric)),
          .init("goal", .text(goal.rawValue)), .init("runs", .integer(row.runs)),
          .init("diverged", .integer(row.diverged)),
        ]
          + Self.fields("last", row.last) + Self.fields("best", row.best)
          + Self.fields("train", row.train) + Self.fields("validation_loss", row.loss)
          + Self.fields("seconds", row.seconds) + [
            .init("baseline", .text(baseline)),
            .init("pairs", .integer(row.difference?.estimate.count ?? 0)),
            .init("difference", .init(row.difference?.estimate.mean)),
            .init("difference_low", .init(row.difference?.interval?.lowerBound)),
            .init("difference_high", .init(row.difference?.interval?.upperBound)),
            .init("p", .init(row.difference?.probability ?? row.order?.probability)),
            .init("p_holm", .init(row.adjustedProbability)),
            .init("margin", .init(marginWidth)),
            .init("as_good", .flag(standing(of: row) == .asGood)),
            .init("pairs_better", row.order.map { .integer($0.better) } ?? .null),
            .init("pairs_worse", row.order.map { .integer($0.worse) } ?? .null),
            .init("pairs_equal", row.order.map { .integer($0.equal) } ?? .null),
          ])
    }
  }

  private static func fields(_ name: String, _ estimate: Estimate?) -> [JSONValue.Field] {
    [
      .init("\(name)_mean", .init(estimate?.mean)),
      .init("\(name)_sd", .init(estimate?.standardDeviation)),
    ]
  }

  /// The objects of `documents` as JSON lines, and one with the verdict.
  package var jsonLines: String {
    let verdict = JSONValue.fields([
      .init("type", .text("verdict")), .init("sentences", .list(verdict.map { .text($0) })),
    ])
    return (documents + [verdict]).map { $0.json + "\n" }.joined()
  }

  /// The objects of `documents` as a table.
  package var csv: String { JSONValue.csv(documents) }
}

extension JSONValue {
  init(_ number: Double?) { self = number.map { .number($0) } ?? .null }

  /// Mappings with the same keys as CSV (RFC 4180), the keys as its header.
  static func csv(_ rows: [JSONValue]) -> String {
    guard case .fields(let first)? = rows.first else { return "" }
    let lines = [first.map(\.key)] + rows.map { row in first.map { row[$0.key]?.cell ?? "" } }
    return lines.map { $0.map(CSVRows.quoted).joined(separator: ",") + "\n" }.joined()
  }

  private var cell: String {
    switch self {
    case .null: ""
    case .text(let text): text
    default: json
    }
  }
}
