// Which characters the terminal shows, after the environment's locale.

import Glibc

/// The locale's part that says what can be shown.
package enum TerminalLocale {
  /// Selects the character set of the environment, and says whether it is UTF-8.
  ///
  /// Only LC_CTYPE: the rest would change how C libraries write and read decimal points. A UTF-8
  /// locale that is not installed here (LANG comes over ssh) still says what the terminal is.
  package static func selectsUnicode() -> Bool {
    if setlocale(LC_CTYPE, "") == nil, asksForUnicode {
      _ = setlocale(LC_CTYPE, "C.UTF-8")
    }
    guard let codeset = nl_langinfo(Int32(CODESET)) else { return false }
    return String(cString: codeset) == "UTF-8"
  }

  private static var asksForUnicode: Bool {
    let name = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment($0) }.first ?? ""
    return name.lowercased().hasSuffix("utf-8") || name.lowercased().hasSuffix("utf8")
  }
}

/// A variable of the environment; nil when it is unset or empty.
func environment(_ name: String) -> String? {
  guard let value = getenv(name), value.pointee != 0 else { return nil }
  return String(cString: value)
}
