// The program: its subcommands, and how every error becomes one line and an exit status.
import ArgumentParser
import Basics
import Foundation
import PlainText
import Terminal
import TerminalUI

@main
struct MaxNorm: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "maxnorm",
    abstract: "Trains neural networks under max-norm regularization, and shows what it does.",
    discussion: """
      Without a command the experiment 'digits' runs in the dashboard; press ? there for the keys. \
      When standard output is no terminal, records go to it as JSON lines instead. The manual is in \
      'maxnorm help'.

      Examples:
        maxnorm run mine.csv
        maxnorm run digits --headless --log run.jsonl
      """,
    version: VersionText.text,
    subcommands: [
      RunCommand.self, NewCommand.self, DataCommand.self, PredictCommand.self, ListCommand.self,
      ShowCommand.self, ReplayCommand.self, CompareCommand.self, SweepCommand.self,
      AdviseCommand.self, ReportCommand.self, RunsCommand.self, AttachCommand.self,
      TellCommand.self,
      WatchCommand.self, PythonCommand.self, BenchCommand.self, ThemesCommand.self,
      DoctorCommand.self,
    ],
    defaultSubcommand: RunCommand.self)

  static func main() {
    StandardDescriptors.openClosed()
    CrashRestoration.install()
    // A reader that goes away and a limit on file sizes are errors of write, not the end of the
    // process.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    let status = carryOut()
    fflush(nil)
    // Not `exit`, which would tear down what a thread may still use that loads data nobody waits for.
    _exit(status)
  }

  /// Carries the command line out and returns the exit status.
  private static func carryOut() -> Int32 {
    do {
      do {
        let words = try CommandWords.prepared(Array(CommandLine.arguments.dropFirst()))
        var command =
          words.first == HelpCommand.name
          ? try HelpCommand.parseAsRoot(Array(words.dropFirst())) : try parseAsRoot(words)
        try command.run()
      } catch  where exitCode(for: error).isSuccess && !(error is ProgramError) {
        // Help and version are not errors.
        guard !(error is ExitCode) else { return 0 }
        try writeToStandardOutput(fullMessage(for: error) + "\n")
      }
      return 0
    } catch let code as ExitCode {
      return code.rawValue
    } catch {
      if let failure = error as? ProgramError {
        report(failure.description)
        return failure.status
      }
      // Usage is one line, as everything else.
      let status = exitCode(for: error)
      let hint = status == .validationFailure ? ": see 'maxnorm --help'" : ""
      report(CommandWords.message(message(for: error)) + hint)
      return status.rawValue
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

/// Writes text to standard error; if that is closed or full nobody can be reached.
///
/// FileHandle would end the process with a trap instead.
func writeToStandardError(_ text: String) {
  let bytes = Array(text.utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
}

/// Writes a text to standard output, whole.
///
/// `print` would not report a full disk.
///
/// - Returns: false if its reader went away.
/// - Throws: `ProgramError` if it cannot be written.
@discardableResult
func writeToStandardOutput(_ text: String) throws(ProgramError) -> Bool {
  var bytes = Array(text.utf8)[...]
  while !bytes.isEmpty {
    let count = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    if count >= 0 {
      bytes = bytes.dropFirst(count)
    } else if errno == EPIPE {
      return false
    } else if errno != EINTR {
      throw ProgramError(
        "standard output: cannot write: \(systemMessage())",
        status: ProgramError.Status.output)
    }
  }
  return true
}
