// Panels that a key hides: who gets their room, and how they come back.
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Hidden panels")
struct HiddenPanelTests {
  private static func places(_ model: DashboardModel) -> [PanelLayout.Place] {
    PanelLayout(model: model).places(in: ScreenLayout(model.size).body)
  }

  @Test
  func `d takes the panel in focus away, and the panel below it gets its room`() {
    var model = Story.model(to: 600)
    model.resize(120, 36)
    let before = Dictionary(uniqueKeysWithValues: Self.places(model).map { ($0.panel, $0.rect) })
    model.press("2")
    model.press("d")
    #expect(model.notice?.text == "norms is hidden: 2 shows it again")
    let after = Dictionary(uniqueKeysWithValues: Self.places(model).map { ($0.panel, $0.rect) })
    #expect(after[.norms] == nil && model.focus != .norms)
    #expect(after[.clipping]?.top == before[.norms]?.top)
    #expect(after[.clipping]?.bottom == before[.clipping]?.bottom)
    #expect(after[.loss] == before[.loss])
  }

  @Test
  func `its number brings it back with the focus, and D brings all of them back`() {
    var model = Story.model(to: 600)
    model.resize(120, 36)
    let before = Self.places(model).map(\.rect)
    model.press("2")
    model.press("d")
    model.press("2")
    #expect(model.focus == .norms && model.layout.hidden.isEmpty)
    model.press("d")
    model.press("1")
    model.press("d")
    #expect(model.layout.hidden == [.norms, .loss])
    model.press("D")
    model.press("1")
    #expect(Self.places(model).map(\.rect) == before)
  }

  @Test
  func `the last panel stays, and D without a hidden one says so`() {
    var model = Story.model(to: 600)
    model.resize(120, 36)
    model.press("D")
    #expect(model.refused == "no panel is hidden")
    for _ in 0..<model.panels.count { model.press("d") }
    #expect(model.refused == "this is the only panel that is shown")
    #expect(Self.places(model).count == 1)
  }

  @Test
  func `hidden one after the other, they leave no hole at any size`() {
    for (columns, rows) in LayoutTests.sizes {
      for var model in [Story.model(to: 600), Tasks.model(.classification)] {
        model.resize(columns, rows)
        let body = ScreenLayout(model.size).body
        for _ in model.panels {
          model.press("d")
          let area = Self.places(model).reduce(0) { $0 + $1.rect.size.area }
          #expect(area == body.size.area, "\(columns)x\(rows) \(model.layout.hidden)")
        }
      }
    }
  }

  @Test(arguments: LayoutState.Preset.allCases)
  func `whatever is hidden, the others use each cell once at every size`(
    preset: LayoutState.Preset
  ) {
    for var model in [Story.model(to: 600), Tasks.model(.segmentation), Tasks.model(.forecast)] {
      let all = model.panels
      model.layout.preset = preset
      for hidden in all.indices.map({ Set(all[$0...].prefix(3)) }) {
        model.layout.hidden = hidden
        model.keepFocus()
        for (columns, rows) in LayoutTests.sizes {
          model.resize(columns, rows)
          let body = ScreenLayout(model.size).body
          let layout = PanelLayout(model: model)
          let places = layout.places(in: body)
          let figures = layout.figures(in: body)
          let area = places.reduce(figures.size.area) { $0 + $1.rect.size.area }
          #expect(area == body.size.area, "\(preset) \(hidden) \(columns)x\(rows)")
          #expect(places.allSatisfy { !hidden.contains($0.panel) && !$0.rect.isEmpty })
          #expect(places.contains { $0.panel == model.focus })
          for (index, place) in places.enumerated() {
            #expect(places[..<index].allSatisfy { $0.rect.intersection(place.rect).isEmpty })
          }
        }
      }
    }
  }
}
