// The report of a comparison or a sweep: the table, what it says, the charts, the logs.
import Comparisons
import PlainText
import RunRecords

extension Report {
  /// The report of runs that were made apart.
  package init(comparing gathered: GatheredLogs) {
    let table = gathered.table
    let words = ComparisonWords(gathered: gathered)
    let charts = ComparisonCharts(gathered: gathered)
    let header = gathered.logs.lazy.compactMap(\.digest.header).first
    title = header.map { $0.title.isEmpty ? $0.name : $0.title } ?? ""
    subtitle = words.subtitle
    let results: [Item]
    if let sweep = gathered.sweep {
      results = [.list(sweep.verdict), .table(sweep.text), .paragraph(words.note)]
    } else {
      results = [.list(table.verdict), .table(table.text), .paragraph(words.note)]
    }
    sections = [
      Section("", words.remarks.map(Item.paragraph)),
      Section("Result", results),
      Section(
        gathered.sweep == nil ? "Differences and courses" : "Over the values",
        charts.figures.map(Item.figure)),
      Section("Settings", words.settings),
      Section("Logs", [.table(words.logs)]),
    ]
  }
}

/// A comparison in words and tables.
struct ComparisonWords {
  let gathered: GatheredLogs

  private var table: ComparisonTable { gathered.table }

  var subtitle: String {
    let name = gathered.logs.lazy.compactMap(\.digest.header).first?.name ?? ""
    let seeds = Set(gathered.counted.compactMap(\.seed)).sorted()
    let what =
      gathered.sweep.map { "sweep over \($0.keys.joined(separator: " and "))" }
      ?? (gathered.arms.count == 1 ? "one arm" : "comparison of \(gathered.arms.count) arms")
    return "\(name): \(what), \(Self.counted(gathered.counted.count, "run")), \(Self.words(seeds))"
  }

  static func counted(_ count: Int, _ noun: String) -> String {
    "\(NumberText.grouped(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  /// "seeds 1 to 5"; "seeds 1, 4, 7".
  private static func words(_ seeds: [UInt64]) -> String {
    guard let first = seeds.first, let last = seeds.last else { return "no seed" }
    guard seeds.count > 1 else { return "seed \(first)" }
    if last - first == UInt64(seeds.count - 1) { return "seeds \(first) to \(last)" }
    guard seeds.count <= 12 else { return "\(seeds.count) seeds between \(first) and \(last)" }
    return "seeds " + seeds.map(String.init).joined(separator: ", ")
  }

  /// What the figures are.
  var note: String {
    gathered.sweep?.note ?? table.note
  }

  /// What keeps a log out of the table.
  var remarks: [String] {
    let unfinished = gathered.logs.filter {
      if case .unfinished = $0.standing { true } else { false }
    }
    let superseded = gathered.logs.filter {
      if case .superseded = $0.standing { true } else { false }
    }
    var remarks: [String] = []
    if !unfinished.isEmpty {
      remarks.append(
        unfinished.count == 1
          ? "1 run has not ended by itself and stands in no figure; see Logs."
          : "\(unfinished.count) runs have not ended by themselves and stand in no figure; see Logs."
      )
    }
    if !superseded.isEmpty {
      let logs = superseded.count == 1 ? "1 log is" : "\(superseded.count) logs are"
      remarks.append("\(logs) of an arm and seed that a later one repeats; the last one counts.")
    }
    return remarks
  }

  // MARK: Settings

  /// What differs between the arms, and what all of them share.
  var settings: [Report.Item] {
    let arms = gathered.arms
    let settings = arms.map { arm in
      ExperimentKeys.flat(
        gathered.header(of: arm)?.experiment ?? .null, leavingOut: ExperimentKeys.identity)
    }
    let values = settings.map { Dictionary($0) { first, _ in first } }
    var keys: [String] = []
    var known: Set<String> = []
    for (key, _) in settings.joined() where known.insert(key).inserted { keys.append(key) }
    func isShared(_ key: String) -> Bool { Set(values.map { $0[key] ?? "none" }).count == 1 }
    // A sweep's values stand in its table.
    let differing = keys.filter { !isShared($0) && gathered.sweep?.keys.contains($0) != true }
    let shared = keys.filter(isShared).map { "\($0): \(values.first?[$0] ?? "none")" }
    let details = Report.Item.details(
      summary: gathered.sweep == nil
        ? "Settings that all arms share" : "Settings that all candidates share",
      text: shared.joined(separator: "\n"))
    guard !differing.isEmpty else { return [details] }
    let table = TextTable(
      header: ["arm"] + differing,
      rows: zip(arms, values).map { arm, values in
        [arm] + differing.map { values[$0] ?? "none" }
      })
    return [.table(table), details]
  }

  // MARK: Logs

  var logs: TextTable {
    let figure = FigureText(metric: table.metric)
    return TextTable(
      header: ["log", "arm", "seed", "steps", figure.name, "seconds", "end"],
      rows: gathered.logs.map { log in
        let digest = log.digest
        let end: String =
          switch log.standing {
          case .counted: digest.end?.rawValue ?? ""
          case .unfinished(let reason): "\(reason): not in the table"
          case .superseded(let path): "repeated by \(path): not in the table"
          }
        return [
          log.path, digest.arm, digest.seed.map(String.init) ?? "–",
          NumberText.grouped(digest.step),
          digest.last.map { figure.plain(Double($0.value)) } ?? "–",
          digest.end == nil ? "–" : FigureText(metric: "seconds").plain(digest.elapsed), end,
        ]
      })
  }
}
