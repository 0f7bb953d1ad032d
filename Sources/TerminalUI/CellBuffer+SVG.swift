// A frame as one SVG file that needs nothing else: cells as they stood on the screen.
import PlainText

extension CellBuffer {
  /// The frame as an SVG document.
  ///
  /// Charts and frames are shapes, words are text in a monospace font, each word at its own place, so
  /// that a font of another width shifts nothing. `background` and `foreground` stand for the
  /// terminal's own colours.
  package func svg(title: String, foreground: Color, background: Color) -> String {
    var drawing = SVGDrawing(foreground: foreground, background: background)
    for row in 0..<size.rows { drawing.add(self[row: row], row: row) }
    return drawing.document(size, title: title)
  }
}

/// Collects what has the same colour, so that a chart is one path.
private struct SVGDrawing {
  private let foreground: Color
  private let background: Color
  private var backgrounds = Layers()
  private var shapes = Layers()
  private var corners = Layers()
  private var words = Layers()

  /// Texts by a key, in the order in which the keys came.
  private struct Layers {
    private(set) var keys: [String] = []
    private(set) var texts: [String: String] = [:]

    mutating func add(_ text: String, to key: String) {
      if texts[key] == nil { keys.append(key) }
      texts[key, default: ""] += text
    }
  }

  init(foreground: Color, background: Color) {
    self.foreground = foreground
    self.background = background
  }

  // MARK: Cells

  /// The two colours of a cell and how strong the first is.
  private struct Ink: Equatable {
    var front: String
    var back: String
    var opacity: Double
    var isBold: Bool
    var isUnderlined: Bool
  }

  private func ink(_ style: Style) -> Ink {
    let front = hex(style.foreground, otherwise: foreground)
    let back = hex(style.background, otherwise: background)
    let isReverse = style.attributes.contains(.reverse)
    return Ink(
      front: isReverse ? back : front, back: isReverse ? front : back,
      opacity: style.attributes.contains(.dim) ? 0.6 : 1, isBold: style.attributes.contains(.bold),
      isUnderlined: style.attributes.contains(.underline))
  }

  mutating func add(_ cells: ArraySlice<Cell>, row: Int) {
    let y = Double(row) * GlyphShapes.height
    var word = Word()
    var bar: (start: Int, back: String)?
    let page = hex(.default, otherwise: background)
    for (column, cell) in cells.enumerated() {
      let ink = ink(cell.style)
      if bar?.back != ink.back {
        endBar(&bar, at: column, y)
        if ink.back != page { bar = (column, ink.back) }
      }
      if cell.glyph.isContinuation { continue }
      let x = Double(column) * GlyphShapes.width
      if ink.isUnderlined {
        shapes.add(Self.box(x, y + 18, 10 * Double(cell.glyph.width), 1), to: Self.fill(ink))
      }
      if let parts = GlyphShapes.shapes(of: cell.glyph) {
        end(&word, y)
        for part in parts { add(part, x, y, ink) }
      } else if cell.glyph == .space {
        end(&word, y)
      } else {
        // Each wide character stands alone: fonts disagree on how wide it is.
        if word.ink != ink || cell.glyph.width == 2 { end(&word, y) }
        if word.text.isEmpty { word = Word(text: "", column: column, columns: 0, ink: ink) }
        word.text += cell.glyph.text
        word.columns += cell.glyph.width
        if cell.glyph.width == 2 { end(&word, y) }
      }
    }
    end(&word, y)
    endBar(&bar, at: cells.count, y)
  }

  private struct Word {
    var text = ""
    var column = 0
    var columns = 0
    var ink: Ink?
  }

  private mutating func end(_ word: inout Word, _ y: Double) {
    defer { word = Word() }
    guard let ink = word.ink, !word.text.isEmpty else { return }
    let x = Self.number(Double(word.column) * GlyphShapes.width)
    let length = Self.number(Double(word.columns) * GlyphShapes.width)
    let attributes = "x=\"\(x)\" y=\"\(Self.number(y + 15))\" textLength=\"\(length)\""
    words.add(
      "<text \(attributes)>\(MarkupText.escaped(word.text))</text>\n",
      to: Self.fill(ink) + (ink.isBold ? " font-weight=\"bold\"" : ""))
  }

