// Comparisons and sweeps as a person or a batch system runs them.
import Foundation
import Testing

@Suite(.serialized) struct CompareRunTests {
  private let small = [
    "compare", "noisy", "--epochs", "30", "--seeds", "3", "--arms", "none,max-norm", "--format",
    "csv", "--folder", "runs",
  ]

  /// A table without its seconds.
  private func figures(_ csv: String) -> [[Substring]] {
    csv.split(separator: "\n").map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).enumerated()
        .filter { !(14...15).contains($0.offset) }.map(\.element)
    }
  }

  private func run(_ arguments: [String], in folder: URL) throws -> ProgramResult {
    let terminal = try PseudoTerminal(
      "/bin/sh",
      ["-c", "cd \"$0\" && exec \"$@\" >out 2>err", folder.path, try builtProgram()] + arguments)
    let end = terminal.waitForEnd()
    func text(_ name: String) throws -> String {
      try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }
    var status: Int32 = -1
    if case .exited(let code) = end { status = code }
    return ProgramResult(status: status, output: try text("out"), errors: try text("err"))
  }

  @Test func `a comparison that is killed and stopped gives the table of one that was not`() throws
  {
    let whole = try Program.inFolder { try run(small, in: $0) }
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(figures(whole.output).count == 3)
    try Program.inFolder { folder in
      let runs = folder.appendingPathComponent("runs").path
      func sizes() -> [String: Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: runs)) ?? []
        let sizes = names.filter { $0.contains(".jsonl") }.map { name in
          (name, Program.text("\(runs)/\(name)").utf8.count)
        }
        return Dictionary(sizes) { $1 }
      }
      for signal in [SIGKILL, SIGTERM, SIGINT] {
        let before = sizes()
        let process = try Program.start(small, in: folder)
        // In the middle of what it writes.
        #expect(Program.waitUntil { sizes() != before || !process.isRunning })
        if process.isRunning { kill(process.processIdentifier, signal) }
        process.waitUntilExit()
      }
      let last = try run(small, in: folder)
      #expect(last.status == 0, "\(last.errors)")
      #expect(figures(last.output) == figures(whole.output))
      let again = try run(small, in: folder)
      #expect(again.errors == "maxnorm: 6 of 6 runs are there already\n")
      #expect(again.output == last.output)
      // Nothing is left of what was interrupted.
      let names = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("runs").path)
      #expect(
        names.sorted() == [
          "max-norm-1.jsonl", "max-norm-2.jsonl", "max-norm-3.jsonl", "max-norm.yaml",
          "none-1.jsonl", "none-2.jsonl", "none-3.jsonl", "none.yaml",
        ])
    }
  }

  @Test func `splits of a resampling have seeds of their own, and the table is of splits`() throws {
    let words = [
      "compare", "noisy", "--epochs", "4", "--resample", "3", "--seeds", "2", "--arms",
      "none,early-stop+max-norm", "--format", "jsonl", "--folder", "runs",
    ]
    try Program.inFolder { folder in
      let plan = try run(words + ["--plan"], in: folder)
      let lines = plan.output.split(separator: "\n")
      #expect(plan.status == 0 && lines.count == 12, "\(plan.errors)")
      #expect(lines.count { $0.contains("data.resample.split=2") } == 4)
      let whole = try run(words, in: folder)
      #expect(whole.status == 0, "\(whole.errors)")
      let rows = whole.output.split(separator: "\n").filter { $0.contains(#""type":"arm""#) }
      #expect(rows.count == 2)
      #expect(rows.allSatisfy { $0.contains(#""metric":"test_accuracy""#) })
      #expect(rows.allSatisfy { $0.contains(#""runs":6"#) })
      #expect(rows.last?.contains(#""pairs":3"#) == true)
      // Pages are made of the same logs.
      let logs = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("runs").path
      ).filter { $0.hasSuffix(".jsonl") }.map { "runs/\($0)" }
      let report = try run(["report"] + logs.sorted(), in: folder)
      #expect(report.status == 0, "\(report.errors)")
      #expect(report.output.contains("over 3 splits of the test part"))
      #expect(try run(words + ["--resample", "1"], in: folder).status == 64)
    }
  }

  @Test func `planned commands make the same runs anywhere`() throws {
    let whole = try Program.inFolder { try run(small, in: $0) }
    try Program.inFolder { folder in
      let plan = try run(small + ["--plan"], in: folder)
      #expect(plan.status == 0 && plan.output.split(separator: "\n").count == 6)
      try Program.carryOut(plan: plan.output, in: folder)
      let gathered = try run(small, in: folder)
      #expect(gathered.errors == "maxnorm: 6 of 6 runs are there already\n")
      #expect(figures(gathered.output) == figures(whole.output))
      #expect(try run(small + ["--plan"], in: folder).output.isEmpty)
    }
  }

  @Test func `logs of another comparison are not replaced without a word`() throws {
    try Program.inFolder { folder in
      let few = small + ["--seeds", "1"]
      #expect(try run(few, in: folder).status == 0)
      let other = few + ["--set", "optimizer.learning_rate=0.5"]
      let refused = try run(other, in: folder)
      #expect(refused.status == 64)
      #expect(
        refused.errors.contains(
          "runs/none-1.jsonl: optimizer.learning_rate: expected 0.5 as in this comparison, found 0.02"
        ))
      #expect(try run(other + ["--overwrite"], in: folder).status == 0)
      // Settings that do not affect a run keep it.
      let kept = try run(other + ["--set", "title=another"], in: folder)
      #expect(kept.errors == "maxnorm: 2 of 2 runs are there already\n")
    }
  }

  @Test func `arms that nobody named and that have no place are left out with a word`() throws {
    try Program.inFolder { folder in
      let result = try run(["compare", "temperature", "--epochs", "1", "--seeds", "1"], in: folder)
      #expect(result.status == 0, "\(result.errors)")
      #expect(
        result.errors.contains("without dropout: expected a hidden layer to put dropout behind"))
      #expect(result.output.contains("| max-norm "))
      let named = try run(
        ["compare", "temperature", "--arms", "none,dropout", "--folder", "other"], in: folder)
      #expect(named.status == 64)
    }
  }

  @Test func `a sweep finds the best value and marks what is as good`() throws {
    try Program.inFolder { folder in
      let result = try run(
        [
          "sweep", "noisy", "--epochs", "20", "--seeds", "2", "--over",
          "constraint.max_norm=0.02,0.3,1",
        ], in: folder)
      #expect(result.status == 0, "\(result.errors)")
      #expect(
        result.output.contains("\n| best ")
          && result.output.contains("\n- best: constraint.max_norm="))
      let names = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("noisy-sweep").path)
      #expect(names.contains("max_norm=0.02-1.jsonl") && names.contains("max_norm=0.02.yaml"))
    }
  }

  @Test func `successive halving runs fewer candidates for longer`() throws {
    try Program.inFolder { folder in
      let result = try run(
        [
          "sweep", "noisy", "--epochs", "40", "--seeds", "1", "--over",
          "constraint.max_norm=0.1:1:log4", "--halving", "--format", "csv",
        ], in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let rungs = result.output.split(separator: "\n").dropFirst().map { $0.prefix(2) }
      #expect(rungs == ["1,", "1,", "1,", "1,", "2,", "2,", "3,"])
    }
  }

  @Test(arguments: [
    (["compare", "noisy", "--arms", "none,droput"], "did you mean dropout?"),
    (["compare", "noisy", "--arms", "none"], "at least two different arms"),
    (["compare", "noisy", "--arm", "x"], "expected settings behind the name"),
    (["compare", "noisy", "--arm", "x:model.fc9.units=3"], "expected the path of a key"),
    (["compare", "noisy", "--baseline", "l3"], "--baseline: expected one of none, l2"),
    (["compare", "noisy", "--seeds", "0"], "--seeds: expected 1 to 10000"),
    (["compare", "noisy", "--arm", "a/b:batch=1", "--arm", "a_b:batch=2"], "differ in letters"),
    (["sweep", "noisy", "--over", "batch=1:2:log"], "expected a number of values"),
    (["sweep", "noisy", "--over", "batch=1"], "expected 2 to 10000 candidates, found 1"),
    (["sweep", "noisy", "--over", "batch=0,1"], "batch: expected a whole number of at least 1"),
    (["sweep", "noisy", "--over", "batch=1,2", "--over", "batch=3,4"], "each key once"),
    (["sweep", "noisy", "--halving", "--plan"], "expected no --plan"),
    (
      ["sweep", "noisy", "--over", "seed=1,2"],
      "expected a key that arms may differ in, found 'seed'"
    ),
    (["run", "noisy", "--log", "a.jsonl", "--save", "./a.jsonl"], "expected a file for each"),
    (["report", "a.jsonl", "--html", "b.jsonl"], "--html: expected a name ending in .html"),
  ])
  func `a command that does not fit says what to try and leaves nothing behind`(
    arguments: [String], problem: String
  ) throws {
    try Program.inFolder { folder in
      let isReport = arguments[0] == "report"
      let result = try run(arguments + (isReport ? [] : ["--epochs", "1"]), in: folder)
      #expect(result.status == 64)
      #expect(result.errors.contains(problem), "\(result.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
    }
  }

  @Test func `a second comparison in the same folder is turned away and tears nothing`() throws {
    try Program.inFolder { folder in
      let first = try Program.start(small + ["--epochs", "300"], in: folder)
      let log = folder.appendingPathComponent("runs/none-1.jsonl").path
      #expect(Program.waitUntil { FileManager.default.fileExists(atPath: log) })
      // Held, so that it cannot be over before the second one is.
      kill(first.processIdentifier, SIGSTOP)
      let second = try run(small + ["--epochs", "300"], in: folder)
      kill(first.processIdentifier, SIGCONT)
      #expect(second.status == 64)
      #expect(second.errors.contains("no other comparison at work in it"), "\(second.errors)")
      first.waitUntilExit()
      #expect(first.terminationStatus == 0)
      let after = try run(small + ["--epochs", "300"], in: folder)
      #expect(after.errors == "maxnorm: 6 of 6 runs are there already\n")
    }
  }

  @Test func `a data set that is not there ends a comparison as it ends a run`() throws {
    try Program.inFolder { folder in
      let result = try run(["compare", "cifar", "--seeds", "2"], in: folder)
      #expect(result.status == 66 && result.errors.contains("no folder cifar-10"))
    }
  }

  @Test func `a full disk ends a comparison with 74, and it resumes when there is room`() throws {
    try Program.inFolder { folder in
      let terminal = try PseudoTerminal(
        "/bin/bash",
        [
          "-c", "cd \"$0\"; ulimit -f 8; \"$@\" >out 2>err; echo status $?", folder.path,
          try builtProgram(),
        ] + small, columns: 200)
      #expect(terminal.waitForEnd() == .exited(0))
      #expect(terminal.screen.text.contains("status 74"), "\(terminal.screen.text)")
      let last = try run(small, in: folder)
      #expect(last.status == 0, "\(last.errors)")
      #expect(figures(last.output).count == 3)
    }
  }
}
