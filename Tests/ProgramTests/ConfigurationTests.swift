// The configuration file and the options of the same names: what they say, what wins, what is refused.
import Basics
import Dashboard
import Foundation
import RunHistory
import TerminalUI
import Testing

@testable import maxnorm

@Suite struct ConfigurationTests {
  private func configuration(_ yaml: String) throws -> Configuration {
    try Configuration(yaml: yaml, path: "/home/someone/.config/maxnorm/config.yaml")
  }

  private func problem(_ yaml: String) -> String {
    do {
      _ = try configuration(yaml)
    } catch let error as ProgramError {
      return error.status == 64 ? error.description : "status \(error.status)"
    } catch {
      return "\(error)"
    }
    return ""
  }

  @Test func `every key is read`() throws {
    let all = try configuration(
      """
      theme: paper
      ascii: true
      mouse: false
      preset: norms
      smoothing: strong
      grid: true
      refresh: 0.5
      threads: 2
      data: ~/data   # a comment
      """)
    #expect(all.theme == "paper" && all.ascii == true && all.mouse == false)
    #expect(all.preset == .norms && all.smoothing == .strong && all.threads == 2)
    #expect(all.grid == true && all.refresh == 0.5)
    #expect(all.data?.hasSuffix("/data") == true && all.data?.hasPrefix("~") == false)
    #expect(try configuration("data: sets").data == "/home/someone/.config/maxnorm/sets")
    #expect(try configuration("data: /sets").data == "/sets")
    let keys = try configuration("keys: {constraint: C, zoom_in: [ctrl-f, \"}\"], pan_forward: F2}")
    #expect(keys.keyMap.action(of: .character("C"), on: .main) == .constraint)
    #expect(keys.keyMap.action(of: .character("}"), on: .main) == .zoomIn)
    #expect(try configuration("keys:").keyMap == KeyMap())
    for nothing in ["", "# only a comment\n", "---\n"] {
      #expect(try configuration(nothing) == Configuration())
    }
  }

  @Test(arguments: [
    ("thme: paper", "thme: expected one of theme, ascii,", "did you mean theme?"),
    ("mouse: maybe", "mouse: expected true or false", "found 'maybe'"),
    ("grid: dots", "grid: expected true or false", "found 'dots'"),
    ("refresh: 0", "refresh: expected 0.1 to 30 frames a second", "found 0"),
    ("refresh: fast", "refresh: expected 0.1 to 30 frames", "found 'fast'"),
    ("threads: 0", "threads: expected a whole number from 1 to 1024", "found 0"),
    ("threads: 1.5", "threads: expected a whole number", "found 1.5"),
    ("preset: huge", "preset: expected one of standard, loss,", "found 'huge'"),
    ("smoothing: 0.6", "smoothing: expected one of off, light, strong", "found 0.6"),
    ("theme: [a]", "theme: expected a theme's name or file", "found a list"),
    ("data: {a: b}", "data: expected a folder", "found a mapping"),
    ("theme: a\ntheme: b", "config.yaml:", "duplicate"),
    ("keys: {constrain: C}", "keys.constrain: expected one of pause,", "mean constraint?"),
    ("keys: {constraint: h}", "keys.constraint: h is the key of left", "give left another key"),
    ("keys: {constraint: hyper-c}", "keys.constraint: expected a key's name", "found 'hyper-c'"),
    ("keys: {constraint: true}", "keys.constraint: expected a key's name", "found true"),
    ("keys: C", "keys: expected actions and their keys", "found 'C'"),
    ("just words", "expected keys and values", "theme: maxnorm-dark"),
    ("theme: [", "expected YAML", "line"),
  ])
  func `what cannot be is refused with the file, the key and what was expected`(
    yaml: String, expected: String, found: String
  ) {
    let problem = problem(yaml)
    #expect(problem.hasPrefix("config: /home/someone/.config/maxnorm/config.yaml: "), "\(problem)")
    #expect(problem.contains(expected) && problem.contains(found), "\(problem)")
  }

  @Test func `a wrong file stops run and replay with one line and 64, headless too`() throws {
    try Program.inFolder { home in
      let folder = home.appendingPathComponent("maxnorm")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let file = folder.appendingPathComponent("config.yaml")
      try "thread: 2\n".write(to: file, atomically: true, encoding: .utf8)
      let environment = ["XDG_CONFIG_HOME": home.path]
      let result = try Program.run(["run", "simple", "--steps", "5"], environment: environment)
      #expect(result.status == 64 && result.output.isEmpty)
      #expect(result.errors.split(separator: "\n").count <= 2)
      #expect(result.errors.contains("\(file.path): thread: ") && result.errors.contains("threads"))
      // Commands that run nothing do not read it.
      #expect(try Program.run(["list"], environment: environment).status == 0)
      try "threads: 2\n".write(to: file, atomically: true, encoding: .utf8)
      let two = try Program.run(["run", "simple", "--steps", "5"], environment: environment)
      #expect(two.output.contains("\"threads\":2"))
      let one = try Program.run(
        ["run", "simple", "--steps", "5", "--threads", "1"], environment: environment)
      #expect(one.output.contains("\"threads\":1"))
    }
  }

  @Test func `a theme that is not there is an error from the file as from the option`() throws {
    try Program.inFolder { home in
      try write("theme: nowhere\n", as: "config.yaml", in: home)
      let terminal = try Program.open(
        ["run", "simple"], environment: ["XDG_CONFIG_HOME": home.path])
      #expect(terminal.waitForEnd() == .exited(64))
      #expect(terminal.screen.text.contains("nowhere"))
    }
  }

  @Test func `the command line comes before the file, and the file before what was left`() throws {
    try Program.inFolder { home in
      try write("preset: loss\nmouse: false\n", as: "config.yaml", in: home)
      try write("preset: norms\nmouse: true\n", as: "state.yaml", in: home)
      let environment = ["XDG_CONFIG_HOME": home.path, "XDG_STATE_HOME": home.path]
      let both = try Program.open(["run", "simple"], environment: environment)
      #expect(both.waitUntil { $0.text.contains("loss") && !$0.text.contains("norms") })
      #expect(both.screen.mouseModes.isEmpty)
      let option = try Program.open(
        ["run", "simple", "--preset", "everything", "--mouse"], environment: environment)
      #expect(
        option.waitUntil {
          $0.text.contains("loss") && $0.text.contains("clipping") && !$0.mouseModes.isEmpty
        })
      let state = try Program.open(
        ["run", "simple"], environment: ["XDG_STATE_HOME": home.path])
      #expect(state.waitUntil { $0.text.contains("clipping") && !$0.text.contains("¹loss") })
    }
  }
}

/// Writes a file of the program's into a folder for configuration or state.
func write(_ text: String, as name: String, in home: URL) throws {
  let folder = home.appendingPathComponent("maxnorm")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
}
