// A replay that is moved about in: what its keys ask for, what they refuse, what the header says.
import RunHistory
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Replay")
struct ReplayTests {
  private func place(
    _ share: Double?, follows: Bool = false, isAtEnd: Bool = false, isSeeking: Bool = false,
    restarts: Int = 0
  ) -> ReplayPlace {
    var place = ReplayPlace(name: "run.jsonl")
    place.share = share
    (place.follows, place.isAtEnd, place.isSeeking) = (follows, isAtEnd, isSeeking)
    place.restarts = restarts
    return place
  }

  private func model(_ situation: Situation, at place: ReplayPlace) -> DashboardModel {
    var model = Fixture.model(situation)
    _ = update(&model, .replayed(place, time: 0))
    return model
  }

  private func header(_ model: DashboardModel) -> [String] {
    var model = model
    model.resize(120, 36)
    var buffer = CellBuffer(size: model.size)
    draw(model, theme: .terminal, glyphs: .unicode, into: &buffer)
    return buffer.text.split(separator: "\n").prefix(2).map(String.init)
  }

  @Test
  func `< > r E move about in a replay, and n makes a step while it is paused`() {
    var model = model(.replay, at: place(0.4))
    #expect(model.press("<") == [.seek(.back)] && model.notice?.text == "back by 5 % of the log")
    #expect(model.press(">") == [.seek(.forward)])
    #expect(model.press("r") == [.seek(.start)] && model.dialog == nil)
    #expect(model.press("E") == [.seek(.end)])
    #expect(model.press("n").isEmpty)
    #expect(model.refused == "single steps are for a paused replay: space pauses")
    model.press(" ")
    #expect(model.press("n") == [.seek(.nextStep)] && model.phase == .paused)
    #expect(model.press("<") == [.seek(.back)] && model.phase == .paused)
  }

  @Test
  func `a run keeps the keys that a replay uses otherwise`() {
    var model = Fixture.model(.training)
    #expect(model.press("<") == [.send(.set(.learningRate, to: 0.08))])
    model.press("r")
    #expect(model.dialog == .reset)
    for key in "<>rE" {
      let run = KeyMap().holding(in: .live).action(of: .character(key), on: .main)
      let replay = KeyMap().holding(in: .replay).action(of: .character(key), on: .main)
      #expect(run != nil && replay != nil && run != replay)
    }
  }

  @Test
  func `what cannot be done in a log is said, and not offered`() {
    var model = Fixture.model(.replay)
    model.segment = nil
    model.press("<")
    #expect(model.refused == "no run yet: nowhere to go in the log")
    model = self.model(.replay, at: place(nil, follows: true))
    for key in "<>rE" {
      #expect(model.press(key).isEmpty)
      #expect(model.refused == "records that come through a pipe can neither go back nor ahead")
    }
    #expect(!model.footer.contains { $0.label == "seek" })
    model = self.model(.replay, at: place(1, isAtEnd: true))
    model.press(">")
    #expect(model.refused == "this is the end of the log")
    #expect(model.press("<") == [.seek(.back)])
    model = self.model(.replayPaused, at: place(1, follows: true, isAtEnd: true))
    model.press("n")
    #expect(model.refused == "this is the end of the log so far")
    #expect(self.model(.replay, at: place(0.5)).footer.contains { $0.label == "seek" })
  }

  @Test
  func `from its end a replay continues where a key leads, even if it was paused`() {
    var model = model(.replay, at: place(0.5))
    let middle = model.recorded
    model.press(" ")
    model.feed([.end(Fixture.end())])
    #expect(model.hasEnded)
    #expect(model.press("<") == [.holdReplay(false), .seek(.back)])
    _ = update(&model, .restored(middle, time: 1))
    #expect(model.phase == .training && model.segment?.step == 100)
  }

  @Test
  func `going back restores what the records made, and leaves what the user chose`() {
    var model = model(.replay, at: place(0.2))
    let before = model.recorded
    model.feed([
      .event(EventRecord(step: 110, action: .constraint, from: .flag(true), value: .flag(false))),
      .step(Fixture.step(120, enabled: false)),
    ])
    model.press("j")
    model.press("2")
    model.press("s")
    let smoothing = model.charts.smoothing
    _ = update(&model, .restored(before, time: 1))
    #expect(model.segment?.step == 100 && model.segment?.settings.isConstraintOn == true)
    #expect(model.segment?.marks.isEmpty == true && model.eventTexts.isEmpty)
    #expect(model.selectedLayer == 1 && model.focus == .norms)
    #expect(model.charts.smoothing == smoothing && model.phase == .training)
    model.press(" ")
    _ = update(&model, .restored(before, time: 2))
    #expect(model.phase == .paused)
  }

