// The program: its subcommands, and how every error becomes one line and an exit status.
import ArgumentParser
import Foundation
import TerminalUI

@main
struct MaxNorm: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "maxnorm",
    abstract: "Trains neural networks under max-norm regularization, and shows what it does.",
    discussion: """
      Without a command the experiment 'digits' runs in the dashboard; press ? there for the keys. \
      When standard output is no terminal, records go to it as JSON lines instead.
      """,
    version: "0.1.0",
    subcommands: [
      RunCommand.self, ListCommand.self, ShowCommand.self, ReplayCommand.self, CompareCommand.self,
      SweepCommand.self, ReportCommand.self, BenchCommand.self, ThemesCommand.self,
    ],
    defaultSubcommand: RunCommand.self)

  static func main() {
    // A reader that goes away and a limit on file sizes are errors of write, not the end of the
    // process.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try parseAsRoot()
      try command.run()
      try flushOutput()
    } catch let code as ExitCode {
      Foundation.exit(code.rawValue)
    } catch {
      let failure = ProgramError(error)
      if let failure {
        report(failure.message)
        Foundation.exit(failure.status)
      }
      // Help and version are no errors; usage is one line, as everything else.
      let status = exitCode(for: error)
      if status.isSuccess {
        print(fullMessage(for: error))
      } else {
        let hint = status == .validationFailure ? ": see 'maxnorm --help'" : ""
        report(message(for: error) + hint)
      }
      Foundation.exit(status.rawValue)
    }
  }
}

/// Writes one line to standard error.
func report(_ message: String) {
  let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
  // What stands in a file may be as long as it likes, and hold what a terminal obeys.
  let shown = line.count > 1000 ? line.prefix(1000) + "…" : line[...]
  writeToStandardError("maxnorm: \(ScreenText.printable(shown))\n")
}

/// Writes text to standard error; where that is closed or full there is nobody to tell.
///
/// FileHandle would end the process with a trap instead.
func writeToStandardError(_ text: String) {
  let bytes = Array(text.utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
}

/// Writes a text to standard output, whole.
///
/// `print` tells nothing of a long text that did not fit on a disk.
///
/// - Throws: `ProgramError` where it cannot be written; a reader that went away is none.
func writeToStandardOutput(_ text: String) throws(ProgramError) {
  fflush(nil)
  var bytes = Array(text.utf8)[...]
  while !bytes.isEmpty {
    let count = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    if count >= 0 {
      bytes = bytes.dropFirst(count)
    } else if errno == EPIPE {
      return
    } else if errno != EINTR {
      throw ProgramError(
        "standard output: cannot write: \(String(cString: strerror(errno)))",
        status: ProgramError.Status.output)
    }
  }
}

/// Writes out what `print` still holds.
///
/// - Throws: `ProgramError` where it cannot be written; a reader that went away is none.
private func flushOutput() throws {
  guard fflush(nil) != 0, errno != EPIPE else { return }
  throw ProgramError(
    "standard output: cannot write: \(String(cString: strerror(errno)))",
    status: ProgramError.Status.output)
}
