// Terminals of all kinds: the dashboard starts, draws in what they have, and hands them back.
import Foundation
import Testing

@Suite(.serialized) struct TerminalKindTests {
  struct Kind: CustomTestStringConvertible {
    var term: String
    var environment: [String: String] = [:]
    var locale = "C.UTF-8"
    /// What must show: 0 is no colour at all.
    var depth: Int

    var testDescription: String { "\(term) \(environment) \(locale)" }
  }

  static let kinds = [
    Kind(term: "xterm-256color", depth: 256), Kind(term: "xterm", depth: 8),
    Kind(term: "xterm-mono", depth: 0), Kind(term: "vt100", depth: 0),
    Kind(term: "linux", depth: 8),
    Kind(term: "screen", depth: 8), Kind(term: "screen-256color", depth: 256),
    Kind(term: "tmux-256color", depth: 256), Kind(term: "rxvt-unicode-256color", depth: 256),
    Kind(term: "xterm-256color", environment: ["NO_COLOR": "1"], depth: 0),
    Kind(term: "tmux-256color", environment: ["NO_COLOR": "1"], locale: "C", depth: 0),
    Kind(term: "linux", locale: "C", depth: 8),
    Kind(term: "xterm-256color", locale: "C", depth: 256),
  ]

  private func check(_ kind: Kind, _ environment: [String: String] = [:]) throws {
    for theme in ["maxnorm-dark", "terminal", "high-contrast-light"] {
      let terminal = try Program.open(
        ["run", "digits", "--theme", theme], term: kind.term, locale: kind.locale,
        environment: kind.environment.merging(environment) { $1 }, columns: 80, rows: 24)
      #expect(terminal.waitUntil { $0.text.contains("fc1") && $0.text.contains("loss") })
      terminal.send("?")
      #expect(terminal.waitUntil("In focus"))
      terminal.send("q")
      #expect(terminal.waitUntil { !$0.text.contains("In focus") })
      // The terminal's own theme has no need of more than 16.
      let depths = theme == "terminal" ? [kind.depth, 16, 8, 256] : [kind.depth]
      #expect(
        depths.contains(terminal.screen.colorDepth), "\(theme): \(terminal.screen.colorDepth)")
      if kind.depth == 0 { #expect(!terminal.screen.hasSeenColor) }
      if kind.locale == "C" { #expect(terminal.screen.text.utf8.allSatisfy { $0 < 0x80 }) }
      #expect(terminal.screen.suspicions == [])
      terminal.send("qq")
      #expect(terminal.waitForEnd() == .exited(0))
      #expect(terminal.leftBehind == [])
    }
  }

  @Test(arguments: kinds)
  func `it starts, draws and hands back`(kind: Kind) throws {
    guard Self.describes(kind.term) else { return }
    try check(kind)
  }

  @Test func `a terminal of 16 colours and one of all`() throws {
    try Program.inFolder(["entries": Self.entries]) { folder in
      let compiler = Process()
      compiler.executableURL = URL(fileURLWithPath: "/usr/bin/tic")
      compiler.arguments = ["-x", "-o", folder.path, folder.appendingPathComponent("entries").path]
      guard FileManager.default.fileExists(atPath: "/usr/bin/tic") else { return }
      try compiler.run()
      compiler.waitUntilExit()
      let here = ["TERMINFO_DIRS": "\(folder.path):/etc/terminfo:/lib/terminfo:/usr/share/terminfo"]
      try check(Kind(term: "xterm-16color", depth: 16), here)
      try check(Kind(term: "xterm-direct", depth: 1 << 24), here)
      // The terminal announces true colour, and its entry is found by its name.
      let announced = ["COLORTERM": "truecolor"]
      try check(Kind(term: "xterm-256color", environment: announced, depth: 1 << 24), here)
    }
  }

  /// xterm with other colours, as Debian's ncurses-term has them.
  private static let entries = #"""
    xterm-16color|xterm of 16 colours, colors#16, pairs#256,
      setab=\E[%?%p1%{8}%<%t%p1%{40}%+%e%p1%{92}%+%;%dm,
      setaf=\E[%?%p1%{8}%<%t%p1%{30}%+%e%p1%{82}%+%;%dm, use=xterm,
    xterm-direct|xterm of all colours, RGB, CO#8, colors#0x1000000, pairs#0x7FFF,
      setab=\E[%?%p1%{8}%<%t4%p1%d%e48;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m,
      setaf=\E[%?%p1%{8}%<%t3%p1%d%e38;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m,
      use=xterm,

    """#

  private static func describes(_ term: String) -> Bool {
    ["/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo"].contains {
      FileManager.default.fileExists(atPath: "\($0)/\(term.prefix(1))/\(term)")
    }
  }
}
