// The report of a study: the answer first, then every trial.
import Comparisons
import Foundation
import PlainText
import RunRecords

/// What a report of a study is made of.
package struct AdviceFindings: Sendable {
  package var title: String
  package var name: String
  /// The command line that makes it again.
  package var command: String
  package var study: AdviceStudy
  package var answer: AdviceAnswer
  package var recommendation: Recommendation?
  package var rows: AdviceAnswer.Rows?
  /// The trials on all rows by resampling.
  package var onAllRows: [[TrialKey: TrialOutcome]]
  /// The recommended experiment.
  package var yaml: String?

  package init(
    title: String, name: String, command: String, study: AdviceStudy, answer: AdviceAnswer,
    recommendation: Recommendation?, rows: AdviceAnswer.Rows?,
    onAllRows: [[TrialKey: TrialOutcome]], yaml: String?
  ) {
    self.title = title
    self.name = name
    self.command = command
    self.study = study
    self.answer = answer
    self.recommendation = recommendation
    self.rows = rows
    self.onAllRows = onAllRows
    self.yaml = yaml
  }
}

extension Report {
  /// Answer, secondary comparisons, recommendation and trials of a study.
  package init(advice findings: AdviceFindings) {
    let words = AdviceWords(findings: findings)
    title = findings.title.isEmpty ? findings.name : findings.title
    subtitle = words.subtitle
    sections = [
      Section(
        "Does max-norm help?",
        [.list(findings.answer.sentences(findings.recommendation, findings.rows))]
          + (words.chart.map { [Item.figure($0)] } ?? [])),
      Section(
        "Arms (secondary)",
        [
          .table(findings.answer.table(words.selections)),
          .paragraph(findings.answer.note),
        ]),
      Section("Recommended", words.recommended),
      Section("Choices", [.table(words.choices)]),
      Section("Every trial", [.paragraph(words.trialNote), .table(words.trials)]),
      Section("Every trial on all rows", [.table(words.trialsOnAllRows)]),
    ]
  }
}

/// A study in tables.
private struct AdviceWords {
  let findings: AdviceFindings
  let selections: [TrialSelection]

  init(findings: AdviceFindings) {
    self.findings = findings
    selections = findings.study.selections
  }

  private var design: AdviceDesign { findings.answer.design }
  private var figure: FigureText { FigureText(metric: design.testMetric) }
  private var chosenBy: FigureText { FigureText(metric: design.metric) }

  var subtitle: String {
    let rows = findings.rows.map {
      ", \($0.train) rows to train on, \($0.validation) to choose by, \($0.test) to test on"
    }
    return
      "\(findings.name): \(design.resamplings) resamplings, \(design.trials) trials of each arm\(rows ?? "")"
  }

  // MARK: Differences

  /// The primary difference, and behind it the secondary ones.
  var chart: Figure? {
    var rows: [IntervalChart.Row] = []
    if let gain = findings.answer.gain {
      rows.append(row("best of all minus best without", gain, place: 0))
    }
    for (index, comparison) in findings.answer.secondary.enumerated() {
      let name =
        switch comparison.subject {
        case .arm(let name): "\(name) minus \(AdviceAnswer.plainArm)"
        case .trivial: "best of all minus trivial"
        case .reference(let name): "best of all minus \(name)"
        }
      rows.append(row(name, comparison.difference, place: index + 1))
    }
    guard !rows.isEmpty else { return nil }
    let unit = figure.unit.isEmpty ? MetricName.words(design.testMetric) : figure.unit
    let chart = IntervalChart(
      title: "The answer, and secondary differences",
      summary: "Mean gain on the test part and 95 % interval: "
        + rows.map { "\($0.name) \($0.words)" }.joined(separator: ", "),
      axisName: "gain, \(unit)", rows: rows, zero: 0, sides: ("worse", "better"))
    return Figure(
      drawing: chart, isWide: true,
      height: IntervalChart.height(rows: rows.count, hasSides: true),
      caption: "The first interval is the answer, by itself; those below it are secondary and hold "
        + "together.")
  }

  private func row(_ name: String, _ difference: PairedDifference, place: Int) -> IntervalChart.Row
  {
    let pen = Pen.series(min(place, 1))
    return IntervalChart.Row(
      name: name, ink: pen.ink, marker: pen.marker ?? .circle, dots: [],
      mean: difference.estimate.mean * figure.scale,
      bar: difference.interval.map {
        ($0.lowerBound * figure.scale)...($0.upperBound * figure.scale)
      }, words: Axis.minus(figure.difference(difference)))
  }

  // MARK: Recommendation

