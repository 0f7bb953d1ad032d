// Where panels stand: presets, the border between left and right, one panel large.
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Layout")
struct LayoutTests {
  static let sizes = [
    (40, 12), (60, 20), (69, 36), (70, 14), (70, 15), (80, 24), (120, 36), (160, 30), (160, 40),
    (200, 60), (300, 90),
  ]

  /// The cells of a body and of what stands in it: each once, or else a reason.
  private static func misfit(_ rects: [Rect], in body: Rect) -> String? {
    for (index, rect) in rects.enumerated() {
      if rect.intersection(body) != rect { return "\(rect) is not inside \(body)" }
      if rect.isEmpty { return "\(rect) is empty" }
      for other in rects[..<index] where !rect.intersection(other).isEmpty {
        return "\(rect) is on \(other)"
      }
    }
    let area = rects.reduce(0) { $0 + $1.size.area }
    return area == body.size.area ? nil : "\(area) of \(body.size.area) cells are used"
  }

  @Test(arguments: LayoutState.Preset.allCases)
  func `at every size panels use each cell once, in every preset, wherever the border is`(
    preset: LayoutState.Preset
  ) {
    var console = Story.model(to: 600)
    _ = update(&console, .console(ConsoleLines(["words"])))
    let tasks = [Tasks.segmentation, .classification, .forecast].map { Tasks.model($0) }
    for var model in [console, Story.model(to: 600)] + tasks {
      model.layout.preset = preset
      for (columns, rows) in Self.sizes {
        model.resize(columns, rows)
        let body = ScreenLayout(model.size).body
        for split in [nil, 0.0, 0.3, 0.62, 1.0] {
          model.layout.split = split
          for focus in model.arrangedPanels {
            model.focus = focus
            let layout = PanelLayout(model: model)
            let places = layout.places(in: body)
            let figures = layout.figures(in: body)
            let rects = places.map(\.rect) + (figures.isEmpty ? [] : [figures])
            let misfit = Self.misfit(rects, in: body)
            #expect(misfit == nil, "\(preset) \(focus) \(columns)x\(rows): \(misfit ?? "")")
            #expect(places.contains { $0.panel == focus }, "\(preset) \(focus) \(columns)x\(rows)")
            #expect(Set(places.map(\.panel)).count == places.count)
          }
        }
      }
    }
  }

  @Test
  func `p goes through the presets, says which, and back to the first`() {
    var model = Story.model(to: 600)
    model.resize(80, 24)
    var said: [String] = []
    for _ in LayoutState.Preset.allCases {
      model.press("p")
      said.append(model.notice?.text ?? "")
    }
    #expect(
      said == [
        "layout: loss only", "layout: norms only",
        "layout: everything, 4 of 8 panels find room: "
          + "tab shows the others", "layout: presentation", "layout: standard",
      ])
    model.press(.enter)
    model.press("p")
    #expect(model.layout.preset == .standard && model.refused != nil)
  }

  @Test
  func `the focus stays among the panels of the preset, and a digit of another says so`() {
    var model = Story.model(to: 600)
    model.press("2")
    model.press("p")
    #expect(model.focus == .loss)
    model.press("2")
    #expect(model.focus == .loss && model.refused?.hasPrefix("panel 2 is not in this") == true)
    for _ in 0..<4 {
      model.press(.tab)
      #expect(model.arrangedPanels.contains(model.focus))
    }
  }

  @Test func `z maximizes any panel, on the main screen and on a page, and restores it`() throws {
    for task in [Tasks.segmentation, .language] {
      var model = Tasks.model(task)
      model.resize(120, 36)
      let body = ScreenLayout(model.size).body
      model.press("z")
      for panel in model.panels {
        #expect(model.focus == panel)
        let places = PanelLayout(model: model).places(in: body)
        #expect(places.map(\.panel) == [panel] && places.map(\.rect) == [body])
        model.press(.tab)
      }
      model.press(.escape)
      #expect(PanelLayout(model: model).places(in: body).count > 1)
      model.press("z")
      model.press("z")
      #expect(!model.isMaximized)
    }
    var model = Story.model(to: 600)
    model.resize(120, 36)
    model.press(.enter)
    model.press("z")
    let layer = try #require(model.layer)
    let body = ScreenLayout(model.size).body
    for panel in model.pagePanels(of: layer) {
      let places = LayerPage(model: model, layer: layer).places(in: body).panels
      #expect(places.map(\.panel) == [panel] && places.map(\.rect) == [body])
      model.press(.tab)
    }
    model.press(.escape)
    #expect(model.isDetailOpen && !model.isMaximized)
    model.press("z")
    model.press("q")
    #expect(!model.isDetailOpen && !model.isMaximized)
  }

  @Test
  func `keys move the border by two columns, as far as both sides have room, and back`() {
    var model = Story.model(to: 600)
    model.resize(120, 36)
    let usual = model.border
    model.press(")")
    #expect(model.border == usual.map { $0 + 2 })
    model.press("(")
    model.press("(")
    #expect(model.border == usual.map { $0 - 2 })
    for _ in 0..<60 { model.press("(") }
    #expect(model.border == LayoutState.leastColumns && model.refused != nil)
    for _ in 0..<60 { model.press(")") }
    #expect(model.border == 120 - LayoutState.leastColumns && model.refused != nil)
    model.press("0")
    #expect(model.border == usual && model.layout.split == nil)
    model.press("0")
    #expect(model.refused != nil)
    model.press("z")
    model.press("(")
    #expect(model.refused?.contains("z gives the others theirs") == true)
    model.press("z")
    model.press("p")
    model.press(")")
    #expect(model.refused == "there is no border between left and right here")
  }

  @Test
  func `the border keeps its share of the width when the size changes`() {
    var model = Story.model(to: 600)
    model.layout.split = 0.5
    for (columns, rows) in Self.sizes where columns >= 70 {
      model.resize(columns, rows)
      #expect(model.border == (columns + 1) / 2)
    }
    model.resize(60, 20)
    #expect(model.border == nil)
  }

  @Test
  func `many resizes in a row, to next to nothing and back, leave the same screen`() {
    for preset in LayoutState.Preset.allCases {
      var model = Story.model(to: 600)
      model.layout.preset = preset
      model.resize(120, 36)
      let before = Pictures.screen(model, 120, 36).lines
      for step in 0..<200 {
        let size = (step * 37 % 300 + 1, step * 23 % 90 + 1)
        model.resize(size.0, size.1)
        if step % 5 == 0 { _ = Pictures.screen(model, size.0, size.1) }
      }
      #expect(Pictures.screen(model, 120, 36).lines == before)
    }
  }
}