  @Test
  func `records read up to a place give the same model as those read through once`() {
    let records: [Record] = (1...60).flatMap { index -> [Record] in
      [
        .step(Fixture.step(index * 10, loss: 1 / Float(index))),
        .norms(
          NormsRecord(step: index * 10, layers: [.init(name: "fc1", norms: [0.1, 1.2, 1.5])])),
        .evaluation(Fixture.evaluation(index * 10, accuracy: Float(index) / 100)),
      ]
    }
    var once = Fixture.model(.replay)
    var moved = once
    once.feed(Array(records[..<90]), at: 1)
    moved.feed(Array(records[..<30]), at: 1)
    let keyframe = moved.recorded
    moved.feed(Array(records[30...]), at: 2)
    _ = update(&moved, .restored(keyframe, time: 3))
    moved.feed(Array(records[30..<90]), at: 4)
    #expect(picture(once) == picture(moved))
    moved.feed([records[90]])
    #expect(picture(once) != picture(moved))
  }

  private func picture(_ model: DashboardModel) -> String {
    var model = model
    model.resize(120, 36)
    model.notice = nil
    model.speed.forget()
    var buffer = CellBuffer(size: model.size)
    draw(model, theme: .terminal, glyphs: .unicode, into: &buffer)
    return buffer.text
  }

  @Test
  func `the header says where in the log the replay is, and what it does there`() {
    var lines = header(model(.replay, at: place(0.377)))
    #expect(lines[0].contains("▶ replay") && lines[1].contains("x1, at 37 %"))
    lines = header(model(.replay, at: place(0.4, isSeeking: true)))
    #expect(lines[0].contains("▶ seeking"))
    lines = header(model(.replayPaused, at: place(0.4, isSeeking: true)))
    #expect(lines[0].contains("▶ seeking"))
    lines = header(model(.replay, at: place(1, follows: true, isAtEnd: true)))
    #expect(lines[0].contains("▶ following"))
    lines = header(model(.replay, at: place(nil, follows: true)))
    #expect(!lines[1].contains("at "))
    lines = header(model(.replay, at: place(0.99, isAtEnd: true)))
    #expect(lines[0].contains("▶ end of the log"))
    var waiting = DashboardModel(source: .replay, pace: 0)
    _ = update(&waiting, .replayed(place(nil, follows: true), time: 0))
    #expect(header(waiting)[1].contains("waiting for the first record of run.jsonl"))
  }

  @Test(arguments: [(80, 24), (120, 36)])
  func `a replay on the screen`(columns: Int, rows: Int) throws {
    var model = DashboardModel(source: .replay, pace: 2)
    model.resize(columns, rows)
    model.feed([.header(Story.header())] + Story.records(to: 1400), at: 1)
    _ = update(&model, .replayed(place(0.558), time: 1))
    model.press("<")
    try Pictures.compare(model, columns, rows, .header, .footer, with: "replay")
    _ = update(&model, .replayed(place(0.508, isSeeking: true), time: 1))
    model.press("?")
    model.press(.pageDown)
    try Pictures.compare(model, columns, rows, .help, with: "replay-help")
  }

  @Test
  func `a log that is followed, before and after its first record`() throws {
    var model = DashboardModel(source: .replay, pace: 0)
    model.resize(80, 24)
    _ = update(&model, .replayed(place(nil, follows: true), time: 1))
    try Pictures.compare(model, 80, 24, .header, .footer, with: "waiting")
    model.feed([.header(Story.header())] + Story.records(to: 600), at: 1)
    _ = update(&model, .replayed(place(1, follows: true, isAtEnd: true), time: 1))
    try Pictures.compare(model, 80, 24, .header, .footer, with: "following")
  }

  @Test
  func `another log in place of a followed one is reported`() {
    var model = model(.replay, at: place(1, follows: true))
    _ = update(&model, .replayed(place(0.1, follows: true, restarts: 1), time: 1))
    #expect(model.notice?.text.contains("the log is another one now") == true)
  }

  @Test
  func `a place that looks as before needs no frame`() {
    var model = model(.replay, at: place(0.401))
    let revision = model.revision
    _ = update(&model, .replayed(place(0.402), time: 1))
    #expect(model.revision == revision)
    _ = update(&model, .replayed(place(0.411), time: 2))
    #expect(model.revision == revision + 1)
  }

  @Test
  func `a replay can be slowed down a thousandfold, a run not so far`() {
    var model = Fixture.model(.replay)
    for _ in 0..<12 { model.press(",") }
    #expect(model.pace.rate == 1.0 / 1024 && model.refused?.hasPrefix("no slower pace") == true)
    model = Fixture.model(.training)
    for _ in 0..<20 { model.press(",") }
    #expect(model.pace.rate > 0.125)
  }
}
