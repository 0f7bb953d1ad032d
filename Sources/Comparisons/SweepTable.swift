// A sweep: the metric over the values of one or more keys, the best of them, and what is as good.
import RunRecords

/// The runs of a sweep, one arm a candidate.
package struct SweepTable: Sendable, Equatable {
  /// The keys that are swept: `constraint.max_norm`.
  package let keys: [String]
  /// In the order of the candidates.
  package let points: [Point]
  /// The comparison of all candidates with the best of them; nil before a run has a header.
  package let table: ComparisonTable?

  /// What is swept over.
  package struct Candidate: Sendable, Equatable {
    /// The arm that runs under these values.
    package var arm: String
    /// One for each key.
    package var values: [Double]

    package init(arm: String, values: [Double]) {
      self.arm = arm
      self.values = values
    }
  }

  /// A candidate with its figures.
  package struct Point: Sendable, Equatable {
    package var candidate: Candidate
    package var row: ComparisonTable.Row?
    package var isBest = false
    /// The 95 % interval of its paired difference from the best holds 0; true for the best itself.
    package var isAsGood = false
  }

  /// Sums up the runs of a sweep.
  package init(keys: [String], candidates: [Candidate], runs: [RunDigest]) {
    self.keys = keys
    let arms = candidates.map(\.arm)
    // A candidate that has run under far fewer seeds is not yet, or no longer, in the race.
    let all = ComparisonTable(runs, arms: arms)
    let most = all?.rows.map(\.runs).max() ?? 0
    let best = all?.best { 2 * $0.runs >= most }?.arm
    let table = ComparisonTable(runs, arms: arms, baseline: best)
    points = candidates.map { candidate in
      let row = table?[candidate.arm]
      return Point(
        candidate: candidate, row: row, isBest: candidate.arm == best,
        isAsGood: candidate.arm == best || row?.difference?.isSignificant == false)
    }
    self.table = table
  }

  /// The candidate with the best mean; nil before a run has ended.
  package var best: Point? { points.first(where: \.isBest) }

  /// With a single key: the values around the best one that are as good without a gap.
  package var range: ClosedRange<Double>? {
    guard keys.count == 1, best?.row?.last?.standardDeviation != nil else { return nil }
    let sorted = points.sorted { $0.candidate.values[0] < $1.candidate.values[0] }
    guard let place = sorted.firstIndex(where: \.isBest) else { return nil }
    let below = sorted[...place].reversed().prefix(while: \.isAsGood)
    let above = sorted[place...].prefix(while: \.isAsGood)
    return (below.last ?? sorted[place]).candidate.values[
      0]...(above.last ?? sorted[place])
      .candidate.values[0]
  }

  /// With a single key: all values that are as good, neighbours together.
  private var stretches: [String] {
    let sorted = points.sorted { $0.candidate.values[0] < $1.candidate.values[0] }
    return sorted.split(whereSeparator: { !$0.isAsGood }).map { stretch in
      let values = stretch.map { Self.text($0.candidate.values[0]) }
      return values.count == 1 ? values[0] : "\(values[0]) to \(values[values.count - 1])"
    }
  }

  /// What the sweep says, in words.
  package var verdict: [String] {
    guard let table, let best, let row = best.row else { return ["no run has ended yet"] }
    let figure = FigureText(metric: table.metric)
    var sentences = [
      "best: \(Self.text(keys, best.candidate.values)) with "
        + figure.words(row.last)
    ]
    if points.count == 1 { return sentences }
    if keys.count == 1, row.last?.standardDeviation != nil {
      sentences.append(
        points.count(where: \.isAsGood) == 1
          ? "no other value is as good: all differ from it by more than chance (95 %)"
          : "statistically as good (95 %): \(stretches.joined(separator: ", "))")
    } else if row.last?.standardDeviation != nil {
      let others = points.filter { $0.isAsGood && !$0.isBest }.map(\.candidate.arm)
      sentences.append(
        others.isEmpty
          ? "no other candidate is as good (95 %)"
          : "statistically as good (95 %): \(others.joined(separator: "; "))")
    } else {
      sentences.append("one seed says nothing of chance: add --seeds 5")
    }
    if let seeds = row.last?.count, 2..<Self.fewSeeds ~= seeds {
      sentences.append("\(seeds) seeds leave wide intervals: more of them narrow what is as good")
    }
    if let end { sentences.append("the best lies at the \(end) end: sweep further there") }
    let diverged = points.reduce(0) { $0 + ($1.row?.diverged ?? 0) }
    if diverged > 0 { sentences.append("\(diverged) runs diverged and stand in no mean") }
    return sentences
  }

  /// Below this an interval is several standard errors wide.
  private static let fewSeeds = 5

  /// With a single key: which end of the values the best one is; of two or three one often is.
  private var end: String? {
    guard keys.count == 1, points.count > 3, let value = best?.candidate.values[0] else {
      return nil
    }
    let values = points.map { $0.candidate.values[0] }
    // Draws have no end: only a grid comes in order.
    guard values == values.sorted() else { return nil }
    return value == values.min() ? "lower" : value == values.max() ? "upper" : nil
  }

  /// "constraint.max_norm=0.5, optimizer.learning_rate=0.05".
  package static func text(_ keys: [String], _ values: [Double]) -> String {
    zip(keys, values).map { "\($0)=\(text($1))" }.joined(separator: ", ")
  }

  /// The shortest text of a value: 2 rather than 2.0.
  package static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : value.description
  }
}

extension SweepTable {
  /// One row a candidate, the best and those as good marked.
  package var text: TextTable {
    guard let table else { return TextTable(header: keys, rows: []) }
    let cells = table.text
    return TextTable(
      header: [""] + keys
        + cells.header.dropFirst().map { $0 == "minus \(table.baseline)" ? "minus best" : $0 },
      rows: zip(points, cells.rows).map { point, row in
        [point.isBest ? "best" : point.isAsGood ? "as good" : ""]
          + point.candidate.values.map { Self.text($0) } + row.dropFirst()
      })
  }

  /// Table and verdict in Markdown.
  package var markdown: String { text.markdown + "\n" + Markdown.list(verdict) }

  /// One object for each candidate, unrounded.
  package var documents: [Document] {
    guard let table else { return [] }
    return zip(points, table.documents).map { point, document in
      guard case .fields(let fields) = document else { return document }
      let values = zip(keys, point.candidate.values).map {
        Document.Field($0, .number($1))
      }
      return .fields(
        [.init("type", .text("candidate"))] + values + fields.filter { $0.key != "type" } + [
          .init("best", .flag(point.isBest)), .init("as_good", .flag(point.isAsGood)),
        ])
    }
  }

  /// The objects of `documents` as JSON lines, and one with the verdict.
  package var jsonLines: String {
    let verdict = Document.fields([
      .init("type", .text("verdict")), .init("sentences", .list(verdict.map { .text($0) })),
    ])
    return (documents + [verdict]).map { $0.json + "\n" }.joined()
  }

  /// The objects of `documents` as a table.
  package var csv: String { Document.csv(documents) }
}
