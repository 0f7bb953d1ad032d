// What every picture of a report is: something that draws itself into a rectangle.

/// A picture of a report.
protocol Drawing: Sendable {
  /// Above it.
  var title: String { get }
  /// What it shows, for those who do not see it.
  var summary: String { get }
  /// Draws from the origin to the size; `identifier` is the picture's own within a document.
  func draw(_ size: PictureSize, _ identifier: String, into markup: inout Markup)
}

/// The size of a picture in the units of its coordinates, which are a screen's at their usual size.
struct PictureSize: Equatable, Sendable {
  var width: Double
  var height: Double
}

/// A picture with its place in a report.
package struct Figure: Sendable {
  var drawing: any Drawing
  /// It takes the whole width of the page; else two stand side by side.
  var isWide = true
  var height = 300.0
  /// Below it: what bands and bars mean.
  var caption = ""
  /// It stands in the single picture of `--svg` too.
  var isMain = true

  static let wide = 960.0
  static let gap = 28.0

  var size: PictureSize {
    PictureSize(width: isWide ? Self.wide : (Self.wide - Self.gap) / 2, height: height)
  }
}

extension Figure {
  /// The figure as an SVG element.
  func write(into markup: inout Markup, identifier: String) {
    let (width, height) = (Markup.number(size.width), Markup.number(size.height))
    let attributes: Markup.Attributes = [
      ("xmlns", "http://www.w3.org/2000/svg"), ("width", width), ("height", height),
      ("viewBox", "0 0 \(width) \(height)"), ("role", "img"),
      ("aria-labelledby", "\(identifier)-title \(identifier)-summary"),
      ("font-family", Lettering.fonts), ("font-size", Markup.number(Lettering.size)),
    ]
    markup.element("svg", attributes) { markup in
      markup.element("title", [("id", "\(identifier)-title")], words: drawing.title)
      markup.element("desc", [("id", "\(identifier)-summary")], words: drawing.summary)
      markup.newLine()
      drawing.draw(size, identifier, into: &markup)
    }
    markup.newLine()
  }
}
