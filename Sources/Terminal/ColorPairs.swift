// Styles as curses wants them: attributes and a colour pair, made when first used.

import CNcurses
import TerminalUI

/// Attributes and pair number of a style.
struct CursesStyle {
  var attributes: attr_t
  var pair: Int32
}

/// Hands out colour pairs; pair 0 is the terminal's own colours.
struct ColorPairs {
  let depth: ColorDepth
  /// In true colour, numbers below this are still entries of the palette.
  private let paletteSize: Int32
  private let limit: Int
  /// Whether the terminal can go back to its own colours.
  private let hasDefaultColors: Bool
  private var pairs: [Colors: Int32] = [:]
  private var styles: [Style: CursesStyle] = [:]

  private struct Colors: Hashable {
    var foreground: Color
    var background: Color
  }

  /// Turns colours on, as many as the terminal has.
  init(isColorless: Bool) {
    guard !isColorless, has_colors(), start_color() == OK else {
      (depth, paletteSize, limit, hasDefaultColors) = (.monochrome, 0, 0, true)
      return
    }
    hasDefaultColors = use_default_colors() == OK
    depth = ColorDepth(colors: Int(curses_color_count()))
    let fixed = tigetnum("CO")
    paletteSize = depth == .trueColor ? (fixed > 0 ? fixed : 8) : curses_color_count()
    limit = Int(curses_pair_count()) - 1
  }

  /// Attributes and pair of a style; the nearest pair once there are no more.
  mutating func style(_ style: Style) -> CursesStyle {
    if let known = styles[style] { return known }
    // A moving gradient makes ever new styles; the pairs stay.
    if styles.count > 16_384 { styles.removeAll(keepingCapacity: true) }
    let made = CursesStyle(attributes: attributes(style.attributes), pair: pair(for: style))
    styles[style] = made
    return made
  }

  private func attributes(_ wanted: Attributes) -> attr_t {
    var attributes: attr_t = 0
    if wanted.contains(.bold) { attributes |= curses_bold() }
    if wanted.contains(.dim) { attributes |= curses_dim() }
    if wanted.contains(.underline) { attributes |= curses_underline() }
    if wanted.contains(.reverse) { attributes |= curses_reverse() }
    return attributes
  }

  private mutating func pair(for style: Style) -> Int32 {
    guard depth != .monochrome else { return 0 }
    let reduced = style.reduced(to: depth)
    let colors = Colors(foreground: reduced.foreground, background: reduced.background)
    if colors == Colors(foreground: .default, background: .default) { return 0 }
    if let known = pairs[colors] { return known }
    let number = Int32(pairs.count + 1)
    guard pairs.count < limit,
      init_extended_pair(
        number, self.number(colors.foreground, otherwise: 7),
        self.number(colors.background, otherwise: 0)) == OK
    else { return nearest(to: colors) }
    pairs[colors] = number
    return number
  }

  private func number(_ color: Color, otherwise fallback: Int32) -> Int32 {
    switch color {
    case .default:
      return hasDefaultColors ? -1 : fallback
    case .palette(let index) where Int32(index) < paletteSize:
      return Int32(index)
    case .palette, .rgb:
      guard let (red, green, blue) = color.components else { return fallback }
      let number = Int32(red) << 16 | Int32(green) << 8 | Int32(blue)
      // The darkest blues have the palette's numbers: one step of green makes them colours again.
      return number < paletteSize ? number | 0x100 : number
    }
  }

  /// The pair that looks most like it; a wrong background is worse than a wrong foreground.
  private func nearest(to wanted: Colors) -> Int32 {
    func mismatch(_ colors: Colors) -> Double {
      distance(colors.foreground, wanted.foreground)
        + 2 * distance(colors.background, wanted.background)
    }
    return pairs.min { mismatch($0.key) < mismatch($1.key) }?.value ?? 0
  }

  private func distance(_ left: Color, _ right: Color) -> Double {
    if left == right { return 0 }
    guard let left = PerceptualColor(left), let right = PerceptualColor(right) else { return 1 }
    return left.distance(to: right)
  }
}
