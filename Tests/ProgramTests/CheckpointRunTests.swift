// Runs that are killed, stopped, out of room or resumed, as a person or a batch system does it.
import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct CheckpointRunTests {
  /// The lines of a log behind its header, which holds the pace, without times and checkpoints.
  private func timeless(_ log: String) -> [String] {
    LogText.comparable(log).dropFirst().filter { !$0.contains("\"action\":\"checkpoint\"") }
  }

  private func names(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test func `killed again and again, a run gives the log of one that was not`() throws {
    let settings = ["run", "digits", "--headless", "--steps", "700", "--log-every", "7"]
    let whole = try Program.run(settings)
    try Program.inFolder { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      let checkpoint = folder.appendingPathComponent("run.safetensors").path
      func arguments(_ pace: String, every: String) -> [String] {
        let isThere = FileManager.default.fileExists(atPath: checkpoint)
        return settings + [
          "--log", log, "--overwrite", "--checkpoint", checkpoint, "--checkpoint-every", every,
          "--pace", pace,
        ] + (isThere ? ["--resume", checkpoint] : [])
      }
      // Each checkpoint is another file.
      func mark() -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: checkpoint)
        return attributes?[.systemFileNumber] as? Int
      }
      for round in 0..<25 {
        var last = mark()
        let process = try Program.start(arguments("500", every: "3"), in: folder)
        // After a few checkpoints, anywhere in what follows.
        for _ in 0...round % 4 {
          #expect(Program.waitUntil { mark() != last || !process.isRunning })
          last = mark()
        }
        usleep(useconds_t(round * 37 % 100 * 100))
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        guard let text = try? String(contentsOfFile: log, encoding: .utf8) else { continue }
        // Whole lines, but perhaps the last.
        let isWhole = text.split(separator: "\n").dropLast().allSatisfy {
          $0.hasPrefix("{\"type\":\"") && $0.hasSuffix("}")
        }
        #expect(isWhole)
      }
      #expect(try names(in: folder).contains("run.safetensors"))
      let last = try Program.run(arguments("0", every: "200"))
      #expect(last.status == 0, "\(last.errors)")
      let resumed = timeless(try String(contentsOfFile: log, encoding: .utf8))
      #expect(resumed == timeless(whole.output))
      // What was being written when the program was killed is gone too.
      #expect(try names(in: folder) == ["run.jsonl", "run.safetensors"])
    }
  }

  @Test(arguments: [(SIGTERM, 143), (SIGINT, 130)] as [(Int32, Int32)])
  func `a signal leaves a checkpoint that can be resumed`(signal: Int32, status: Int32) throws {
    let settings = ["run", "digits", "--headless", "--steps", "600", "--log-every", "7"]
    let whole = try Program.run(settings)
    try Program.inFolder { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      let checkpoint = folder.appendingPathComponent("run.safetensors").path
      let terminal = try Program.open(
        settings + ["--pace", "10", "--log", log, "--checkpoint", checkpoint])
      #expect(terminal.waitUntil("\"type\":\"step\""))
      terminal.signal(signal)
      #expect(terminal.waitForEnd() == .exited(status))
      // The experiment and its settings stand in the checkpoint.
      let resumed = try Program.run(["run", "--resume", checkpoint, "--log", log])
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(resumed.errors.contains("cut off behind the checkpoint at step"))
      #expect(timeless(try String(contentsOfFile: log, encoding: .utf8)) == timeless(whole.output))
      #expect(resumed.recordTypes.prefix(2) == ["header", "event"])
    }
  }

  @Test func `a full disk leaves the old checkpoint, and nothing half-written`() throws {
    try Program.inFolder { folder in
      let checkpoint = folder.appendingPathComponent("run.safetensors")
      let first = try Program.run(
        ["run", "digits", "--steps", "20", "--checkpoint", checkpoint.path])
      #expect(first.status == 0)
      let kept = try Data(contentsOf: checkpoint)
      // No file may grow over 32 kB: less than a checkpoint, more than the output.
      for option in ["--checkpoint", "--save-best"] {
        let terminal = try PseudoTerminal(
          "/bin/bash",
          [
            "-c",
            "ulimit -f 32; \"$0\" run digits --headless --steps 60 --log-every 100 "
              + "\(option) \"$1\" 2>&1 >/dev/null | tail -1; echo status ${PIPESTATUS[0]}",
            try builtProgram(), checkpoint.path,
          ], columns: 200)
        #expect(terminal.waitForEnd() == .exited(0))
        #expect(terminal.screen.text.contains("status 74"), "\(terminal.screen.text)")
        #expect(terminal.screen.text.contains("File too large"), "\(terminal.screen.text)")
        #expect(try Data(contentsOf: checkpoint) == kept)
        #expect(try names(in: folder) == ["run.safetensors"])
      }
      let again = try Program.run(["run", "--resume", checkpoint.path, "--steps", "30"])
      #expect(again.status == 0 && again.output.contains("\"type\":\"end\",\"step\":30"))
    }
  }

  @Test func `W writes a checkpoint beside no other, and says where`() throws {
    try Program.inFolder(["digits.checkpoint.safetensors": "mine"]) { folder in
      let name = "digits.2.checkpoint.safetensors"
      func open(_ arguments: String) throws -> PseudoTerminal {
        try PseudoTerminal(
          "/bin/bash",
          ["-c", "cd \"$1\"; exec \"$0\" run \(arguments)", try builtProgram(), folder.path],
          environment: PseudoTerminal.environment(term: "xterm-256color", locale: "C.UTF-8", [:]),
          columns: 120, rows: 36)
      }
      let terminal = try open("digits --log run.jsonl")
      #expect(terminal.waitUntil("fc1"))
      terminal.send("c")
      #expect(terminal.waitUntil("constraint off"))
      terminal.send("W")
      #expect(terminal.waitUntil("in \(name)"))
      terminal.send("qq")
      #expect(terminal.waitForEnd() == .exited(0))
      #expect(
        try names(in: folder) == [name, "digits.checkpoint.safetensors", "run.jsonl"].sorted())

      // With its log the screen shows the run from its start, without it the changes.
      for arguments in ["--resume \(name) --log run.jsonl", "--resume \(name)"] {
        let resumed = try open(arguments)
        #expect(resumed.waitUntil("in \(name)"))
        #expect(resumed.waitUntil("constraint off"))
        resumed.send("qq")
        #expect(resumed.waitForEnd() == .exited(0))
      }
    }
  }

  @Test func `a checkpoint that fails shows on the screen, and the run continues`() throws {
    let terminal = try Program.open(
      ["run", "digits", "--checkpoint", "/dev/shm/maxnorm-\(UUID().uuidString)/x"])
    #expect(terminal.waitForEnd() == .exited(74))
    try Program.inFolder { folder in
      let inner = folder.appendingPathComponent("inner")
      try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
      let terminal = try Program.open(
        ["run", "digits", "--checkpoint", inner.path + "/x.safetensors"], columns: 200)
      #expect(terminal.waitUntil("fc1"))
      try FileManager.default.removeItem(at: inner)
      terminal.send("W")
      #expect(terminal.waitUntil("No such file"))
      terminal.send("c")
      #expect(terminal.waitUntil("constraint off"))
      terminal.send("qq")
      #expect(terminal.waitForEnd() == .exited(74))
    }
  }

  @Test(
    arguments: [
      (["--resume", "none.safetensors"], 66, "none.safetensors"),
      (["--resume", "/dev/null"], 66, "a pipe or device"),
      (["--checkpoint-every", "5"], 64, "--checkpoint"),
      (["--checkpoint", "x", "--checkpoint-every", "0"], 64, "at least 1"),
      (["--checkpoint", "x", "--save", "x"], 64, "a file for each"),
      (["--resume", "a", "--init", "b"], 64, "--init"),
      (["--resume", "a", "--events", "b"], 64, "--events"),
      (["--resume", "CHECKPOINT", "--max-norm", "3"], 64, "constraint.max_norm: expected 0.6"),
      (["--resume", "CHECKPOINT", "--steps", "4"], 64, "at least the 20 steps"),
      (["simple", "--resume", "CHECKPOINT"], 65, "another experiment"),
      (["--resume", "WEIGHTS"], 65, "weights alone"),
    ] as [([String], Int32, String)])
  func `what cannot be resumed is one line and its exit status`(
    arguments: [String], status: Int32, part: String
  ) throws {
    try Program.inFolder { folder in
      let checkpoint = folder.appendingPathComponent("run.safetensors").path
      let weights = folder.appendingPathComponent("end.safetensors").path
      _ = try Program.run(
        ["run", "digits", "--steps", "20", "--checkpoint", checkpoint, "--save", weights])
      let result = try Program.run(
        ["run"]
          + arguments.map {
            $0 == "CHECKPOINT" ? checkpoint : $0 == "WEIGHTS" ? weights : $0
          })
      #expect(result.status == status)
      let lines = result.errors.split(separator: "\n").filter { !$0.contains("unoptimized") }
      #expect(lines.count == 1 && result.errors.contains(part), "\(result.errors)")
    }
  }
}
