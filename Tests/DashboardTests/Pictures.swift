// Pictures of the screen, kept as text files beside the tests.
import Foundation
import Testing

@testable import Dashboard
@testable import TerminalUI

/// Compares screens with the files in `Pictures`.
///
/// After an intended change: `MAXNORM_RENEW_PICTURES=1 swift test --filter PictureTests`, then look
/// at what `git diff` says.
enum Pictures {
  static let isRenewing = ProcessInfo.processInfo.environment["MAXNORM_RENEW_PICTURES"] != nil

  private static let sources = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Pictures")

  static func screen(
    _ model: DashboardModel, _ columns: Int, _ rows: Int, theme: Theme = .terminal,
    glyphs: GlyphSet = .unicode
  ) -> CellBuffer {
    var model = model
    model.resize(columns, rows)
    var buffer = CellBuffer(size: Size(columns: columns, rows: rows))
    draw(model, theme: theme, glyphs: glyphs, into: &buffer)
    return buffer
  }

  static func screen(
    _ model: ComparisonModel, _ columns: Int, _ rows: Int, theme: Theme = .terminal,
    glyphs: GlyphSet = .unicode
  ) -> CellBuffer {
    var model = model
    model.resize(columns, rows)
    var buffer = CellBuffer(size: Size(columns: columns, rows: rows))
    draw(model, theme: theme, glyphs: glyphs, into: &buffer)
    return buffer
  }

  /// The screen's rows and those of the file of that name.
  static func compare(
    _ model: DashboardModel, _ columns: Int, _ rows: Int, with name: String,
    glyphs: GlyphSet = .unicode, location: SourceLocation = #_sourceLocation
  ) throws {
    let lines = screen(model, columns, rows, glyphs: glyphs).lines
    try compare(lines, columns, rows, with: name, location)
  }

  static func compare(
    _ model: ComparisonModel, _ columns: Int, _ rows: Int, with name: String,
    glyphs: GlyphSet = .unicode, location: SourceLocation = #_sourceLocation
  ) throws {
    let lines = screen(model, columns, rows, glyphs: glyphs).lines
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
