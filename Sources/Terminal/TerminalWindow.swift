// The size of the terminal's window, for what is printed without taking the screen over.
import CNcurses
import Glibc

package enum TerminalWindow {
  /// Columns of the terminal on standard output; nil if it is not a terminal, or does not say.
  package static var columns: Int? {
    var columns: Int32 = 0
    var rows: Int32 = 0
    guard terminal_size(STDOUT_FILENO, &columns, &rows) else { return nil }
    return Int(columns)
  }
}
