// What the terminal is asked to report, and how: the mouse, and where a paste begins and ends.

import CNcurses

/// The sequences that switch reports on and off; empty if the terminal knows none.
struct InputReporting {
  let mouseOn: StaticString
  let mouseOff: StaticString
  let pasteOn: StaticString
  let pasteOff: StaticString

  /// What the present terminal understands; curses must have been started.
  ///
  /// Clicks and the wheel (1000), movements with a button held down (1002), in numbers that may be of
  /// any size (1006) where the terminal has these. Whatever terminal takes sequences of this form
  /// at all passes over those that it does not know.
  static func ofTerminal() -> InputReporting {
    let hasMouse =
      curses_capability("kmous") != nil || environment("TERM")?.contains("xterm") == true
    let takesSequences = curses_capability("cup").map { String(cString: $0).hasPrefix("\u{1B}[") }
    let hasPaste = takesSequences == true
    return InputReporting(
      mouseOn: hasMouse ? "\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1006h" : "",
      mouseOff: hasMouse ? "\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1000l" : "",
      pasteOn: hasPaste ? "\u{1B}[?2004h" : "", pasteOff: hasPaste ? "\u{1B}[?2004l" : "")
  }
}
