// The list of runs where nothing is drawn: as Markdown, CSV or lines of JSON.
import Comparisons
import PlainText
import RunRecords

/// Runs in rows.
package struct RunTable {
  package let runs: [IndexedRun]
  /// What last and best are of; nil: each run's own metric.
  package let metric: String?
  package let now: WallTime

  package enum Format: String, Sendable, CaseIterable {
    case markdown, csv, jsonl
  }

  package init(_ runs: [IndexedRun], metric: String? = nil, now: WallTime) {
    (self.runs, self.metric, self.now) = (runs, metric, now)
  }

  package func text(_ format: Format) -> String {
    switch format {
    case .markdown: markdown
    case .csv: csv
    case .jsonl: jsonLines
    }
  }

  private func metric(of run: IndexedRun) -> String? { metric ?? run.metric }

  // MARK: For people

  /// Shares in per cent, as everywhere they are shown.
  private var markdown: String {
    let header = ["run", "state", "steps", "metric", "last", "best", "at step", "seconds", "age"]
    return Markdown.alignedTable(
      header,
      runs.map { run in
        let metric = metric(of: run)
        let figure = metric.map { FigureText(metric: $0) }
        let last = metric.flatMap { run.figures[$0]?.last }
        let best = metric.flatMap { run.best(of: $0) }
        return [
          run.shownName, run.state(at: now).rawValue, "\(run.figures.step)", figure?.name ?? "–",
          last.map { figure?.plain(Double($0)) ?? "–" } ?? "–",
          best.map { figure?.plain(Double($0.value)) ?? "–" } ?? "–",
          best.map { "\($0.step)" } ?? "–",
          run.figures.elapsed.map { NumberText.fixed($0, decimals: 1) } ?? "–",
          Self.age(run.age(at: now)),
        ]
      })
  }

  /// "12 s", "3 min", "5 h", "12 d".
  package static func age(_ seconds: Double) -> String {
    let units: [(seconds: Double, name: String)] = [(86400, "d"), (3600, "h"), (60, "min")]
    for unit in units where seconds >= 2 * unit.seconds {
      return
        "\(NumberText.fixed((seconds / unit.seconds).rounded(.down), decimals: 0)) \(unit.name)"
    }
    return "\(NumberText.fixed(seconds.rounded(.down), decimals: 0)) s"
  }

  // MARK: For programs

  private static let columns = [
    "name", "log", "state", "step", "total_steps", "epoch", "elapsed", "metric", "last", "best",
    "best_step", "modified", "experiment", "seed", "program", "trouble",
  ]

  private func values(of run: IndexedRun) -> [JSONValue] {
    let metric = metric(of: run)
    let best = metric.flatMap { run.best(of: $0) }
    func number(_ value: Float?) -> JSONValue {
      value.map { JSONValue.number(Double(asWritten: $0)) } ?? .null
    }
    func text(_ value: String?) -> JSONValue {
      value.map { $0.isEmpty ? JSONValue.null : JSONValue.text($0) } ?? .null
    }
    return [
      .text(run.shownName), .text(run.path), .text(run.state(at: now).rawValue),
      .integer(run.figures.step), run.about.totalSteps.map(JSONValue.integer) ?? .null,
      run.figures.epoch.map(JSONValue.integer) ?? .null,
      run.figures.elapsed.map(JSONValue.number) ?? .null, text(metric),
      number(metric.flatMap { run.figures[$0]?.last }), number(best?.value),
      best.map { JSONValue.integer($0.step) } ?? .null,
      .text(WallTime(milliseconds: run.mark.modified / 1_000_000).text),
      text(run.about.experiment), run.about.seed.map { JSONValue.text("\($0)") } ?? .null,
      text(run.about.program), text(run.trouble),
    ]
  }

  private var csv: String {
    let rows = runs.map { run in
      values(of: run).map { value -> String in
        if case .integer(let number) = value { return "\(number)" }
        // What is not finite is a text in JSON.
        if let number = value.double { return NumberName.of(number) }
        return CSVRows.quoted(value.string ?? "")
      }.joined(separator: ",")
    }
    return ([Self.columns.joined(separator: ",")] + rows).map { $0 + "\n" }.joined()
  }

  /// With every figure and every setting.
  private var jsonLines: String {
    runs.map { run in
      var fields = zip(Self.columns, values(of: run)).map { JSONValue.Field($0, $1) }
      let figures = run.figures.figures.map { figure in
        JSONValue.Field(figure.name, .number(Double(asWritten: figure.last)))
      }
      fields.append(.init("figures", .fields(figures)))
      let settings = run.about.settings.map { JSONValue.Field($0.key, .text($0.value)) }
      fields.append(.init("settings", .fields(settings)))
      return JSONValue.fields(fields).json + "\n"
    }.joined()
  }
}
