// Small pictures: two pixels to a cell in colour, letters and shades where colours are few.

/// A picture whose pixels are brightness, colours, or marks that mean something.
package struct PixelPicture: Hashable, Sendable {
  package let width: Int
  package let height: Int
  /// Row by row, `width` × `height`.
  package let pixels: [Pixel]
  /// Outlines over the picture, the later ones above.
  package var boxes: [PixelBox] = []

  package enum Pixel: Hashable, Sendable {
    /// Red, green and blue, 0…1.
    case tone(Float, Float, Float)
    /// Something with a meaning, shown by a colour and a letter.
    case mark(Role, Unicode.Scalar)
    /// NaN.
    case broken
  }

  /// A picture of brightness; NaN is shown as broken.
  package init(width: Int, height: Int, brightness: [Float]) {
    self.init(
      width: width, height: height,
      pixels: brightness.map { $0.isNaN ? .broken : .tone($0, $0, $0) })
  }

  /// A picture; what is missing of its pixels is black.
  package init(width: Int, height: Int, pixels: [Pixel]) {
    self.width = max(0, width)
    self.height = max(0, height)
    let size = self.width * self.height
    self.pixels =
      pixels.prefix(size) + Array(repeating: .tone(0, 0, 0), count: max(0, size - pixels.count))
  }

  /// The cells that the picture takes.
  package var size: Size { Size(columns: width, rows: (height + 1) / 2) }

  /// The pixel at a place; nil outside.
  func pixel(_ column: Int, _ row: Int) -> Pixel? {
    column >= 0 && row >= 0 && column < width && row < height ? pixels[row * width + column] : nil
  }

  /// Draws the picture from the rectangle's origin, as much as fits.
  package func draw(in rect: Rect, into buffer: inout CellBuffer, _ look: Appearance) {
    guard !rect.isEmpty, width > 0 else { return }
    let isRich = look.theme.depth >= .twoHundredFiftySix && look.glyphs.isUnicode
    let ink = Ink(look)
    buffer.clipped(to: rect) { buffer in
      for row in 0..<min(size.rows, rect.rows) {
        for column in 0..<min(width, rect.columns) {
          guard let upper = pixel(column, row * 2) else { continue }
          let lower = pixel(column, row * 2 + 1)
          let cell = isRich ? ink.halves(upper, lower) : ink.plain(upper, lower ?? upper)
          buffer.put(
            cell.glyph, at: rect.origin.offset(columns: column, rows: row), style: cell.style)
        }
      }
      if isRich { drawLetters(at: rect.origin, into: &buffer, ink) }
      let area = Rect(origin: rect.origin, size: size).intersection(rect)
      buffer.clipped(to: area) { drawBoxes(at: rect.origin, isRich: isRich, into: &$0, look) }
    }
  }

  /// Puts each mark's letter near the middle of what it marks: colour alone is not enough.
  private func drawLetters(at origin: Point, into buffer: inout CellBuffer, _ ink: Ink) {
    var places: [Pixel: [Point]] = [:]
    for row in 0..<height / 2 {
      for column in 0..<width {
        guard let upper = pixel(column, row * 2), case .mark(let role, _) = upper,
          role != .selection, upper == pixel(column, row * 2 + 1)
        else { continue }
        places[upper, default: []].append(Point(column: column, row: row))
      }
    }
    for (pixel, places) in places {
      guard case .mark(let role, let letter) = pixel else { continue }
      let column = places.reduce(0) { $0 + $1.column } / places.count
      let row = places.reduce(0) { $0 + $1.row } / places.count
      let distance = { (place: Point) in
        (place.column - column) * (place.column - column) + 4 * (place.row - row)
          * (place.row - row)
      }
      guard let place = places.min(by: { distance($0) < distance($1) }) else { continue }
      buffer.put(
        Glyph(letter), at: origin.offset(columns: place.column, rows: place.row),
        style: Style(foreground: ink.background, background: ink.color(of: role), attributes: .bold)
      )
    }
  }

  /// What every cell needs of the looks.
  private struct Ink {
    let look: Appearance
    let background: Color
    private let half = Glyph("▀" as Unicode.Scalar)

    init(_ look: Appearance) {
      self.look = look
      background = look.theme.isMonochrome ? .default : look.theme.color(.background)
    }

    func color(of role: Role) -> Color { look.theme.color(role) }

    private func color(of pixel: Pixel) -> Color {
      switch pixel {
      case .tone(let red, let green, let blue):
        Color.tone(red, green, blue, depth: look.theme.depth)
      case .mark(let role, _): color(of: role)
      case .broken: color(of: .error)
      }
    }

    func halves(_ upper: Pixel, _ lower: Pixel?) -> Cell {
      if upper == .broken, lower ?? .broken == .broken {
        return Cell(Glyph(look.glyphs.notFinite), look.style(.error))
      }
      let below = lower.map { color(of: $0) } ?? background
      return Cell(half, Style(foreground: color(of: upper), background: below))
    }

    /// One glyph for both pixels: a mark before what lies around it, else a shade.
    func plain(_ upper: Pixel, _ lower: Pixel) -> Cell {
      for pixel in [upper, lower] {
        if case .mark(let role, let letter) = pixel, role != .selection {
          return Cell(Glyph(letter), look.style(role))
        }
      }
      for pixel in [upper, lower] {
        switch pixel {
        case .broken: return Cell(Glyph(look.glyphs.notFinite), look.style(.error))
        case .mark(_, let letter): return Cell(Glyph(letter), look.style(.mutedText))
        case .tone: break
        }
      }
      let shades = look.glyphs.shades
      var light = (Self.lightness(upper) + Self.lightness(lower)) / 2
      if !look.theme.isDark { light = 1 - light }
      let shade = shades[Int((light * Float(shades.count - 1)).rounded())]
      return Cell(Glyph(shade), look.style(.text))
    }

    private static func lightness(_ pixel: Pixel) -> Float {
      guard case .tone(let red, let green, let blue) = pixel else { return 0 }
      let unit = { (value: Float) in min(1, max(0, value.isNaN ? 0 : value)) }
      return 0.3 * unit(red) + 0.59 * unit(green) + 0.11 * unit(blue)
    }
  }
}

