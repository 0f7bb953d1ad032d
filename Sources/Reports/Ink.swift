// The colours, dashes and markers of charts: distinguishable in print and without colour vision.

/// A colour by what it is for; the page for dark screens has another one for each.
enum Ink: Hashable, Sendable {
  /// Words and what matters most.
  case text
  /// Axes, their labels, notes.
  case muted
  case grid
  /// The paper behind everything.
  case page
  /// One of several curves; 0 is the one that the others are measured against.
  case series(Int)

  /// Okabe and Ito's colours, without the yellow that vanishes on paper, darkest first.
  private static let series: [(light: String, dark: String)] = [
    ("#0072b2", "#5aaee6"), ("#d55e00", "#ff8f4d"), ("#009e73", "#34c79b"),
    ("#aa4d86", "#e39ac6"), ("#b97c00", "#f0b640"), ("#3a93c9", "#9bd3f5"),
  ]
  private static let baseline = (light: "#1b1f24", dark: "#e8eaed")

  private var colors: (light: String, dark: String) {
    switch self {
    case .text: ("#1b1f24", "#e8eaed")
    case .muted: ("#5b636d", "#a0a7b0")
    case .grid: ("#e3e6ea", "#31373e")
    case .page: ("#ffffff", "#14171a")
    case .series(let index):
      index == 0 ? Self.baseline : Self.series[(index - 1) % Self.series.count]
    }
  }

  /// The colour on paper.
  var color: String { colors.light }

  private var name: String {
    switch self {
    case .text: "text"
    case .muted: "muted"
    case .grid: "grid"
    case .page: "page"
    case .series(let index): index == 0 ? "s0" : "s\((index - 1) % Self.series.count + 1)"
    }
  }

  /// The colour as attributes that a style sheet may override.
  var fill: Markup.Attributes { [("fill", color), ("class", "f-\(name)")] }
  /// The same with a seam in the page's colour around it.
  var fillWithSeam: Markup.Attributes {
    [
      ("fill", color), ("class", "f-\(name) k-page"), ("stroke", Ink.page.color),
      ("stroke-width", "3"), ("stroke-linejoin", "round"), ("paint-order", "stroke"),
    ]
  }
  /// The same for lines, which are not filled.
  var stroke: Markup.Attributes { [("fill", "none"), ("stroke", color), ("class", "k-\(name)")] }

  /// The rules with which a page on a dark screen changes all of them.
  static var darkRules: String {
    let inks: [Ink] =
      [.text, .muted, .grid, .page] + (0...series.count).map { .series($0) }
    return inks.map { ink in
      ".f-\(ink.name){fill:\(ink.colors.dark)}.k-\(ink.name){stroke:\(ink.colors.dark)}"
    }.joined()
  }
}

/// How a curve is drawn.
struct Pen: Equatable, Sendable {
  var ink: Ink
  var dash = Dash.solid
  var width = 1.6
  /// Put on the curve at a few places.
  var marker: Marker?

  /// The pen of the n-th of several curves; colour, dash and marker all differ from its neighbours'.
  static func series(_ index: Int) -> Pen {
    let markers = Marker.allCases
    return Pen(
      ink: .series(index), dash: Dash.allCases[index % Dash.allCases.count],
      marker: markers[index % markers.count])
  }
}

/// The dashes of a line.
enum Dash: String, CaseIterable, Sendable {
  case solid = ""
  case long = "7 3"
  case dotted = "1.5 2.5"
  case dashDot = "8 3 1.5 3"
  case short = "3.5 2.5"

  var attributes: Markup.Attributes { self == .solid ? [] : [("stroke-dasharray", rawValue)] }
}

/// The shapes of points.
enum Marker: CaseIterable, Sendable {
  case circle, square, triangle, diamond, cross, plus, ring

  /// The outline around a point, for a path.
  func path(_ x: Double, _ y: Double, _ size: Double) -> String {
    let n = Markup.number
    switch self {
    case .circle, .ring:
      return "M\(n(x - size)) \(n(y))a\(n(size)) \(n(size)) 0 1 0 \(n(2 * size)) 0"
        + "a\(n(size)) \(n(size)) 0 1 0 \(n(-2 * size)) 0z"
    case .square:
      let half = size * 0.9
      return "M\(n(x - half)) \(n(y - half))h\(n(2 * half))v\(n(2 * half))h\(n(-2 * half))z"
    case .triangle:
      return "M\(n(x)) \(n(y - 1.2 * size))l\(n(1.15 * size)) \(n(2 * size))h\(n(-2.3 * size))z"
    case .diamond:
      let half = size * 1.3
      return "M\(n(x)) \(n(y - half))l\(n(half)) \(n(half))l\(n(-half)) \(n(half))"
        + "l\(n(-half)) \(n(-half))z"
    case .cross:
      return "M\(n(x - size)) \(n(y - size))l\(n(2 * size)) \(n(2 * size))"
        + "M\(n(x - size)) \(n(y + size))l\(n(2 * size)) \(n(-2 * size))"
    case .plus:
      let half = size * 1.2
      return "M\(n(x - half)) \(n(y))h\(n(2 * half))M\(n(x)) \(n(y - half))v\(n(2 * half))"
    }
  }

  /// Whether the outline encloses something to fill.
  var isFilled: Bool { self != .cross && self != .plus && self != .ring }
}

extension Markup {
  /// Writes a marker around a point.
  mutating func marker(_ marker: Marker, _ x: Double, _ y: Double, size: Double = 3.2, ink: Ink) {
    let path = [("d", marker.path(x, y, size))]
    if marker.isFilled {
      empty("path", path + ink.fill)
    } else if marker == .ring {
      // Its inside hides what lies behind.
      empty("path", path + Ink.page.fill)
      empty("path", path + ink.stroke + [("stroke-width", "1.5")])
    } else {
      empty("path", path + ink.stroke + [("stroke-width", "1.5")])
    }
  }
}
