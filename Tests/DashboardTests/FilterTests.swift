// The list of layers: scrolling, filtering by name, the page's panels, the hint.
import RunHistory
import RunRecords
import Testing
import TerminalUI

@testable import Dashboard

@Suite("Many layers")
struct FilterTests {
  private static let names = (1...60).map { "encoder_block\($0)" }

  @Test(arguments: 0..<60)
  func `with sixty layers the selected one is in sight in both lists`(index: Int) throws {
    var model = Story.model(to: 30, names: Self.names)
    model.press(.home)
    for _ in 0..<index { model.press(.down) }
    #expect(model.selectedLayer == index)
    let lines = Pictures.screen(model, 80, 24).lines
    let rows = lines.filter {
      $0.contains("▸") && !$0.contains("loss") && $0.contains("\(index + 1) ")
    }
    // Its name may be cut in the middle; the end stands.
    #expect(rows.count == 2, "\(rows)")
    #expect(lines.contains { $0.contains(" of 60 ") })
  }

  @Test
  func `lists show as many rows as there is room for, the selected one among them`() {
    for count in 0...30 {
      for room in -1...35 {
        for selected in 0..<max(1, count) {
          let window = ListWindow(selected: selected, room: room, of: count)
          #expect(window.shown.count == max(0, min(room, count)))
          #expect(window.shown.lowerBound >= 0 && window.shown.upperBound <= count)
          if room > 0, count > 0 { #expect(window.shown.contains(selected)) }
          #expect(window.isWhole == window.label.isEmpty)
        }
      }
    }
  }

  @Test
  func `/ narrows the layers down while typing; enter keeps, esc shows all again`() {
    var model = Story.model(to: 30, names: Self.names + ["Decoder q"])
    for key in "/BLOCK5" { #expect(model.press(key).isEmpty) }
    #expect(model.topLayer == .filter)
    #expect(model.shownLayers == [4] + (49...58))
    #expect(model.selectedLayer == 4)
    model.press(.backspace)
    #expect(model.shownLayers.count == 60)
    model.press(.enter)
    #expect(model.topLayer == .main && model.filter.text == "BLOCK")
    model.press(.end)
    #expect(model.selectedLayer == 59)
    #expect(model.footer.contains { $0.label == "all layers" })
    model.press(.escape)
    #expect(model.filter == LayerFilter() && model.shownLayers.count == 61)
    model.press(.escape)
    #expect(model.refused == "nothing is open that could be closed")
    // Letters that are commands elsewhere, and words in any order.
    for key in "/q dec" { model.press(key) }
    #expect(model.dialog == nil && model.shownLayers == [60])
    model.press(.escape)
    #expect(model.topLayer == .main && model.shownLayers.count == 61)
  }

  @Test
  func `a filter that no name holds leaves nothing to move over; keys say so`() {
    var model = Story.model(to: 30, names: Self.names)
    for key in "/zz" { model.press(key) }
    model.press(.enter)
    #expect(model.shownLayers.isEmpty && model.layer != nil)
    model.press(.down)
    #expect(model.refused == "no layer's name holds zz: esc shows all")
    model.press(.enter)
    #expect(!model.isDetailOpen)
    // It survives a restart, and the layers it holds are found anew.
    model.feed([.header(Story.header(names: ["zz1", "b"]))])
    #expect(model.shownLayers == [0])
    var empty = Fixture.model(.empty)
    empty.press("/")
    #expect(empty.refused == "no run yet: no layers")
  }

  @Test
  func `only what can be shown is typed, and not without end`() {
    var model = Story.model(to: 30)
    model.press("/")
    for key in "\u{1B}\u{7}\u{202E}é畳" { model.press(key) }
    #expect(model.filter.text == "é畳")
    model.press(.function(3))
    model.press(.left)
    #expect(model.filter.text == "é畳" && model.topLayer == .filter)
    for _ in 0..<200 { model.press("x") }
    #expect(model.filter.text.count == LayerFilter.mostCharacters)
  }

  @Test(arguments: ["dense", "lstm", "gru"])
  func `tab goes over all panels of a layer's page and back`(kind: String) throws {
    let layer = kind == "dense" ? NormsFixture.held : NormsFixture.lstm(kind, gates: 4)
    var model = NormsFixture.model([layer], to: 20)
    let focus = model.focus
    model.press(.enter)
    let panels = model.pagePanels(of: try #require(model.layer))
    #expect(panels.contains(.gates) == (kind == "lstm"))
    for panel in panels {
      #expect(model.pageFocus == panel)
      for size in [(70, 19), (80, 24), (120, 36), (60, 20), (200, 60)] {
        model.resize(size.0, size.1)
        let page = LayerPage(model: model, layer: try #require(model.layer))
        let places = page.places(in: ScreenLayout(model.size).body)
        #expect(places.panels.contains { $0.panel == panel }, "\(panel) at \(size)")
      }
      model.press(.tab)
    }
    #expect(model.pageFocus == panels[0] && model.focus == focus)
    model.press(.backTab)
    #expect(model.pageFocus == panels.last)
  }

  @Test
  func `the panels of a layer's page tile it at every size`() throws {
    var model = NormsFixture.model([NormsFixture.lstm()], to: 20)
    model.press(.enter)
    let layer = try #require(model.layer)
    for columns in stride(from: 40, through: 260, by: 11) {
      for rows in stride(from: 12, through: 90, by: 3) {
        for panel in PagePanel.allCases {
          model.pageFocus = panel
          model.resize(columns, rows)
          let body = ScreenLayout(model.size).body
          let places = LayerPage(model: model, layer: layer).places(in: body)
          let rects = places.panels.map(\.rect) + [places.words].compactMap { $0 }
          let area = rects.map { $0.columns * $0.rows }.reduce(0, +)
          #expect(area == body.columns * body.rows, "\(columns)x\(rows) \(panel)")
          #expect(rects.allSatisfy { body.intersection($0) == $0 })
        }
      }
    }
  }

  @Test
  func `the hint stands for some seconds, until the first key`() {
    var model = DashboardModel(source: .live, pace: 200)
    model.resize(80, 24)
    model.feed([.header(Fixture.header())], at: 3)
    #expect(model.wakeTime == 3 + DashboardModel.hintSeconds)
    let revision = model.revision
    _ = update(&model, .tick(time: 3 + DashboardModel.hintSeconds))
    #expect(model.wakeTime == nil && model.revision > revision)
    var pressed = DashboardModel(source: .live, pace: 200)
    pressed.feed([.header(Fixture.header())])
    pressed.press("s")
    #expect(pressed.hintEnd == nil)
    var replay = DashboardModel(source: .replay, pace: 1)
    replay.feed([.header(Fixture.header())])
    #expect(replay.hintEnd == nil)
  }

  @Test
  func `every panel is explained, in words that fit a small screen`() {
    let model = Fixture.model(.training)
    for panel in DashboardModel.PanelKind.allCases {
      #expect(Glossary.all.contains(model.explanation(of: panel)))
      #expect(!model.explanation(of: panel).brief.isEmpty)
    }
    for panel in PagePanel.allCases {
      #expect(Glossary.all.contains(model.explanation(of: panel)))
      #expect(!model.explanation(of: panel).brief.isEmpty)
    }
    #expect(Set(Glossary.all.map(\.term)).count == Glossary.all.count)
    for word in Glossary.all {
      #expect(word.full.hasSuffix("."))
      #expect(word.brief.map(\.count) == word.brief.map(\.count).sorted(by: >), "\(word.term)")
    }
    for line in model.helpLines {
      if case .word(_, let text) = line { #expect(HelpText.keysWidth + text.count + 6 <= 80) }
    }
  }
}
