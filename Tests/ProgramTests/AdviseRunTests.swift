// `advise` as a person or a batch system runs it.
import Foundation
import Testing

@testable import maxnorm

@Suite(.serialized) struct AdviseRunTests {
  /// 80 rows of two measures, of which the first decides in most of them.
  private static let table: String = {
    var lines = ["a,b,kind"]
    for row in 0..<80 {
      let (a, b) = (row * 37 % 80, row * 53 % 80)
      lines.append("\(a),\(b),\((a > 40) != (row % 9 == 0) ? "yes" : "no")")
    }
    return lines.joined(separator: "\n") + "\n"
  }()

  private static let files = [
    "rows.csv": table,
    "mine.yaml": """
    name: mine
    data: {csv: rows.csv, target: kind, task: classification}
    model: [dense: {units: 6}, relu, dense: {units: 2}]
    loss: cross_entropy
    optimizer: {name: sgd, learning_rate: 0.1}
    batch: 16
    epochs: 4
    """,
  ]

  private let small = [
    "advise", "mine.yaml", "--trials", "1", "--resample", "2", "--seeds", "1", "--jobs", "2",
    "--headless", "--folder", "runs",
  ]

  @Test func `the answer comes in five sentences, with an experiment and a page`() throws {
    try Program.inFolder(Self.files) { folder in
      let more = small + ["--write", "best.yaml", "--html", "page.html"]
      let result = try Program.run(more, in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let lines = result.output.split(separator: "\n")
      let sentences = lines.filter { $0.hasPrefix("- ") }
      #expect(sentences.count == 5, "\(result.output)")
      #expect(sentences[1].contains("corrected resampled t over 2 resamplings"))
      // 8 arms, one trial each.
      #expect(sentences[2].contains("chosen among 8 trials"))
      #expect(sentences[2].contains("a straight line"))
      #expect(sentences[3].contains("r = ") || sentences[3].contains("r is "))
      #expect(lines.contains { $0.hasPrefix("| straight-line") })
      let page = Program.text(folder.appendingPathComponent("page.html").path)
      #expect(page.contains("Every trial on all rows") && page.contains("best of its arm"))
      // Of each resampling 12 trials and one of the line, then 8 on all rows.
      #expect(page.components(separatedBy: "<tr>").count - 1 > 2 * 21)
      let shown = try Program.run(["show", "best.yaml"], in: folder)
      #expect(shown.status == 0 && shown.output.contains("name: mine"), "\(shown.errors)")
      #expect(!shown.output.contains("resample"))
      // Nothing is run again, and the answer stays.
      let again = try Program.run(small, in: folder)
      #expect(again.output == result.output)
      #expect(again.errors.contains("26 of 26 runs are there already"))
      let records = try Program.run(small + ["--format", "jsonl"], in: folder).output
      #expect(records.hasPrefix(#"{"type":"primary","first":"all","second":"without","#))
      #expect(records.contains(#""metric":"test_accuracy""#))
    }
  }

  @Test func `a study that is killed goes on, and gives the same answer`() throws {
    let whole = try Program.inFolder(Self.files) { try Program.run(small, in: $0) }
    #expect(whole.status == 0, "\(whole.errors)")
    try Program.inFolder(Self.files) { folder in
      for (stage, signal) in [("trials", SIGKILL), ("all-rows", SIGTERM), ("scores", SIGINT)] {
        let path = folder.appendingPathComponent("runs/\(stage)").path
        let process = try Program.start(small, in: folder)
        #expect(
          Program.waitUntil {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            return names.count > 3 || !process.isRunning
          })
        if process.isRunning { kill(process.processIdentifier, signal) }
        process.waitUntilExit()
      }
      let last = try Program.run(small, in: folder)
      #expect(last.status == 0 && last.output == whole.output, "\(last.errors)")
    }
  }

  @Test func `planned commands make the trials, and then the scores`() throws {
    let whole = try Program.inFolder(Self.files) { try Program.run(small, in: $0) }
    try Program.inFolder(Self.files) { folder in
      func carryOut() throws -> Int {
        let plan = try Program.run(small + ["--plan"], in: folder)
        #expect(plan.status == 0, "\(plan.errors)")
        try Program.carryOut(plan: plan.output, in: folder)
        return plan.output.split(separator: "\n").count
      }
      // 2 × 13 trials, and 2 × 8 on all rows; then 9 or 10 choices in each resampling.
      #expect(try carryOut() == 42)
      let scored = try carryOut()
      #expect(18...20 ~= scored)
      #expect(try carryOut() == 0)
      #expect(try Program.run(small, in: folder).output == whole.output)
    }
  }

  @Test(arguments: [
    (["--trials", "0"], "--trials: expected 1 to 100, found 0"),
    (["--resample", "1"], "--resample: expected 2 to 500, found 1"),
    (["--write", "best.txt"], "--write: expected a name ending in .yaml, found 'best.txt'"),
  ])
  func `what cannot be is an error`(arguments: [String], message: String) throws {
    let result = try Program.run(["advise", "cancer", "--headless"] + arguments)
    #expect(result.status == 64 && result.errors.contains(message), "\(result.errors)")
  }

  @Test func `a study needs an arm with a ceiling`() throws {
    let result = try Program.run(
      ["advise", "cancer", "--headless", "--set", "constraint={kind: unit_norm}"])
    #expect(result.status == 64, "\(result.errors)")
    #expect(result.errors.contains("constraint.kind"))
  }

  @Test func `a trial's seed tells its place`() {
    for place in [TrialPlace(resampling: 0, number: 0), TrialPlace(resampling: 14, number: 15)] {
      for repetition in [0, 1, 7] {
        let seed = place.seed(from: 42, repetition: repetition)
        #expect(TrialPlace(seed: seed, from: 42) == place)
      }
    }
    let seeds = (0..<3).flatMap { resampling in
      (0..<4).map { TrialPlace(resampling: resampling, number: $0).seed(from: 1) }
    }
    #expect(Set(seeds).count == 12)
  }
}
