// Tables, verdicts and what is written of them.
import RunRecords
import Testing

@testable import Comparisons

@Suite("Comparison tables")
struct ComparisonTableTests {
  private let runs =
    [0.60, 0.62, 0.64].enumerated().map { run("none", seed: UInt64($0 + 1), [0.7, Float($1)]) }
    + [0.70, 0.73, 0.76].enumerated().map { run("max-norm", seed: UInt64($0 + 1), [Float($1)]) }
    + [0.60, 0.63, 0.63].enumerated().map { run("l2", seed: UInt64($0 + 1), [Float($1)]) }

  @Test func `a table holds means of the last evaluations and paired differences`() throws {
    let table = try #require(ComparisonTable(runs))
    #expect(table.rows.map(\.arm) == ["none", "max-norm", "l2"])
    #expect(table.baseline == "none")
    let figure = FigureText(metric: table.metric)
    #expect(figure.meanAndDeviation(table["none"]?.last) == "62.0 ± 2.0")
    #expect(figure.meanAndDeviation(table["none"]?.best) == "70.0 ± 0.0")
    // Differences 0.10, 0.11, 0.12: s.e. 0.00577, times 6.205, Student's t for half of 5 %.
    #expect(figure.difference(table["max-norm"]?.difference) == "+11.0 ± 3.6")
    #expect(table["none"]?.difference == nil)
    #expect(table.best?.arm == "max-norm")
  }

  @Test func `the verdict says which differences the runs show`() throws {
    let verdict = try #require(ComparisonTable(runs)).verdict
    #expect(verdict[0] == "max-norm: +11.0 ± 3.6 points over none, better")
    // Differences 0, 0.01 and −0.01: s.e. 0.00577, times 6.205.
    #expect(
      verdict[1]
        == "l2: not shown to differ from none: +0.0 ± 3.6 points, so that −3.6 to +3.6 points is not "
        + "excluded")
    #expect(verdict.count == 2)
  }

  @Test func `a lower loss is better and a drop in accuracy is worse`() throws {
    let losses = [1, 2, 3].flatMap { seed in
      [
        run("none", seed: seed, [2 + Float(seed) / 10], metric: "validation_loss"),
        run("max-norm", seed: seed, [1 + Float(seed) / 8], metric: "validation_loss"),
      ]
    }
    let verdict = try #require(ComparisonTable(losses)).verdict
    #expect(verdict[0].hasPrefix("max-norm: −0.9") && verdict[0].hasSuffix("under none, better"))
    let worse = try #require(ComparisonTable(runs, baseline: "max-norm")).verdict
    #expect(worse[0].hasPrefix("none: −11.0 ± 3.6 points under max-norm, worse"))
  }

  @Test func `one seed shows nothing, and runs in progress are not counted`() throws {
    let table = try #require(
      ComparisonTable([
        run("none", seed: 1, [0.6]), run("max-norm", seed: 1, [0.9]),
        run("l2", seed: 1, [0.8], end: nil), run("l2", seed: 2, [0.8], end: .interrupted),
      ]))
    #expect(table.verdict[0].contains("one seed"))
    #expect(table.verdict[1] == "l2: no run has ended yet")
    #expect(table["l2"]?.runs == 0)
  }

  @Test func `runs that diverged are left out of means and named`() throws {
    let table = try #require(
      ComparisonTable(
        runs + [run("none", seed: 4, [0.1], end: .diverged), run("max-norm", seed: 4, [0.5])]))
    #expect(table["none"]?.runs == 4 && table["none"]?.last?.count == 3)
    // What the baseline came to in that run is worse than any figure, and no number.
    #expect(table["max-norm"]?.difference == nil && table["max-norm"]?.order?.better == 4)
    #expect(table.verdict[0] == "none: diverged in 1 of 4 runs, so that no mean is given")
    #expect(
      table.verdict[1]
        == "max-norm: better than none in 4 of 4 pairs, worse in 0 (exact sign test, p = 0.12)")
    #expect(table.text.rows[1][3] == "4 : 0")
    #expect(table.text.rows[0][1] == "4, 1 diverged")
  }

  @Test func `an arm of which a run diverged is neither better nor the best`() throws {
    let table = try #require(
      ComparisonTable(
        runs + [run("none", seed: 4, [0.6]), run("max-norm", seed: 4, [0.1], end: .diverged)]))
    #expect(table.best?.arm != "max-norm")
    #expect(
      table.verdict[0]
        == "max-norm: diverged in 1 of 4 runs; better than none in 3 of 4 pairs, worse in 1 (exact sign "
        + "test, p = 0.63)")
    #expect(table["l2"]?.difference != nil)
  }

  @Test func `equal runs are the same, and steered ones are left out and named`() throws {
    let table = try #require(
      ComparisonTable([
        run("none", seed: 1, [0.6]), run("none", seed: 2, [0.7]),
        run("max-norm", seed: 1, [0.6]), run("max-norm", seed: 2, [0.9], steered: true),
        run("max-norm", seed: 3, [0.7]), run("none", seed: 3, [0.7]),
      ]))
    #expect(table.verdict[0] == "max-norm: the same validation accuracy as none in every run")
    #expect(table["max-norm"]?.runs == 2 && table["max-norm"]?.steered == [2])
    #expect(table.verdict.last?.contains("by hand") == true)
    #expect(table.verdict.last?.hasSuffix("max-norm seed 2.") == true)
    // What was changed alike in every run of an arm was planned.
    let planned = try #require(
      ComparisonTable([
        run("planned", seed: 1, [0.6], steered: true),
        run("planned", seed: 2, [0.9], steered: true),
      ]))
    #expect(planned["planned"]?.runs == 2 && planned["planned"]?.steered == [])
  }

  @Test func `markdown and CSV escape what they must`() throws {
    let table = try #require(
      ComparisonTable([run("a|b, \"c\"", seed: 1, [0.5]), run("x", seed: 1, [0.5])]))
    #expect(table.markdown.contains("| a\\|b, \"c\" |"))
    #expect(table.csv.contains("arm,\"a|b, \"\"c\"\"\",validation_accuracy,"))
    #expect(table.csv.split(separator: "\n").count == 3)
    let hostile = try #require(
      ComparisonTable([run("[l](javascript:x)", seed: 1, [0.5]), run("x", seed: 1, [0.5])]))
    // As the baseline: in its row, beside what differs from it, and in the note.
    #expect(hostile.markdown.ranges(of: #"\[l\](javascript:x)"#).count == 5)
    #expect(hostile.markdown.ranges(of: "[l").count == 5)
  }

  @Test func `json lines hold unrounded figures and the verdict`() throws {
    let lines = try #require(ComparisonTable(runs)).jsonLines.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[1].hasPrefix(#"{"type":"arm","arm":"max-norm","metric":"validation_accuracy""#))
    #expect(lines[1].contains(#""difference_low":"#) && lines[3].hasPrefix(#"{"type":"verdict""#))
  }

  @Test func `figures have as many decimals as their spread allows`() {
    let accuracy = FigureText(metric: "validation_accuracy")
    #expect(accuracy.meanAndDeviation(Estimate([0.9862, 0.9868])) == "98.650 ± 0.042")
    let loss = FigureText(metric: "validation_loss")
    #expect(loss.meanAndDeviation(Estimate([123, 180])) == "152 ± 40")
    #expect(loss.meanAndDeviation(Estimate([0.5])) == "0.500")
    #expect(loss.plain(.nan) == "NaN" && loss.meanAndDeviation(nil) == "–")
    #expect(loss.meanAndDeviation(Estimate([0, 0])) == "0.00 ± 0.00")
  }
}

