// The program as a process: closed descriptors, readers that go away, full devices, signals of a crash.
import Foundation
import Testing

@Suite(.serialized) struct ProcessTests {
  /// Runs a shell script, "$0" being the program, in an empty temporary folder.
  private func shell(
    _ script: String, files: [String: String] = [:], _ look: (String, URL) throws -> Void
  ) throws {
    try Program.inFolder(files) { folder in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = ["-c", script, try builtProgram()]
      process.currentDirectoryURL = folder
      process.environment = PseudoTerminal.environment()
      process.standardInput = FileHandle.nullDevice
      let output = folder.appendingPathComponent("standard-output")
      try Data().write(to: output)
      process.standardOutput = try FileHandle(forWritingTo: output)
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      try look(String(decoding: try Data(contentsOf: output), as: UTF8.self), folder)
    }
  }

  /// The contents of a file; empty if there is no such file.
  private func text(_ name: String, in folder: URL) -> String {
    (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? ""
  }

  @Test(arguments: ["<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
  func `closed descriptors are nobody's: a log has every record once`(closed: String) throws {
    try shell("\"$0\" run simple --headless --steps 40 --log a.jsonl \(closed); echo $?") {
      output, folder in
      #expect(output.hasSuffix("0\n"))
      let lines = text("a.jsonl", in: folder).split(separator: "\n")
      #expect(Set(lines).count == lines.count && lines.count > 5)
      #expect(lines.count { $0.contains("\"type\":\"header\"") } == 1)
    }
  }

  @Test(arguments: [
    "--help", "run --help", "help layers", "--version", "list", "themes", "show digits",
    "report run.jsonl",
    "compare simple --plan --folder arms",
  ])
  func `a full device is 74, and a reader that went away is not an error`(
    command: String
  ) throws {
    let script = """
      "$0" run simple --headless --steps 20 --log run.jsonl > /dev/null
      "$0" \(command) > /dev/full; echo full $?
      "$0" \(command) | true; echo closed ${PIPESTATUS[0]}
      """
    try shell(script) { output, _ in
      #expect(output == "full 74\nclosed 0\n")
    }
  }

  @Test(arguments: [
    ("--log x.jsonl", "x.jsonl"), ("--save x.safetensors", "x.safetensors"),
    ("--save-best x.safetensors", "x.safetensors"),
    ("--checkpoint x.safetensors", "x.safetensors"), ("--tensorboard tb", "tb/digits"),
  ])
  func `with another file to write a run continues without standard output, and says so once`(
    option: String, file: String
  ) throws {
    let script = """
      "$0" run digits --headless --steps 200 \(option) 2> errors | head -1 > /dev/null
      echo ${PIPESTATUS[0]} $(grep -c 'standard output: its reader is gone' errors)
      """
    try shell(script) { output, folder in
      #expect(output == "0 1\n")
      #expect(
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(file).path))
      if option.hasPrefix("--log") {
        #expect(text(file, in: folder).contains("\"type\":\"end\",\"step\":200"))
      }
    }
  }

  @Test func `sentences and comparisons continue for the sake of their files too`() throws {
    let script = """
      "$0" run simple --plain --pace 0 --steps 100 --log x.jsonl 2>> errors </dev/null | true
      echo ${PIPESTATUS[0]}
      "$0" compare simple --plain --arms none,l2 --seeds 1 --steps 20 --folder arms 2>> errors \\
        </dev/null | true
      echo ${PIPESTATUS[0]} $(grep -c 'its reader is gone' errors)
      """
    try shell(script) { output, folder in
      #expect(output == "0\n0 2\n")
      #expect(text("x.jsonl", in: folder).contains("\"reason\":\"finished\""))
      for arm in ["none", "l2"] {
        #expect(text("arms/\(arm)-1.jsonl", in: folder).contains("\"reason\":\"finished\""))
      }
    }
  }

  @Test(arguments: ["", "--headless", "--plain"])
  func `ctrl-backslash ends a run in order, with 131`(mode: String) throws {
    try Program.inFolder { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      let arguments = ["run", "digits", "--pace", "50", "--log", log]
      let terminal = try Program.open(arguments + [mode].filter { !$0.isEmpty })
      #expect(
        terminal.waitUntil(
          mode == "--headless" ? "\"type\":\"step\"" : mode.isEmpty ? "fc1" : "Digits"))
      #expect(terminal.waitUntil { _ in text("run.jsonl", in: folder).count > 9 })
      // As the terminal sends it: from the kernel.
      terminal.send("\u{1C}")
      #expect(terminal.waitForEnd(within: .seconds(60)) == .exited(131))
      #expect(terminal.leftBehind == [])
      let end = try #require(text("run.jsonl", in: folder).split(separator: "\n").last)
      #expect(end.contains("\"type\":\"end\"") && end.contains("\"reason\":\"interrupted\""))
    }
  }

