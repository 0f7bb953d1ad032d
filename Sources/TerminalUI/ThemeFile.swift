// Reads base16 and base24 schemes (tinted-theming's YAML) into themes.

import PlainText
import Yams

/// Why a theme file cannot be used; the description is one line without the file's name.
package struct ThemeError: Error, Hashable, Sendable, CustomStringConvertible {
  package let line: Int?
  package let key: String
  package let expected: String
  package let found: String

  package var description: String {
    let place = line.map { "line \($0): " } ?? ""
    return "\(place)\(key): expected \(expected), found \(found)"
  }
}

/// A scheme's palette and what it says about roles.
package struct ThemeFile: Sendable {
  /// More than any scheme needs; a reader of foreign files has a limit.
  private static let longest = 65_536

  private var name = "unnamed"
  private var author = ""
  private var variant: String?
  private var palette: [Int: Color] = [:]
  private var roles: [Role: Color] = [:]
  private var gradient: [Color]?
  private var heat: [Color]?

  /// Reads the text of a theme file.
  package static func theme(from text: String) throws(ThemeError) -> Theme {
    try ThemeFile(text).theme
  }

  private init(_ text: String) throws(ThemeError) {
    guard text.utf8.count <= Self.longest else {
      throw ThemeError(
        line: nil, key: "file", expected: "at most \(Self.longest) bytes",
        found: "\(text.utf8.count)")
    }
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch {
      throw Self.error(notYAML: error)
    }
    guard let mapping = root?.mapping else {
      throw ThemeError(
        line: root?.mark?.line, key: "file", expected: "a base16 scheme in YAML",
        found: Self.shown(root))
    }
    name = Self.text(mapping["name"] ?? mapping["scheme"]) ?? name
    author = Self.text(mapping["author"]) ?? author
    variant = Self.text(mapping["variant"])
    try readPalette(mapping)
    if let roles = mapping["roles"] { try readRoles(roles) }
  }

  private static func error(notYAML error: any Error) -> ThemeError {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      ThemeError(
        line: mark.line, key: "file", expected: "YAML", found: ScreenText.printable(problem))
    default:
      ThemeError(
        line: nil, key: "file", expected: "YAML", found: ScreenText.printable("\(error)"))
    }
  }

  // MARK: Palette

  private mutating func readPalette(_ root: Node.Mapping) throws(ThemeError) {
    var entries = root
    if let palette = root["palette"] {
      guard let mapping = palette.mapping else {
        throw ThemeError(
          line: palette.mark?.line, key: "palette", expected: "base00 to base0F",
          found: Self.shown(palette))
      }
      entries = mapping
    }
    for (key, value) in entries {
      guard let index = Self.entry(key.string ?? "") else { continue }
      guard let color = value.string.flatMap({ Color(hex: $0) }) else {
        throw ThemeError(
          line: value.mark?.line, key: Self.entryName(index),
          expected: "six hexadecimal digits such as \"#1a2b3c\"", found: Self.shown(value))
      }
      palette[index] = color
    }
    for index in 0..<16 where palette[index] == nil {
      throw ThemeError(
        line: nil, key: Self.entryName(index), expected: "a colour in the palette",
        found: "nothing")
    }
  }

  /// base00 to base17, the digits in either case.
  private static func entry(_ key: String) -> Int? {
    guard key.hasPrefix("base"), key.utf8.count == 6,
      let index = Int(key.dropFirst(4), radix: 16), (0..<0x18).contains(index)
    else { return nil }
    return index
  }

  private static func entryName(_ index: Int) -> String {
    "base" + (index < 16 ? "0" : "") + String(index, radix: 16, uppercase: true)
  }

  // MARK: Roles

  private mutating func readRoles(_ node: Node) throws(ThemeError) {
    guard let mapping = node.mapping else {
      throw ThemeError(
        line: node.mark?.line, key: "roles", expected: "roles and palette entries",
        found: Self.shown(node))
    }
    for (key, value) in mapping {
      switch key.string {
      case "gradient": gradient = try colors(value, key: "roles.gradient")
      case "heat": heat = try colors(value, key: "roles.heat")
      case let name?:
        guard let role = Role(rawValue: name) else {
          let known = Role.allCases.map(\.rawValue) + ["gradient", "heat"]
          throw ThemeError(
            line: key.mark?.line, key: "roles",
            expected: "one of \(known.joined(separator: ", "))", found: Self.shown(key))
        }
        roles[role] = try color(value, key: "roles.\(name)")
      case nil:
        throw ThemeError(
          line: key.mark?.line, key: "roles", expected: "the name of a role",
          found: Self.shown(key))
      }
    }
  }

  /// A palette entry, `default`, or a terminal colour from 0 to 15.
  private func color(_ node: Node, key: String) throws(ThemeError) -> Color {
    let text = node.string ?? ""
    if let index = Self.entry(text), let color = palette[index] { return color }
    if text == "default" { return .default }
    if let index = UInt8(text), index < 16 { return .palette(index) }
    if text.hasPrefix("#"), let color = Color(hex: text) { return color }
    throw ThemeError(
      line: node.mark?.line, key: key,
      expected: "a palette entry such as base0D, default, or a terminal colour 0 to 15",
      found: Self.shown(node))
  }

  private func colors(_ node: Node, key: String) throws(ThemeError) -> [Color] {
    guard let sequence = node.sequence, (2...16).contains(sequence.count) else {
      throw ThemeError(
        line: node.mark?.line, key: key, expected: "a list of 2 to 16 colours",
        found: Self.shown(node))
    }
    var colors: [Color] = []
    for item in sequence { colors.append(try color(item, key: key)) }
    return colors
  }

  // MARK: Theme

  private var theme: Theme {
    let background = roles[.background] ?? palette[0] ?? .default
    let (white, black) = (Color.rgb(255, 255, 255), Color.rgb(0, 0, 0))
    // Not what the scheme calls itself: on a background in between, what can be read decides.
    let isDark =
      if let onWhite = background.contrast(with: white),
        let onBlack = background.contrast(with: black)
      { onWhite >= onBlack } else { variant != "light" }
    let far = isDark ? white : black
    var colors: [Role: Color] = [:]
    for role in Role.allCases {
      let wanted = roles[role] ?? palette[role.defaultEntry] ?? .default
      colors[role] = Self.readable(wanted, on: background, toward: far, role.leastContrast)
    }
    if roles[.validation] == nil { separateValidation(in: &colors, background, far) }
    colors[.selection] = Self.readableSelection(in: colors, background)
    let low = colors[.train] ?? .default
    let warm = colors[.warning] ?? .default
    let high = colors[.ceiling] ?? .default
    // Straight from blue to yellow leads through grey.
    let middle = isDark ? low.blended(with: far, 0.45) : colors[.accent] ?? low
    return Theme(
      name: name, author: author, isDark: isDark, colors: colors,
      gradient: gradient ?? [colors[.safe] ?? low, warm, high],
      heat: heat ?? [
        background, low.blended(with: background, 0.55), low, middle, warm,
        colors[.validation] ?? warm,
      ])
  }

  /// Moves a colour toward white or black until it can be read; the scheme itself stays as it is.
  private static func readable(
    _ color: Color, on background: Color, toward far: Color, _ least: Double
  ) -> Color {
    guard let contrast = color.contrast(with: background), contrast < least,
      case .rgb = color
    else { return color }
    for step in 1...20 {
      let candidate = color.blended(with: far, Double(step) / 20)
      if (candidate.contrast(with: background) ?? 21) >= least { return candidate }
    }
    return far
  }

  /// Moves the bar behind the selected row toward the background until its words can be read.
  private static func readableSelection(in colors: [Role: Color], _ background: Color) -> Color {
    let wanted = colors[.selection] ?? background
    let text = colors[.text] ?? .default
    return (0..<20).map { wanted.blended(with: background, Double($0) / 20) }
      .first { ($0.contrast(with: text) ?? 21) >= Role.text.leastContrast } ?? background
  }

  /// Some schemes have nearly the same blue and orange entries; then the accent farthest away.
  private func separateValidation(
    in colors: inout [Role: Color], _ background: Color, _ far: Color
  ) {
    guard let train = colors[.train].flatMap({ PerceptualColor($0) }),
      let validation = colors[.validation].flatMap({ PerceptualColor($0) }),
      train.distance(to: validation) < 0.12
    else { return }
    let candidates = (8..<16).compactMap { palette[$0] }.map {
      Self.readable($0, on: background, toward: far, Role.validation.leastContrast)
    }
    colors[.validation] = candidates.max { left, right in
      (PerceptualColor(left)?.distance(to: train) ?? 0)
        < (PerceptualColor(right)?.distance(to: train) ?? 0)
    }
  }

  // MARK: Words

  private static func text(_ node: Node?) -> String? {
    node?.string.map { ScreenText.printable($0) }
  }

  private static func shown(_ node: Node?) -> String {
    if let text = node?.string { return "\"\(ScreenText.printable(text).prefix(40))\"" }
    if node?.mapping != nil { return "a mapping" }
    return node?.sequence != nil ? "a list" : "nothing"
  }
}
