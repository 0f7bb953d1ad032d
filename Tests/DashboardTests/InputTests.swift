// What was typed ahead, pasted, or held together with alt: no answer, no key.
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Typed ahead and pasted")
struct InputTests {
  private func keys(_ text: String) -> [Key] {
    text.map { $0 == "\r" ? .enter : $0 == "\u{1B}" ? .escape : .character($0) }
  }

  /// Presses keys that all came with one read.
  private func press(
    _ text: String, read: Int, _ model: inout DashboardModel
  ) -> [Effect] {
    keys(text).flatMap { update(&model, .key($0, time: 0, reads: read...read)) }
  }

  private func press(
    _ text: String, read: Int, _ model: inout ComparisonModel
  ) -> [ComparisonEffect] {
    keys(text).flatMap { update(&model, .key($0, time: 50, reads: read...read)) }
  }

  @Test
  func `what came with the key that opened a question, or before it, does not answer it`() {
    for opener in ["r", "R", "q"] {
      for answer in ["y", "n", "\r", "\u{1B}"] {
        var model = Fixture.model(.training)
        #expect(press(opener + answer, read: 7, &model) == [])
        #expect(model.topLayer == .dialog, "\(opener) \(answer.debugDescription)")
        #expect(press(answer, read: 6, &model) == [] && model.topLayer == .dialog)
        // An escape sequence that began in that read does not either.
        let key = keys(answer)[0]
        #expect(update(&model, .key(key, time: 0, reads: 7...8)) == [])
        #expect(model.topLayer == .dialog)
        let effects = press(answer, read: 8, &model)
        #expect(model.topLayer == .main && effects.isEmpty == ["n", "\u{1B}"].contains(answer))
      }
    }
    // Whether to restart is not answered by the key that quits.
    var model = Fixture.model(.training)
    #expect(press("rqqy", read: 1, &model) == [] && model.dialog == .reset)
    #expect(press("q", read: 2, &model) == [] && model.dialog == nil)
  }

  @Test
  func `the key that asks whether to quit, again, is meant; other keys act as ever`() {
    var model = Fixture.model(.training)
    #expect(press("qq", read: 1, &model) == [.quit])
    model = Fixture.model(.training)
    #expect(update(&model, .key(.character("r"), time: 0, reads: 1...1)) == [])
    #expect(update(&model, .key(.control("c"), time: 0, reads: 1...1)) == [.interrupt])
    #expect(update(&model, .key(.control("l"), time: 0, reads: 1...1)) == [.redraw])
    // Clicks are input as well.
    let yes = Point(column: 0, row: 0)
    #expect(update(&model, .mouse(MouseEvent(.press, at: yes), time: 0, reads: 1...1)) == [])
    #expect(model.dialog == .reset)
  }

  @Test
  func `the same on the screen of a comparison`() {
    for answer in ["y", "n", "\r", "\u{1B}"] {
      var model = Versus.model(Versus.state(over: 6))
      #expect(press("q" + answer, read: 3, &model) == [] && model.topLayer == .dialog)
      #expect(press(answer, read: 3, &model) == [] && model.topLayer == .dialog)
      let effects = press(answer, read: 4, &model)
      #expect(model.topLayer == .main && effects.isEmpty == ["n", "\u{1B}"].contains(answer))
    }
    var model = Versus.model(Versus.state(over: 6))
    #expect(press("qq", read: 3, &model) == [.quit])
    model = Versus.model(Versus.state(over: 6))
    #expect(update(&model, .paste("qy", time: 50)) == [])
    #expect(model.notice?.text == Notice.pasteDoesNothing && model.topLayer == .main)
  }

  @Test(arguments: Situation.allCases)
  func `a paste does nothing but say so where no text is typed`(situation: Situation) {
    for openers: [Key] in KeyTests.openers {
      var model = Fixture.model(situation)
      for opener in openers { model.press(opener) }
      guard ![.filter, .entry].contains(model.topLayer) else { continue }
      let (layer, focus, pending) = (model.topLayer, model.focus, model.pending)
      #expect(update(&model, .paste("r\ry c q", time: 0)) == [])
      #expect(model.topLayer == layer && model.focus == focus && model.pending == pending)
      #expect(model.refused == Notice.pasteDoesNothing)
    }
  }

  @Test
  func `a paste into the filter is text, as much as there is room for`() {
    var model = Fixture.model(.training)
    model.press("/")
    #expect(update(&model, .paste("fc1", time: 0)) == [])
    #expect(model.filter.text == "fc1" && model.shownLayers == [0] && model.topLayer == .filter)
    #expect(
      update(&model, .paste("\u{1B} q" + String(repeating: "x", count: 900), time: 0)) == [])
    #expect(model.filter.text.count == LayerFilter.mostCharacters && model.topLayer == .filter)
    #expect(model.filter.text.hasPrefix("fc1 q"))
  }

  @Test
  func `a paste into a number is its digits, or refused`() {
    var model = Fixture.model(.training)
    for key in [Key.character("v"), .enter] { model.press(key) }
    #expect(model.topLayer == .entry)
    #expect(update(&model, .paste(" 0.5\n", time: 0)) == [])
    #expect(model.settingsPanel?.entry == "0.5")
    for text in ["r y", "1,5", String(repeating: "1", count: 20)] {
      #expect(update(&model, .paste(text, time: 0)) == [])
      #expect(model.settingsPanel?.entry == "0.5" && model.refused != nil, "\(text)")
    }
    #expect(!model.press(.enter).isEmpty)
  }

  @Test
  func `alt and a key does nothing unless the user has bound it`() throws {
    var model = Fixture.model(.training)
    // Control-l draws the screen anew, behind an Esc too.
    #expect(model.press(Key.control("l").with(.alt)) == [.redraw])
    for key in KeyTable.bindings.filter({ $0.action != .redraw }).flatMap(\.keys) {
      #expect(model.press(key.with(.alt)) == [] && model.topLayer == .main, "\(key.name)")
    }
    #expect(model.press(.modified(.alt, .character("c"))) == [])
    #expect(model.refused == "alt-c does nothing here: ? shows the keys")
    var bound = DashboardModel(
      source: .live, pace: 200,
      keys: try KeyMap([(action: "constraint", keys: ["alt-c", "alt-ctrl-k"])]))
    bound.resize(80, 24)
    bound.feed([.header(Fixture.header()), .step(Fixture.step(100))])
    #expect(bound.press(.character("c")) == [])
    #expect(bound.press(.modified(.alt, .character("c"))) == [.send(.set(.constraint, to: false))])
    #expect(bound.press(Key.control("k").with(.alt)) == [.send(.set(.constraint, to: true))])
  }
}
