// The glyphs that frames and charts are made of: Unicode, or what every terminal has.

/// A family of glyphs, and how charts are to be drawn with them.
package struct GlyphSet: Hashable, Sendable {
  package let isUnicode: Bool
  /// Corners, left to right, top to bottom.
  package let topLeft, topRight, bottomLeft, bottomRight: Unicode.Scalar
  package let horizontal, vertical: Unicode.Scalar
  package let axisCorner, axisTick: Unicode.Scalar
  /// Vertical and horizontal lines that mark rather than divide.
  package let eventLine, ceilingLine: Unicode.Scalar
  /// Fainter lines at the values on an axis, and where two of them cross.
  package let gridAcross, gridDown, gridCrossing: Unicode.Scalar
  /// A line along the upper edge of a cell.
  package let upperEdge: Unicode.Scalar
  package let ellipsis: Unicode.Scalar
  /// Bars of one row's height: empty first, full last.
  package let levels: [Unicode.Scalar]
  /// The same for what might have been: empty first, full last.
  package let hatchedLevels: [Unicode.Scalar]
  /// Bars of one column's width: empty first, full last.
  package let parts: [Unicode.Scalar]
  /// Shades for heat without colour: empty first.
  package let shades: [Unicode.Scalar]
  package let thinLine, thickLine, median, ceilingMark: Unicode.Scalar
  package let lowBar, hatchedBar, lowTrack: Unicode.Scalar
  package let progressStart, progressEnd: Unicode.Scalar
  /// Marks a value that is not a number or not finite.
  package let notFinite: Unicode.Scalar
  /// Marks the best value on a curve.
  package let best: Unicode.Scalar
  /// Fills areas where dots would hide the lines on them.
  package let texture: Unicode.Scalar
  package let bullet, pointer, separator: Unicode.Scalar
  package let arrowUp, arrowDown: Unicode.Scalar

  package static let unicode = GlyphSet(
    isUnicode: true,
    topLeft: "╭", topRight: "╮", bottomLeft: "╰", bottomRight: "╯",
    horizontal: "─", vertical: "│", axisCorner: "└", axisTick: "┤",
    eventLine: "┆", ceilingLine: "╌", gridAcross: "┈", gridDown: "┊", gridCrossing: "┼",
    upperEdge: "▔", ellipsis: "…",
    levels: [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    hatchedLevels: [" ", "░", "▒", "▓"],
    parts: [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
    shades: [" ", "░", "▒", "▓", "█"],
    thinLine: "─", thickLine: "━", median: "┃", ceilingMark: "█",
    lowBar: "▄", hatchedBar: "▒", lowTrack: "▁", progressStart: "▕", progressEnd: "▏",
    notFinite: "×", best: "◆", texture: "·", bullet: "●", pointer: "▸", separator: "·",
    arrowUp: "▴",
    arrowDown: "▾")

  package static let ascii = GlyphSet(
    isUnicode: false,
    topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+",
    horizontal: "-", vertical: "|", axisCorner: "+", axisTick: "|",
    eventLine: ":", ceilingLine: "-", gridAcross: ".", gridDown: ".", gridCrossing: "+",
    upperEdge: "-", ellipsis: "~",
    levels: [" ", "_", ".", ":", "-", "=", "+", "*", "#"],
    hatchedLevels: [" ", "o", "%"],
    parts: [" ", "#"],
    shades: [" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"],
    thinLine: "-", thickLine: "=", median: "|", ceilingMark: "#",
    lowBar: "#", hatchedBar: ":", lowTrack: ".", progressStart: "[", progressEnd: "]",
    notFinite: "x", best: "*", texture: ".", bullet: "*", pointer: ">", separator: "-",
    arrowUp: "^",
    arrowDown: "v")
}

/// All a view needs to know about looks.
package struct Appearance: Hashable, Sendable {
  package var theme: Theme
  package var glyphs: GlyphSet
  /// False: panels have their title and nothing around them, for copying text.
  package var hasFrames: Bool
  /// Whether charts have lines at the values on their axes.
  package var hasGrid = false

  package init(theme: Theme, glyphs: GlyphSet = .unicode, hasFrames: Bool = true) {
    self.theme = theme
    self.glyphs = glyphs
    self.hasFrames = hasFrames
  }

  package func style(_ role: Role) -> Style { theme.style(role) }
}
