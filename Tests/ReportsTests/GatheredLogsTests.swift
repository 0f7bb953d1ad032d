// Logs put together: arms and their names, what counts, what cannot stand in one table.
import Basics
import Comparisons
import RunRecords
import Testing

@testable import Reports

@Suite struct GatheredLogsTests {
  private static func seeds(_ name: String, _ run: Invented, _ values: [Float]) -> [ReadLog] {
    values.enumerated().map { index, value in
      var run = run
      run.seed = UInt64(index + 1)
      return run.log("logs/\(name)-\(index + 1).jsonl", [0.1, value])
    }
  }

  private static let free = Invented(isConstrained: false)

  @Test func `runs that differ in the seed alone are one arm, named by their files`() throws {
    let logs =
      Self.seeds("held", Invented(), [0.8, 0.82]) + Self.seeds("free", Self.free, [0.7, 0.74])
    let gathered = try GatheredLogs(logs)
    // Without the constraint is what the others are measured against, and stands first.
    #expect(gathered.arms == ["free", "held"])
    #expect(gathered.table.baseline == "free")
    #expect(gathered.table["held"]?.difference?.estimate.count == 2)
    #expect(gathered.logs.allSatisfy { $0.standing == .counted })
  }

  @Test func `files that say nothing leave the name to what differs`() throws {
    var wide = Invented()
    wide.maxNorm = .integer(2)
    let gathered = try GatheredLogs([
      Invented().log("a.jsonl", [0.8]), wide.log("b.jsonl", [0.7]),
      Invented(seed: 2).log("c.jsonl", [0.8]),
    ])
    #expect(gathered.arms == ["max_norm=0.5", "max_norm=2"])
    #expect(gathered.table.rows.map(\.runs) == [2, 1])
  }

  @Test func `runs of one experiment are one arm of its name`() throws {
    let gathered = try GatheredLogs([
      Invented().log("a.jsonl", [0.8]), Invented(seed: 2).log("b.jsonl", [0.7]),
    ])
    #expect(gathered.arms == ["digits"] && gathered.table.rows[0].runs == 2)
  }

  @Test func `an arm that the header names goes by that name`() throws {
    let logs = ["none", "l2"].flatMap { arm in
      Self.seeds("x", Invented(keys: [.init("arm", .text(arm))]), [0.5, 0.6])
    }
    #expect(try GatheredLogs(logs).arms == ["none", "l2"])
    #expect(try GatheredLogs(logs, baseline: "l2").table.baseline == "l2")
  }

  @Test func `of two logs of a run the last one counts, and unfinished ones do not`() throws {
    let logs = [
      Invented().log("a-1.jsonl", [0.1]), Invented().log("again/a-1.jsonl", [0.9]),
      Invented().log("cut/a-1.jsonl", [0.2], end: nil),
      Invented(seed: 2).log("a-2.jsonl", [0.3], end: .interrupted),
      Invented(seed: 3).log("a-3.jsonl", [0.3], end: .diverged),
    ]
    let gathered = try GatheredLogs(logs)
    #expect(
      gathered.logs.map(\.standing) == [
        .superseded(by: "again/a-1.jsonl"), .counted, .unfinished("not ended"),
        .unfinished("interrupted"), .counted,
      ])
    #expect(gathered.table.rows[0].runs == 2 && gathered.table.rows[0].diverged == 1)
    #expect(gathered.table.rows[0].last?.mean == 0.9)
    let text = Report(comparing: gathered).markdown
    #expect(text.contains("2 runs have not ended by themselves"))
    #expect(text.contains("1 log is of an arm and seed that a later one repeats"))
    #expect(text.contains("interrupted: not in the table"))
  }

  @Test func `logs of other data or metrics are refused by their names`() {
    var other = Invented()
    other.data = .fields([.init("source", .text("wine"))])
    #expect {
      try GatheredLogs([Invented().log("a.jsonl", [1]), other.log("b.jsonl", [1])])
    } throws: { error in
      "\(error)".contains("b.jsonl: expected data.source digits, as in a.jsonl, found wine")
    }
    let loss = Invented(metric: "validation_loss")
    #expect {
      try GatheredLogs([Invented().log("a.jsonl", [1]), loss.log("b.jsonl", [1])])
    } throws: { error in
      "\(error)".contains("b.jsonl: expected the metric validation_accuracy, as in a.jsonl")
    }
  }

  @Test func `an arm of two experiments is refused, and so is a baseline that is not an arm`() {
    let arm = [JSONValue.Field("arm", .text("none"))]
    let short = Invented(seed: 2, steps: 10, keys: arm)
    #expect {
      try GatheredLogs([Invented(keys: arm).log("a.jsonl", [1]), short.log("b.jsonl", [1])])
    } throws: { error in
      "\(error)".contains("b.jsonl: expected steps 1000, as in a.jsonl of the same arm 'none'")
    }
    #expect {
      try GatheredLogs([Invented().log("a.jsonl", [1])], baseline: "l2")
    } throws: { ($0 as? ProgramError)?.kind == .usage }
  }

  @Test func `logs of a sweep are its candidates in the order of their values`() throws {
    let logs = [2.0, 0.5, 1].flatMap { (value: Double) in
      (1...3).map { (seed: UInt64) -> ReadLog in
        let swept = JSONValue.fields([.init("constraint.max_norm", .number(value))])
        var run = Invented(seed: seed, keys: [.init("sweep", swept)])
        run.maxNorm = .number(value)
        return run.log("r\(value)-\(seed).jsonl", [Float(value) / 4 + Float(seed) / 100])
      }
    }
    let gathered = try GatheredLogs(logs)
    let sweep = try #require(gathered.sweep)
    #expect(sweep.keys == ["constraint.max_norm"])
    #expect(sweep.points.map(\.candidate.values) == [[0.5], [1], [2]])
    #expect(sweep.best?.candidate.arm == "constraint.max_norm=2")
  }
}
