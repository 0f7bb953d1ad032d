// The run in sentences: with a keyboard, with a pipe, and alone.
import Foundation
import Testing

@Suite(.serialized) struct PlainRunTests {
  @Test func `without input it tells its story and ends by itself`() throws {
    let result = try Program.run(
      ["run", "simple", "--plain", "--steps", "50", "--pace", "0"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("Step 50: finished"))
    #expect(result.output.contains("\nsimple: "))
    #expect(Hostile.isHarmless(result.output))
    #expect(result.output.utf8.count < 4000)
  }

  @Test func `keys typed as lines act, and their answers are sentences`() throws {
    let terminal = try Program.open(["run", "digits", "--plain", "--epochs", "100000"])
    #expect(terminal.waitUntil("Digits, "))
    for (keys, answer) in [
      ("c", "constraint off"), ("c", "constraint on"), ("-", "r 0.5"), ("u", "undone"),
      (" ", "paused"),
      ("n", "Step"), ("", "paused"), (" ", "going on"), ("?", "pause; again to go on"),
      ("t", "t does nothing here"), ("x", "twin"), ("q", "Stop it and quit?"), ("n", "answered"),
    ] {
      terminal.send(keys + "\n")
      #expect(terminal.waitUntil(answer), "\(keys)")
    }
    #expect(terminal.modes == terminal.initialModes && !terminal.screen.isAlternateScreen)
    terminal.send("q\ny\n")
    #expect(terminal.waitForEnd() == .exited(0))
    #expect(terminal.screen.text.contains("stopped at step"))
    #expect(terminal.screen.suspicions == [] && terminal.leftBehind == [])
    #expect(!terminal.screen.hasSeenColor)
  }

  @Test func `without UTF-8 every sentence is ASCII, and ctrl-c ends it in order`() throws {
    let terminal = try Program.open(["run", "co2", "--plain"], term: "dumb", locale: "C")
    #expect(terminal.waitUntil("Co2, "))
    #expect(terminal.waitUntil("Step "))
    terminal.send("\u{03}")
    #expect(terminal.waitForEnd() == .exited(130))
    #expect(terminal.screen.text.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test func `sentences and records at once are refused`() throws {
    let result = try Program.run(["run", "simple", "--plain", "--headless"])
    #expect(result.status == 64 && result.errors.contains("--plain"))
  }
}
