// xterm's 256 colours, and the nearest of 256, 16 or 8 to a given colour.

/// How many colours a terminal shows.
package enum ColorDepth: Int, Hashable, Sendable, Comparable, CaseIterable {
  case monochrome = 0
  case eight = 8
  case sixteen = 16
  case twoHundredFiftySix = 256
  case trueColor = 16_777_216

  package static func < (left: ColorDepth, right: ColorDepth) -> Bool {
    left.rawValue < right.rawValue
  }

  /// The depth for a terminal that reports this many colours (terminfo's `colors`).
  package init(colors: Int) {
    self = Self.allCases.last { $0.rawValue <= max(0, colors) } ?? .monochrome
  }
}

/// xterm's palette: 16 named colours, a 6x6x6 cube, 24 greys.
enum TerminalPalette {
  private static let named: [(UInt8, UInt8, UInt8)] = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0),
    (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0),
    (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
  ]

  static func components(_ index: UInt8) -> (red: UInt8, green: UInt8, blue: UInt8) {
    let index = Int(index)
    if index < 16 { return named[index] }
    if index >= 232 {
      let grey = UInt8(8 + (index - 232) * 10)
      return (grey, grey, grey)
    }
    let level = { (step: Int) in UInt8(step == 0 ? 0 : 55 + step * 40) }
    let cube = index - 16
    return (level(cube / 36), level(cube / 6 % 6), level(cube % 6))
  }

  static let perceptual: [PerceptualColor] = (0...255).map { index in
    let components = components(UInt8(index))
    return PerceptualColor(
      red: components.red, green: components.green, blue: components.blue)
  }

  /// Entries with hardly any hue; the rest carry colour.
  static let greys: Set<Int> = Set((0...255).filter { perceptual[$0].chroma < 0.02 })
}

extension Color {
  /// The nearest colour a terminal of that depth shows; `default` in monochrome.
  ///
  /// Takes about a microsecond: cache the results for a frame. Of 256 colours only the fixed 240
  /// are used, since users redefine the first 16. Of 16 or 8, a grey becomes a grey and a hue stays
  /// a hue, because a nearest colour by distance alone turns soft blues into grey.
  package func reduced(to depth: ColorDepth) -> Color {
    switch (self, depth) {
    case (.default, _), (_, .trueColor): return self
    case (_, .monochrome): return .default
    case (.palette(let index), _) where Int(index) < min(depth.rawValue, 256): return self
    case (.palette, _), (.rgb, _): break
    }
    guard let wanted = PerceptualColor(self) else { return self }
    let isFew = depth != .twoHundredFiftySix
    let isGrey = wanted.chroma < 0.045
    let candidates = (isFew ? 0..<depth.rawValue : 16..<256).filter {
      !isFew || TerminalPalette.greys.contains($0) == isGrey
    }
    let byHue = isFew && !isGrey
    let nearest = candidates.min { left, right in
      Self.mismatch(wanted, left, byHue: byHue) < Self.mismatch(wanted, right, byHue: byHue)
    }
    return .palette(UInt8(nearest ?? 0))
  }

  /// The nearest of a few colours that can be read on a background, itself one of them.
  func reduced(to depth: ColorDepth, readableOn background: Color) -> Color {
    let nearest = reduced(to: depth)
    guard let contrast = nearest.contrast(with: background), contrast < Self.leastOfFew,
      let wanted = PerceptualColor(self)
    else { return nearest }
    let readable = (0..<min(16, depth.rawValue)).filter {
      (Color.palette(UInt8($0)).contrast(with: background) ?? 21) >= Self.leastOfFew
    }
    let isGrey = wanted.chroma < 0.045
    let best = readable.min { left, right in
      let leftIsOff = TerminalPalette.greys.contains(left) != isGrey
      let rightIsOff = TerminalPalette.greys.contains(right) != isGrey
      return (leftIsOff ? 9 : 0) + Self.mismatch(wanted, left, byHue: !isGrey)
        < (rightIsOff ? 9 : 0) + Self.mismatch(wanted, right, byHue: !isGrey)
    }
    return best.map { .palette(UInt8($0)) } ?? nearest
  }

  /// The nearest of xterm's 240 fixed colours that contrasts with another colour; nil if none does.
  func reduced(on other: Color, contrast: Double, but excluded: Color? = nil) -> Color? {
    guard let wanted = PerceptualColor(self) else { return nil }
    let candidates = (UInt8(16)...255).filter { index in
      let color = Color.palette(index)
      return color != excluded && (color.contrast(with: other) ?? 21) >= contrast
    }
    let best = candidates.min { left, right in
      Self.mismatch(wanted, Int(left), byHue: false)
        < Self.mismatch(wanted, Int(right), byHue: false)
    }
    return best.map { .palette($0) }
  }

  /// Few colours give little choice; below this text cannot be made out.
  private static let leastOfFew = 1.9

  /// Among many colours their distance; among few the hue first, since a theme's colours differ by
  /// hue and have meanings by it.
  private static func mismatch(
    _ wanted: PerceptualColor, _ index: Int, byHue: Bool
  ) -> Double {
    let entry = TerminalPalette.perceptual[index]
    let lightness = wanted.lightness - entry.lightness
    if byHue, wanted.chroma > 0, entry.chroma > 0 {
      let cosine =
        (wanted.greenRed * entry.greenRed + wanted.blueYellow * entry.blueYellow)
        / (wanted.chroma * entry.chroma)
      return 2 - 2 * cosine + lightness * lightness
    }
    let greenRed = wanted.greenRed - entry.greenRed
    let blueYellow = wanted.blueYellow - entry.blueYellow
    return lightness * lightness + 2 * (greenRed * greenRed + blueYellow * blueYellow)
  }
}
