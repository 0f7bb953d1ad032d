// What hands the terminal back when the program crashes; the handlers themselves are in C.

import CNcurses
import Glibc

package enum CrashRestoration {
  /// Makes a crash one line on standard error and the end by its signal, with and without a screen.
  ///
  /// Swift's own handler would print a stack trace, or ask questions for half a minute: it takes
  /// over only if the environment asks for a trace.
  package static func install() {
    // Only what ends a run in order watches for it; else it ends the program as it does any other.
    if !signal_is_ignored(SIGQUIT) { signal_set_default(SIGQUIT) }
    _ = crash_handlers_install(environment("SWIFT_BACKTRACE") != nil)
  }

  /// Tells the handlers what to restore; curses must have been started, since terminfo says what to
  /// write.
  static func arm(
    _ handles: TerminalHandles, _ capture: OutputCapture, _ reporting: InputReporting
  ) {
    var restoration = terminal_restoration()
    restoration.terminal = handles.device
    restoration.screen = handles.outputDescriptor
    restoration.captured = capture.file
    restoration.standard_output = capture.standardOutput
    restoration.standard_error = capture.standardError
    restoration.modes = handles.modes
    let text = Array(leavingText(reporting).utf8)
    withUnsafeMutableBytes(of: &restoration.text) { bytes in
      let count = min(bytes.count, text.count)
      bytes.copyBytes(from: text.prefix(count))
      restoration.length = Int32(count)
    }
    _ = restoration_arm(&restoration)
  }

  static func disarm() {
    restoration_disarm()
  }

  /// Leaves the alternate screen, shows the cursor, resets attributes, colours, keypad, mouse and
  /// pastes.
  private static func leavingText(_ reporting: InputReporting) -> String {
    var text = ""
    if tigetflag("XT") > 0 { text += CursesTerminal.endOfFrame.description }
    text += reporting.mouseOff.description + reporting.pasteOff.description
    for name in ["rmkx", "sgr0", "op", "cnorm", "rmcup"] {
      text += capability(name) ?? ""
    }
    // Without an alternate screen the cursor is somewhere in the picture.
    return capability("rmcup") == nil ? text + "\r\n" : text
  }

  /// A string capability without its padding, such as "$<2>", which only curses obeys.
  private static func capability(_ name: String) -> String? {
    guard let value = curses_capability(name) else { return nil }
    var text = ""
    var rest = Substring(String(cString: value))
    while let delay = rest.firstRange(of: "$<"),
      let end = rest[delay.upperBound...].firstIndex(of: ">")
    {
      text += rest[..<delay.lowerBound]
      rest = rest[rest.index(after: end)...]
    }
    return text + rest
  }
}
