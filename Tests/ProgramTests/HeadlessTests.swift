// The program without a terminal: records, exit statuses, and one line for every error.
import Foundation
import TestSupport
import Testing

@Suite struct HeadlessTests {
  @Test func `without a terminal the default experiment runs headless`() throws {
    let result = try Program.run(["--steps", "30"])
    #expect(result.status == 0)
    #expect(result.recordTypes.first == "header" && result.recordTypes.last == "end")
    #expect(result.recordTypes.filter { $0 == "step" }.count == 3)
    #expect(!result.output.contains("\u{1B}"))
  }

  @Test func `a log holds what standard output shows`() throws {
    try Program.inFolder { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      let result = try Program.run(["run", "simple", "--steps", "40", "--log", log])
      let text = try String(contentsOfFile: log, encoding: .utf8)
      #expect(text == result.output)
    }
  }

  @Test func `a run tells digests in place of long lists of norms where it is asked to`() throws {
    let arguments = [
      "run", "digits", "--headless", "--steps", "13", "--set", "model.fc1.units=256",
    ]
    let full = try Program.run(arguments).output
    let digest = try Program.run(arguments + ["--norms", "digest"]).output
    #expect(!full.contains("digests") && digest.contains(#""digests":{"fc1":{"units":256,"#))
    #expect(digest.utf8.count < full.utf8.count)
    let both = try Program.run(arguments + ["--norms", "both"]).output
    #expect(both.contains(#""digests":{"fc1""#) && both.utf8.count > full.utf8.count)
  }

