// Why a screen cannot be had.

/// A reason to run without a screen, said the way the program says errors.
package enum TerminalError: Error, Equatable, CustomStringConvertible {
  /// Standard input or output is a file or a pipe.
  case notATerminal(descriptor: String)
  /// Standard input brings something else than keys, and there is no controlling terminal.
  case noKeys
  /// TERM is unset, unknown to terminfo, or cannot place its cursor.
  case unknownTerminal(name: String)
  /// The system refused something that never fails in good health.
  case system(call: String, error: Int32)

  package var description: String {
    switch self {
    case .notATerminal(let descriptor):
      "no screen: \(descriptor): expected a terminal, found a file or a pipe: try --headless"
    case .noKeys:
      "no screen: /dev/tty: expected a terminal for the keys, since standard input brings records, "
        + "found none: try --plain"
    case .unknownTerminal(let name):
      "no screen: TERM=\(name): expected a terminal that terminfo knows and whose cursor can be "
        + "placed: set TERM (xterm-256color suits most), or try --headless"
    case .system(let call, let error):
      "no screen: \(call) failed with error \(error): try --headless"
    }
  }
}