  private mutating func endBar(_ bar: inout (start: Int, back: String)?, at end: Int, _ y: Double) {
    guard let (start, back) = bar else { return }
    let (x, width) = (Double(start) * GlyphShapes.width, Double(end - start) * GlyphShapes.width)
    backgrounds.add(Self.box(x, y, width, GlyphShapes.height), to: "fill=\"\(back)\"")
    bar = nil
  }

  private mutating func add(_ shape: GlyphShape, _ x: Double, _ y: Double, _ ink: Ink) {
    switch shape {
    case .box(let left, let top, let width, let height):
      shapes.add(Self.box(x + left, y + top, width, height), to: Self.fill(ink))
    case .shade(let density):
      var ink = ink
      ink.opacity *= density
      shapes.add(Self.box(x, y, GlyphShapes.width, GlyphShapes.height), to: Self.fill(ink))
    case .corner(let horizontal, let vertical):
      let (middleX, middleY) = (x + 5, y + 10)
      let side = Self.number(middleX + 5 * Double(horizontal))
      let end = Self.number(middleY + 10 * Double(vertical))
      let (x, y) = (Self.number(middleX), Self.number(middleY))
      let turn = Self.number(middleY + 5 * Double(vertical))
      corners.add(
        "M\(x) \(end)V\(turn)Q\(x) \(y) \(side) \(y)",
        to: "stroke=\"\(ink.front)\"" + Self.opacity("stroke-opacity", ink.opacity))
    }
  }

  // MARK: The document

  func document(_ size: Size, title: String) -> String {
    let width = Self.number(Double(size.columns) * GlyphShapes.width)
    let height = Self.number(Double(size.rows) * GlyphShapes.height)
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)">
      <title>\(MarkupText.escaped(ScreenText.printable(title)))</title>
      <rect width="\(width)" height="\(height)" fill="\(hex(.default, otherwise: background))"/>
      <g shape-rendering="crispEdges">

      """
    for layers in [backgrounds, shapes] {
      for key in layers.keys { text += "<path \(key) d=\"\(layers.texts[key] ?? "")\"/>\n" }
    }
    text += "</g>\n<g fill=\"none\" stroke-width=\"1.2\">\n"
    for key in corners.keys { text += "<path \(key) d=\"\(corners.texts[key] ?? "")\"/>\n" }
    text += "</g>\n<g font-family=\"\(Self.fonts)\" font-size=\"16.6\" xml:space=\"preserve\">\n"
    for key in words.keys { text += "<g \(key)>\n\(words.texts[key] ?? "")</g>\n" }
    return text + "</g>\n</svg>\n"
  }

  private static let fonts =
    "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', 'Noto Sans Mono', monospace"

  private func hex(_ color: Color, otherwise own: Color) -> String {
    guard let parts = color.components ?? own.components else { return "#000000" }
    return "#"
      + [parts.red, parts.green, parts.blue].map { byte in
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }.joined()
  }

  private static func fill(_ ink: Ink) -> String {
    "fill=\"\(ink.front)\"" + opacity("fill-opacity", ink.opacity)
  }

  private static func opacity(_ name: String, _ value: Double) -> String {
    value < 1 ? " \(name)=\"\(number(value))\"" : ""
  }

  private static func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> String {
    "M\(number(x)) \(number(y))h\(number(width))v\(number(height))h\(number(-width))z"
  }

  /// At most two places, as short as it goes.
  private static func number(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    guard hundredths % 100 != 0 else { return String(hundredths / 100) }
    let text = NumberText.fixed(value, decimals: 2)
    return text.hasSuffix("0") ? String(text.dropLast()) : text
  }
}
