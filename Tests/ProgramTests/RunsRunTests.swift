// `maxnorm runs` on logs of real runs: the table in all its forms, the screen, and the way to a run and back.
import Foundation
import Testing

@Suite struct RunsRunTests {
  private static func log(_ name: String, _ arguments: [String], in folder: URL) throws {
    let path = folder.appendingPathComponent(name).path
    let result = try Program.run(["run", "simple", "--steps", "40", "--log", path] + arguments)
    #expect(result.status == 0, "\(result.errors)")
  }

  /// No cache and no state but the test's own.
  private static func environment(_ folder: URL) -> [String: String] {
    [
      "XDG_CACHE_HOME": folder.appendingPathComponent("cache").path,
      "XDG_STATE_HOME": folder.appendingPathComponent("state").path,
    ]
  }

  @Test func `a table has the runs below a folder, filtered and in order`() throws {
    try Program.inFolder(["other/metrics.jsonl": "{\"step\": 1, \"loss\": 0.5}\n"]) { folder in
      try Self.log("one.jsonl", ["--seed", "1"], in: folder)
      try Self.log(
        "two.jsonl", ["--seed", "2", "--set", "optimizer.learning_rate=0.5"], in: folder)
      let all = try Program.run(
        ["runs", "--format", "csv"], environment: Self.environment(folder), in: folder)
      #expect(all.status == 0 && all.errors.isEmpty, "\(all.errors)")
      let rows = all.output.split(separator: "\n")
      #expect(rows.count == 4 && rows[0].hasPrefix("name,log,state,step"))
      #expect(rows[1].hasPrefix("one,") && rows[1].contains(",finished,40,40,"))
      #expect(rows[2].hasPrefix("other/metrics,"))
      let cache = folder.appendingPathComponent("cache/maxnorm/runs.jsonl").path
      #expect(Program.text(cache).contains("one.jsonl"))
      let some = try Program.run(
        ["runs", ".", "--filter", "lr=0.5 state:finished", "--sort", "-best"],
        environment: Self.environment(folder), in: folder)
      #expect(some.status == 0 && some.output.contains("| two"), "\(some.errors)")
      #expect(!some.output.contains("| one"))
    }
  }

  @Test func `what cannot be read is one line and its own status`() throws {
    for (arguments, status, words) in [
      (["no-such-folder"], 66, "no-such-folder: expected a folder or a log"),
      ([".", "--sort", "beauty"], 64, "--sort: expected one of name"),
      ([".", "--map", "cost=x"], 64, "--map: expected one of loss"),
    ] as [([String], Int32, String)] {
      let result = try Program.run(["runs"] + arguments)
      #expect(result.status == status && result.output.isEmpty, "\(arguments)")
      #expect(result.errors.contains(words), "\(result.errors)")
    }
  }

  @Test func `enter opens a run's dashboard, and esc comes back to the list`() throws {
    try Program.inFolder { folder in
      try Self.log("one.jsonl", [], in: folder)
      try Self.log("two.jsonl", ["--seed", "2"], in: folder)
      let terminal = try Program.open(
        ["runs"], environment: Self.environment(folder), in: folder)
      #expect(terminal.waitUntil("2 finished"))
      terminal.send(" ")
      #expect(terminal.waitUntil("1 marked"))
      terminal.send("\r")
      #expect(terminal.waitUntil("whole run"))
      terminal.send("\u{1B}")
      #expect(terminal.waitUntil("1 marked"))
      terminal.send("q")
      #expect(terminal.waitForEnd() == .exited(0))
      #expect(terminal.leftBehind == [] && terminal.screen.suspicions == [])
    }
  }

  @Test func `replay and report read another program's log`() throws {
    let lines = (1...50).map { "{\"step\": \($0), \"objective\": \(1.0 / Double($0))}\n" }
    try Program.inFolder(["metrics.jsonl": lines.joined()]) { folder in
      let result = try Program.run(
        ["report", "metrics.jsonl", "--map", "loss=objective"], in: folder)
      #expect(result.status == 0 && result.output.contains("steps: 50"), "\(result.errors)")
      let follow = try Program.run(
        ["replay", "--plain", "--follow", "metrics.jsonl"], in: folder)
      #expect(follow.status == 65 && follow.errors.contains("without --follow"), "\(follow.errors)")
    }
  }
}
