// Choosing the terminfo entry: the terminal's own, or its true-colour sibling.

import TerminalUI

/// What a terminal is called, and which entries of terminfo describe it.
enum TerminalEntry {
  /// The entries to try, best first; the terminal's own name is always the last.
  ///
  /// Terminals announce true colour in COLORTERM while TERM still names an entry with 256 colours;
  /// terminfo describes the same terminal in true colour under the name with "-direct".
  static func candidates(term: String, colorTerm: String?, isColorless: Bool) -> [String] {
    guard !isColorless, colorTerm == "truecolor" || colorTerm == "24bit",
      !term.contains("-direct")
    else { return [term] }
    var base = term
    for ending in ["-256color", "-16color", "-color"] where base.hasSuffix(ending) {
      base.removeLast(ending.count)
      break
    }
    guard base == "xterm" || base.hasPrefix("xterm-") else { return ["\(base)-direct", term] }
    // xterm-kitty is described as kitty-direct.
    let own = base == "xterm" ? [] : ["\(base.dropFirst(6))-direct"]
    // Most that call themselves xterm are not. xterm-direct separates colours by colons, as the
    // standard has it; alacritty-direct is the same with the semicolons that all of them read.
    return own + ["alacritty-direct", "xterm-direct", term]
  }
}
