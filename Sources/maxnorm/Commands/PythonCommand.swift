// `maxnorm python`: the Python package that ships with the program, as pip takes it.
import ArgumentParser
import Basics
import Foundation
import Resources

struct PythonCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "python",
    abstract: "Prints the path of the Python package for pip.",
    discussion: """
      pip install "$(maxnorm python)" gives PyTorch, Keras, JAX and MLX 'import maxnorm': their runs \
      hold the constraint and stand on this screen. The package needs nothing but the framework, and \
      no network. 'maxnorm help pytorch', 'help keras', 'help jax', 'help mlx' and 'help trainers' \
      tell more.

      Examples:
        pip install "$(maxnorm python)"
        MAXNORM_LIBRARY="$(maxnorm python --library)" python train.py
      """)

  @Flag(
    help: """
      Print the path of the program's own kernels instead, for MAXNORM_LIBRARY: with them the \
      projection costs PyTorch less on a CPU.
      """)
  var library = false

  func run() throws {
    try writeToStandardOutput((library ? Self.libraryPath() : Self.wheelPath()) + "\n")
  }

  /// The name of the shared library of `CVectors`, beside the executable.
  static let libraryName = "libmaxnorm-vectors.so"

  private static func libraryPath() throws -> String {
    let path = ShippedFiles.sibling(libraryName).path
    guard FileManager.default.fileExists(atPath: path) else {
      throw ProgramError(
        "python: \(path): expected the library beside the program, found none: build it with "
          + "'swift build -c release --product maxnorm-vectors', or do without",
        status: ProgramError.Status.notFound)
    }
    return path
  }

  /// The wheel that an installed program has beside it, or a new one in the user's cache folder: the
  /// program's own need not be writable.
  private static func wheelPath() throws -> String {
    let own = ShippedFiles.sibling("").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: own)) ?? []
    if let wheel = names.first(where: { $0.hasPrefix("maxnorm-") && $0.hasSuffix(".whl") }) {
      return ShippedFiles.sibling(wheel).path
    }
    let sources = try ShippedFiles.url(of: .python)
    guard let folder = UserFolders.cache else {
      throw ProgramError(
        "python: expected a folder for the wheel, found neither XDG_CACHE_HOME nor HOME: set one",
        status: ProgramError.Status.output)
    }
    let python = Process()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // Without -B it would write its bytecode beside the sources.
    python.arguments = ["python3", "-B", "-m", "maxnorm", "wheel", folder.path]
    python.environment = ProcessInfo.processInfo.environment.merging(
      ["PYTHONPATH": sources.path]
    ) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    (python.standardInput, python.standardOutput) = (FileHandle.nullDevice, output)
    python.standardError = errors
    do {
      try python.run()
    } catch {
      throw ProgramError(
        "python: expected a python3 on PATH: \(error.localizedDescription)",
        status: ProgramError.Status.notFound)
    }
    let path = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let problem = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    python.waitUntilExit()
    guard python.terminationStatus == 0, let last = path.split(separator: "\n").last else {
      let reason = problem.split(separator: "\n").last.map(String.init) ?? "it said nothing"
      throw ProgramError(
        "python: python3 made no wheel in \(folder.path): \(reason): it needs Python 3.9 or newer "
          + "and a folder it can write", status: ProgramError.Status.output)
    }
    return String(last)
  }
}
