// A command under `maxnorm watch`, with a small writer of records in a training's place; real frameworks
// are watched in Tests/PythonTests.
import Foundation
import Testing

@Suite struct WatchRunTests {
  /// Writes what a training would, where the watcher wants it.
  private static let writer = """
    import json, os, sys
    folder = os.environ["MAXNORM_WATCH"]
    options = json.load(open(os.path.join(folder, "watch.json")))
    with open(options["log"], "w") as log:
        for record in [
            {"type": "header", "name": "mine", "layers": [{"name": "fc1", "max_norm": options.get("max_norm")}]},
            {"type": "step", "step": 1, "loss": 0.5}, {"type": "end", "step": 1, "reason": "finished"},
        ]:
            log.write(json.dumps(record) + "\\n")
    print("words of its own", sys.argv[1:])
    sys.exit(7)
    """

  private func watch(
    _ options: [String] = [], _ command: [String], in folder: URL
  ) throws -> ProgramResult {
    try Program.run(
      ["watch", "--headless"] + options + ["--"] + command,
      environment: ["XDG_STATE_HOME": folder.appendingPathComponent("state").path], in: folder)
  }

  @Test func `a training's records and words stand in files, and its status is the command's`()
    throws
  {
    try Program.inFolder { folder in
      try Self.writer.write(
        to: folder.appendingPathComponent("train.py"), atomically: true, encoding: .utf8)
      let log = folder.appendingPathComponent("run.jsonl")
      let result = try watch(
        ["--max-norm", "2", "--log", log.path], ["python3", "train.py", "", "~/x", "--a=~/b"],
        in: folder)
      #expect(result.status == 7 && result.output.isEmpty, "\(result.errors)")
      let records = try String(contentsOf: log, encoding: .utf8)
      #expect(records.contains(#""max_norm": 2"#) && records.contains(#""type": "end""#))
      let words = try String(contentsOfFile: log.path + ".out", encoding: .utf8)
      // Words behind -- are the command's: nothing is expanded, nothing missing.
      #expect(words == "words of its own ['', '~/x', '--a=~/b']\n")
      #expect(result.errors.contains("its words go to \(log.path).out"))
      // Nothing of the watching is left.
      let left = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("state/maxnorm").path)
      #expect(left.isEmpty)
    }
  }

  @Test func `without a log its name is the script's and it is a new one`() throws {
    try Program.inFolder { folder in
      try Self.writer.write(
        to: folder.appendingPathComponent("train.py"), atomically: true, encoding: .utf8)
      for _ in 1...2 { #expect(try watch([], ["python3", "train.py"], in: folder).status == 7) }
      let names = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("maxnorm-runs").path)
      #expect(names.count == 4 && names.allSatisfy { $0.hasPrefix("train-2") }, "\(names)")
    }
  }

  @Test func `the screen has the command's console from its start, and then its run`() throws {
    let script = #"""
      import json, os, sys, time
      def wait_for(name):
          while not os.path.exists(name):
              time.sleep(0.01)
      print("\x1b[31mloading\x1b[0m " + "=" * 5000 + "\r\x1b[Kloaded\0 \x1b]0;title\x07it", end="")
      sys.stdout.flush()
      sys.stdout.buffer.write(b"\xff all\n")
      sys.stdout.flush()
      wait_for("go")
      options = json.load(open(os.path.join(os.environ["MAXNORM_WATCH"], "watch.json")))
      with open(options["log"], "w") as log:
          def record(**fields):
              log.write(json.dumps(fields) + "\n")
              log.flush()
          record(type="header", name="mine", layers=[{"name": "fc1", "max_norm": 2}])
          record(type="step", step=1, loss=0.5)
          print("begun", file=sys.stderr, flush=True)
          wait_for("end")
          record(type="end", step=1, reason="failed", error="ValueError: no more data")
      sys.exit(7)
      """#
    try Program.inFolder(["train.py": script]) { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      let terminal = try Program.open(
        ["watch", "--log", log, "--", "python3", "train.py"],
        environment: ["XDG_STATE_HOME": folder.path], in: folder)
      #expect(terminal.waitUntil("loaded it\u{FFFD} all"))
      #expect(terminal.screen.text.contains("starting"))
      #expect(!terminal.screen.text.contains("title") && !terminal.screen.text.contains("==="))
      try Data().write(to: folder.appendingPathComponent("go"))
      #expect(terminal.waitUntil { $0.text.contains("fc1") && $0.text.contains("begun") })
      // Attached to elsewhere, the console is there too.
      let viewer = try Program.open(
        ["attach", log], environment: ["XDG_STATE_HOME": folder.path], in: folder)
      #expect(viewer.waitUntil("loaded it\u{FFFD} all"))
      viewer.send("q")
      #expect(viewer.waitForEnd() == .exited(0))
      try Data().write(to: folder.appendingPathComponent("end"))
      #expect(terminal.waitUntil("failed  ValueError: no more data"))
      terminal.send("q")
      #expect(terminal.waitForEnd() == .exited(7))
      #expect(terminal.screen.text.contains("failed at step 1"))
      #expect(terminal.leftBehind == [])
    }
  }

  @Test func `the screen goes with a command that never trained, and says what it died of`() throws
  {
    let script = "raise ValueError('no data')"
    try Program.inFolder(["train.py": script]) { folder in
      let terminal = try Program.open(
        ["watch", "--log", "run.jsonl", "--", "python3", "train.py"],
        environment: ["XDG_STATE_HOME": folder.path], in: folder)
      #expect(terminal.waitForEnd() == .exited(1))
      #expect(terminal.screen.text.contains("ValueError: no data"))
      #expect(terminal.screen.text.contains("python3 ended without a training"))
      #expect(terminal.leftBehind == [])
    }
  }

  @Test func `a command that trains nothing is reported, with its status`() throws {
    try Program.inFolder { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      let result = try watch(["--log", log], ["sh", "-c", "echo hi; exit 3"], in: folder)
      #expect(result.status == 3)
      #expect(
        result.errors.contains(
          "sh ended without a training that could be watched: no Python has looked for it"))
      let dead = try watch(["--log", log + "2"], ["sh", "-c", "kill -TERM $$"], in: folder)
      #expect(dead.status == 143)
    }
  }

  @Test func `what the Python side could not find is reported once the command has ended`() throws {
    try Program.inFolder { folder in
      let told = """
        with open(os.path.join(folder, "states.jsonl"), "w") as states:
            for state in [{"state": "watching"}, {"state": "warning", "text": "recording stopped"}, {"state": "no_loss"}]:
                states.write(json.dumps(state) + "\\n")
        """
      try Self.writer.replacing("print(", with: told + "\nprint(", maxReplacements: 1).write(
        to: folder.appendingPathComponent("train.py"), atomically: true, encoding: .utf8)
      let result = try watch([], ["python3", "train.py"], in: folder)
      #expect(result.status == 7)
      #expect(
        result.errors.hasSuffix(
          "maxnorm: recording stopped\nmaxnorm: no loss was found: none of its losses is in the log\n"
        ), "\(result.errors)")
    }
  }

  @Test func `a signal is the command's, and so is the status`() throws {
    try Program.inFolder { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      let process = try Program.start(
        ["watch", "--headless", "--log", log, "--", "sh", "-c", "echo ready; exec sleep 600"],
        environment: ["XDG_STATE_HOME": folder.path], in: folder)
      #expect(Program.waitUntil { Program.text(log + ".out") == "ready\n" })
      process.terminate()
      process.waitUntilExit()
      #expect(process.terminationStatus == 143)
    }
  }

  @Test func `what cannot be started or written is one line`() throws {
    try Program.inFolder { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      let missing = try watch(["--log", log], ["no-such-command-here"], in: folder)
      #expect(missing.status == 66)
      #expect(
        missing.errors
          == "maxnorm: no-such-command-here: expected a command on PATH, found none\n")
      try "taken".write(toFile: log, atomically: true, encoding: .utf8)
      let taken = try watch(["--log", log], ["true"], in: folder)
      #expect(taken.status == 74 && taken.errors.contains("expected a new name, found a file"))
      // A folder that is missing is not taken for a command that is.
      let nowhere = folder.appendingPathComponent("none/run.jsonl").path
      let lost = try watch(["--log", nowhere], ["true"], in: folder)
      #expect(lost.status == 74, "\(lost.errors)")
      #expect(lost.errors.hasPrefix("maxnorm: \(nowhere).out: cannot write: No such file"))
      let other = folder.appendingPathComponent("other.jsonl").path
      try "words".write(toFile: other + ".out", atomically: true, encoding: .utf8)
      let kept = try watch(["--log", other], ["true"], in: folder)
      #expect(kept.status == 74 && kept.errors.contains("cannot write: File exists"))
      #expect(Program.text(other + ".out") == "words")
      #expect(try Program.run(["watch", "--headless"]).status == 64)
    }
  }
}
