// The main figures of a report as one picture.
import PlainText

extension Report {
  /// One SVG file that needs nothing else: no fonts, no scripts, no style sheet.
  package var svg: String {
    let places = arrangement(figures.filter(\.isMain))
    let margin = 24.0
    let heading = 58.0
    let below = places.map { $0.y + $0.figure.fullHeight }.max() ?? 0
    let width = Markup.number(Figure.wide + 2 * margin)
    let height = Markup.number(heading + below + margin)
    var markup = Markup()
    markup.append(raw: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
    let attributes: Markup.Attributes = [
      ("xmlns", "http://www.w3.org/2000/svg"), ("width", width), ("height", height),
      ("viewBox", "0 0 \(width) \(height)"), ("role", "img"),
      ("font-family", Lettering.fonts), ("font-size", Markup.number(Lettering.size)),
    ]
    markup.element("svg", attributes) { markup in
      markup.element("title", words: title)
      markup.element(
        "desc", words: places.map(\.figure.drawing.summary).joined(separator: " "))
      markup.newLine()
      markup.empty("rect", [("width", width), ("height", height)] + Ink.page.fill)
      markup.label(
        Lettering.fitted(title, to: Figure.wide, size: 20), margin, margin + 18, size: 20,
        isBold: true)
      markup.label(
        Lettering.fitted(subtitle, to: Figure.wide), margin, margin + 38, ink: .muted)
      markup.newLine()
      for (index, place) in places.enumerated() {
        let x = Markup.number(margin + place.x)
        let y = Markup.number(margin + heading + place.y)
        markup.element("g", [("transform", "translate(\(x) \(y))")]) { markup in
          place.figure.drawing.draw(place.figure.size, "figure\(index)", into: &markup)
          for (index, line) in place.figure.captionLines.enumerated() {
            markup.label(
              line, 0, place.figure.height + 14 + Double(index) * 14, size: Lettering.small,
              ink: .muted)
          }
        }
        markup.newLine()
      }
    }
    markup.newLine()
    return markup.text
  }

  /// Wide figures below each other, narrow ones two in a row.
  private func arrangement(_ figures: [Figure]) -> [(figure: Figure, x: Double, y: Double)] {
    var places: [(figure: Figure, x: Double, y: Double)] = []
    var y = 0.0
    // The height of a row of which the right half is still free.
    var open: Double?
    for figure in figures {
      if let height = open, !figure.isWide {
        places.append((figure, Figure.wide - figure.size.width, y))
        y += max(height, figure.fullHeight)
        open = nil
        continue
      }
      y += open ?? 0
      open = nil
      places.append((figure, 0, y))
      if figure.isWide { y += figure.fullHeight } else { open = figure.fullHeight }
    }
    return places
  }
}

extension Figure {
  fileprivate var captionLines: [String] {
    Lettering.lines(caption, width: size.width, size: Lettering.small)
  }

  /// With the caption and the room below it.
  fileprivate var fullHeight: Double { height + Double(captionLines.count) * 14 + 26 }
}
