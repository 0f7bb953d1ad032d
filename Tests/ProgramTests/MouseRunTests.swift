// The mouse in a terminal: reported, acted on, switched off, and never left on.
import Foundation
import Testing

@Suite(.serialized) struct MouseRunTests {
  /// What a terminal sends for a press at a column and row from 1, in SGR's protocol.
  private func press(_ column: Int, _ row: Int) -> String { "\u{1B}[<0;\(column);\(row)M" }
  private func release(_ column: Int, _ row: Int) -> String { "\u{1B}[<0;\(column);\(row)m" }
  private func drag(_ column: Int, _ row: Int) -> String { "\u{1B}[<32;\(column);\(row)M" }

  private func column(of text: String, _ row: Int, in terminal: PseudoTerminal) -> Int? {
    let line = terminal.screen.lines[row - 1]
    return line.firstRange(of: text).map { line[..<$0.lowerBound].count + 1 }
  }

  @Test func `clicks, drags and the wheel reach the dashboard`() throws {
    let terminal = try Program.open(["run", "digits"])
    #expect(
      terminal.waitUntil {
        $0.text.contains("▸¹loss") && $0.mouseModes.isSuperset(of: [1000, 1002, 1006])
      })
    terminal.send(press(100, 6) + release(100, 6))
    #expect(terminal.waitUntil("▸²norms"))
    // The border, from where it is to column 60.
    terminal.send(press(80, 10) + drag(70, 10) + drag(60, 12) + release(60, 12))
    #expect(
      terminal.waitUntil {
        $0.lines.contains {
          $0.hasPrefix("╭") && $0.count > 60
            && Array($0)[59] == "╭"
        }
      })
    // A key in the footer.
    #expect(terminal.waitUntil { $0.lines[35].contains("c constraint") })
    let constraint = try #require(column(of: "c constraint", 36, in: terminal))
    terminal.send(press(constraint + 4, 36) + release(constraint + 4, 36))
    #expect(terminal.waitUntil("constraint off"))
    terminal.send("?")
    #expect(terminal.waitUntil("In focus: norms"))
    terminal.send("\u{1B}[<65;60;20M")
    #expect(terminal.waitUntil { !$0.text.contains("In focus: norms") })
    terminal.send("qqq")
    #expect(terminal.waitForEnd() == .exited(0))
    #expect(terminal.leftBehind == [])
  }

  @Test func `m and --no-mouse leave the mouse to the terminal`() throws {
    let terminal = try Program.open(["run", "digits"])
    #expect(terminal.waitUntil { $0.text.contains("fc1") && !$0.mouseModes.isEmpty })
    terminal.send("m")
    #expect(terminal.waitUntil { $0.text.contains("mouse off: the") && $0.mouseModes.isEmpty })
    terminal.send("m")
    #expect(terminal.waitUntil { $0.text.contains("mouse on: with") && !$0.mouseModes.isEmpty })
    terminal.send("qq")
    #expect(terminal.waitForEnd() == .exited(0))
    #expect(terminal.leftBehind == [])
    let without = try Program.open(["run", "digits", "--no-mouse"])
    #expect(without.waitUntil("fc1") && without.screen.mouseModes.isEmpty)
    without.send("m")
    #expect(
      without.waitUntil {
        $0.text.contains("mouse on: with") && $0.mouseModes.isSuperset(of: [1000, 1002])
      })
  }

  @Test func `after a suspension the mouse is reported again`() throws {
    let terminal = try Program.open(["run", "digits"])
    #expect(terminal.waitUntil { $0.text.contains("fc1") && !$0.mouseModes.isEmpty })
    // Nobody could continue the process here, so the system lets it continue at once; what is left
    // and entered again on the way is the same.
    let seen = terminal.screen.alternateScreenCount
    terminal.signal(SIGTSTP)
    #expect(
      terminal.waitUntil {
        $0.alternateScreenCount > seen && $0.mouseModes.isSuperset(of: [1000, 1002])
      })
    terminal.send("qq")
    #expect(terminal.waitForEnd() == .exited(0))
    #expect(terminal.leftBehind == [])
  }

  @Test func `a storm of resizes ends in a whole screen, with few frames`() throws {
    let terminal = try Program.open(["run", "digits"])
    #expect(terminal.waitUntil("fc1"))
    let (before, start) = (terminal.bytesWritten, ContinuousClock.now)
    for step in 0..<200 {
      terminal.resize(columns: step % 2 == 0 ? 1 + step : 300 - step, rows: 1 + step * 7 % 90)
      terminal.read()
    }
    terminal.resize(columns: 120, rows: 36)
    #expect(
      terminal.waitUntil { $0.lines.last?.contains("quit") == true && $0.text.contains("fc1") })
    // Thirty frames a second at most, none larger than 300x90 cells with their colours.
    let frames = (ContinuousClock.now - start) / .seconds(1) * 30 + 10
    #expect(Double(terminal.bytesWritten - before) < frames * 300 * 90 * 4)
    terminal.send("qq")
    #expect(terminal.waitForEnd() == .exited(0))
    #expect(terminal.leftBehind == [])
  }
}
