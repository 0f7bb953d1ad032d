// The built program: run to its end with its output caught, or in a terminal of its own.
import Foundation

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
  /// Runs the program without a terminal, in an empty folder of its own.
  static func run(
    _ arguments: [String], files: [String: String] = [:], environment: [String: String] = [:]
  ) throws -> ProgramResult {
    try inFolder(files) { folder in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: try builtProgram())
      process.arguments = arguments
      process.currentDirectoryURL = folder
      process.environment = PseudoTerminal.environment(environment)
      process.standardInput = FileHandle.nullDevice
      // Files, because a pipe that nobody empties would hold the program up.
      let output = folder.appendingPathComponent("standard-output")
      let errors = folder.appendingPathComponent("standard-error")
      for file in [output, errors] { try Data().write(to: file) }
      process.standardOutput = try FileHandle(forWritingTo: output)
      process.standardError = try FileHandle(forWritingTo: errors)
      try process.run()
      process.waitUntilExit()
      return ProgramResult(
        status: process.terminationStatus,
        output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
        errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    }
  }

  /// Calls `body` with a new folder that holds these files, and removes it.
  static func inFolder<Result>(
    _ files: [String: String] = [:], _ body: (URL) throws -> Result
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "maxnorm-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
    return try body(folder)
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
