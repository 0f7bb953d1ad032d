// The harness itself: what it says about a program is so, tried on the shell.

import Glibc
import Testing

@Suite(.serialized) struct PseudoTerminalTests {
  private func shell(_ script: String, columns: Int = 80) throws -> PseudoTerminal {
    try PseudoTerminal("/bin/sh", ["-c", script], columns: columns)
  }

  @Test func `the program has a terminal of the wanted size, and its end is seen`() throws {
    let terminal = try shell("test -t 0 && test -t 1 && stty size </dev/tty; exit 7", columns: 97)
    #expect(terminal.waitForEnd() == .exited(7))
    #expect(terminal.screen.lines[0] == "24 97")
    #expect(terminal.leftBehind == [])
  }

  @Test func `keys arrive, the interrupt key as a signal`() throws {
    let terminal = try shell("trap 'echo caught; exit 3' INT; read line; echo got $line; read line")
    terminal.send("hello\n")
    #expect(terminal.waitUntil("got hello"))
    terminal.send("\u{03}")
    #expect(terminal.waitForEnd() == .exited(3))
    #expect(terminal.screen.text.contains("caught"))
  }

  @Test func `a resize reaches the program`() throws {
    let terminal = try shell(
      "trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.02; done")
    #expect(terminal.waitUntil("ready"))
    terminal.resize(columns: 61, rows: 17)
    #expect(terminal.waitForEnd() == .exited(0))
    #expect(terminal.screen.text.contains("17 61"))
  }

  @Test func `a signal that kills is reported as such`() throws {
    let terminal = try shell("echo ready; sleep 600")
    #expect(terminal.waitUntil("ready"))
    terminal.signal(SIGTERM)
    #expect(terminal.waitForEnd() == .killed(signal: SIGTERM))
  }

  @Test func `a terminal left in disorder is noticed`() throws {
    let terminal = try shell("stty raw -echo; printf '\\033[?1049h\\033[?25l'")
    #expect(terminal.waitForEnd() == .exited(0))
    #expect(!terminal.leftBehind.isEmpty && !terminal.modes.isCooked)
    #expect(terminal.screen.isAlternateScreen && !terminal.screen.isCursorVisible)
  }

  @Test func `waiting for what never comes ends`() throws {
    let terminal = try shell("sleep 600")
    #expect(!terminal.waitUntil("never", within: .milliseconds(100)))
    #expect(terminal.waitForEnd(within: .milliseconds(50)) == nil)
  }
}