  var recommended: [Report.Item] {
    guard let recommendation = findings.recommendation else {
      return [.paragraph("No arm has a choice on all rows.")]
    }
    var items: [Report.Item] = [
      .paragraph(
        "Arm \(recommendation.arm). Its settings are the medians of what was chosen in each resampling "
          + "of all rows; no score belongs to them, for nothing is left that they could be scored on."
      ),
      .table(
        TextTable(
          header: ["setting", "median", "lowest", "highest", ""],
          rows: recommendation.settings.map(Self.row))),
    ]
    if recommendation.armWithMaxNorm != recommendation.arm, let spread = recommendation.ceiling {
      items.append(
        .paragraph(
          "With max-norm the best arm is \(recommendation.armWithMaxNorm ?? ""), at r = "
            + "\(SweepTable.text(spread.median))."))
    }
    if let spread = recommendation.ceiling {
      items.append(
        .paragraph(
          "r chosen in each resampling, in ascending order: "
            + spread.values.map { SweepTable.text($0) }.joined(separator: ", ") + "."))
    }
    if let yaml = findings.yaml {
      items.append(.details(summary: "The experiment", text: yaml))
    }
    items.append(.text(name: "command", text: findings.command))
    return items
  }

  private static func row(_ spread: Recommendation.Spread) -> [String] {
    [
      spread.key, SweepTable.text(spread.median), SweepTable.text(spread.range.lowerBound),
      SweepTable.text(spread.range.upperBound), spread.isWide ? "a wide range" : "",
    ]
  }

  // MARK: Trials

  /// What was chosen in each resampling, with its score.
  var choices: TextTable {
    let study = findings.study
    func cells(_ key: TrialKey?, _ resampling: AdviceStudy.Resampling) -> [String] {
      guard let key else { return ["none: all diverged", "–"] }
      return [
        Self.name(key, resampling.trials[key]),
        study.score(key, in: resampling).map { figure.plain($0) } ?? "–",
      ]
    }
    return TextTable(
      header: [
        "resampling", "best without max-norm", figure.name, "best of all", figure.name,
      ],
      rows: zip(study.resamplings, selections).enumerated().map { index, entry in
        let (resampling, selection) = entry
        return ["\(index + 1)"] + cells(selection.without, resampling)
          + cells(selection.all, resampling)
      })
  }

  private static func name(_ key: TrialKey, _ trial: TrialOutcome?) -> String {
    "\(key.arm) \(key.number + 1): \(settings(trial))"
  }

  /// "learning_rate 0.02, max_norm 0.3": the last parts of keys, each once.
  private static func settings(_ trial: TrialOutcome?) -> String {
    var names: Set<String> = []
    return (trial?.settings ?? []).compactMap { setting in
      let name = setting.key.split(separator: ".").last.map(String.init) ?? setting.key
      return names.insert(name).inserted ? "\(name) \(SweepTable.text(setting.value))" : nil
    }.joined(separator: ", ")
  }

  var trialNote: String {
    "Each was trained once and measured on the validation part, which alone chooses. Arms without max-norm "
      + "have more trials, so that both choices are made among as many; \"of its arm\" is a choice "
      + "among the first \(design.trials)."
  }

  var trials: TextTable {
    table(findings.study.resamplings.map(\.trials)) { key, index in
      let selection = selections[index]
      var words: [String] = []
      if selection.all == key { words.append("best of all") }
      if selection.without == key { words.append("best without max-norm") }
      if selection.ofArm[key.arm] == key { words.append("best of its arm") }
      return words.joined(separator: ", ")
    }
  }

  var trialsOnAllRows: TextTable {
    let selections = findings.onAllRows.map { TrialSelection($0, design) }
    return table(findings.onAllRows) { key, index in
      selections[index].ofArm[key.arm] == key ? "best of its arm" : ""
    }
  }

  private func table(
    _ resamplings: [[TrialKey: TrialOutcome]], chosen: (TrialKey, Int) -> String
  ) -> TextTable {
    let order = Dictionary(design.arms.enumerated().map { ($1.name, $0) }) { first, _ in first }
    return TextTable(
      header: ["resampling", "arm", "trial", "settings", chosenBy.name, "loss", "chosen"],
      rows: resamplings.enumerated().flatMap { index, trials in
        let keys = trials.keys.sorted {
          (order[$0.arm] ?? 0, $0.number) < (order[$1.arm] ?? 0, $1.number)
        }
        return keys.map { key in
          let trial = trials[key]
          let value: String =
            if case .value(let value)? = trial?.outcome { chosenBy.plain(value) } else {
              "diverged"
            }
          let loss = trial?.loss.map { FigureText(metric: "validation_loss").plain($0) } ?? "–"
          return [
            "\(index + 1)", key.arm, "\(key.number + 1)", Self.settings(trial), value, loss,
            chosen(key, index),
          ]
        }
      })
  }
}
