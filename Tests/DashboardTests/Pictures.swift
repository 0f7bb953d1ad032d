// Pictures of the screen and of its parts, kept as text files beside the tests.
import Foundation
import Testing

@testable import Dashboard
@testable import TerminalUI

/// Compares screens with the files in `Pictures`.
///
/// Whole screens are few, one of each kind; all others show only what is under test, so that a word
/// in the footer or another panel does not renew them.
///
/// After an intended change: `MAXNORM_RENEW_PICTURES=1 swift test --filter PictureTests`, then look
/// at what `git diff` says.
enum Pictures {
  static let isRenewing = ProcessInfo.processInfo.environment["MAXNORM_RENEW_PICTURES"] != nil

  private static let sources = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Pictures")

  static func screen<Model: ScreenModel>(
    _ model: Model, _ columns: Int, _ rows: Int, theme: Theme = .terminal,
    glyphs: GlyphSet = .unicode
  ) -> CellBuffer {
    let size = Size(columns: columns, rows: rows)
    var model = model
    _ = update(&model, .resize(size))
    var buffer = CellBuffer(size: size)
    draw(model, theme: theme, glyphs: glyphs, into: &buffer)
    return buffer
  }

  /// Compares parts of a screen of that size, one below the other, or else all of it, with the file
  /// of that name.
  static func compare<Model: ScreenModel>(
    _ model: Model, _ columns: Int, _ rows: Int, _ parts: PicturePart<Model>...,
    with name: String, glyphs: GlyphSet = .unicode, location: SourceLocation = #_sourceLocation
  ) throws {
    let screen = screen(model, columns, rows, glyphs: glyphs)
    var lines = screen.lines
    if !parts.isEmpty {
      var model = model
      _ = update(&model, .resize(screen.size))
      let layout = ScreenLayout(screen.size)
      let pictures = parts.map { part in
        part.rects(model, layout).map { screen.part($0).lines }
      }
      #expect(!pictures.contains { $0.isEmpty }, "\(name): no such part", sourceLocation: location)
      lines = Array(pictures.joined().joined(separator: [""]))
    }
    try compare(lines, columns, rows, with: name, location)
  }

  private static func compare(
    _ lines: [String], _ columns: Int, _ rows: Int, with name: String, _ location: SourceLocation
  ) throws {
    let file = "\(name)-\(columns)x\(rows).txt"
    if isRenewing {
      let text = lines.joined(separator: "\n") + "\n"
      try text.write(to: sources.appending(path: file), atomically: true, encoding: .utf8)
      return
    }
    let url = try #require(
      Bundle.module.url(forResource: "Pictures/\(file)", withExtension: nil),
      "no picture \(file): MAXNORM_RENEW_PICTURES=1 makes it", sourceLocation: location)
    let wanted = try String(contentsOf: url, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false
    ).dropLast().map(String.init)
    #expect(lines.count == wanted.count, "\(file)", sourceLocation: location)
    for (row, (line, wanted)) in zip(lines, wanted).enumerated() {
      #expect(line == wanted, "\(file), row \(row)", sourceLocation: location)
    }
  }
}
