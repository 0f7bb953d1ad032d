// The built program: run to its end with its output captured, or in its own terminal.
import Foundation
import TestSupport

/// What a run without a terminal left.
struct ProgramResult {
  var status: Int32
  var output: String
  var errors: String

  /// The types of the records on standard output, in order.
  var recordTypes: [String] {
    output.split(separator: "\n").compactMap { line in
      line.split(separator: "\"", maxSplits: 4).dropFirst(3).first.map(String.init)
    }
  }
}

enum Program {
  /// Runs the program without a terminal, in `place` or an empty temporary folder.
  static func run(
    _ arguments: [String], files: [String: String] = [:], environment: [String: String] = [:],
    in place: URL? = nil
  ) throws -> ProgramResult {
    try inFolder(files) { folder in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: try builtProgram())
      process.arguments = arguments
      process.currentDirectoryURL = place ?? folder
      process.environment = PseudoTerminal.environment(environment)
      process.standardInput = FileHandle.nullDevice
      // Files, because a pipe that nobody empties would hold the program up.
      let output = folder.appendingPathComponent("standard-output")
      let errors = folder.appendingPathComponent("standard-error")
      for file in [output, errors] { try Data().write(to: file) }
      process.standardOutput = try FileHandle(forWritingTo: output)
      process.standardError = try FileHandle(forWritingTo: errors)
      try process.run()
      if !waitUntil({ !process.isRunning }) { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
      return ProgramResult(
        status: process.terminationStatus,
        output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
        errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    }
  }

  /// Carries out what `--plan` printed, one command after the other, in `folder`.
  static func carryOut(plan: String, in folder: URL) throws {
    try plan.write(
      to: folder.appendingPathComponent("plan.sh"), atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["plan.sh"]
    process.currentDirectoryURL = folder
    try process.run()
    process.waitUntilExit()
  }

  /// Calls `body` with a new folder that holds these files, and removes it.
  static func inFolder<Result>(
    _ files: [String: String] = [:], _ body: (URL) throws -> Result
  ) throws -> Result {
    try inTemporaryFolder(files.mapValues { Array($0.utf8) }, body)
  }

  /// The contents of a file so far; empty if there is no such file.
  static func text(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }

  /// Waits until a condition holds, with a limit that only a broken program reaches.
  static func waitUntil(_ isSo: () throws -> Bool) rethrows -> Bool {
    let deadline = ContinuousClock.now + PseudoTerminal.patience
    while try !isSo() {
      guard ContinuousClock.now < deadline else { return false }
      usleep(2_000)
    }
    return true
  }

  /// Starts the program without a terminal and leaves it at work, in a folder.
  static func start(
    _ arguments: [String], environment: [String: String] = [:], in folder: URL
  ) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try builtProgram())
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = PseudoTerminal.environment(environment)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Starts the program in a terminal.
  static func open(
    _ arguments: [String], term: String = "xterm-256color", locale: String = "C.UTF-8",
    environment: [String: String] = [:], columns: Int = 120, rows: Int = 36, in folder: URL? = nil
  ) throws -> PseudoTerminal {
    try PseudoTerminal(
      try builtProgram(), arguments,
      environment: PseudoTerminal.environment(term: term, locale: locale, environment),
      columns: columns, rows: rows, folder: folder?.path)
  }
}
