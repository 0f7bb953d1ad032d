// What a terminal sends that nobody typed, and what is pasted, at the real program.
import Foundation
import Testing

@Suite(.serialized) struct InputRunTests {
  /// What tmux sends late (tmux#5540), and the likes of it.
  static let replies =
    "\u{1B}[?61;4;6;7;22;52c\u{1B}[>0;10;1c\u{1B}]10;rgb:cccc/cccc/cccc\u{1B}\\"
    + "\u{1B}P>|tmux 3.3a\u{1B}\\\u{1B}[?2026;2$y\u{1B}[?997;1n\u{1B}[48;36;120;720;1080t\u{1B}[I\u{1B}[O"
    + "\u{1B}]11;rgb:0000/0000/0000\u{07}\u{1B}[32;90;90M\u{1B}[24;80R\u{1B}c\u{1B}r\u{1B}\r"

  static let traceback = """
    Traceback (most recent call last):
      File "train.py", line 31, in <module>
        raise ValueError("r must be above 0, got y")
    ValueError: r must be above 0, got y

    """

  /// The actions in a log, in order.
  private func actions(_ log: URL) throws -> [String] {
    try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
      .filter { $0.contains("\"type\":\"event\"") }
      .compactMap { $0.firstMatch(of: /"action":"([a-z_]+)"/).map { String($0.output.1) } }
  }

  @Test func `a terminal's late answer, torn or not, is not a key`() throws {
    try Program.inFolder { folder in
      let log = folder.appendingPathComponent("run.jsonl")
      let terminal = try Program.open(["run", "digits", "--log", log.path])
      #expect(terminal.waitUntil("fc1"))
      terminal.send(Self.replies)
      // Torn and never ended: dropped. On a busy machine the first key behind it may be its end.
      terminal.send("\u{1B}[<")
      #expect(terminal.press("2", until: "▸²"))
      terminal.send("c")
      #expect(terminal.waitUntil("constraint off"))
      terminal.send("qq")
      #expect(terminal.waitForEnd() == .exited(0))
      #expect(try actions(log) == ["constraint", "stop"])
      #expect(terminal.leftBehind == [])
    }
  }

  @Test func `after a torn mouse report frames continue, and signals end the run`() throws {
    for (number, status) in [(SIGTERM, 143), (SIGINT, 130), (SIGHUP, 129)] as [(Int32, Int32)] {
      let terminal = try Program.open(["run", "digits"])
      #expect(terminal.waitUntil("fc1"))
      terminal.send("\u{1B}[<")
      let before = terminal.screen.text
      #expect(terminal.waitUntil { $0.text != before })
      terminal.send("\u{1B}[<")
      terminal.signal(number)
      #expect(terminal.waitForEnd() == .exited(status))
      #expect(terminal.leftBehind == [])
    }
  }

  @Test func `pastes are asked for, do nothing but say so, and are given back`() throws {
    try Program.inFolder { folder in
      let log = folder.appendingPathComponent("run.jsonl")
      let terminal = try Program.open(["run", "digits", "--log", log.path])
      #expect(terminal.waitUntil("fc1") && terminal.screen.marksPastes)
      terminal.send("\u{1B}[200~\(Self.traceback)\u{1B}[201~")
      #expect(terminal.waitUntil("a paste does nothing here"))
      terminal.send("/\u{1B}[200~fc\r2\u{1B}[201~")
      #expect(terminal.waitUntil("fc2") && terminal.waitUntil { !$0.text.contains("fc1") })
      terminal.send("\rc")
      #expect(terminal.waitUntil("constraint off"))
      terminal.send("q")
      #expect(terminal.waitUntil("Stop it and quit?"))
      terminal.send("y")
      #expect(terminal.waitForEnd() == .exited(0))
      #expect(try actions(log) == ["constraint", "stop"])
      #expect(terminal.leftBehind == [])
    }
  }

  @Test func `a text that is pasted without marks does not answer what it asks`() throws {
    try Program.inFolder { folder in
      let log = folder.appendingPathComponent("run.jsonl")
      let terminal = try Program.open(["run", "digits", "--log", log.path])
      #expect(terminal.waitUntil("fc1"))
      terminal.send("r\r")
      #expect(terminal.waitUntil("Start again from the same seed?"))
      terminal.send("n")
      #expect(terminal.waitUntil { !$0.text.contains("Start again") })
      terminal.send("qq")
      #expect(terminal.waitForEnd() == .exited(0))
      #expect(try actions(log) == ["stop"])
    }
  }

  @Test func `keys by their numbers and in other forms act as those keys`() throws {
    let terminal = try Program.open(["run", "digits"])
    #expect(terminal.waitUntil("fc1"))
    terminal.send("\u{1B}[99u")
    #expect(terminal.waitUntil("constraint off"))
    terminal.send("\u{1B}[27;1;99~\u{1B}[99;1:3u")
    #expect(terminal.waitUntil("constraint on"))
    terminal.send("\u{1B}[M !!\u{1B}[32;100;6M")
    #expect(terminal.waitUntil { $0.text.contains("▸¹loss") || $0.text.contains("▸²norms") })
    terminal.send("\u{1B}[99;5u")
    #expect(terminal.waitForEnd() == .exited(130))
    #expect(terminal.leftBehind == [])
  }

  @Test func `with input behind ctrl-z the run continues after fg`() throws {
    let script = "set -m; \"$0\" run digits --pace 100; read line; echo got it; fg; echo status $?"
    let terminal = try PseudoTerminal(
      "/bin/sh", ["-c", script, try builtProgram()], columns: 120, rows: 36)
    #expect(terminal.waitUntil("fc1"))
    let seen = terminal.screen.alternateScreenCount
    terminal.send("\u{1A}\r\n")
    // The shell reads the line, or the program did, which shows that in another one being waited for.
    #expect(terminal.waitUntil { !$0.isAlternateScreen || $0.alternateScreenCount > seen })
    if terminal.screen.alternateScreenCount == seen { terminal.send("\n") }
    #expect(terminal.waitUntil { $0.alternateScreenCount > seen && $0.marksPastes })
    terminal.send("c")
    #expect(terminal.waitUntil("constraint off"))
    // What came behind ctrl-z may have opened a page, which the first one closes.
    terminal.send("qqq")
    #expect(terminal.waitUntil("status 0"))
  }

  @Test func `in sentences, sequences within lines are not keys, and lines are answers in order`()
    throws
  {
    try Program.inFolder { folder in
      let log = folder.appendingPathComponent("run.jsonl")
      let lines = [
        Self.replies, Self.replies + "c", "\u{1B}[200~" + Self.traceback + "\u{1B}[201~", "ry", "n",
        "r", "\u{1B}[?62;22c", "y", "q", "y",
      ]
      try (lines.joined(separator: "\n") + "\n").write(
        to: folder.appendingPathComponent("keys"), atomically: true, encoding: .utf8)
      let terminal = try PseudoTerminal(
        "/bin/sh",
        [
          "-c", "{ read go; cat keys; } | \"$0\" run digits --plain --log run.jsonl",
          try builtProgram(),
        ],
        columns: 120, rows: 60, folder: folder.path)
      // Before there is a run nothing could answer.
      #expect(terminal.waitUntil("Digits, "))
      terminal.send("go\n")
      #expect(terminal.waitForEnd() == .exited(0))
      #expect(try actions(log) == ["constraint", "reset", "stop"], "\(terminal.screen.text)")
      #expect(terminal.screen.text.contains("A paste does nothing here."))
      #expect(terminal.screen.suspicions == [])
    }
  }
}
