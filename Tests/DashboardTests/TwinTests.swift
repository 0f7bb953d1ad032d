// The twin on the screen: its keys, its curves, and how far the run is from it.
import PlainText
import RunHistory
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("The twin")
struct TwinTests {
  private func text(_ model: DashboardModel, _ columns: Int = 120, _ rows: Int = 36) -> String {
    Pictures.screen(model, columns, rows).lines.joined(separator: "\n")
  }

  @Test
  func `x starts the twin and removes it, X forks it; the wish shows at once`() {
    var model = Fixture.model(.training)
    #expect(model.press("x") == [.send(.twin(true))])
    #expect(model.press("x") == [.send(.twin(false))])
    model.feed([
      .event(EventRecord(step: 100, action: .twin, from: .flag(false), value: .flag(true)))
    ])
    #expect(model.segment?.twin != nil && model.pending.map(\.command) == [.twin(false)])
    model.feed([
      .event(EventRecord(step: 100, action: .twin, from: .flag(true), value: .flag(false)))
    ])
    #expect(model.segment?.twin == nil && model.pending.isEmpty)
    #expect(model.press("X") == [.send(.fork)])
    #expect(model.press("x") == [.send(.twin(false))])
    model.feed([.event(EventRecord(step: 100, action: .fork))])
    #expect(model.segment?.twin?.forkStep == 100)
    #expect(model.segment?.undoable == 0)
  }

  @Test
  func `there is no fork while the constraint is off, and no twin without a ceiling`() {
    var model = Fixture.model(.training)
    model.press("c")
    #expect(model.press("X").isEmpty)
    #expect(model.refused == "the constraint is off: a twin without it would be the run itself")
    var free = DashboardModel(source: .live, pace: 200)
    free.feed([.header(Fixture.header(ceiling: nil))])
    #expect(free.press("x").isEmpty)
    #expect(free.refused == "no layer has a ceiling: a twin without one would be the same")
    #expect(free.press("X").isEmpty && free.refused != nil)
  }

  @Test
  func `the gap is of evaluations at one step, in words`() {
    var model = Story.modelWithTwin(to: 600)
    let run = model.segment?.evaluation?.validationLoss ?? 0
    let twin = model.segment?.twin?.evaluation?.validationLoss ?? 0
    #expect(model.segment?.twin?.gap == run - twin && run != twin)
    #expect(model.segment?.twinWords.first?.hasPrefix("validation loss 0.") == true)
    let words = model.segment?.twinWords
    // The run's next evaluation comes first: until the twin's, the gap stands as it was.
    model.feed(Story.records(to: 620).filter { $0.step > 600 })
    #expect(model.segment?.twinWords == words)
    // A record of another step has no gap.
    model.feed(Story.twin(640))
    #expect(model.segment?.twin?.gap == run - twin)
  }

  @Test
  func `a twin that is behind says where it is`() {
    let model = Story.modelWithTwin(to: 600, behind: 400)
    #expect(model.segment?.twinWords == ["twin at step 200 of 600"])
    #expect(text(model).contains("twin at step 200 of 600"))
    #expect(text(model, 80, 24).contains("twin at step 200 of 600"))
  }

  @Test
  func `a twin that diverges says where, and leaves the run alone`() {
    var model = Story.modelWithTwin(to: 600)
    guard case .end(var end) = Story.end(.diverged, step: 600) else { return }
    end.step = 600
    model.feed([.twin(.end(end))])
    #expect(model.phase == .training && model.segment?.end == nil)
    #expect(model.segment?.twinWords.first == "twin diverged at step 600")
  }

  @Test
  func `both curves are in the charts, named and distinguishable without colour`() {
    let model = Story.modelWithTwin(to: 1000)
    #expect(text(model).contains("no ceiling (twin)"))
    #expect(text(model, 200, 60).contains("┅ no ceiling (twin)"))
    let plain = Story.model(to: 1000)
    #expect(!text(plain).contains("no ceiling (twin)"))
    let ascii = Pictures.screen(model, 120, 36, glyphs: .ascii).lines.joined(separator: "\n")
    #expect(ascii.contains(". no ceiling (twin)"))
  }

  @Test
  func `a replay of a log with a twin shows the same curves`() {
    var model = DashboardModel(source: .replay, pace: 0)
    model.resize(120, 36)
    model.feed([.header(Story.header())] + Story.recordsWithTwin(to: 1000))
    let live = Story.modelWithTwin(to: 1000)
    #expect(model.segment?.twin?.gap == live.segment?.twin?.gap)
    #expect(text(model).contains("no ceiling (twin)"))
  }

  @Test
  func `a layer's page shows the twin's norms beside its own`() throws {
    var model = Story.modelWithTwin(to: 600)
    let layer = try #require(model.segment?.twin?.layer("fc1"))
    model.press(.enter)
    let largest = NumberText.significant(Double(try #require(layer.normMax)))
    #expect(text(model).contains("twin, no r"))
    #expect(text(model).contains("largest \(largest)"))
    var plain = Story.model(to: 600)
    plain.press(.enter)
    #expect(!text(plain).contains("twin, no r"))
  }

  @Test(arguments: [(80, 24), (120, 36), (200, 60)])
  func `pictures with a twin`(columns: Int, rows: Int) throws {
    try Pictures.compare(
      Story.modelWithTwin(to: 800), columns, rows, .header, .charts, with: "twin")
  }

  @Test(arguments: [(80, 24), (120, 36), (40, 12)])
  func `the settings lie over the panels`(columns: Int, rows: Int) throws {
    var model = Fixture.controllable(optimizer: "adam")
    model.press("v")
    for _ in 0..<4 { model.press(.down) }
    try Pictures.compare(model, columns, rows, .settings, with: "settings")
  }

  @Test
  func `a number being typed stands in its row`() throws {
    var model = Fixture.controllable()
    model.press("v")
    model.press(.enter)
    for character in "0.7" { model.press(character) }
    try Pictures.compare(model, 80, 24, .settings, with: "settings-entry")
  }
}
