// How often a screen is drawn: as it is chosen, and quickly after a key.
import Testing

@testable import maxnorm

@Suite("Frame cadence")
struct FrameCadenceTests {
  @Test func `without a choice a run is asked five times a second, and drawn 30 at most`() {
    var cadence = FrameCadence()
    cadence.drew(1, at: 10)
    #expect(abs(cadence.frameTime - (10 + 1.0 / 30)) < 1e-9)
    #expect(cadence.requestInterval(at: 10) == 0.2)
  }

  @Test func `a chosen rate spaces both frames and questions`() {
    var cadence = FrameCadence(framesPerSecond: 0.5)
    cadence.drew(1, at: 10)
    #expect(cadence.frameTime == 12)
    #expect(cadence.requestInterval(at: 11) == 2)
    cadence = FrameCadence(framesPerSecond: 10)
    cadence.drew(1, at: 10)
    #expect(abs(cadence.requestInterval(at: 11) - 0.1) < 1e-9)
  }

  @Test func `a key is answered at once at any rate, and half a second later the rate holds again`()
  {
    var cadence = FrameCadence(framesPerSecond: 0.1)
    cadence.drew(1, at: 10)
    #expect(cadence.frameTime == 20)
    cadence.keyPressed(at: 13)
    #expect(cadence.frameTime < 13)
    #expect(cadence.requestInterval(at: 13.1) < 0.05)
    cadence.drew(2, at: 13.02)
    #expect(cadence.frameTime < 13.1)
    cadence.drew(3, at: 13.6)
    #expect(abs(cadence.frameTime - 23.6) < 1e-9)
  }

  @Test func `a rate beyond what can be chosen is an error of usage`() throws {
    for rate in ["0", "31", "-1"] {
      let run = try Program.run(["replay", "x.jsonl", "--refresh=\(rate)"])
      #expect(run.status == 64)
      #expect(run.errors.contains("--refresh: expected 0.1 to 30 frames a second"))
    }
  }
}
