// What is remembered between runs of the program, and what happens where that cannot be.
import Dashboard
import Experiments
import Foundation
import RunHistory
import Testing
import Training

@testable import maxnorm

@Suite(.serialized) struct SavedStateTests {
  private func state(in home: URL) -> String? {
    try? String(
      contentsOf: home.appendingPathComponent("maxnorm/state.yaml"), encoding: .utf8)
  }

  /// Opens the dashboard, types, and leaves.
  @discardableResult
  private func session(
    _ keys: [String], home: URL, _ more: [String: String] = [:]
  ) throws -> PseudoTerminal {
    let terminal = try Program.open(
      ["run", "simple", "--steps", "20", "--pace", "0"],
      environment: ["XDG_STATE_HOME": home.path].merging(more) { $1 })
    #expect(terminal.waitUntil("finished"))
    terminal.send(keys.joined() + "q")
    #expect(terminal.waitForEnd() == .exited(0))
    #expect(terminal.leftBehind == [])
    return terminal
  }

  @Test func `what was changed is there again the next time, and nothing else is written`() throws {
    try Program.inFolder { home in
      try session(["p", "p", "s", ")", "t"], home: home)
      let saved = try #require(state(in: home))
      for part in ["preset: norms", "smoothing: strong", "split: 0.", "theme: ", "hint_seen: true"]
      {
        #expect(saved.contains(part), "\(part) in \(saved)")
      }
      #expect(!saved.contains("mouse"))
      let again = try Program.open(
        ["run", "simple", "--steps", "20", "--pace", "0"],
        environment: ["XDG_STATE_HOME": home.path])
      #expect(again.waitUntil("finished") && again.waitUntil("norms"))
      #expect(!again.screen.text.contains("¹loss"))
      #expect(!again.screen.text.contains("first time?"))
      again.send("q")
      #expect(again.waitForEnd() == .exited(0))
      #expect(state(in: home) == saved)
    }
  }

  @Test func `without a change the file is left as it is, to the second`() throws {
    try Program.inFolder { home in
      let text = "# mine\nhint_seen: true\npreset: loss\n"
      try write(text, as: "state.yaml", in: home)
      try session([], home: home)
      #expect(state(in: home) == text)
    }
  }

  @Test(arguments: ["", "preset: [", "preset: 7\nsplit: wide\nmouse: 3\ntheme: {}", "\u{0}\u{1}x"])
  func `a damaged file is ignored and replaced`(text: String) throws {
    try Program.inFolder { home in
      try write(text, as: "state.yaml", in: home)
      let terminal = try session(["p"], home: home)
      #expect(!terminal.screen.text.contains("state"))
      #expect(state(in: home)?.contains("preset: loss") == true)
    }
  }

  @Test func `without a home, or where nothing can be written, it runs all the same`() throws {
    try Program.inFolder { home in
      try session(["p", "t"], home: home, ["XDG_STATE_HOME": "", "HOME": ""])
      #expect(try FileManager.default.contentsOfDirectory(atPath: home.path).isEmpty)
      try session(["p", "t"], home: home, ["XDG_STATE_HOME": "relative", "HOME": "also/relative"])
      try session(["p", "t"], home: home, ["XDG_STATE_HOME": "/dev/null/nowhere"])
      try session(["p", "t"], home: home, ["XDG_STATE_HOME": "/proc/self"])
    }
  }

  @Test func `two dashboards keep each other's changes`() throws {
    try Program.inFolder { home in
      let arguments = ["run", "simple", "--steps", "20", "--pace", "0"]
      let environment = ["XDG_STATE_HOME": home.path]
      let first = try Program.open(arguments, environment: environment)
      let second = try Program.open(arguments, environment: environment)
      for (terminal, key) in [(first, "p"), (second, "s")] {
        #expect(terminal.waitUntil("finished"))
        terminal.send(key + "q")
        #expect(terminal.waitForEnd() == .exited(0))
      }
      let saved = try #require(state(in: home))
      #expect(saved.contains("preset: loss") && saved.contains("smoothing: strong"))
    }
  }

  @Test func `what is written reads back the same`() throws {
    var state = SavedState()
    state.theme = "yes: no"
    state.preset = .presentation
    state.split = 0.6125
    state.smoothing = .off
    state.mouse = false
    state.grid = true
    state.hintSeen = true
    #expect(SavedState(yaml: try state.document.yaml()) == state)
  }
}
