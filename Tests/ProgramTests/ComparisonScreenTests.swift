// Comparisons in a terminal: watched, held, left and gone on with, on the screen and in sentences.
import Foundation
import Testing

@Suite(.serialized) struct ComparisonScreenTests {
  private static let command = [
    "compare", "simple", "--arms", "none,max-norm", "--seeds", "3", "--jobs", "2",
  ]

  @Test func `a comparison is watched to its end, and its table stays behind`() throws {
    try Program.inFolder { folder in
      let terminal = try Program.open(Self.command + ["--set", "epochs=200"], in: folder)
      #expect(terminal.waitUntil("max-norm against none"))
      #expect(terminal.waitUntil("all runs are over"))
      #expect(terminal.waitUntil("finished") && terminal.waitUntil("6/6 runs"))
      terminal.send("\r")
      #expect(terminal.waitUntil("none: "))
      terminal.send("qq")
      #expect(terminal.waitForEnd() == .exited(0))
      #expect(terminal.screen.text.contains("| none "))
      #expect(terminal.leftBehind == [] && terminal.screen.suspicions == [])
    }
  }

  @Test func `runs are held, left with a question, and gone on with`() throws {
    try Program.inFolder { folder in
      let long = Self.command + ["--set", "epochs=1000000"]
      let terminal = try Program.open(long, in: folder)
      #expect(terminal.waitUntil("2 running"))
      terminal.send(" ")
      #expect(terminal.waitUntil("paused"))
      terminal.send("q")
      #expect(terminal.waitUntil("Stop them and quit?"))
      terminal.send("n q")
      #expect(terminal.waitUntil("running") && terminal.waitUntil("Stop them and quit?"))
      terminal.send("q")
      #expect(terminal.waitForEnd() == .exited(0))
      #expect(terminal.screen.text.contains("stopped after 0 of 6 runs"))
      #expect(terminal.leftBehind == [])
      let again = try Program.open(long, in: folder)
      #expect(again.waitUntil("2 running"))
      again.send("\u{03}")
      #expect(again.waitForEnd() == .exited(130))
      #expect(again.leftBehind == [])
    }
  }

  @Test func `in sentences each end is reported, and the verdict`() throws {
    let result = try Program.run(Self.command + ["--set", "epochs=50", "--plain"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("6 of 6."))
    #expect(result.output.contains("\nMax-norm: "))
    #expect(Hostile.isHarmless(result.output))
  }
}
