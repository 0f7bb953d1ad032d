// Why a screen cannot be had.
import Basics

extension ProgramError {
  /// Standard input or output is a file or a pipe.
  static func notATerminal(descriptor: String) -> ProgramError {
    ProgramError(
      .screen, .usage, descriptor, "expected a terminal, found a file or a pipe", "try --headless")
  }

  /// Standard input is not a keyboard, and there is no controlling terminal.
  static let noKeys = ProgramError(
    .screen, .usage, "/dev/tty",
    "expected a terminal for the keys, since standard input brings records, found none",
    "try --plain")

  /// TERM is unset, unknown to terminfo, or cannot place its cursor.
  static func unknownTerminal(name: String) -> ProgramError {
    ProgramError(
      .screen, .usage, "TERM=\(name)",
      "expected a terminal that terminfo knows and whose cursor can be placed",
      "set TERM (xterm-256color suits most), or try --headless")
  }

  /// The system refused something that never fails in good health.
  static func system(call: String, error: Int32) -> ProgramError {
    ProgramError(.screen, .failure, "", "\(call) failed with error \(error)", "try --headless")
  }
}
