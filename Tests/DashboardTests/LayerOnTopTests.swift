// What lies over the panels: help, questions, and quitting through them.
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Help, questions and quitting")
struct LayerOnTopTests {
  @Test(arguments: [Situation.training, .paused])
  func `q asks while a run is going, and a second q confirms`(situation: Situation) {
    var model = Fixture.model(situation)
    #expect(model.press("q").isEmpty && model.dialog == .quit)
    #expect(model.press("x").isEmpty && model.dialog == .quit)
    #expect(model.press("q") == [.quit])
    model = Fixture.model(situation)
    model.press("q")
    #expect(model.press("n").isEmpty && model.dialog == nil)
    model.press("q")
    #expect(model.press("y") == [.quit])
  }

  @Test
  func `q closes all that lies on top, then asks, then leaves; esc closes one at a time`() {
    var model = Fixture.model(.training)
    model.press(.enter)
    model.press("v")
    model.press("?")
    #expect(model.topLayer == .help)
    var other = model
    #expect(model.press("q").isEmpty && model.topLayer == .main)
    #expect(model.press("q").isEmpty && model.dialog == .quit)
    #expect(model.press("q") == [.quit])
    for layer: ScreenLayer in [.settings, .detail, .main] {
      other.press(.escape)
      #expect(other.topLayer == layer)
    }
    other.press(.enter)
    other.press("r")
    #expect(other.press("q").isEmpty && other.topLayer == .main)
  }

  @Test
  func `the question about quitting goes when the run ends by itself`() {
    var model = Fixture.model(.training)
    model.press("q")
    model.feed([.end(Fixture.end())])
    #expect(model.dialog == nil)
    #expect(model.press("q") == [.quit])
  }

  @Test
  func `r asks before it starts again`() {
    var model = Fixture.model(.training)
    #expect(model.press("r").isEmpty && model.dialog == .reset)
    #expect(model.footer.map(\.label) == ["yes", "no", "quit"])
    #expect(model.press(.escape).isEmpty && model.dialog == nil)
    model.press("r")
    #expect(model.press("y") == [.send(.reset)])
    #expect(model.pending.map(\.text) == ["starting again"])
    model.feed([.header(Fixture.header())])
    #expect(model.pending.isEmpty)
  }

  @Test(arguments: [1, 5, 11])
  func `below the least size q quits, whatever lies unseen`(rows: Int) {
    var model = Fixture.model(.training)
    model.press("?")
    model.resize(80, rows)
    #expect(model.press("q").isEmpty)
    #expect(model.press("q") == [.quit])
  }

  @Test(arguments: [12, 13, 24, 200])
  func `the help scrolls within its lines, whatever the screen's size`(rows: Int) {
    var model = Fixture.model(.training)
    model.resize(80, rows)
    model.press("?")
    model.press(.up)
    #expect(model.helpScroll == 0)
    for _ in 0..<200 { model.press(.pageDown) }
    #expect(model.helpScroll == max(0, model.helpLines.count - model.helpRows))
    let end = model.helpScroll
    model.press("k")
    #expect(model.helpScroll == max(0, end - 1))
    model.press(.home)
    #expect(model.helpScroll == 0)
    model.press(.end)
    model.resize(80, 300)
    #expect(model.helpScroll == 0)
    model.press("?")
    #expect(model.topLayer == .main)
  }

  @Test
  func `help and footer say what the key table says`() {
    let lines = Fixture.model(.training).helpLines
    for situation in [Situation.training, .replay] {
      let model = Fixture.model(situation)
      let lines = model.helpLines
      for binding in KeyTable.bindings where binding.group != .asking {
        let line = HelpLine.binding(keys: binding.names, text: binding.help)
        #expect(lines.count { $0 == line } == (binding.holds(in: model.source) ? 1 : 0))
      }
    }
    #expect(lines.first == .heading("In focus: loss"))
    let footer = Fixture.model(.training).footer
    #expect(footer.first == FooterItem(keys: [.character(" ")], label: "pause", isEssential: false))
    #expect(
      footer.contains(
        FooterItem(keys: [.character("-"), .character("+")], label: "r", isEssential: false)))
    #expect(
      footer.contains(
        FooterItem(keys: [.character("<"), .character(">")], label: "rate", isEssential: false)))
    #expect(footer.suffix(2).map(\.label) == ["help", "quit"])
    #expect(footer.suffix(2).map(\.isEssential) == [true, true])
    #expect(!footer.contains { $0.label == "step" || $0.label == "undo" })
    let paused = Fixture.model(.paused).footer
    #expect(paused.first?.label == "go on" && paused.contains { $0.label == "step" })
  }

  @Test
  func `no line of the help is cut at 80 columns`() {
    for binding in KeyTable.bindings {
      #expect(binding.help.count <= 74 - HelpText.keysWidth, "\(binding.help)")
    }
  }

  @Test
  func `no key means two things on one layer`() {
    for source in [DashboardModel.Source.live, .replay] {
      for layer in ScreenLayer.allCases {
        let keys = KeyMap().holding(in: source).bindings.filter { $0.layers.contains(layer) }
          .flatMap(\.keys)
        #expect(keys.count == Set(keys).count, "\(layer)")
      }
    }
  }
}
