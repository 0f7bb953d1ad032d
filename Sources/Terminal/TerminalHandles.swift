// The terminal's descriptors that are ours alone, and the modes it was in.

import Basics
import CNcurses
import Glibc

/// Private duplicates of standard input and output, so that 1 and 2 can be led elsewhere; the
/// controlling terminal where standard input brings something else than keys.
struct TerminalHandles {
  let input: UnsafeMutablePointer<FILE>
  let output: UnsafeMutablePointer<FILE>
  /// A third descriptor, which curses does not know: for asking the size and for handing back.
  let device: Int32
  /// The modes to restore.
  let modes: termios

  init(hasInput: Bool) throws(ProgramError) {
    guard !hasInput || isatty(STDIN_FILENO) == 1 else {
      throw .notATerminal(descriptor: "standard input")
    }
    guard isatty(STDOUT_FILENO) == 1 else { throw .notATerminal(descriptor: "standard output") }
    var modes = termios()
    guard tcgetattr(STDOUT_FILENO, &modes) == 0 else {
      throw .system(call: "tcgetattr", error: errno)
    }
    self.modes = modes
    let keys = hasInput ? STDIN_FILENO : open("/dev/tty", O_RDWR | O_CLOEXEC)
    guard keys >= 0 else { throw .noKeys }
    defer { if !hasInput { Glibc.close(keys) } }
    let copies = [keys, STDOUT_FILENO, STDOUT_FILENO].map { fcntl($0, F_DUPFD_CLOEXEC, 10) }
    guard copies.allSatisfy({ $0 >= 0 }), let input = fdopen(copies[0], "r"),
      let output = fdopen(copies[1], "w")
    else {
      let error = errno
      for copy in copies where copy >= 0 { Glibc.close(copy) }
      throw .system(call: "dup", error: error)
    }
    (self.input, self.output, device) = (input, output, copies[2])
  }

  var inputDescriptor: Int32 { fileno(input) }
  var outputDescriptor: Int32 { fileno(output) }

  /// Sets the modes back and closes the three descriptors.
  func close() {
    var modes = modes
    tcsetattr(device, TCSADRAIN, &modes)
    fclose(input)
    fclose(output)
    Glibc.close(device)
  }
}
