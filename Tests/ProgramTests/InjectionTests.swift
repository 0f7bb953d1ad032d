// No text of a file or an argument reaches the terminal as a command.
import Foundation
import Testing

@Suite(.serialized) struct InjectionTests {
  /// Esc as an unambiguous sequence: a lone byte with a key close behind it would be read as alt.
  private static let escape = "\u{1B}[27u"

  /// Keys through panels, pages, help, a filter, and the view written to files; what each brings.
  private static let tour = [
    ("e", "the view is written"), ("2", "▸²"), ("\r", "clipped in total"), ("\t", "▸largest"),
    ("\t", "▸units by norm"), (escape, "▸²"), ("?", "▸help"), (escape, "▸²"),
    ("/", "filter layers by name"), ("x", "by name: x"), (escape, "q quit"), ("6", "▸⁶"),
    ("7", "▸⁷"),
    ("8", "▸⁸"),
  ]

  private func walk(_ terminal: PseudoTerminal, in folder: URL) throws {
    for (key, words) in Self.tour {
      terminal.send(key)
      #expect(terminal.waitUntil(words), "\(key)")
    }
    for (columns, rows) in [(200, 60), (80, 24)] {
      terminal.resize(columns: columns, rows: rows)
      // The footer is where the screen ends now.
      #expect(terminal.waitUntil { $0.lines.last?.contains("quit") == true })
    }
    terminal.send("e")
    #expect(try terminal.waitUntil { _ in try views(in: folder).count == 6 })
  }

