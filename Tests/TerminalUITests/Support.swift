// What the tests of the screen share: looks, a seeded source of numbers, the shipped themes.

import Foundation
import TerminalUI

/// SplitMix64: the same numbers on every run.
struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

enum Looks {
  static let unicode = Appearance(theme: .terminal, glyphs: .unicode)
  static let ascii = Appearance(theme: .terminal, glyphs: .ascii)
  static let monochrome = Appearance(theme: Theme.terminal.reduced(to: .monochrome))
  static let all = [
    unicode, ascii, monochrome,
    Appearance(theme: Theme.terminal.reduced(to: .monochrome), glyphs: .ascii),
  ]
}

/// Draws into a buffer of that size and returns its text.
func picture(
  _ columns: Int, _ rows: Int, _ draw: (Rect, inout CellBuffer) -> Void
) -> String {
  var buffer = CellBuffer(size: Size(columns: columns, rows: rows))
  draw(buffer.bounds, &buffer)
  return buffer.text
}

/// The theme files of the repository, by name.
func shippedThemes() throws -> [(name: String, text: String)] {
  let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "themes")
  return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    .filter { $0.pathExtension == "yaml" }
    .sorted { $0.lastPathComponent < $1.lastPathComponent }
    .map { ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8)) }
}
