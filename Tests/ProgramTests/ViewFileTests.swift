// Writing the view, reading an edited theme again, and the summary that mentions both.
import Foundation
import Testing

@Suite(.serialized) struct ViewFileTests {
  @Test func `e writes three files, never over others, and the summary names them`() throws {
    try Program.inFolder { folder in
      let terminal = try Program.open(["run", "digits", "--log", "run.jsonl"], in: folder)
      #expect(terminal.waitUntil("fc1"))
      terminal.send("c")
      #expect(terminal.waitUntil("constraint off"))
      terminal.send(" ")
      #expect(terminal.waitUntil("paused"))
      func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
          .filter { $0.hasPrefix("maxnorm-digits-") }
      }
      terminal.send("e")
      #expect(terminal.waitUntil("the view is written"))
      #expect(try names().count == 3)
      // The same words stand there already: other names come with them.
      terminal.send("e")
      #expect(terminal.waitUntil("-2."))
      let names = try names()
      #expect(names.count == 6 && names.count { $0.contains("-2.") } == 3, "\(names)")
      for name in names {
        let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
        #expect(text.contains("fc1") && text.contains("paused"))
        #expect(text.hasPrefix("<svg ") == name.hasSuffix(".svg"))
      }
      terminal.send("qq")
      #expect(terminal.waitForEnd() == .exited(0))
      let text = terminal.screen.text
      #expect(text.contains("changes     constraint off at step"))
      #expect(text.contains("written     run.jsonl, maxnorm-digits-"))
      #expect(text.contains("best        validation accuracy"))
    }
  }

  @Test func `a folder that cannot be written is reported`() throws {
    let terminal = try Program.open(
      ["run", "digits"], in: URL(fileURLWithPath: "/proc/self"))
    #expect(terminal.waitUntil("fc1"))
    terminal.send("e")
    #expect(terminal.waitUntil("cannot write"))
    terminal.send("qq")
    #expect(terminal.waitForEnd() == .exited(0))
  }

  @Test func `a theme that is saved shows at once, and a broken one keeps the last`() throws {
    let good = (0..<16).map {
      "base0\(String($0, radix: 16)): \"\($0 == 0 ? "101010" : "c0d0e0")\""
    }.joined(separator: "\n")
    try Program.inFolder(["mine.yaml": good]) { folder in
      let file = folder.appendingPathComponent("mine.yaml")
      let terminal = try Program.open(["run", "digits", "--theme", "./mine.yaml"], in: folder)
      #expect(terminal.waitUntil("fc1"))
      try Data("name: [".utf8).write(to: file, options: .atomic)
      #expect(terminal.waitUntil("expected YAML"))
      #expect(terminal.screen.text.contains("fc1"))
      try Data((good + "\nname: better").utf8).write(to: file, options: .atomic)
      #expect(terminal.waitUntil("theme mine read again"))
      terminal.send("qq")
      #expect(terminal.waitForEnd() == .exited(0))
    }
  }
}