@Suite("Run digests")
struct RunDigestTests {
  @Test func `the arm is the one the experiment names unless it is given`() {
    #expect(run("max-norm", seed: 1, [0.5]).arm == "max-norm")
    var digest = RunDigest(arm: "mine")
    for record in records("max-norm", seed: 1, [0.5]) { digest.apply(record) }
    #expect(digest.arm == "mine")
  }

  @Test func `a long run keeps a bounded choice with its last evaluation`() {
    let digest = run("none", seed: 1, (0..<20_001).map { Float($0) / 20_001 })
    #expect(digest.points.count <= 4096)
    #expect(digest.last?.step == 2_000_100)
    #expect(digest.points.map(\.step) == digest.points.map(\.step).sorted())
    #expect(digest.points.first?.step == 100)
  }

  @Test func `a reset starts again and an extended run is not over`() {
    var digest = RunDigest()
    for record in records("a", seed: 1, [0.5, 0.9], end: nil) { digest.apply(record) }
    for record in records("a", seed: 2, [0.6]) { digest.apply(record) }
    #expect(digest.seed == 2 && digest.points.count == 1 && digest.end == .finished)
    digest.apply(records("a", seed: 2, [0, 0.7], end: nil)[2])
    #expect(digest.end == nil && digest.points.count == 2)
  }
}

@Suite("Sweep tables")
struct SweepTableTests {
  private let candidates = [0.5, 1, 2, 4].map {
    SweepTable.Candidate(arm: "r=\($0)", values: [$0])
  }

