// Colours as a theme names them, and arithmetic on them: parsing, blending, contrast.

/// A colour of a cell.
package enum Color: Hashable, Sendable {
  /// Whatever the terminal's own foreground or background is.
  case `default`
  /// An entry of the terminal's palette: 0–15 are the user's, 16–255 are xterm's cube and greys.
  case palette(UInt8)
  /// A true colour.
  case rgb(UInt8, UInt8, UInt8)

  /// Reads "#rrggbb" or "rrggbb".
  package init?(hex: some StringProtocol) {
    let digits = hex.hasPrefix("#") ? hex.dropFirst() : hex[...]
    guard digits.utf8.count == 6, digits.utf8.allSatisfy({ Self.isHexDigit($0) }),
      let value = UInt32(digits, radix: 16)
    else { return nil }
    self = .rgb(
      UInt8(truncatingIfNeeded: value >> 16), UInt8(truncatingIfNeeded: value >> 8),
      UInt8(truncatingIfNeeded: value))
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
  }

  /// Whether the user's terminal says what it looks like.
  var isOfTerminal: Bool {
    switch self {
    case .default: true
    case .palette(let index): index < 16
    case .rgb: false
    }
  }

  /// Red, green and blue; for palette entries what xterm shows, nil for `default`.
  package var components: (red: UInt8, green: UInt8, blue: UInt8)? {
    switch self {
    case .default: nil
    case .palette(let index): TerminalPalette.components(index)
    case .rgb(let red, let green, let blue): (red, green, blue)
    }
  }

  /// The colour on the way to another: 0 is this one, 1 the other.
  ///
  /// Mixed in OKLab, so that the middle of a gradient is neither grey nor darker than both ends.
  /// `default` has no known components, so it gives way at the half.
  package func blended(with other: Color, _ share: Double) -> Color {
    let share = share.isNaN ? 0 : min(1, max(0, share))
    guard share > 0, self != other else { return self }
    guard share < 1 else { return other }
    guard let from = PerceptualColor(self), let to = PerceptualColor(other) else {
      return share < 0.5 ? self : other
    }
    return from.mixed(with: to, share).color
  }

  /// WCAG 2 relative luminance, 0 (black) to 1 (white); nil for `default`.
  package var luminance: Double? {
    guard let components else { return nil }
    let red = PerceptualColor.linear(components.red)
    let green = PerceptualColor.linear(components.green)
    let blue = PerceptualColor.linear(components.blue)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }

  /// WCAG 2 contrast ratio, 1 to 21; nil if one of the two is the terminal's own.
  package func contrast(with other: Color) -> Double? {
    guard let first = luminance, let second = other.luminance else { return nil }
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)
  }
}
