// Blocks, braille and frames as shapes, so that a picture of the screen needs no font for them.

/// A part of a glyph, in a cell that is 10 wide and 20 high.
enum GlyphShape: Equatable {
  case box(x: Double, y: Double, width: Double, height: Double)
  /// The whole cell, so dense: ░ is 0.25.
  case shade(Double)
  /// A round corner from the middle of one side to that of another: 1 is right or down.
  case corner(horizontal: Int, vertical: Int)
}

/// The shapes of what charts and frames are made of.
enum GlyphShapes {
  static let width = 10.0
  static let height = 20.0

  /// Nil for what a font has to draw.
  static func shapes(of glyph: Glyph) -> [GlyphShape]? {
    let scalars = glyph.scalars
    guard let scalar = scalars.first, scalars.count == 1 else { return nil }
    switch scalar.value {
    case 0x2500...0x257F: return frame(scalar)
    case 0x2580...0x259F: return block(scalar.value)
    case 0x2800...0x28FF: return braille(scalar.value - 0x2800)
    default: return nil
    }
  }

  // MARK: Braille

  private static func braille(_ bits: UInt32) -> [GlyphShape] {
    // Dots 1 to 8 by column and row.
    let places = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
    return places.enumerated().filter { bits & 1 << UInt32($0.offset) != 0 }.map { place in
      .box(
        x: 1 + Double(place.element.0) * 5, y: 1 + Double(place.element.1) * 5, width: 3,
        height: 3)
    }
  }

  // MARK: Blocks

  private static func block(_ value: UInt32) -> [GlyphShape]? {
    switch value {
    case 0x2580: return [.box(x: 0, y: 0, width: 10, height: 10)]
    // Lower eighths up to the full block, then left parts.
    case 0x2581...0x2588:
      let part = Double(value - 0x2580) * 2.5
      return [.box(x: 0, y: 20 - part, width: 10, height: part)]
    case 0x2589...0x258F:
      return [.box(x: 0, y: 0, width: Double(0x2590 - value) * 1.25, height: 20)]
    case 0x2590: return [.box(x: 5, y: 0, width: 5, height: 20)]
    case 0x2591...0x2593: return [.shade(Double(value - 0x2590) / 4)]
    case 0x2594: return [.box(x: 0, y: 0, width: 10, height: 2.5)]
    case 0x2595: return [.box(x: 8.75, y: 0, width: 1.25, height: 20)]
    default: return nil
    }
  }

  // MARK: Frames

  private static func frame(_ scalar: Unicode.Scalar) -> [GlyphShape]? {
    switch scalar {
    case "─": [across(0, 10)]
    case "━": [across(0, 10, 2.4)]
    case "│": [down(0, 20)]
    case "┃": [down(0, 20, 2.4)]
    case "╌": [across(0.5, 4), across(5.5, 4)]
    case "╍": [across(0.5, 4, 2.4), across(5.5, 4, 2.4)]
    case "┅": [across(0.5, 2.4, 2.4), across(3.8, 2.4, 2.4), across(7.1, 2.4, 2.4)]
    case "┆": [down(1, 4.5), down(7.7, 4.5), down(14.4, 4.5)]
    case "└": [across(5, 5), down(0, 10)]
    case "┘": [across(0, 5), down(0, 10)]
    case "┌": [across(5, 5), down(10, 10)]
    case "┐": [across(0, 5), down(10, 10)]
    case "├": [across(5, 5), down(0, 20)]
    case "┤": [across(0, 5), down(0, 20)]
    case "┬": [across(0, 10), down(10, 10)]
    case "┴": [across(0, 10), down(0, 10)]
    case "┼": [across(0, 10), down(0, 20)]
    case "╭": [.corner(horizontal: 1, vertical: 1)]
    case "╮": [.corner(horizontal: -1, vertical: 1)]
    case "╰": [.corner(horizontal: 1, vertical: -1)]
    case "╯": [.corner(horizontal: -1, vertical: -1)]
    default: nil
    }
  }

  private static func across(_ x: Double, _ width: Double, _ thickness: Double = 1.2) -> GlyphShape
  {
    .box(x: x, y: 10 - thickness / 2, width: width, height: thickness)
  }

  private static func down(_ y: Double, _ height: Double, _ thickness: Double = 1.2) -> GlyphShape {
    .box(x: 5 - thickness / 2, y: y, width: thickness, height: height)
  }
}