  private func sweep(_ means: [Float]) -> SweepTable {
    // What chance adds differs from candidate to candidate.
    let noise: [[Float]] = [
      [0.01, -0.01, 0], [0, 0.01, -0.01], [-0.01, 0, 0.01], [-0.01, 0.01, 0],
    ]
    let runs = zip(candidates, zip(means, noise)).flatMap { candidate, entry in
      entry.1.enumerated().map { index, noise in
        run(candidate.arm, seed: UInt64(index + 1), [entry.0 + noise * entry.0])
      }
    }
    return SweepTable(keys: ["constraint.max_norm"], candidates: candidates, runs: runs)
  }

  @Test func `the best value and the range not shown to differ are found`() {
    let table = sweep([0.6, 0.799, 0.8, 0.7])
    #expect(table.best?.candidate.values == [2])
    #expect(table.points.map(\.isUndecided) == [false, true, true, false])
    #expect(table.range == 1...2)
    let best = "best: constraint.max_norm=2 with validation accuracy 80.00 ± 0.80 %"
    #expect(table.verdict[0] == best)
    // Differences −1.7, 1.5, −0.1 points: s.e. 0.924, times 3.74 to 4.86 by what may be the best.
    #expect(
      table.verdict[1].wholeMatch(
        of: /not shown to differ from it \(95 %\): 1 by −\d\.\d to \+\d\.\d points/) != nil,
      "\(table.verdict[1])")
    #expect(table.text.header.contains("minus best") && table.verdict.count == 3)
  }

  @Test func `values not shown to differ stand in the verdict with their intervals`() {
    let table = sweep([0.799, 0.6, 0.8, 0.801])
    #expect(table.points.map(\.isUndecided) == [true, false, true, true])
    #expect(
      table.verdict[1].wholeMatch(
        of: /not shown to differ from it \(95 %\): 0\.5 by −\S+ to \+\S+, 2 by −\S+ to \+\S+ points/
      )
        != nil, "\(table.verdict[1])")
  }

  @Test func `a candidate with fewer runs than others is not the best`() {
    let runs =
      [1, 2, 3].map { run("r=0.5", seed: $0, [0.6 + Float($0) / 100]) }
      + [run("r=1.0", seed: 1, [0.9])]
    let table = SweepTable(
      keys: ["r"], candidates: Array(candidates.prefix(2)), runs: runs)
    #expect(table.best?.candidate.values == [0.5])
  }

  @Test func `a best value at the end asks for more`() {
    let table = sweep([0.6, 0.65, 0.7, 0.8])
    #expect(table.range == 4...4)
    #expect(table.verdict[1].hasPrefix("all others are shown to be worse"))
    #expect(table.verdict.last?.contains("upper end") == true)
    #expect(table.text.header.prefix(3) == ["", "constraint.max_norm", "runs"])
    #expect(table.text.rows[3].prefix(2) == ["best", "4"])
  }

  /// Three runs of each candidate, with `diverged` of them diverged.
  private func sweep(_ means: [Float], diverged: [Int]) -> SweepTable {
    let runs = zip(candidates, zip(means, diverged)).flatMap { candidate, entry in
      (1...3).map { seed -> RunDigest in
        let mean = entry.0 + Float(seed) * 0.001
        return seed <= entry.1
          ? run(candidate.arm, seed: UInt64(seed), [mean], end: .diverged)
          : run(candidate.arm, seed: UInt64(seed), [mean])
      }
    }
    return SweepTable(keys: ["constraint.max_norm"], candidates: candidates, runs: runs)
  }

  @Test func `a value of which a run diverged is never the best, nor not shown to differ`() {
    let table = sweep([0.6, 0.7, 0.8, 0.7], diverged: [0, 0, 2, 1])
    #expect(table.best?.candidate.values == [1])
    #expect(table.points.map(\.isUndecided) == [false, true, false, false])
    #expect(table.range == 1...1)
    #expect(table.text.rows.map { $0[0] } == ["", "best", "", ""])
    #expect(
      table.verdict.contains {
        $0.hasPrefix("3 runs of 2 values diverged: they stand in no mean")
      })
    let documents = table.documents
    #expect(
      documents.map { $0["best"] } == [.flag(false), .flag(true), .flag(false), .flag(false)])
    #expect(documents[2]["not_shown_to_differ"] == .flag(false))
  }

  @Test func `where of every value a run diverged none is the best`() {
    let table = sweep([0.6, 0.7, 0.8, 0.7], diverged: [1, 1, 2, 1])
    #expect(table.best == nil && table.range == nil)
    #expect(table.verdict == ["no value is best: of each a run diverged (5 in all)"])
    #expect(!table.text.header.contains("minus best"))
    #expect(table.points.allSatisfy { !$0.isUndecided })
  }

  @Test func `a sweep without runs says so`() {
    let table = SweepTable(keys: ["a"], candidates: candidates, runs: [])
    #expect(table.verdict == ["no run has ended yet"] && table.text.rows.isEmpty)
  }
}
