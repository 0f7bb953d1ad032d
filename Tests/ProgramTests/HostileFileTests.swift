// Files without an end or a beginning, and more memory than there is: one line at once, never a crash.
import Foundation
import Testing

@Suite struct HostileFileTests {
  private func check(_ result: ProgramResult, _ status: Int32, _ words: String) {
    #expect(result.status == status, "\(result.errors)")
    let lines = result.errors.split(separator: "\n").filter { !$0.contains("unoptimized") }
    #expect(lines.count == 1 && lines.first?.hasPrefix("maxnorm: ") == true, "\(result.errors)")
    #expect(result.errors.contains(words), "\(result.errors)")
  }

  @Test(arguments: ["pipe", "/dev/zero", "/dev/full"])
  func `a configuration that is not a file is refused at once`(target: String) throws {
    try Program.inFolder { folder in
      let settings = folder.appendingPathComponent("maxnorm")
      try FileManager.default.createDirectory(at: settings, withIntermediateDirectories: true)
      let path = settings.appendingPathComponent("config.yaml").path
      if target == "pipe" {
        #expect(mkfifo(path, 0o600) == 0)
      } else {
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
      }
      check(
        try Program.run(
          ["run", "simple", "--steps", "1"], environment: ["XDG_CONFIG_HOME": folder.path]), 64,
        target == "pipe" ? "it is a pipe" : "it is a device")
    }
  }

  @Test func `an experiment, a theme, a log and data that never end are refused at once`() throws {
    check(try Program.run(["run", "/dev/zero"]), 64, "experiment: /dev/zero: expected a YAML file")
    check(try Program.run(["show", "/dev/zero"]), 64, "it is a device")
    check(
      try Program.run(["run", "simple", "--events", "/dev/zero"]), 65,
      "expected a log, found a device")
    for data in [
      "csv: /dev/zero, target: a", "text: /dev/zero",
      "npy: {inputs: /dev/zero, targets: /dev/zero}",
    ] {
      let yaml = "data: {\(data)}\nmodel: [{dense: {units: 2}}]\nloss: cross_entropy\n"
      try Program.inFolder(["mine.yaml": yaml]) { folder in
        check(
          try Program.run(["run", folder.appendingPathComponent("mine.yaml").path]), 65,
          "it is a device")
      }
    }
  }

  @Test func `an experiment from a shell's pipe is read`() throws {
    let result = try shell(
      "\"$0\" show <(printf 'data: {source: digits}\\nmodel: [{dense: {units: 10}}]\\n"
        + "loss: cross_entropy\\n')")
    #expect(result.status == 0 && result.output.contains("units: 10"), "\(result.errors)")
  }

  @Test(arguments: [
    ["run", "digits", "--set", "model.fc1.units=2000000"],
    ["run", "digits", "--set", "model.fc1.units=1000000", "--set", "optimizer=adam"],
  ])
  func `a net that the limit of memory has no room for is refused at once`(arguments: [String])
    throws
  {
    let words = arguments.map { "'\($0)'" }.joined(separator: " ")
    check(
      try shell("ulimit -v 3000000; exec \"$0\" \(words) --headless"), 64,
      "more than there is: make it smaller")
  }

  private func shell(_ command: String) throws -> ProgramResult {
    try Program.inFolder { folder in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = ["-c", command, try builtProgram()]
      process.standardInput = FileHandle.nullDevice
      let files = ["output", "errors"].map { folder.appendingPathComponent($0) }
      for file in files { try Data().write(to: file) }
      process.standardOutput = try FileHandle(forWritingTo: files[0])
      process.standardError = try FileHandle(forWritingTo: files[1])
      try process.run()
      process.waitUntilExit()
      let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
      return ProgramResult(
        status: process.terminationStatus, output: texts[0], errors: texts[1])
    }
  }
}