  @Test func `whole numbers, the home and a ceiling are taken as people give them`() throws {
    try Program.inFolder { home in
      let result = try Program.run(
        ["run", "l2", "--steps", "2e1", "--max-norm", "0.1", "--headless", "--log=~/run.jsonl"],
        environment: ["HOME": home.path])
      #expect(result.status == 0, "\(result.errors)")
      let log = home.appendingPathComponent("run.jsonl")
      #expect(try String(contentsOf: log, encoding: .utf8) == result.output)
      #expect(result.output.contains(#""notes":["constraint switched on"#))
      #expect(
        result.errors.contains("maxnorm: note: constraint switched on: constraint.max_norm = 0.1"))
      #expect(result.output.contains(#""constraint":{"enabled":true,"max_norm":0.1}"#))
    }
    let off = try Program.run(
      ["run", "l2", "--steps", "20", "--max-norm", "0.1", "--no-max-norm", "--headless"])
    #expect(!off.output.contains(#""notes""#) && off.output.contains(#""enabled":false"#))
  }

  @Test func `event files are written beside the log, and replaced only on request`() throws {
    try Program.inFolder { folder in
      let arguments = [
        "run", "simple", "--steps", "40", "--tensorboard", folder.appendingPathComponent("tb").path,
      ]
      func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(
          atPath: folder.appendingPathComponent("tb/simple").path)
      }
      #expect(try Program.run(arguments).status == 0)
      let first = try files()
      #expect(first.count == 1 && first[0].hasPrefix("events.out.tfevents."))
      let refused = try Program.run(arguments)
      #expect(refused.status == 74 && refused.output.isEmpty)
      #expect(refused.errors.contains("tb/simple: expected no event files"))
      #expect(try files() == first)
      #expect(try Program.run(arguments + ["--overwrite"]).status == 0)
      #expect(try files().count == 1 && files() != first)
    }
  }

  @Test func `a twin's records stand beside those of the run, and its log repeats`() throws {
    let arguments = ["run", "digits", "--headless", "--steps", "40"]
    let plain = try Program.run(arguments)
    // Times differ between two runs, and nothing else.
    let lines = LogText.comparable
    func isOfTwin(_ line: String) -> Bool {
      line.contains(#""run":"twin""#) || line.contains(#""action":"twin""#)
    }
    try Program.inFolder { folder in
      let log = folder.appendingPathComponent("twin.jsonl").path
      let result = try Program.run(arguments + ["--twin", "--log", log])
      #expect(result.status == 0, "\(result.errors)")
      let all = lines(try String(contentsOfFile: log, encoding: .utf8))
      #expect(all.filter { !isOfTwin($0) } == lines(plain.output))
      let free = try Program.run(arguments + ["--no-max-norm"])
      let own = lines(free.output).filter {
        ["\"step\"", "\"norms\"", "\"evaluation\"", "\"end\""].contains(
          $0.dropFirst(8).prefix { $0 != "," })
      }
      let twin = all.filter { $0.contains(#""run":"twin""#) }
        .map { $0.replacing(#","run":"twin""#, with: "") }
      #expect(twin == own && twin.count > 5)
      let again = try Program.run(arguments + ["--events", log])
      #expect(lines(again.output) == all && again.errors.isEmpty == plain.errors.isEmpty)
      let table = folder.appendingPathComponent("twin.csv").path
      _ = try Program.run(arguments + ["--twin", "--log", table])
      let rows = try String(contentsOfFile: table, encoding: .utf8)
      #expect(rows.contains("\ntwin_step,10,") && rows.contains("\ntwin_end,40,"))
    }
  }

  @Test func `the last of several options wins`() throws {
    for (arguments, expected) in [
      (["--set", "constraint.max_norm=1", "--max-norm", "2"], "\"max_norm\":2.0"),
      (["--max-norm", "2", "--set", "constraint.max_norm=1"], "\"max_norm\":1.0"),
      (["--max-norm=2", "--no-max-norm"], "\"enabled\":false"),
    ] {
      let result = try Program.run(["run", "digits", "--steps", "1"] + arguments)
      #expect(result.output.contains("\"constraint\":{") && result.output.contains(expected))
    }
  }

  @Test func `show prints YAML that runs as the experiment itself`() throws {
    let shown = try Program.run(["show", "keras"])
    #expect(shown.status == 0)
    let direct = try Program.run(["run", "keras", "--steps", "20"])
    try Program.inFolder(["mine.yaml": shown.output]) { folder in
      let path = folder.appendingPathComponent("mine.yaml").path
      let again = try Program.run(["run", path, "--steps", "20"])
      #expect(again.status == 0)
      #expect(
        again.recordTypes == direct.recordTypes
          && evaluations(again.output) == evaluations(direct.output))
    }
  }

  private func evaluations(_ output: String) -> [Substring] {
    output.split(separator: "\n").filter { $0.contains("\"evaluation\"") }
  }

  @Test func `list and themes name what ships`() throws {
    let list = try Program.run(["list"])
    for name in ["digits", "temperature", "simple", "keras", "noisy"] {
      #expect(list.output.contains("\n\(name) "))
    }
    #expect(try Program.run(["themes"]).output.contains("maxnorm-dark"))
  }

  @Test func `a user's table trains, and paths are relative to the experiment`() throws {
    let rows = (0..<60).map { "\($0),\($0 % 7),\($0 % 2 == 0 ? "even" : "odd")" }
    let files = [
      "table.csv": (["a,b,kind"] + rows).joined(separator: "\n"),
      "mine.yaml": """
      data: {csv: table.csv, target: kind}
      model: [dense: {units: 8}, tanh, dense: {units: 2}]
      loss: cross_entropy
      epochs: 3
      """,
    ]
    try Program.inFolder(files) { folder in
      let result = try Program.run(["run", folder.appendingPathComponent("mine.yaml").path])
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.recordTypes.filter { $0 == "evaluation" }.count == 3)
    }
  }

  static let table = """
    data: {csv: table.csv, target: y, task: regression}
    model: [dense: {units: 1}]
    loss: mse
    """

  @Test(
    arguments: [
      (["run", "digitz"], 64, "did you mean digits?"),
      (["run", "digits", "--bogus"], 64, "--bogus: expected an option, found an unknown one"),
      (["run", "digits", "--lr", "0.1"], 64, "here it is --set optimizer.learning_rate=VALUE"),
      (["run", "digits", "--batch-size", "8"], 64, "here it is --set batch=VALUE"),
      (["run", "digits", "--stepz", "8"], 64, "did you mean --steps?"),
      (["run", "digits", "--steps=", "--seed", "3"], 64, "--steps: expected a value"),
      (["run", ""], 64, "run: expected a value, found an empty word"),
      (["run", "digits", "--log", ""], 64, "--log: expected a value"),
      (["run", "digits", "--pace", "1e308"], 64, "at most 3.4028235e+38, found 1e+308"),
      (["run", "nowhere.txt"], 66, "No such file"),
      (["run", "digits", "--data", "/nowhere"], 66, "--data: /nowhere: expected a folder"),
      (["sweep", "digits", "--data", "/dev/null"], 66, "expected a folder, found a file"),
      (["run", "digits", "--steps", "ten"], 64, "'ten'"),
      (["run", "digits", "--steps", "0"], 64, "steps: expected a whole number of at least 1"),
      (["run", "digits", "--max-norm", "0"], 64, "constraint.max_norm: expected a number above 0"),
      (
        ["run", "digits", "--max-norm", "-1"], 64, "constraint.max_norm: expected a number above 0"
      ),
      (["run", "digits", "--set", "batch=0"], 64, "batch: expected a whole number of at least 1"),
      (["run", "digits", "--set", "optimizer.learning_rate=-1"], 64, "optimizer.learning_rate"),
      (["run", "digits", "--set", "optimizer.lerning_rate=1"], 64, "did you mean learning_rate?"),
      (["run", "digits", "--set", "model.fc3.units=9"], 64, "10"),
      (["run", "digits", "--threads", "0"], 64, "--threads"),
      (
        ["run", "digits", "--twin", "--set", "constraint.max_norm=none"], 64,
        "--twin: expected a layer with a ceiling"
      ),
      (["run", "digits", "--log-every", "0"], 64, "--log-every"),
      (["run", "digits", "--norms", "some"], 64, "--norms"),
      (["run", "nowhere.yaml"], 66, "nowhere.yaml"),
      (["run", "digits", "--events", "nowhere.jsonl"], 66, "nowhere.jsonl"),
      (["run", "digits", "--steps", "5", "--log", "/dev/full"], 74, "No space left"),
      (["run", "digits", "--log", "/nowhere/x.jsonl"], 74, "/nowhere/x.jsonl"),
      (["run", "digits", "--theme", "x", "--log", "x.txt"], 64, ".jsonl or .csv"),
      (["replay", "x.jsonl"], 64, "terminal"),
      (["show", "nothing"], 64, "nothing"),
      (["run", "./"], 66, "Is a directory"),
      (["bench", "W9"], 64, "expected one of W1"),
      (["run", "cifar", "--data", "/"], 66, "cifar-10-binary.tar.gz"),
      (["run", "simple", "--init", "none.safetensors"], 66, "none.safetensors"),
      (["run", "simple", "--init", "/dev/null"], 66, "weights: /dev/null"),
      (["run", "simple", "--save", "/nowhere/a.safetensors"], 74, "/nowhere/a.safetensors"),
      (["run", "digits", "--set", "model.fc1.units=1000000000000"], 64, "make it smaller"),
      (["run", "charlm", "--set", "model.embedding.vocabulary=5"], 64, "tokens from 0 to 4"),
      (
        ["run", "exploding", "--set", "model[0]={conv2d: {channels: 1, kernel: 3}}"], 64, "an image"
      ),
    ] as [([String], Int32, String)])
  func `what cannot be done is one line and its exit status`(
    arguments: [String], status: Int32, part: String
  ) throws {
    let result = try Program.run(arguments)
    #expect(result.status == status)
    let lines = result.errors.split(separator: "\n").filter { !$0.contains("unoptimized") }
    #expect(lines.count == 1, "\(result.errors)")
    #expect(lines.first?.hasPrefix("maxnorm: ") == true)
    #expect(result.errors.contains(part), "\(result.errors)")
  }

  @Test(arguments: [
    ("", "table.csv: expected a header line"), ("x,y\n1,2\n3\n", "table.csv: line 3, column 2"),
    ("x,y\n1,2\n,3\n4,5\n6,7\n", "table.csv: line 3, column 1 (x)"),
    ("x,y\n1,2\nnan,3\n4,5\n6,7\n", "table.csv: line 3, column 1 (x)"),
    ("x,y\n1,2\nred,3\n4,5\n6,7\n", "'red'"),
  ])
  func `bad data is 65 and names the cell`(csv: String, part: String) throws {
    try Program.inFolder(["table.csv": csv, "mine.yaml": Self.table]) { folder in
      let result = try Program.run(["run", folder.appendingPathComponent("mine.yaml").path])
      #expect(result.status == 65)
      #expect(result.errors.contains(part), "\(result.errors)")
    }
  }

  @Test func `a missing table is 66`() throws {
    try Program.inFolder(["mine.yaml": Self.table]) { folder in
      let result = try Program.run(["run", folder.appendingPathComponent("mine.yaml").path])
      #expect(result.status == 66)
    }
  }

  @Test func `a run that diverges is 3, and its log says so`() throws {
    let result = try Program.run(
      ["run", "simple", "--steps", "500", "--set", "optimizer.learning_rate=1e20"])
    #expect(result.status == 3)
    #expect(result.output.contains("\"reason\":\"diverged\""))
  }

  @Test func `an existing log is kept unless it may be overwritten`() throws {
    try Program.inFolder(["old.jsonl": "precious\n"]) { folder in
      let log = folder.appendingPathComponent("old.jsonl").path
      let refused = try Program.run(["run", "simple", "--steps", "5", "--log", log])
      let kept = try String(contentsOfFile: log, encoding: .utf8)
      #expect(refused.status == 74 && kept == "precious\n")
      let result = try Program.run(["run", "simple", "--steps", "5", "--log", log, "--overwrite"])
      #expect(result.status == 0)
      let text = try String(contentsOfFile: log, encoding: .utf8)
      #expect(text == result.output)
    }
  }

  @Test func `a reader that goes away ends the run quietly`() throws {
    let terminal = try PseudoTerminal(
      "/bin/bash",
      [
        "-c", "\"$0\" run digits | head -n 1 | cut -c 1-16; echo status ${PIPESTATUS[0]}",
        try builtProgram(),
      ])
    #expect(terminal.waitForEnd() == .exited(0))
    #expect(terminal.screen.text.contains("{\"type\":\"header\""))
    #expect(terminal.screen.text.contains("status 0"))
  }

  @Test func `a log that fails does not cost the weights`() throws {
    try Program.inFolder([:]) { folder in
      let path = folder.appendingPathComponent("end.safetensors").path
      let result = try Program.run(
        ["run", "simple", "--steps", "50", "--log", "/dev/full", "--save", path])
      #expect(result.status == 74)
      #expect(FileManager.default.fileExists(atPath: path))
    }
  }

  @Test func `help and version are not errors`() throws {
    let help = try Program.run(["run", "--help"])
    #expect(help.status == 0 && help.output.contains("--max-norm"))
    #expect(try Program.run(["--version"]).output.hasPrefix("0.1.0\n"))
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
  func `a signal ends a headless run with a complete log`(signal: Int32, status: Int32) throws {
    try Program.inFolder { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      let terminal = try Program.open([
        "run", "digits", "--headless", "--pace", "100", "--log", log,
      ])
      #expect(terminal.waitUntil("\"type\":\"step\""))
      terminal.signal(signal)
      #expect(terminal.waitForEnd() == .exited(status))
      let text = try String(contentsOfFile: log, encoding: .utf8)
      #expect(text.hasSuffix("}\n") && text.contains("\"reason\":\"interrupted\""))
    }
  }
}
