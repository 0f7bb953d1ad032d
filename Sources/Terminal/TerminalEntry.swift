// Choosing the terminfo entry: the terminal's own, or its true-colour sibling.

import TerminalUI

/// What a terminal is called, and which entries of terminfo describe it.
enum TerminalEntry {
  /// The entries to try, best first; the terminal's own name is always the last.
  ///
  /// Terminals announce true colour in COLORTERM while TERM still names an entry with 256 colours.
  /// terminfo describes them under another name, such as xterm-direct; "-direct2" is the same with
  /// the separators that the most programs understand.
  static func candidates(term: String, colorTerm: String?, isColorless: Bool) -> [String] {
    guard !isColorless, colorTerm == "truecolor" || colorTerm == "24bit",
      !term.contains("-direct")
    else { return [term] }
    var base = term
    for ending in ["-256color", "-16color", "-color"] where base.hasSuffix(ending) {
      base.removeLast(ending.count)
      break
    }
    var names = ["\(base)-direct2", "\(base)-direct"]
    // xterm-kitty is described as kitty-direct; others of that kind follow xterm.
    if base.hasPrefix("xterm-") {
      names += ["\(base.dropFirst(6))-direct", "xterm-direct2", "xterm-direct"]
    }
    return names + [term]
  }
}