  @Test(arguments: ["", "--headless", "--plain"], [SIGSEGV, SIGABRT])
  func `a crash hands the terminal back, says so in a line and ends by its signal`(
    mode: String, signal: Int32
  ) throws {
    let terminal = try Program.open(
      ["run", "digits", "--pace", "5"] + [mode].filter { !$0.isEmpty }, columns: 200)
    #expect(
      terminal.waitUntil(
        mode == "--headless" ? "\"type\":\"header\"" : mode.isEmpty ? "fc1" : "Digits"))
    terminal.signal(signal)
    #expect(terminal.waitForEnd(within: .seconds(60)) == .killed(signal: signal))
    #expect(terminal.leftBehind == [])
    let name = signal == SIGSEGV ? "SIGSEGV" : "SIGABRT"
    #expect(terminal.screen.text.contains("maxnorm: ended by \(name)"))
    #expect(!terminal.screen.text.contains("Backtrac") && !terminal.screen.text.contains("0x"))
  }

  @Test func `what came to nothing leaves no log and no old one cut`() throws {
    let files = ["old.jsonl": "kept\n", "bad.yaml": HeadlessTests.table, "table.csv": "x,y\n1\n"]
    let script = """
      "$0" run bad.yaml --headless --log new.jsonl --tensorboard tb; echo $?
      "$0" run bad.yaml --headless --log old.jsonl --overwrite; echo $?
      TERM=nonsense script -qec "'$0' run simple --log unknown.jsonl" /dev/null > /dev/null; echo $?
      find tb -type f | wc -l
      """
    try shell(script, files: files) { output, folder in
      #expect(output == "65\n65\n64\n0\n")
      #expect(text("old.jsonl", in: folder) == "kept\n")
      for name in ["new.jsonl", "unknown.jsonl"] {
        #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path))
      }
    }
  }

  @Test func `two runs with one checkpoint: the second is refused at its start`() throws {
    let script = """
      "$0" run digits --headless --pace 50 --checkpoint c.safetensors --checkpoint-every 5 \\
        > first.jsonl 2> first & first=$!
      until [ -s c.safetensors ]; do sleep 0.02; done
      "$0" run digits --headless --steps 5 --checkpoint ./c.safetensors > /dev/null 2> second
      echo $?
      "$0" run --resume c.safetensors --headless --steps 5000 --checkpoint c.safetensors 2>> second
      echo $?
      kill -TERM $first; wait $first; echo $?
      grep -c 'expected a file that nobody writes to' second
      "$0" run --resume c.safetensors --headless --log rest.jsonl --checkpoint c.safetensors \\
        --steps 2000 > /dev/null; echo $?
      ls -A | tr '\\n' ' '
      """
    try shell(script) { output, _ in
      #expect(
        output == "74\n74\n143\n2\n0\n"
          + "c.safetensors first first.jsonl rest.jsonl second standard-output ")
    }
  }

  @Test func `what holds a checkpoint goes with its program, however that ends`() throws {
    let script = """
      "$0" run digits --headless --pace 50 --checkpoint c.safetensors --checkpoint-every 5 \\
        > /dev/null & first=$!
      until [ -s c.safetensors ]; do sleep 0.02; done
      kill -KILL $first; wait $first
      "$0" run digits --headless --steps 5 --checkpoint c.safetensors > /dev/null; echo $?
      ls -A | tr '\\n' ' '
      """
    try shell(script) { output, _ in
      #expect(output == "0\nc.safetensors standard-output ")
    }
  }

  @Test func `a run whose terminal takes nothing more ends when it is asked to, its log complete`()
    throws
  {
    try Program.inFolder([:]) { folder in
      let terminal = try PseudoTerminal(
        try builtProgram(), ["run", "digits", "--pace", "0", "--log", "run.jsonl"],
        columns: 200, rows: 60, folder: folder.path)
      #expect(terminal.waitUntil("training") && terminal.waitUntilFull())
      terminal.signal(SIGTERM)
      #expect(terminal.waitForEndUnread() == .exited(143))
      let log = text("run.jsonl", in: folder)
      #expect(log.hasSuffix("\n") && log.split(separator: "\n").last?.contains("\"end\"") == true)
    }
  }
}
