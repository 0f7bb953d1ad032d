// Every shipped theme, and every scheme users bring: words are legible, curves distinguishable.

import PlainText
import Testing

@testable import TerminalUI

@Suite struct ThemeContrastTests {
  /// What a theme promises of a role against what it is drawn on.
  private static func least(_ role: Role) -> Double? {
    switch role {
    case .background, .selection: nil
    case .text, .title, .keyHint: 4.5
    // Frames are not read.
    case .border: 1.4
    default: 3
    }
  }

  /// Themes that bring their colours; of the terminal's own nobody knows the contrast.
  private static func themes() throws -> [(name: String, theme: Theme)] {
    try shippedThemes().map { ($0.name, try ThemeFile.theme(from: $0.text)) }
      .filter { $0.1.hasOwnBackground }
  }

  private static let rich: [ColorDepth] = [.trueColor, .twoHundredFiftySix]

  @Test func `at least twelve themes ship, of every kind`() throws {
    let themes = try shippedThemes().map { ($0.name, try ThemeFile.theme(from: $0.text)) }
    #expect(themes.count >= 12)
    #expect(Set(themes.map(\.1.name)).count == themes.count)
    #expect(themes.count { !$0.1.isDark } >= 3)
    for name in ["terminal", "monochrome", "colour-blind-safe", "high-contrast-dark"] {
      #expect(themes.contains { $0.0 == name + ".yaml" })
    }
  }

  @Test(arguments: rich)
  func `every role can be read on what it is drawn on`(depth: ColorDepth) throws {
    for (name, theme) in try Self.themes().map({ ($0.name, $0.theme.reduced(to: depth)) }) {
      let background = theme.color(.background)
      for role in Role.allCases {
        guard let least = Self.least(role) else { continue }
        let contrast = try #require(theme.color(role).contrast(with: background))
        let wanted = name.hasPrefix("high-contrast") && role != .border ? 7 : least
        #expect(contrast >= wanted, "\(name): \(role) \(contrast)")
      }
      // The chosen row of a table, with words of every meaning.
      let selection = theme.color(.selection)
      #expect(selection != background, "\(name)")
      #expect((theme.color(.text).contrast(with: selection) ?? 0) >= 4.5, "\(name)")
      for role in [Role.mutedText, .good, .warning, .error, .train, .validation] {
        let contrast = theme.color(role).contrast(with: selection) ?? 0
        #expect(contrast >= 2.9, "\(name): \(role) on the selection \(contrast)")
      }
      // Bars and strips, from safe to the ceiling.
      for share in stride(from: 0, through: 1, by: 0.1) {
        let contrast = theme.gradient(share).foreground.contrast(with: background) ?? 0
        #expect(contrast >= 2.4, "\(name): gradient \(share) \(contrast)")
      }
    }
  }

  @Test(arguments: rich)
  func `what is in one chart is distinguishable`(depth: ColorDepth) throws {
    for (name, theme) in try Self.themes().map({ ($0.name, $0.theme.reduced(to: depth)) }) {
      let pairs: [(Role, Role, Double)] = [
        (.train, .validation, 0.12), (.train, .ceiling, 0.12), (.train, .twin, 0.07),
        (.validation, .twin, 0.12), (.validation, .ceiling, 0.07), (.clipped, .observed, 0.12),
        (.good, .warning, 0.08), (.safe, .ceiling, 0.16), (.good, .error, 0.16),
      ]
      for (one, other, least) in pairs {
        let distance = try Self.distance(theme.color(one), theme.color(other))
        #expect(distance >= least, "\(name): \(one), \(other) \(distance)")
      }
      let safe = theme.gradient(0).foreground
      #expect(try Self.distance(safe, theme.gradient(1).foreground) >= 0.16, "\(name)")
      // Heat rises visibly from nothing.
      let heat = try [0.12, 0.5, 1].map { try Self.distance(theme.heat(0), theme.heat($0)) }
      #expect(heat[0] >= 0.02 && heat[1] > heat[0] && heat[2] >= 0.2, "\(name): heat \(heat)")
    }
  }

  @Test func `heat goes ever further away from the background's lightness`() throws {
    for (name, theme) in try Self.themes() where theme.hasOwnBackground {
      let heat = stride(from: 0, through: 1, by: 1.0 / 16).map { theme.heat($0) }
      let lightness = heat.compactMap { PerceptualColor($0)?.lightness }
      #expect(lightness.count == 17, "\(name)")
      for (one, next) in zip(lightness, lightness.dropFirst()) {
        #expect(theme.isDark ? next > one : next < one, "\(name) \(lightness)")
      }
      let end = try #require(lightness.last)
      #expect(theme.isDark ? end > 0.8 : end < 0.5, "\(name)")
    }
  }

