// `maxnorm report` on logs of real runs: forms, files, and one line for every error.
import Foundation
import Testing

@Suite struct ReportRunTests {
  private static func log(_ name: String, _ arguments: [String], in folder: URL) throws -> String {
    let path = folder.appendingPathComponent(name).path
    let result = try Program.run(["run", "simple", "--steps", "40", "--log", path] + arguments)
    #expect(result.status == 0, "\(result.errors)")
    return path
  }

  @Test func `a run becomes Markdown, a page and a picture`() throws {
    try Program.inFolder { folder in
      let log = try Self.log("run.jsonl", [], in: folder)
      let page = folder.appendingPathComponent("run.html").path
      let picture = folder.appendingPathComponent("run.svg").path
      let result = try Program.run(
        ["report", log, "--html", page, "--svg", picture, "--markdown"])
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
      #expect(result.output.contains("seed 1: finished after 40 steps"))
      #expect(result.output.contains("\nconstraint: {max_norm: "))
      let html = try String(contentsOfFile: page, encoding: .utf8)
      #expect(html.hasPrefix("<!DOCTYPE html>") && html.hasSuffix("</html>\n"))
      #expect(html.contains("<svg") && !html.contains("<script"))
      let svg = try String(contentsOfFile: picture, encoding: .utf8)
      #expect(svg.hasPrefix("<?xml") && svg.hasSuffix("</svg>\n"))
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(left.sorted() == ["run.html", "run.jsonl", "run.svg"])
    }
  }

  @Test func `a folder of runs is a comparison`() throws {
    try Program.inFolder { folder in
      for seed in ["1", "2", "3"] {
        _ = try Self.log("free-\(seed).jsonl", ["--seed", seed, "--no-max-norm"], in: folder)
        _ = try Self.log("held-\(seed).jsonl", ["--seed", seed, "--max-norm", "0.1"], in: folder)
      }
      let result = try Program.run(["report", folder.path])
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("comparison of 2 arms, 6 runs, seeds 1 to 3"))
      #expect(result.output.contains("minus free") && result.output.contains("| held"))
    }
  }

  @Test func `what cannot be read or written is one line and its own status`() throws {
    try Program.inFolder(["bad.jsonl": "{}\n", "empty.jsonl": ""]) { folder in
      let log = try Self.log("run.jsonl", [], in: folder)
      let path = { (name: String) in folder.appendingPathComponent(name).path }
      for (arguments, status, words) in [
        ([path("none.jsonl")], 66, "none.jsonl: expected a readable file"),
        ([path("bad.jsonl")], 65, "bad.jsonl: line 1"),
        ([log, path("empty.jsonl")], 65, "empty.jsonl: line 1: expected a header record"),
        ([log, "--svg", path("no/such.svg")], 74, "such.svg"),
        ([log, "--baseline", "l2"], 64, "--baseline: expected one of"),
        ([log, "--html", "-", "--markdown"], 64, "one report on standard output"),
        ([], 64, "expected"),
      ] as [([String], Int32, String)] {
        let result = try Program.run(["report"] + arguments)
        #expect(result.status == status && result.output.isEmpty, "\(arguments)")
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
      }
    }
  }
}
