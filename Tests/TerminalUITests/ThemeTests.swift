// Colours and themes: nearest colours, contrast, what shipped themes promise, errors.

import Testing

@testable import TerminalUI

@Suite struct ThemeTests {
  @Test func `greys stay grey and hues stay hues in every depth`() {
    #expect(Color.rgb(118, 118, 118).reduced(to: .twoHundredFiftySix) == .palette(243))
    #expect(Color.rgb(255, 0, 0).reduced(to: .twoHundredFiftySix) == .palette(196))
    #expect(Color.rgb(120, 124, 130).reduced(to: .sixteen) == .palette(8))
    #expect(Color.rgb(26, 27, 38).reduced(to: .sixteen) == .palette(0))
    #expect(Color.rgb(112, 153, 245).reduced(to: .sixteen) == .palette(12))
    #expect(Color.rgb(112, 153, 245).reduced(to: .eight) == .palette(4))
    #expect(Color.rgb(163, 208, 114).reduced(to: .eight) == .palette(2))
    #expect(Color.rgb(1, 2, 3).reduced(to: .monochrome) == .default)
    #expect(Color.default.reduced(to: .eight) == .default)
    #expect(Color.palette(200).reduced(to: .twoHundredFiftySix) == .palette(200))
  }

  @Test func `every entry of the cube is its own nearest colour`() {
    for index in UInt8(16)...255 {
      guard let parts = Color.palette(index).components else { continue }
      let nearest = Color.rgb(parts.red, parts.green, parts.blue)
        .reduced(to: .twoHundredFiftySix).components
      #expect(nearest?.red == parts.red)
      #expect(nearest?.green == parts.green)
      #expect(nearest?.blue == parts.blue)
    }
  }

  @Test func `contrast is that of the web's guidelines`() throws {
    let ratio = try #require(Color.rgb(255, 255, 255).contrast(with: .rgb(0, 0, 0)))
    #expect(abs(ratio - 21) < 1e-9)
    let grey = try #require(Color.rgb(0x77, 0x77, 0x77).contrast(with: .rgb(255, 255, 255)))
    #expect(abs(grey - 4.48) < 0.01)
  }

  @Test func `blending ends at both colours and is brighter than neither in between`() {
    let from = Color.rgb(10, 20, 30)
    let to = Color.rgb(200, 100, 50)
    #expect(from.blended(with: to, 0) == from)
    #expect(from.blended(with: to, 1) == to)
    #expect(from.blended(with: to, .nan) == from)
    #expect(Color.default.blended(with: to, 0.7) == to)
  }

  @Test func `hexadecimal colours are read with and without the sign`() {
    #expect(Color(hex: "#0a0B0c") == .rgb(10, 11, 12))
    #expect(Color(hex: "ffffff") == .rgb(255, 255, 255))
    for text in ["", "#fff", "+12345", "#gggggg", "#1234567"] { #expect(Color(hex: text) == nil) }
  }

  @Test func `without colour roles keep attributes`() throws {
    let theme = try ThemeFile.theme(from: try #require(shippedThemes().first).text)
      .reduced(to: .monochrome)
    #expect(theme.style(.error) == Style(attributes: .reverse))
    #expect(theme.style(.mutedText) == Style(attributes: .dim))
    #expect(theme.style(.clipped) != theme.style(.observed))
    #expect(theme.heat(0.5) == .default)
  }

  static let legacy = (0..<16).map { index in
    "base0\(String(index, radix: 16, uppercase: true)): \"\(index % 10)\(index % 10)5566\""
  }.joined(separator: "\n")

  @Test func `the older flat format is read too`() throws {
    let theme = try ThemeFile.theme(from: "scheme: \"Old\"\nauthor: \"A\"\n" + Self.legacy)
    #expect(theme.name == "Old")
    #expect(theme.isDark)
  }

  @Test func `roles name entries, the default or a terminal colour`() throws {
    let theme = try ThemeFile.theme(
      from: Self.legacy + "\nroles: {train: 4, background: default, ceiling: base0B}")
    #expect(theme.color(.train) == .palette(4))
    #expect(theme.color(.background) == .default)
    #expect(theme.color(.ceiling) == Color(hex: "115566"))
  }

  @Test(arguments: [
    ("base00: \"zzz\"", "line 1: base00: expected six hexadecimal digits"),
    ("name: x", "base00: expected a colour in the palette, found nothing"),
    ("- a", "file: expected a base16 scheme in YAML, found a list"),
    ("a: [", "file: expected YAML, found"),
    ("", "file: expected a base16 scheme in YAML, found nothing"),
    (legacy + "\nroles: {trian: base00}", "line 17: roles: expected one of background"),
    (legacy + "\nroles:\n  train: base99", "line 18: roles.train: expected a palette entry"),
    (legacy + "\nroles: {heat: base00}", "roles.heat: expected a list of 2 to 16 colours"),
    (legacy + "\nroles: 3", "roles: expected roles and palette entries, found \"3\""),
  ])
  func `a wrong file is reported by line and key`(text: String, message: String) {
    let error = #expect(throws: ThemeError.self) { try ThemeFile.theme(from: text) }
    let description = error?.description ?? ""
    #expect(description.contains(message), "\(description)")
    #expect(!description.contains("\n"))
  }

  @Test func `any public scheme becomes readable`() throws {
    // All entries alike is as bad as a scheme can be.
    let text = (0..<16).map { "base0\(String($0, radix: 16, uppercase: true)): \"202020\"" }
    let theme = try ThemeFile.theme(from: text.joined(separator: "\n"))
    let contrast = try #require(theme.color(.text).contrast(with: theme.color(.background)))
    #expect(contrast >= 4.5)
  }
}
