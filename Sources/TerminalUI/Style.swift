// How a cell looks: two colours and the attributes every terminal has.

/// Attributes of a cell, understood by monochrome terminals too.
package struct Attributes: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  package static let bold = Attributes(rawValue: 1)
  package static let dim = Attributes(rawValue: 2)
  package static let underline = Attributes(rawValue: 4)
  package static let reverse = Attributes(rawValue: 8)
}

/// Foreground, background and attributes of a cell.
package struct Style: Hashable, Sendable {
  package var foreground: Color
  package var background: Color
  package var attributes: Attributes

  package init(
    foreground: Color = .default, background: Color = .default, attributes: Attributes = []
  ) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  /// The terminal's own colours, no attributes.
  package static let plain = Style()

  package func foreground(_ color: Color) -> Style {
    Style(foreground: color, background: background, attributes: attributes)
  }

  package func background(_ color: Color) -> Style {
    Style(foreground: foreground, background: color, attributes: attributes)
  }

  /// The style with further attributes.
  package func adding(_ more: Attributes) -> Style {
    Style(
      foreground: foreground, background: background, attributes: attributes.union(more))
  }

  package var bold: Style { adding(.bold) }
  package var dim: Style { adding(.dim) }
  package var underlined: Style { adding(.underline) }
  package var reversed: Style { adding(.reverse) }

  /// The style in the colours a terminal of that depth shows.
  package func reduced(to depth: ColorDepth) -> Style {
    Style(
      foreground: foreground.reduced(to: depth), background: background.reduced(to: depth),
      attributes: attributes)
  }
}