  @Test func `the colour-blind-safe theme is distinguishable without red or green cones`() throws {
    let file = try #require(shippedThemes().first { $0.name == "colour-blind-safe.yaml" })
    let theme = try ThemeFile.theme(from: file.text)
    let roles: [Role] = [.train, .validation, .twin, .ceiling, .good]
    for depth in Self.rich {
      let theme = theme.reduced(to: depth)
      for deficiency in Deficiency.allCases {
        for (index, one) in roles.enumerated() {
          for other in roles[(index + 1)...] {
            let distance = try Self.distance(
              deficiency.seen(theme.color(one)), deficiency.seen(theme.color(other)))
            #expect(distance >= 0.09, "\(depth) \(deficiency): \(one), \(other) \(distance)")
          }
        }
        // Safe, warm, ceiling: each step of the gradient differs from the others.
        let stops = [0, 0.5, 1].map { deficiency.seen(theme.gradient($0).foreground) }
        for (one, other) in [(0, 1), (1, 2), (0, 2)] {
          #expect(try Self.distance(stops[one], stops[other]) >= 0.12, "\(depth) \(deficiency)")
        }
      }
    }
  }

  @Test func `the terminal's theme uses its colours alone, in every depth`() throws {
    let file = try #require(shippedThemes().first { $0.name == "terminal.yaml" })
    let theme = try ThemeFile.theme(from: file.text)
    #expect(theme == .terminal)
    for depth in ColorDepth.allCases {
      let theme = theme.reduced(to: depth)
      let styles =
        Role.allCases.flatMap { [theme.style($0), theme.faint($0)] }
        + [0, 0.3, 0.6, 1].map { theme.gradient($0) }
      let colors =
        styles.flatMap { [$0.foreground, $0.background] } + [0, 0.3, 0.6, 1].map { theme.heat($0) }
      for color in colors {
        if case .palette(let index) = color {
          #expect(index < 16)
        } else {
          #expect(color == .default)
        }
      }
      #expect(theme.style(.selection).attributes.contains(.reverse))
      #expect(theme.style(.mutedText) != theme.style(.text))
      if depth != .monochrome {
        #expect(theme.color(.train) != theme.color(.validation))
        #expect(theme.heat(0.12) != theme.heat(0))
      }
    }
  }

  @Test func `few colours still part what must be parted`() throws {
    for (name, theme) in try Self.themes() {
      for depth in [ColorDepth.sixteen, .eight] {
        let reduced = theme.reduced(to: depth)
        #expect(reduced.color(.train) != reduced.color(.validation), "\(name) in \(depth)")
        for role in Role.allCases where role != .background {
          #expect(reduced.color(role) != reduced.color(.background), "\(name): \(role) in \(depth)")
        }
      }
    }
  }

  /// The hundreds of public schemes have other ideas than we; random ones have worse.
  @Test func `any base16 scheme stays readable`() throws {
    var numbers = SeededNumbers(16)
    for round in 0..<60 {
      let isNarrow = round % 3 == 0
      let base = UInt8.random(in: 0...255, using: &numbers)
      let lines = (0..<16).map { index in
        let bytes = (0..<3).map { _ in
          isNarrow
            ? base ^ UInt8.random(in: 0...24, using: &numbers)
            : UInt8.random(in: 0...255, using: &numbers)
        }
        let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return "base0\(String(index, radix: 16, uppercase: true)): \"\(hex)\""
      }
      var text = lines.joined(separator: "\n")
      if round % 2 == 0 { text += "\nvariant: \(round % 4 == 0 ? "dark" : "light")" }
      let theme = try ThemeFile.theme(from: text)
      for depth in Self.rich {
        let reduced = theme.reduced(to: depth)
        let background = reduced.color(.background)
        for role in Role.allCases where ![.background, .selection, .border].contains(role) {
          let contrast = try #require(reduced.color(role).contrast(with: background))
          #expect(contrast >= 3, "scheme \(round) in \(depth): \(role) \(contrast)")
        }
        let selected = try #require(reduced.color(.text).contrast(with: reduced.color(.selection)))
        #expect(selected >= 3, "scheme \(round) in \(depth): selected \(selected)")
      }
    }
  }

  private static func distance(_ one: Color, _ other: Color) throws -> Double {
    try #require(PerceptualColor(one)).distance(to: #require(PerceptualColor(other)))
  }
}

/// What is seen without one kind of cones, after Machado, Oliveira and Fernandes (2009).
private enum Deficiency: CaseIterable {
  case deuteranopia, protanopia

  private var matrix: [[Double]] {
    switch self {
    case .deuteranopia:
      [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
      ]
    case .protanopia:
      [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
      ]
    }
  }

  func seen(_ color: Color) -> Color {
    guard let parts = color.components else { return color }
    let light = [parts.red, parts.green, parts.blue].map(PerceptualColor.linear)
    let seen = matrix.map { row in
      let value = min(1, max(0, zip(row, light).map { $0 * $1 }.reduce(0, +)))
      let coded =
        value <= 0.0031308 ? 12.92 * value : 1.055 * Mathematics.power(value, 1 / 2.4) - 0.055
      return UInt8((coded * 255).rounded())
    }
    return .rgb(seen[0], seen[1], seen[2])
  }
}
