// The look of the dashboard: a style for every role, two ramps, for one depth of colour.
import PlainText

/// Colours by their meaning.
package struct Theme: Hashable, Sendable {
  package let name: String
  package let author: String
  package let isDark: Bool
  /// The depth its colours have been brought to.
  package let depth: ColorDepth
  private var colors: [Color]
  /// The colours on the way to the background, see `faint`.
  private var faintColors: [Color]
  private var gradientRamp: [Color]
  private var heatRamp: [Color]

  private static let rampLength = 65

  /// Whether it brings a background; else it stands on the terminal's own, of which nothing is known.
  package var hasOwnBackground: Bool { color(.background) != .default }

  init(
    name: String, author: String, isDark: Bool, colors: [Role: Color], gradient: [Color],
    heat: [Color]
  ) {
    self.name = name
    self.author = author
    self.isDark = isDark
    depth = .trueColor
    self.colors = Role.allCases.map { colors[$0] ?? .default }
    let background = colors[.background] ?? .default
    faintColors = self.colors.map { $0.blended(with: background, 0.6) }
    gradientRamp = Self.ramp(gradient)
    heatRamp = Self.evened(Self.ramp(heat), isDark: isDark)
  }

  private init(_ theme: Theme, depth: ColorDepth) {
    name = theme.name
    author = theme.author
    isDark = theme.isDark
    self.depth = depth
    colors = theme.colors.map { $0.reduced(to: depth) }
    faintColors = theme.faintColors.map { $0.reduced(to: depth) }
    gradientRamp = theme.gradientRamp.map { $0.reduced(to: depth) }
    heatRamp = theme.heatRamp.map { $0.reduced(to: depth) }
  }

  // MARK: Looking up

  package var isMonochrome: Bool { depth == .monochrome }

  package func color(_ role: Role) -> Color {
    colors[role.ordinal]
  }

  /// The role's colour on the theme's background; in monochrome its attributes.
  package func style(_ role: Role) -> Style {
    if isMonochrome { return Style(attributes: role.monochromeAttributes) }
    switch role {
    case .background: return Style(foreground: color(.text), background: color(.background))
    case .selection where color(.selection) == .default:
      return Style(foreground: color(.text), background: .default, attributes: .reverse)
    case .selection: return Style(foreground: color(.text), background: color(.selection))
    case .mutedText, .border, .twin:
      let needsDim = depth == .eight || color(role) == .default
      return Style(
        foreground: color(role), background: color(.background), attributes: needsDim ? .dim : [])
    default:
      return Style(
        foreground: color(role), background: color(.background), attributes: role.attributes)
    }
  }

  /// A style between a role and the background, for what lies behind: bands, tracks.
  package func faint(_ role: Role) -> Style {
    if isMonochrome { return Style(attributes: .dim) }
    if depth < .twoHundredFiftySix || !hasOwnBackground { return style(role).dim }
    return Style(foreground: faintColors[role.ordinal], background: color(.background))
  }

  /// From safe (0) to the ceiling (1).
  package func gradient(_ share: Double) -> Style {
    if isMonochrome { return Style(attributes: share >= 0.999 ? .bold : []) }
    return Style(foreground: Self.entry(gradientRamp, share), background: color(.background))
  }

  /// From nothing (0, the background) to the most there is (1).
  package func heat(_ share: Double) -> Color {
    Self.entry(heatRamp, share)
  }

  private static func entry(_ ramp: [Color], _ share: Double) -> Color {
    let share = share.isNaN ? 0 : min(1, max(0, share))
    let index = Int((share * Double(ramp.count - 1)).rounded())
    return ramp.indices.contains(index) ? ramp[index] : .default
  }

  // MARK: Making

  /// The theme in the colours a terminal of that depth shows.
  ///
  /// What was legible and distinct stays so: text that would fall on its background becomes black
  /// or white, and training and validation never share a colour.
  package func reduced(to depth: ColorDepth) -> Theme {
    guard depth < self.depth else { return self }
    var theme = Theme(self, depth: depth)
    guard depth != .monochrome else { return theme }
    let background = theme.color(.background)
    if depth == .twoHundredFiftySix {
      theme.keepContrast(of: self)
    } else if !hasOwnBackground {
      if depth == .eight { theme.replace(.palette(4), with: .palette(6)) }
    } else {
      for (index, role) in Role.allCases.enumerated() where role != .background {
        let reduced = colors[index].reduced(to: depth, readableOn: background)
        // The plain blue of eight colours is nearly black on consoles.
        let isDarkBlue = depth == .eight && isDark && reduced == .palette(4)
        theme.colors[index] = isDarkBlue ? .palette(6) : reduced
      }
      theme.settleFewColors()
    }
    if theme.color(.train) == theme.color(.validation) {
      let other: Color? =
        depth == .twoHundredFiftySix
        ? color(.validation).reduced(on: background, contrast: 3, but: theme.color(.train)) : nil
      theme.set(.validation, to: other ?? .palette(theme.color(.train) == .palette(3) ? 5 : 3))
    }
    return theme
  }

  /// Nearest colours may be a little darker or lighter: none may be read less easily for it.
  private mutating func keepContrast(of theme: Theme) {
    let background = color(.background)
    for role in Role.allCases where role != .background && role != .selection {
      let wanted = theme.color(role)
      guard let contrast = wanted.contrast(with: theme.color(.background)) else { continue }
      // A background in between leaves no room for the highest.
      let levels = [7, 4.5, 3, role.leastContrast].filter { $0 <= contrast }
      let kept = levels.lazy.compactMap { wanted.reduced(on: background, contrast: $0) }.first
      if let kept { set(role, to: kept) }
    }
    let selection = theme.color(.selection)
    guard selection.contrast(with: theme.color(.text)) != nil else { return }
    let kept = selection.reduced(on: color(.text), contrast: 4.5, but: background)
    if let kept { set(.selection, to: kept) }
  }

  private mutating func replace(_ old: Color, with new: Color) {
    for role in Role.allCases where color(role) == old { set(role, to: new) }
  }

  /// What hue alone would get wrong among 16 or 8 colours.
  private mutating func settleFewColors() {
    set(.selection, to: .palette(isDark ? 4 : 6))
    // The second voice stays grey, however bluish the scheme's greys are; style() makes it dim
    // where there is no grey between black and white.
    let grey: Color = depth == .sixteen ? .palette(8) : .palette(isDark ? 7 : 0)
    for role in [Role.mutedText, .border, .twin] { set(role, to: grey) }
    // Orange turns red, which means the ceiling.
    if color(.validation) == color(.ceiling) { set(.validation, to: .palette(isDark ? 3 : 5)) }
    let steps: [UInt8] = isDark ? [4, 6, 2, 3, 7] : [6, 4, 5, 1, 0]
    heatRamp = [color(.background)] + steps.map { .palette($0) }
  }

  private mutating func set(_ role: Role, to color: Color) {
    colors[role.ordinal] = color
  }

  /// Stops spread evenly, with everything between them mixed once and for all.
  ///
  /// The terminal's own colours are not mixed, since nobody knows what they are: each stop stands up
  /// to its place.
  private static func ramp(_ stops: [Color]) -> [Color] {
    guard let first = stops.first else { return [.default] }
    guard stops.count > 1 else { return [first] }
    return (0..<rampLength).map { index in
      let position = Double(index) / Double(rampLength - 1) * Double(stops.count - 1)
      if stops.contains(where: \.isOfTerminal) { return stops[Int(position.rounded(.up))] }
      let lower = min(Int(position), stops.count - 2)
      return stops[lower].blended(with: stops[lower + 1], position - Double(lower))
    }
  }

  /// The ramp with a lightness that goes ever further away from the background, whatever its hues,
  /// so that it reads without colour vision too; fast at first, where little must still be seen.
  private static func evened(_ ramp: [Color], isDark: Bool) -> [Color] {
    guard let first = ramp.first.flatMap(PerceptualColor.init)?.lightness,
      let last = ramp.last.flatMap(PerceptualColor.init)?.lightness
    else { return ramp }
    let end = isDark ? max(last, 0.86) : min(last, 0.45)
    return ramp.enumerated().map { index, color in
      guard var mixed = PerceptualColor(color) else { return color }
      let part = Mathematics.power(Double(index) / Double(ramp.count - 1), 0.6)
      mixed.lightness = first + (end - first) * part
      return mixed.color
    }
  }

  /// The terminal's own colours, as themes/terminal.yaml has them, for when no file can be read.
  ///
  /// Muted words are dim, not the palette's bright black, which some schemes make their background;
  /// bright blue and magenta can be read on black and on white.
  package static let terminal: Theme = {
    let colors: [Role: Color] = [
      .focusedBorder: .palette(12), .train: .palette(12), .safe: .palette(12),
      .validation: .palette(5), .twin: .palette(6), .good: .palette(2),
      .observed: .palette(3), .warning: .palette(3),
      .ceiling: .palette(1), .clipped: .palette(1), .error: .palette(1),
    ]
    return Theme(
      name: "Terminal", author: "The maxnorm authors", isDark: true, colors: colors,
      gradient: [.palette(12), .palette(3), .palette(1)],
      heat: [.default, .palette(4), .palette(12), .palette(6), .palette(14)])
  }()
}
