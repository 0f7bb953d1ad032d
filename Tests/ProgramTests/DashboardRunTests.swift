// The program in a terminal: keys, sizes, signals, and a terminal that is restored.
import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct DashboardRunTests {
  @Test func `it trains at once, the constraint goes off and on, and q leaves`() throws {
    try Program.inFolder { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      let terminal = try Program.open(["run", "digits", "--log", log])
      #expect(terminal.waitUntil("training"))
      #expect(terminal.waitUntil("fc1"))
      terminal.send("c")
      #expect(terminal.waitUntil("constraint off"))
      #expect(terminal.waitUntil("observing"))
      terminal.send("c")
      #expect(terminal.waitUntil("constraint on"))
      terminal.resize(columns: 80, rows: 24)
      #expect(terminal.waitUntil { $0.text.contains("fc1") && $0.text.contains("loss") })
      terminal.send(" ")
      #expect(terminal.waitUntil("paused"))
      terminal.send("q")
      terminal.send("q")
      #expect(terminal.waitForEnd() == .exited(0))
      #expect(terminal.leftBehind == [])
      #expect(terminal.screen.text.contains("stopped at step"))
      let events = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
        .filter { $0.contains("\"type\":\"event\"") }
      #expect(events.count == 4, "\(events)")
      #expect(events[0].contains("\"from\":true,\"value\":false"))
      #expect(events[1].contains("\"from\":false,\"value\":true,\"clipped\":"))
      #expect(events[3].contains("\"action\":\"stop\""))
    }
  }

  @Test func `a large screen shows what the program takes, and the user's keys work`() throws {
    try Program.inFolder { folder in
      let configuration = folder.appendingPathComponent("maxnorm")
      try FileManager.default.createDirectory(at: configuration, withIntermediateDirectories: true)
      try "keys: {constraint: C, quit: [Q, q]}".write(
        to: configuration.appendingPathComponent("config.yaml"), atomically: true, encoding: .utf8)
      let terminal = try Program.open(
        ["run", "digits"], environment: ["XDG_CONFIG_HOME": folder.path])
      terminal.resize(columns: 200, rows: 50)
      #expect(terminal.waitUntil("C constraint"))
      terminal.send("C")
      #expect(terminal.waitUntil("constraint off"))
      #expect(terminal.waitUntil { $0.text.contains(/cpu +\d+ %  memory \d+ MB/) })
      terminal.send("QQ")
      #expect(terminal.waitForEnd() == .exited(0))
    }
  }

  @Test func `an interactive run can be had again headless, record for record`() throws {
    try Program.inFolder { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      let terminal = try Program.open(
        ["run", "digits", "--steps", "400", "--log", log, "--log-every", "7", "--pace", "2"])
      #expect(terminal.waitUntil("fc1"))
      // So slowly that nothing is over before the last key; then as fast as it goes.
      for (key, answer) in [
        ("c", "constraint off"), ("-", "r 0."), (">", "learning rate 0."), (" ", "paused"),
        ("n", "step"), ("n", "step"), (" ", "going on"), ("c", "constraint on"), ("u", "undone"),
      ] {
        terminal.send(key)
        #expect(terminal.waitUntil(answer), "\(key)")
      }
      terminal.send("f")
      #expect(terminal.waitUntil("finished"))
      terminal.send("q")
      #expect(terminal.waitForEnd() == .exited(0))
      let again = try Program.run([
        "run", "digits", "--steps", "400", "--log-every", "7", "--events", log,
      ])
      let first = timeless(try String(contentsOfFile: log, encoding: .utf8))
      #expect(first == timeless(again.output))
      #expect(first.filter { $0.contains("\"type\":\"event\"") }.count >= 5)
    }
  }

  /// The lines of a log behind its header, which holds the pace, without pauses and times.
  private func timeless(_ log: String) -> [String] {
    LogText.comparable(log).dropFirst().filter {
      !$0.contains("\"action\":\"pause\"") && !$0.contains("\"action\":\"resume\"")
    }
  }

  @Test func `it stays open when the run ends, and one q leaves`() throws {
    let terminal = try Program.open(["run", "simple", "--steps", "20", "--pace", "0"])
    #expect(terminal.waitUntil("finished"))
    terminal.send("?")
    #expect(terminal.waitUntil("In focus"))
    terminal.send("q")
    #expect(terminal.waitUntil { !$0.text.contains("In focus") } && terminal.end == nil)
    terminal.send("q")
    #expect(terminal.waitForEnd() == .exited(0))
    #expect(terminal.leftBehind == [])
    #expect(terminal.screen.text.contains("finished at step 20 of 20"))
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
  func `a signal hands the terminal back and completes the log`(signal: Int32, status: Int32) throws
  {
    try Program.inFolder { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      let terminal = try Program.open(["run", "digits", "--log", log])
      #expect(terminal.waitUntil("fc1"))
      terminal.signal(signal)
      #expect(terminal.waitForEnd() == .exited(status))
      #expect(terminal.leftBehind == [])
      let text = try String(contentsOfFile: log, encoding: .utf8)
      #expect(text.contains("\"reason\":\"interrupted\""))
    }
  }

  @Test func `ctrl-c ends it as SIGINT does`() throws {
    let terminal = try Program.open(["run", "digits"])
    #expect(terminal.waitUntil("fc1"))
    // Else the system throws away what is on its way to the screen, such as the end of its colours.
    #expect(terminal.modes.local & tcflag_t(NOFLSH) != 0)
    terminal.send("\u{03}")
    #expect(terminal.waitForEnd() == .exited(130))
    #expect(terminal.leftBehind == [])
  }

  @Test func `a crash hands the terminal back and leaves a log of whole lines`() throws {
    try Program.inFolder { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      let terminal = try Program.open(["run", "digits", "--log", log])
      #expect(terminal.waitUntil("fc1"))
      // The log comes in pieces.
      #expect(terminal.waitUntil { _ in Program.text(log).contains("\"type\":\"step\"") })
      terminal.signal(SIGILL)
      #expect(terminal.waitForEnd() == .killed(signal: SIGILL))
      #expect(terminal.leftBehind == [])
      let text = try String(contentsOfFile: log, encoding: .utf8)
      #expect(text.hasSuffix("}\n") && text.contains("\"type\":\"step\""))
    }
  }

  @Test func `too small a terminal says so, and q works`() throws {
    let terminal = try Program.open(["run", "digits"], columns: 30, rows: 6)
    #expect(terminal.waitUntil("30x6"))
    // Help would open unseen; q must not close it instead of quitting.
    terminal.send("?")
    terminal.send("q")
    terminal.send("q")
    #expect(terminal.waitForEnd() == .exited(0))
    #expect(terminal.leftBehind == [])
  }

  @Test func `a storm of sizes does no harm`() throws {
    let terminal = try Program.open(["run", "digits", "--pace", "0", "--epochs", "100000"])
    #expect(terminal.waitUntil("fc1"))
    for (columns, rows) in [(200, 60), (1, 1), (80, 24), (40, 5), (300, 90), (5, 40), (120, 36)] {
      terminal.resize(columns: columns, rows: rows)
      terminal.read()
    }
    #expect(terminal.waitUntil { $0.text.contains("fc1") && $0.text.contains("loss") })
    terminal.send("qq")
    #expect(terminal.waitForEnd() == .exited(0))
    #expect(terminal.leftBehind == [])
  }

  @Test func `every key before the first record and after the end is survived`() throws {
    let keys = "cnfryswtahjkl+-=<>,.u?12345[]{}\t\r\u{1B}"
    for isOver in [false, true] {
      let terminal = try Program.open(["run", "simple", "--steps", "10"])
      if isOver { #expect(terminal.waitUntil("finished")) }
      terminal.send(keys)
      #expect(terminal.leave() == .exited(0))
      #expect(terminal.leftBehind == [])
    }
  }

  @Test func `without UTF-8 everything is ASCII`() throws {
    let terminal = try Program.open(["run", "digits"], locale: "C")
    #expect(terminal.waitUntil("fc1") && terminal.waitUntil("best accuracy"))
    #expect(terminal.screen.text.utf8.allSatisfy { $0 < 0x80 })
    terminal.send("qq")
    #expect(terminal.waitForEnd() == .exited(0))
  }

  @Test func `NO_COLOR shows no colour`() throws {
    let terminal = try Program.open(["run", "digits"], environment: ["NO_COLOR": "1"])
    #expect(terminal.waitUntil("fc1") && terminal.waitUntil("best accuracy"))
    #expect(!terminal.screen.hasSeenColor)
    terminal.send("qq")
    #expect(terminal.waitForEnd() == .exited(0))
  }

  @Test func `an unknown terminal is an error that says what to do`() throws {
    let terminal = try Program.open(["run", "digits"], term: "no-such-terminal")
    #expect(terminal.waitForEnd() == .exited(64))
    #expect(terminal.screen.text.replacing("\n", with: "").contains("--headless"))
    #expect(terminal.leftBehind == [])
  }

  @Test func `a dumb terminal gets records`() throws {
    let terminal = try Program.open(["run", "simple", "--steps", "5"], term: "dumb", columns: 400)
    #expect(terminal.waitForEnd() == .exited(0))
    #expect(terminal.screen.text.contains("\"type\":\"end\""))
  }

  @Test func `a log that fails is shown, training continues, and the exit status says so`() throws {
    let terminal = try Program.open(["run", "simple", "--pace", "0", "--log", "/dev/full"])
    #expect(terminal.waitUntil("No space left"))
    #expect(terminal.waitUntil("finished"))
    terminal.send("q")
    #expect(terminal.waitForEnd() == .exited(74))
    #expect(terminal.leftBehind == [])
  }

  @Test func `data that is missing ends the dashboard with its error`() throws {
    try Program.inFolder(["mine.yaml": HeadlessTests.table]) { folder in
      let terminal = try Program.open(["run", folder.appendingPathComponent("mine.yaml").path])
      #expect(terminal.waitForEnd() == .exited(66))
      #expect(terminal.leftBehind == [])
      #expect(terminal.screen.text.replacing("\n", with: "").contains("table.csv"))
    }
  }

  @Test func `a recorded run shows on the same screen, and again after suspension`() throws {
    try Program.inFolder { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      let recorded = try Program.run(["run", "temperature", "--steps", "500", "--log", log])
      #expect(recorded.status == 0)
      let terminal = try Program.open(["replay", log])
      #expect(terminal.waitUntil("finished"))
      #expect(terminal.waitUntil("hot or cold"))
      terminal.send("c")
      #expect(terminal.waitUntil("replay"))
      terminal.send("q")
      #expect(terminal.waitForEnd() == .exited(0))
      #expect(terminal.leftBehind == [])
    }
  }
}
