// `maxnorm replay` as a user has it: keys, a log that grows, a pipe.
import Foundation
import Testing

@Suite(.serialized) struct ReplayRunTests {
  private func record(_ steps: Int, in folder: URL) throws -> [String.SubSequence] {
    let log = folder.appendingPathComponent("whole.jsonl").path
    let recorded = try Program.run(
      ["run", "temperature", "--steps", "\(steps)", "--log", log])
    #expect(recorded.status == 0)
    return try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
  }

  private func text(_ lines: some Sequence<Substring>) -> Data {
    Data((lines.joined(separator: "\n") + "\n").utf8)
  }

  @Test func `keys lead through a log and out of it`() throws {
    try Program.inFolder { folder in
      _ = try record(400, in: folder)
      let terminal = try Program.open(
        ["replay", "whole.jsonl", "--speed", "0.00001"], in: folder)
      #expect(terminal.waitUntil("▶ replay") && terminal.waitUntil(", at "))
      terminal.send(" E")
      #expect(terminal.waitUntil("finished") && terminal.waitUntil("at 100 %"))
      terminal.send("<")
      #expect(terminal.waitUntil("back by 5 %") && terminal.waitUntil("at 9"))
      terminal.send(" ")
      #expect(terminal.waitUntil("replay paused"))
      terminal.send("r")
      #expect(terminal.waitUntil("from the beginning") && terminal.waitUntil("- examples/s"))
      terminal.send("n")
      #expect(terminal.waitUntil { !$0.text.contains("- examples/s") })
      terminal.send("q")
      #expect(terminal.waitForEnd() == .exited(0) && terminal.leftBehind == [])
    }
  }

  @Test func `a log that is not there yet is waited for, and followed to its end`() throws {
    try Program.inFolder { folder in
      let lines = try record(400, in: folder)
      let terminal = try Program.open(["replay", "live.jsonl", "--follow"], in: folder)
      #expect(terminal.waitUntil("waiting for the first record of live.jsonl"))
      let log = folder.appendingPathComponent("live.jsonl")
      try text(lines.prefix(20)).write(to: log)
      #expect(terminal.waitUntil("following") && terminal.waitUntil("epoch"))
      let file = try FileHandle(forWritingTo: log)
      try file.seekToEnd()
      try file.write(contentsOf: text(lines.dropFirst(20)))
      #expect(terminal.waitUntil("finished"))
      // A run that starts again in the same file.
      try text(lines.prefix(9)).write(to: log)
      #expect(terminal.waitUntil("the log is another one now"))
      terminal.send("q")
      #expect(terminal.waitForEnd() == .exited(0) && terminal.leftBehind == [])
    }
  }

  @Test func `records come through a pipe and keys from the terminal`() throws {
    try Program.inFolder { folder in
      let lines = try record(400, in: folder)
      try text(lines.prefix(30)).write(to: folder.appendingPathComponent("a.jsonl"))
      try text(lines.dropFirst(30)).write(to: folder.appendingPathComponent("b.jsonl"))
      let program = try builtProgram()
      let command =
        "{ cat a.jsonl; while [ ! -e go ]; do sleep 0.1; done; cat b.jsonl; } | \(program) replay -"
      let terminal = try PseudoTerminal(
        "/bin/sh", ["-c", command], environment: PseudoTerminal.environment(), columns: 120,
        rows: 36, folder: folder.path)
      #expect(terminal.waitUntil("following"))
      terminal.send("<")
      #expect(terminal.waitUntil("records that come through a pipe can neither go back"))
      terminal.send(" ")
      #expect(terminal.waitUntil("replay paused"))
      try Data().write(to: folder.appendingPathComponent("go"))
      terminal.send(" ")
      #expect(terminal.waitUntil("finished"))
      terminal.send("q")
      #expect(terminal.waitForEnd() == .exited(0) && terminal.leftBehind == [])
      #expect(terminal.screen.text.contains("finished at step 400"))
    }
  }

  @Test func `a pipe is shown in sentences to its end, without keys`() throws {
    try Program.inFolder { folder in
      _ = try record(200, in: folder)
      let program = try builtProgram()
      let terminal = try PseudoTerminal(
        "/bin/sh", ["-c", "cat whole.jsonl | \(program) replay - --plain"],
        environment: PseudoTerminal.environment(), columns: 120, rows: 36, folder: folder.path)
      #expect(terminal.waitForEnd() == .exited(0))
      #expect(terminal.screen.text.contains("Step 200: finished"))
      #expect(!terminal.screen.text.contains("Type ?"))
    }
  }

  @Test func `a pipe's input that is not a log is an error with its line`() throws {
    try Program.inFolder(["half.jsonl": "epoch 1, loss 0.5\n"]) { folder in
      let program = try builtProgram()
      let terminal = try PseudoTerminal(
        "/bin/sh", ["-c", "cat half.jsonl | \(program) replay -"],
        environment: PseudoTerminal.environment(), columns: 120, rows: 36, folder: folder.path)
      #expect(terminal.waitForEnd() == .exited(65) && terminal.leftBehind == [])
      #expect(
        terminal.screen.text.contains(
          "standard input: line 1: expected a record, found other text"))
    }
  }

  @Test func `without a terminal for its keys a replay of a pipe is refused`() throws {
    try Program.inFolder { folder in
      _ = try record(100, in: folder)
      let program = try builtProgram()
      // Another session has no terminal to control it, but may still write on one.
      let command = "cat whole.jsonl | setsid -w \(program) replay -; echo status $?"
      let terminal = try PseudoTerminal(
        "/bin/sh", ["-c", command], environment: PseudoTerminal.environment(), columns: 120,
        rows: 36, folder: folder.path)
      #expect(terminal.waitUntil("status 64"))
      #expect(terminal.screen.text.contains("no screen: /dev/tty"))
      let typed = try Program.open(["replay", "-"], in: folder)
      #expect(typed.waitForEnd() == .exited(64))
      #expect(typed.screen.text.replacing("\n", with: "").contains("tail -n +1"))
    }
  }
}
