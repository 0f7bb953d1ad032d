// Makes text from files and from the user safe to show.

/// The one filter between foreign text and what shows it: terminal, page or picture.
package enum ScreenText {
  /// The text without anything a terminal could obey or that reorders or hides what is shown.
  ///
  /// Tabs and line breaks become one space; other C0, DEL, C1, bidirectional controls, invisible
  /// and unpaired format characters vanish. What was an escape sequence stays visible as text.
  package static func printable(_ text: some StringProtocol) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return String(text) }
    var result = String.UnicodeScalarView()
    var lastWasBreak = false
    for scalar in text.unicodeScalars {
      let isBreak = scalar.isSpacingControl
      defer { lastWasBreak = isBreak }
      if isBreak {
        if !lastWasBreak { result.append(" ") }
      } else if !isForbidden(scalar) {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// The lines of a text, each safe to draw.
  package static func lines(_ text: String) -> [String] {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { printable($0) }
  }

  /// Whether a scalar must never reach the terminal.
  ///
  /// Asked for every cell that is written, hence the short way for ASCII.
  @inlinable
  package static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    !(0x20..<0x7F).contains(scalar.value) && isForbiddenOutsideASCII(scalar)
  }

  @usableFromInline
  static func isForbiddenOutsideASCII(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case _ where scalar.isControl: true
    case 0xA0..<0x300: scalar.value == 0xAD
    case _ where scalar.isBidirectionalControl: true
    // Invisible spaces and joiners, on whose width terminals disagree.
    case 0x034F, 0x115F, 0x180E, 0x200B...0x200D, 0x2028, 0x2029, 0x2060...0x2065: true
    case 0x206A...0x206F, 0xFE00...0xFE0F, 0xFEFF, 0xFFF9...0xFFFB: true
    // Emoji skin tones, tags and variation selectors: terminals join them or do not.
    case 0x1F3FB...0x1F3FF, 0xE0000...0xE0FFF: true
    // Not characters at all.
    case 0xFDD0...0xFDEF: true
    default: scalar.value & 0xFFFE == 0xFFFE
    }
  }
}