  private func views(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasPrefix("maxnorm-") && $0.contains(".") }
  }

  /// The views that were written: text and picture without controls, colours alone in the third.
  private func checkViews(in folder: URL) throws {
    for file in try views(in: folder) {
      #expect(Hostile.isHarmless(file))
      let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      let rest =
        file.hasSuffix(".ans") ? text.replacing(/\u{1B}\[[0-9;]*m/, with: "") : text
      #expect(Hostile.isHarmless(rest), "\(file)")
    }
  }

  @Test func `a hostile experiment and its table train without harm`() throws {
    try Program.inFolder(["mine.yaml": Hostile.experiment]) { folder in
      try Hostile.table.write(to: folder.appendingPathComponent("table.csv"))
      let terminal = try Program.open(["run", "mine.yaml"], in: folder)
      #expect(terminal.waitUntil("dense1"))
      try walk(terminal, in: folder)
      terminal.send("v")
      #expect(terminal.waitUntil("▸settings"))
      terminal.send(Self.escape)
      #expect(terminal.waitUntil { !$0.text.contains("▸settings") })
      terminal.send("qq")
      #expect(terminal.waitForEnd() == .exited(0))
      #expect(terminal.screen.suspicions == [] && terminal.leftBehind == [])
      try checkViews(in: folder)
      let plain = try Program.open(["run", "mine.yaml", "--plain", "--steps", "30"], in: folder)
      #expect(plain.waitUntil("finished"))
      plain.send("q\n")
      #expect(plain.waitForEnd() == .exited(0))
      #expect(plain.screen.suspicions == [])
    }
  }

  @Test func `records and what show prints hold no commands either`() throws {
    try Program.inFolder(["mine.yaml": Hostile.experiment]) { folder in
      try Hostile.table.write(to: folder.appendingPathComponent("table.csv"))
      let path = folder.appendingPathComponent("mine.yaml").path
      for arguments in [["run", path, "--headless", "--steps", "20"], ["show", path]] {
        let result = try Program.run(arguments)
        #expect(result.status == 0, "\(result.errors)")
        #expect(Hostile.isHarmless(result.output), "\(arguments)")
        #expect(Hostile.isHarmless(result.errors))
      }
    }
  }

  @Test func `a table with controls of 8 bits is refused, by a line without them`() throws {
    try Program.inFolder(["mine.yaml": Hostile.experiment]) { folder in
      let bytes = Hostile.table + [0x9B, 0x33, 0x31, 0x6D, 0x0A]
      try bytes.write(to: folder.appendingPathComponent("table.csv"))
      let terminal = try Program.open(["run", "mine.yaml"], in: folder)
      #expect(terminal.waitForEnd() == .exited(65))
      #expect(terminal.screen.suspicions == [] && terminal.leftBehind == [])
    }
  }

  @Test func `a hostile recorded run is shown without harm`() throws {
    try Program.inFolder(["run.jsonl": Hostile.log]) { folder in
      let terminal = try Program.open(["replay", "run.jsonl", "--speed", "0"], in: folder)
      #expect(terminal.waitUntil("end of the log") && terminal.waitUntil("0.9"))
      try walk(terminal, in: folder)
      terminal.send("q")
      #expect(terminal.waitForEnd() == .exited(0))
      #expect(terminal.screen.suspicions == [] && terminal.leftBehind == [])
      try checkViews(in: folder)
      let plain = try Program.open(["replay", "run.jsonl", "--plain", "--speed", "0"], in: folder)
      #expect(plain.waitUntil("Step 20"))
      plain.send("\nq\n")
      #expect(plain.waitForEnd() == .exited(0))
      #expect(plain.screen.suspicions == [])
    }
  }

  @Test func `a hostile theme, and a broken one, say nothing to the terminal`() throws {
    let name = "\u{1B}]52;c;QQ\u{7}t\u{9B}5i.yaml"
    try Program.inFolder([name: Hostile.theme, "broken.yaml": "\(Hostile.yaml): ["]) { folder in
      let path = folder.appendingPathComponent(name).path
      let terminal = try Program.open(["run", "digits", "--theme", path], columns: 250, in: folder)
      #expect(terminal.waitUntil("fc1"))
      try Data("name: \(Hostile.yaml)\nbase00: \(Hostile.yaml)".utf8)
        .write(to: folder.appendingPathComponent(name))
      #expect(terminal.waitUntil("base00"))
      for _ in 0..<3 { terminal.send("t") }
      terminal.send("qq")
      #expect(terminal.waitForEnd() == .exited(0))
      #expect(terminal.screen.suspicions == [] && terminal.leftBehind == [])
      let broken = try Program.open(["run", "digits", "--theme", "./broken.yaml"], in: folder)
      #expect(broken.waitForEnd() == .exited(64))
      #expect(broken.screen.suspicions == [])
    }
  }

  @Test func `errors name hostile arguments and files without harm`() throws {
    let text = Hostile.text
    let cases: [[String]] = [
      ["run", text], ["run", "./\(text).yaml"], ["run", "digits", "--theme", text],
      ["run", "digits", "--headless", "--set", "\(text)=1"],
      ["run", "digits", "--headless", "--set", "data.source=\(text)"],
      ["run", "digits", "--headless", "--log", "/nowhere/\(text).jsonl"],
      ["run", "digits", "--headless", "--init", text], ["run", "digits", "--steps", text],
      ["replay", text, "--plain"], ["show", text], [text], ["--\(text)"],
      ["run", "digits", "--data", text, text],
    ]
    for arguments in cases {
      let terminal = try Program.open(arguments, columns: 300)
      let end = terminal.waitForEnd()
      #expect(end == .exited(64) || end == .exited(66) || end == .exited(74), "\(arguments)")
      #expect(terminal.screen.suspicions == [], "\(arguments)")
    }
  }

  @Test func `the harness sees what it is to see`() {
    for scalar in [
      "\u{1B}]52;c;QQ\u{7}", "\u{1B}Pq\u{1B}\\", "\u{1B}[5i", "\u{1B}[6n", "\u{1B}c", "\u{9B}5m",
      "\u{202E}",
    ] {
      var screen = ScreenEmulator(columns: 20, rows: 2)
      screen.feed("plain \u{1B}[1;31mtext é漢".utf8)
      #expect(screen.suspicions == [])
      screen.feed(scalar.utf8)
      #expect(screen.suspicions.count == 1, "\(Array(scalar.utf8))")
    }
    var screen = ScreenEmulator(columns: 20, rows: 2)
    screen.feed([0x9B, 0x6D])
    #expect(screen.suspicions.count == 1)
    #expect(!Hostile.isHarmless(Hostile.text))
  }
}
