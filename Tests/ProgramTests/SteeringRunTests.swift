// Headless runs that are steered, watched, and found, by the built program.
import Foundation
import TestSupport
import Testing

@testable import maxnorm

@Suite(.serialized) struct SteeringRunTests {
  private let settings = ["run", "digits", "--headless", "--epochs", "100000", "--pace", "200"]

  /// Calls `body` with a run that listens beside `run.jsonl`, and ends it.
  private func withRun(
    _ more: [String] = [], _ body: (URL, Process) throws -> Void
  ) throws {
    try Program.inFolder { folder in
      let run = try Program.start(settings + ["--log", "run.jsonl"] + more, in: folder)
      defer {
        if run.isRunning { kill(run.processIdentifier, SIGKILL) }
        run.waitUntilExit()
      }
      let log = folder.appendingPathComponent("run.jsonl").path
      #expect(Program.waitUntil { Program.text(log).contains("\"type\":\"step\"") })
      try body(folder, run)
    }
  }

  private func tell(_ folder: URL, _ words: String...) throws -> ProgramResult {
    try Program.run(
      ["tell", folder.appendingPathComponent("run.jsonl").path] + words + ["--wait", "60"])
  }

  @Test func `a run is steered by a line in a file or by tell, and the status says how that went`()
    throws
  {
    try withRun { folder, run in
      let log = folder.appendingPathComponent("run.jsonl").path
      let off = try tell(folder, "constraint", "off")
      #expect(off.status == 0 && off.output.hasSuffix("constraint off (observing)\n"))
      let again = try tell(folder, "constraint", "off")
      #expect(again.status == 0 && again.output.hasPrefix("unchanged: "))
      let undone = try tell(folder, "undo")
      #expect(undone.status == 0 && undone.output.contains("undone: constraint on"))
      // The answer names the ceiling as it is by then, not as the run began.
      #expect(try tell(folder, "max_norm", "0.3").output.hasSuffix("brought back to 0.30\n"))
      #expect(try tell(folder, "constraint", "off").status == 0)
      let count = Program.text(log).components(separatedBy: "\"type\":\"step\"").count
      #expect(
        Program.waitUntil {
          Program.text(log).components(separatedBy: "\"type\":\"step\"").count > count
        })
      let on = try tell(folder, "constraint", "on")
      #expect(on.output.hasSuffix("brought back to 0.30\n"), "\(on.output)")
      let refused = try tell(folder, "max_norm", "2", "--layer", "nobody")
      #expect(refused.status == 1 && refused.errors.contains("refused: max_norm: expected a layer"))
      let wrong = try tell(folder, "momentum", "1.5")
      #expect(wrong.status == 64 && wrong.errors.contains("expected a number from 0 to below 1"))
      let line = "{\"id\":\"script.1\",\"action\":\"pause\"}\n"
      let commands = try FileHandle(
        forWritingTo: folder.appendingPathComponent("run.jsonl.commands"))
      try commands.seekToEnd()
      try commands.write(contentsOf: Data(line.utf8))
      #expect(Program.waitUntil { Program.text(log).contains("\"id\":\"script.1\"") })
      #expect(try tell(folder, "step").output.hasSuffix(": one step\n"))
      #expect(try tell(folder, "stop").status == 0)
      run.waitUntilExit()
      #expect(run.terminationStatus == 0)
      #expect(access(log + ".commands", F_OK) != 0)
      let gone = try tell(folder, "pause")
      #expect(gone.status == 66 && gone.errors.contains("expected a run that listens, found none"))
      // The commands repeat.
      let repeated = try Program.run(
        ["run", "digits", "--headless", "--epochs", "100000", "--events", log])
      func lines(_ text: String) -> [String] {
        LogText.comparable(text).dropFirst().filter {
          !$0.contains("\"action\":\"pause\"") && !$0.contains("\"action\":\"step\"")
        }
      }
      #expect(lines(repeated.output) == lines(Program.text(log)))
    }
  }

  @Test func `--no-steer and runs that are compared do not listen`() throws {
    try withRun(["--no-steer", "--no-origin"]) { folder, run in
      let log = folder.appendingPathComponent("run.jsonl").path
      #expect(access(log + ".commands", F_OK) != 0)
      let told = try tell(folder, "pause")
      #expect(told.status == 66)
      let header = Program.text(log).prefix { $0 != "\n" }
      #expect(header.contains("\"origin\":{\"run_id\":\"") && !header.contains("\"pid\""))
      #expect(header.hasSuffix("\"framework\":\"maxnorm\"}}"))
    }
    let plan = try Program.run(["compare", "digits", "--seeds", "1", "--plan"])
    let commands = plan.output.split(separator: "\n").filter { $0.contains(" run ") }
    #expect(!commands.isEmpty && commands.allSatisfy { $0.contains("--no-steer") })
  }

  @Test func `another user's file keeps a run from listening, and the run continues`() throws {
    try Program.inFolder(["other": "mine\n"]) { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      #expect(symlink(folder.appendingPathComponent("other").path, log + ".commands") == 0)
      let result = try Program.run(
        ["run", "digits", "--headless", "--steps", "20", "--log", log])
      #expect(result.status == 0)
      #expect(result.errors.contains("steering: \(log).commands: expected"))
      #expect(Program.text(folder.appendingPathComponent("other").path) == "mine\n")
    }
  }

  @Test func `live runs are in the user's folder, and those that are gone are not`() throws {
    try Program.inFolder { state in
      try Program.inFolder { folder in
        let registry = RunRegistry(folder: state.path + "/runs")
        let log = folder.appendingPathComponent("run.jsonl").path
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try builtProgram())
        process.arguments = settings + ["--log", log]
        process.environment = PseudoTerminal.environment(["MAXNORM_STATE": state.path])
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        #expect(Program.waitUntil { registry.entries().first?.state == .live })
        let entry = try #require(registry.entries().first)
        #expect(entry.name == "digits" && entry.log == log && entry.exitStatus == nil)
        #expect(entry.pid == Int(process.processIdentifier))
        var status = stat()
        #expect(stat(registry.folder, &status) == 0 && status.st_mode & 0o777 == 0o700)
        #expect(
          stat("\(registry.folder)/\(entry.runID).json", &status) == 0
            && status.st_mode & 0o777 == 0o600)
        let environment = ["MAXNORM_STATE": state.path]
        let list = try Program.run(["attach"], environment: environment)
        #expect(list.status == 0 && list.output.hasPrefix("\(entry.runID)  digits  for "))
        let told = try Program.run(
          ["tell", String(entry.runID.prefix(6)), "stop", "--wait", "60"], environment: environment)
        #expect(told.status == 0, "\(told.errors)")
        process.waitUntilExit()
        #expect(registry.entries().first?.state == .gone(0))
        #expect(try Program.run(["attach"], environment: environment).output == "no live run\n")
        // A killed run, one of another host, and an invalid entry.
        func write(_ entry: RunEntry, as name: String? = nil) throws {
          let data = try JSONEncoder().encode(entry)
          try data.write(
            to: URL(fileURLWithPath: "\(registry.folder)/\(name ?? entry.runID).json"))
        }
        var killed = entry
        (killed.runID, killed.exitStatus, killed.processStart) = ("killed", nil, 1)
        try write(killed)
        var elsewhere = killed
        (elsewhere.runID, elsewhere.host) = ("elsewhere", "another-host")
        try write(elsewhere)
        try write(elsewhere, as: "liar")
        try Data("garbage".utf8).write(to: URL(fileURLWithPath: registry.folder + "/bad.json"))
        #expect(Set(registry.entries().map(\.runID)) == [entry.runID, "elsewhere"])
        #expect(access(registry.folder + "/killed.json", F_OK) != 0)
        let shown = try Program.run(["attach"], environment: environment).output
        #expect(shown.contains("on another-host") && shown.split(separator: "\n").count == 1)
      }
    }
  }

  @Test func `attach shows a run, acts on it, and leaves it running`() throws {
    try withRun { folder, run in
      let log = folder.appendingPathComponent("run.jsonl").path
      let terminal = try Program.open(["attach", log])
      #expect(terminal.waitUntil("training"))
      terminal.send("c")
      #expect(terminal.waitUntil("constraint off"))
      #expect(Program.waitUntil { Program.text(log).contains("\"action\":\"constraint\"") })
      #expect(Program.waitUntil { access(log + ".norms", F_OK) == 0 })
      // Somebody else's change is seen here.
      #expect(try tell(folder, "learning_rate", "0.5").status == 0)
      #expect(terminal.waitUntil("learning rate 0.5"))
      terminal.send(" ")
      #expect(terminal.waitUntil("paused"))
      terminal.send("q")
      #expect(terminal.waitUntil("The run is paused"))
      terminal.send("n")
      terminal.send(" ")
      // The key is answered by the run itself: until then it is paused, and leaving asks.
      #expect(terminal.waitUntil("● training"))
      terminal.send("q")
      #expect(terminal.waitForEnd() == .exited(0))
      #expect(run.isRunning)
      let ending = try Program.open(["attach", log])
      #expect(ending.waitUntil("training"))
      ending.send("Q")
      #expect(ending.waitUntil("End the run?"))
      ending.send("y")
      #expect(ending.waitUntil("stopped"))
      run.waitUntilExit()
      #expect(run.terminationStatus == 0)
      ending.send("q")
      #expect(ending.waitForEnd() == .exited(0))
    }
  }

  @Test func `a run that was killed looks dead`() throws {
    try withRun { folder, run in
      let terminal = try Program.open(["attach", folder.appendingPathComponent("run.jsonl").path])
      #expect(terminal.waitUntil("training"))
      kill(run.processIdentifier, SIGKILL)
      run.waitUntilExit()
      #expect(terminal.waitUntil("process gone"))
      terminal.send("q")
      #expect(terminal.waitForEnd() == .exited(0))
    }
  }

  @Test func `a detached run has its own log and session, and ignores a hang-up`() throws {
    try Program.inFolder { folder in
      let process = try Program.start(
        ["run", "digits", "--detach", "--epochs", "100000", "--pace", "200"], in: folder)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      let log = folder.appendingPathComponent("digits.jsonl").path
      let match = Program.text(log).firstMatch(of: /"pid":([0-9]+)/)
      let pid = try #require(match.flatMap { pid_t($0.1) })
      defer { kill(pid, SIGKILL) }
      #expect(getsid(pid) == pid && kill(pid, SIGHUP) == 0)
      let told = try Program.run(["tell", log, "stop", "--wait", "60"])
      #expect(told.status == 0, "\(told.errors)")
      #expect(Program.waitUntil { Program.text(log).contains("\"reason\":\"stopped\"") })
      let refused = try Program.run(["run", "digits", "--detach", "--log", log])
      #expect(refused.status == 74 && refused.errors.contains("expected a new file"))
      let unknown = try Program.run(["run", "nonsense", "--detach"])
      #expect(unknown.status == 64)
    }
  }
}