extension Color {
  /// The colour of a picture's pixel, each part 0…1, on a terminal of that depth.
  ///
  /// By arithmetic on xterm's cube and greys, since a picture has thousands of pixels. In true colour
  /// too only some levels are used: a terminal has room for some tens of thousands of pairs of
  /// colours.
  static func tone(_ red: Float, _ green: Float, _ blue: Float, depth: ColorDepth) -> Color {
    let parts = [red, green, blue].map { min(1, max(0, $0.isNaN ? 0 : $0)) }
    let isGrey = parts[0] == parts[1] && parts[1] == parts[2]
    guard depth < .trueColor else {
      let levels: Float = isGrey ? 51 : 25
      let bytes = parts.map { UInt8(($0 * levels).rounded() * (255 / levels)) }
      return .rgb(bytes[0], bytes[1], bytes[2])
    }
    guard depth == .twoHundredFiftySix else {
      let bytes = parts.map { UInt8(($0 * 255).rounded()) }
      return Color.rgb(bytes[0], bytes[1], bytes[2]).reduced(to: depth)
    }
    let mean = (parts[0] + parts[1] + parts[2]) / 3 * 255
    let grey = max(-1, min(23, Int(((mean - 8) / 10).rounded())))
    let greyLevel = grey < 0 ? 0 : Float(8 + grey * 10)
    if isGrey {
      if mean > 246 { return .palette(231) }
      return .palette(grey < 0 ? 16 : UInt8(232 + grey))
    }
    var cube = 16
    var cubeMiss: Float = 0
    var greyMiss: Float = 0
    for (place, part) in zip([36, 6, 1], parts) {
      let byte = part * 255
      let step = byte < 48 ? 0 : byte < 115 ? 1 : min(5, Int(((byte - 55) / 40).rounded()))
      let level: Float = step == 0 ? 0 : Float(55 + step * 40)
      cube += place * step
      cubeMiss += (byte - level) * (byte - level)
      greyMiss += (byte - greyLevel) * (byte - greyLevel)
    }
    return greyMiss < cubeMiss ? .palette(grey < 0 ? 16 : UInt8(232 + grey)) : .palette(UInt8(cube))
  }
}
