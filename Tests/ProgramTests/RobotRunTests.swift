// A robot user at the real program: keys, clicks, the wheel and sizes, for a while; at a run, at one that is
// attached, and at many of them.
import Basics
import Foundation
import Testing

@Suite(.serialized) struct RobotRunTests {
  /// No ctrl-c and no ctrl-z, which leave by design; `e` would fill the folder.
  private static let keys =
    "cc++--<>u  nfvxXaE,.ysw[]{}oit?/123456789hjklrRzpmMWq\t\r\u{1B}\u{7F}0.5é漢".map(String.init)
    + [
      "\u{1B}OA", "\u{1B}OB", "\u{1B}OC", "\u{1B}OD", "\u{1B}[5~", "\u{1B}[6~", "\u{1B}OH",
      "\u{1B}[Z",
    ]

  private func input(_ numbers: inout RandomSource) -> String {
    let column = Int.random(in: 1...120, using: &numbers)
    let row = Int.random(in: 1...36, using: &numbers)
    switch Int.random(in: 0..<12, using: &numbers) {
    case 0: return "\u{1B}[<0;\(column);\(row)M\u{1B}[<0;\(column);\(row)m"
    case 1: return "\u{1B}[<\(Bool.random(using: &numbers) ? 64 : 65);\(column);\(row)M"
    default: return Self.keys[.random(in: 0..<Self.keys.count, using: &numbers)]
    }
  }

  /// Sends inputs, opens the screen again where they have left it, and leaves it at last.
  private func rob(
    seed: UInt64, inputs: Int, _ open: () throws -> PseudoTerminal
  ) throws {
    var numbers = RandomSource(seed: seed)
    var terminal = try open()
    for index in 0..<inputs {
      if index % 25 == 24 {
        let isOdd = Int.random(in: 0..<4, using: &numbers) == 0
        terminal.resize(
          columns: .random(in: isOdd ? 1...300 : 60...130, using: &numbers),
          rows: .random(in: isOdd ? 1...90 : 16...40, using: &numbers))
      }
      terminal.send(input(&numbers))
      if index % 3 == 0 { terminal.read() }
      guard terminal.waitForEnd(within: .zero) == nil else {
        // It was left as it may be: two q, or q and y.
        #expect(terminal.end == .exited(0), "seed \(seed), input \(index)")
        #expect(terminal.leftBehind == [], "seed \(seed), input \(index)")
        terminal = try open()
        continue
      }
    }
    terminal.resize(columns: 120, rows: 36)
    #expect(terminal.leave() == .exited(0), "seed \(seed)\n\(terminal.screen.text)")
    #expect(terminal.leftBehind == [], "seed \(seed)")
    #expect(terminal.screen.suspicions == [], "seed \(seed)")
  }

  @Test(arguments: [7, 1913])
  func `fifteen hundred inputs, and q still leaves`(seed: UInt64) throws {
    try Program.inFolder { folder in
      try rob(seed: seed, inputs: 750) {
        let terminal = try Program.open(
          ["run", "digits", "--epochs", "100000", "--twin", "--pace", "400"], in: folder)
        #expect(terminal.waitUntil("fc1"), "seed \(seed)")
        return terminal
      }
    }
  }

  @Test func `many runs, their dashboards and the way back`() throws {
    let figures = (1...200).map {
      "{\"step\": \($0), \"train/loss\": \(2.0 / Double($0)), \"train/lr\": 0.1}\n"
    }.joined()
    try Program.inFolder(["a.jsonl": figures, "b/c.jsonl": figures]) { folder in
      let log = try Program.run(
        ["run", "simple", "--steps", "40", "--log", "own.jsonl", "--histograms"], in: folder)
      #expect(log.status == 0, "\(log.errors)")
      let environment = [
        "XDG_CACHE_HOME": folder.appendingPathComponent("cache").path,
        "XDG_STATE_HOME": folder.appendingPathComponent("state").path,
      ]
      try rob(seed: 5, inputs: 500) {
        let terminal = try Program.open(["runs"], environment: environment, in: folder)
        #expect(terminal.waitUntil("own"))
        return terminal
      }
    }
  }

  @Test func `a run of another process, which goes on`() throws {
    try Program.inFolder { folder in
      let run = try Program.start(
        [
          "run", "digits", "--headless", "--epochs", "10000000", "--pace", "200", "--log",
          "run.jsonl",
        ], in: folder)
      defer {
        if run.isRunning { kill(run.processIdentifier, SIGKILL) }
        run.waitUntilExit()
      }
      let log = folder.appendingPathComponent("run.jsonl").path
      #expect(Program.waitUntil { Program.text(log).contains("\"type\":\"step\"") })
      try rob(seed: 11, inputs: 500) {
        let terminal = try Program.open(["attach", log], in: folder)
        #expect(terminal.waitUntil("fc1"))
        return terminal
      }
      #expect(run.isRunning)
    }
  }
}
