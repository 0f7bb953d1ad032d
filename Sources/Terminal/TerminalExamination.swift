// What the terminal can do, found out without taking the screen over.
import CNcurses
import Glibc

/// What the terminal on standard output says and does.
package struct TerminalExamination: Sendable {
  /// TERM; nil: unset.
  package let name: String?
  /// terminfo knows it, and its cursor can be placed.
  package let isKnown: Bool
  package let colors: Int
  /// It announces 24-bit colours.
  package let hasTrueColor: Bool
  package let isColorless: Bool
  package let isUnicode: Bool
  /// terminfo has its mouse reports.
  package let hasMouse: Bool
  /// In cells; nil: it does not say.
  package let columns: Int?
  package let rows: Int?
  /// How long its answer to a question took, the median of several; nil: it gave none in a second.
  package let replySeconds: Double?

  /// Questions that are asked.
  private static let questions = 5

  /// nil without a terminal on standard output.
  package init?() {
    guard isatty(STDOUT_FILENO) == 1 else { return nil }
    isUnicode = TerminalLocale.selectsUnicode()
    isColorless = environment("NO_COLOR") != nil
    name = environment("TERM")
    var error: Int32 = 0
    isKnown =
      setupterm(nil, STDOUT_FILENO, &error) == OK && curses_capability("cup") != nil
    colors = isKnown ? max(0, Int(tigetnum("colors"))) : 0
    let announced = environment("COLORTERM")
    hasTrueColor = announced == "truecolor" || announced == "24bit" || colors > 1 << 16
    hasMouse = isKnown && curses_capability("kmous") != nil
    var (columns, rows): (Int32, Int32) = (0, 0)
    let hasSize = terminal_size(STDOUT_FILENO, &columns, &rows)
    self.columns = hasSize ? Int(columns) : nil
    self.rows = hasSize ? Int(rows) : nil
    replySeconds = Self.replySeconds()
  }

  /// Asks for the device's attributes, which every terminal since the VT100 tells.
  private static func replySeconds() -> Double? {
    guard isatty(STDIN_FILENO) == 1 else { return nil }
    var former = termios()
    guard tcgetattr(STDIN_FILENO, &former) == 0 else { return nil }
    var raw = former
    cfmakeraw(&raw)
    guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) == 0 else { return nil }
    defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &former) }
    var times: [Double] = []
    for _ in 0..<questions {
      guard let time = replySeconds(to: "\u{1B}[c") else { return nil }
      times.append(time)
    }
    return times.sorted()[questions / 2]
  }

  private static func replySeconds(to question: String) -> Double? {
    let start = ContinuousClock.now
    let bytes = Array(question.utf8)
    guard write(STDOUT_FILENO, bytes, bytes.count) == bytes.count else { return nil }
    let deadline = start + .seconds(1)
    while ContinuousClock.now < deadline {
      var source = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      guard poll(&source, 1, 100) > 0 else { continue }
      var byte: UInt8 = 0
      guard read(STDIN_FILENO, &byte, 1) == 1 else { return nil }
      // The answer ends with the letter of the question.
      if byte == UInt8(ascii: "c") {
        let time = (ContinuousClock.now - start).components
        return Double(time.seconds) + Double(time.attoseconds) * 1e-18
      }
    }
    return nil
  }
}
