// What is really drawn, in every shipped theme: no word on a ground that hides it.
import Foundation
import RunRecords
import Testing

@testable import Dashboard
@testable import TerminalUI

@Suite("Drawn contrast")
struct DrawnContrastTests {
  private static let models: [(name: String, model: DashboardModel)] = {
    var page = Story.model(to: 1400)
    page.press(.enter)
    var settings = Story.model(to: 800)
    settings.press("v")
    var filter = Story.model(to: 800)
    filter.press("/")
    filter.press("f")
    var diverged = Story.model(to: 700)
    diverged.feed([.step(Fixture.step(710, loss: .nan)), Story.end(.diverged, step: 710)])
    var help = Story.model(to: 100)
    help.press("?")
    return [
      ("off", Story.model(to: 1400)), ("on", Story.model(to: 2000)), ("page", page),
      ("settings", settings), ("filter", filter), ("diverged", diverged), ("help", help),
      ("twin", Story.modelWithTwin(to: 1400)), ("everything", Tasks.everything),
    ]
  }()

  private static let themes: [(name: String, theme: Theme)] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "themes")
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.sorted().compactMap { file in
      guard let text = try? String(contentsOf: folder.appending(path: file), encoding: .utf8),
        let theme = try? ThemeFile.theme(from: text), theme.hasOwnBackground
      else { return nil }
      return (file, theme)
    }
  }()

  @Test(arguments: themes.indices)
  func `every word on the screen can be read`(index: Int) {
    let (name, full) = Self.themes[index]
    for depth in [ColorDepth.trueColor, .twoHundredFiftySix] {
      let theme = full.reduced(to: depth)
      for (what, model) in Self.models {
        let screen = Pictures.screen(model, 120, 36, theme: theme)
        for row in 0..<36 {
          // Beside the help the panels are dimmed, as they should be.
          for column in 0..<120 where !model.isHelpOpen || (30..<90).contains(column) {
            let cell = screen[column, row]
            let style = cell.style
            guard cell.glyph.scalars.first.map({ $0.properties.isAlphabetic || $0 == "%" }) == true,
              let contrast = style.foreground.contrast(with: style.background)
            else { continue }
            #expect(
              contrast >= 2.9,
              "\(name) \(depth) \(what): \(contrast) at \(column), \(row)")
          }
        }
      }
    }
  }

  @Test
  func `the themes are found`() {
    #expect(Self.themes.count >= 12)
  }
}
