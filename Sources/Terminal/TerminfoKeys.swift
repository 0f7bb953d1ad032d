// What terminfo says that the terminal's keys send.

import CNcurses
import TerminalUI

enum TerminfoKeys {
  /// The strings of all keys that are known here; curses must have been started.
  static func strings() -> KeyStrings {
    var strings = KeyStrings()
    for (name, key) in names + functions {
      if let value = curses_capability(name) {
        strings.add(String(cString: value).utf8.map { $0 }, key)
      }
    }
    return strings
  }

  /// Keys held together with shift count as the plain ones.
  private static let names: [(String, Key)] = [
    ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right),
    ("khome", .home), ("kend", .end), ("kpp", .pageUp), ("knp", .pageDown),
    ("kich1", .insert), ("kdch1", .delete), ("kcbt", .backTab), ("kent", .enter),
    ("kbs", .backspace),
    ("kri", .up), ("kind", .down), ("kLFT", .left), ("kRIT", .right),
    ("kHOM", .home), ("kEND", .end), ("kPRV", .pageUp), ("kNXT", .pageDown),
    ("kIC", .insert), ("kDC", .delete),
    // The keypad's corners, and where terminals name them its other arrows.
    ("ka1", .home), ("kc1", .end), ("ka3", .pageUp), ("kc3", .pageDown),
    ("ka2", .up), ("kc2", .down), ("kb1", .left), ("kb3", .right),
  ]

  private static let functions = (0...63).map { ("kf\($0)", Key.function($0)) }
}
