// A sweep: the metric over the values of one or more keys, the best of them, and what is not shown to differ.
import PlainText
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
    /// The 95 % interval of it minus the best of the others, all candidates at once.
    ///
    /// See `ComparisonsWithBest`. Nil if it is not in the race: too few runs, or one that diverged.
    package var fromBest: ClosedRange<Double>?
    /// No other candidate is shown to be better; true for the best itself.
    package var isUndecided = false
    /// The whole of `fromBest` lies within the margin; false for the best itself.
    package var isAsGood = false
  }

  /// Sums up the runs of a sweep.
  package init(
    keys: [String], candidates: [Candidate], runs: [RunDigest], margin: Margin? = nil
  ) {
    self.keys = keys
    let arms = candidates.map(\.arm)
    // A candidate that has run under far fewer seeds is not yet, or no longer, in the race. One of which
    // a run diverged is never in it: the mean of the others leaves out what went wrong.
    let all = ComparisonTable(runs, arms: arms)
    let most = all?.rows.map(\.runs).max() ?? 0
    func races(_ row: ComparisonTable.Row) -> Bool {
      2 * row.runs >= most && row.diverged == 0 && row.last != nil
    }
    let best = all?.best(where: races)?.arm
    let table = ComparisonTable(runs, arms: arms, baseline: best, margin: margin)
    var racing = best == nil ? [] : (table?.rows ?? []).filter(races)
    if let table, racing.count > Self.mostCompared {
      racing = Array(racing.sorted { table.ranks($0, before: $1) }.prefix(Self.mostCompared))
    }
    let comparisons = ComparisonsWithBest(racing.map(\.values), goal: table?.goal ?? .maximize)
    points = candidates.map { candidate in
      var point = Point(
        candidate: candidate, row: table?[candidate.arm], isBest: candidate.arm == best)
      guard let place = racing.firstIndex(where: { $0.arm == candidate.arm }) else { return point }
      point.fromBest = comparisons.intervals[place]
      point.isUndecided = point.isBest || point.fromBest != nil && !comparisons.isWorse[place]
      if let interval = point.fromBest, let width = table?.marginWidth, !point.isBest {
        point.isAsGood = -width <= interval.lowerBound && interval.upperBound <= width
      }
      return point
    }
    self.table = table
  }

  /// Each pair of them is compared; those further behind have no interval.
  private static let mostCompared = 200

  /// The candidate with the best mean among those without a diverged run; nil if there is no such
  /// candidate.
  package var best: Point? { points.first(where: \.isBest) }

  /// With a single key: the values around the best one that are not shown to differ, without a gap.
  package var range: ClosedRange<Double>? {
    guard keys.count == 1, best?.row?.last?.standardDeviation != nil else { return nil }
    let sorted = points.sorted { $0.candidate.values[0] < $1.candidate.values[0] }
    guard let place = sorted.firstIndex(where: \.isBest) else { return nil }
    let below = sorted[...place].reversed().prefix(while: \.isUndecided)
    let above = sorted[place...].prefix(while: \.isUndecided)
    return (below.last ?? sorted[place]).candidate.values[
      0]...(above.last ?? sorted[place])
      .candidate.values[0]
  }

  /// The most candidates named with their intervals in a sentence; more belong in a table.
  private static let mostIntervals = 8

  /// What the runs leave open: each candidate with the interval of its difference from the best.
  private func undecided(_ figure: FigureText) -> [String] {
    let others = points.filter { $0.isUndecided && !$0.isBest }
    guard !others.isEmpty else { return ["all others are shown to be worse (95 %)"] }
    let unit = figure.unit.isEmpty ? "" : " \(figure.unit)"
    func tell(_ points: [Point]) -> String {
      let intervals = points.prefix(Self.mostIntervals).map { point -> String in
        let name =
          keys.count == 1 ? Self.text(point.candidate.values[0]) : "(\(point.candidate.arm))"
        return "\(name) by \(figure.interval(point.fromBest))"
      }
      let rest = points.count - intervals.count
      return intervals.joined(separator: ", ") + unit + (rest > 0 ? ", and \(rest) more" : "")
    }
    var sentences: [String] = []
    let asGood = others.filter(\.isAsGood)
    if !asGood.isEmpty, let width = table?.marginWidth {
      sentences.append("as good within \(figure.distance(width)) (95 %): \(tell(asGood))")
    }
    let open = others.filter { !$0.isAsGood }
    if !open.isEmpty { sentences.append("not shown to differ from it (95 %): \(tell(open))") }
    return sentences
  }

  /// What the sweep says, in words.
  package var verdict: [String] {
    guard let table else { return ["no run has ended yet"] }
    let diverged = points.reduce(0) { $0 + ($1.row?.diverged ?? 0) }
    guard let best, let row = best.row else {
      return diverged > 0
        ? ["no value is best: of each a run diverged (\(diverged) in all)"]
        : ["no run has ended yet"]
    }
    let figure = FigureText(metric: table.metric)
    var sentences = [
      "best: \(Self.text(keys, best.candidate.values)) with "
        + figure.words(row.last)
    ]
    if points.count == 1 { return sentences }
    sentences +=
      row.last?.standardDeviation != nil
      ? undecided(figure) : ["one seed says nothing of chance: add --seeds 5"]
    if let seeds = row.last?.count, 2..<Self.fewSeeds ~= seeds {
      sentences.append(
        "\(seeds) seeds leave wide intervals: more of them narrow what may be the best")
    }
    if let later = table.laterMargin { sentences.append(later) }
    if let end { sentences.append("the best lies at the \(end) end: sweep further there") }
    if diverged > 0 {
      let values = points.count { ($0.row?.diverged ?? 0) > 0 }
      sentences.append(
        "\(diverged) \(diverged == 1 ? "run" : "runs") of \(values) \(values == 1 ? "value" : "values") "
          + "diverged: they stand in no mean, and their values are not the best")
    }
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
  /// One row a candidate, the best and those not shown to differ marked.
  package var text: TextTable {
    guard let table else { return TextTable(header: keys, rows: []) }
    let cells = table.text
    let figure = FigureText(metric: table.metric)
    let difference = cells.header.firstIndex(of: "minus \(table.baseline)")
    return TextTable(
      header: [""] + keys
        + cells.header.enumerated().dropFirst().map {
          best != nil && $0.offset == difference ? "minus best" : $0.element
        },
      rows: zip(points, cells.rows).map { point, row in
        var row = row
        if best != nil, let difference { row[difference] = figure.interval(point.fromBest) }
        return [Self.mark(point)] + point.candidate.values.map { Self.text($0) } + row.dropFirst()
      })
  }

  private static func mark(_ point: Point) -> String {
    if point.isBest { return "best" }
    if point.isAsGood { return "as good" }
    return point.isUndecided ? "not shown to differ" : ""
  }

  /// What the figures of the table are.
  package var note: String {
    let margin = table?.marginWidth.map { FigureText(metric: table?.metric ?? "").distance($0) }
    return
      "Mean ± standard deviation over the seeds of a run's last evaluation. \"minus best\" is the "
      + "interval of a value minus the best of all others over the same seeds; all of these intervals "
      + "hold together with 95 % (Hsu's comparisons with the best)"
      + (margin.map { "; \"as good\" is an interval within \($0)" } ?? "")
      + ". The best value's own mean is flattered by having been chosen."
  }

  /// Table and verdict in Markdown.
  package var markdown: String {
    text.markdown + "\n" + Markdown.list(verdict) + "\n\(Markdown.escaped(note))\n"
  }

  /// One object for each candidate, unrounded.
  package var documents: [JSONValue] {
    guard let table else { return [] }
    return zip(points, table.documents).map { point, document in
      guard case .fields(let fields) = document else { return document }
      let values = zip(keys, point.candidate.values).map {
        JSONValue.Field($0, .number($1))
      }
      // Differences from a best that was chosen among them have no p value.
      let others = fields.filter { !Self.replaced.contains($0.key) }
      return .fields(
        [.init("type", .text("candidate"))] + values + others + [
          .init("difference_low", .init(point.fromBest?.lowerBound)),
          .init("difference_high", .init(point.fromBest?.upperBound)),
          .init("margin", .init(table.marginWidth)),
          .init("best", .flag(point.isBest)),
          .init("as_good", .flag(point.isAsGood)),
          .init("not_shown_to_differ", .flag(point.isUndecided)),
        ])
    }
  }

  private static let replaced: Set = [
    "type", "difference_low", "difference_high", "p", "p_holm", "margin", "as_good", "pairs_better",
    "pairs_worse", "pairs_equal",
  ]

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
