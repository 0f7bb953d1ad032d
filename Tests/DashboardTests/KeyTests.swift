// Every key in every situation.
import RunHistory
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Keys")
struct KeyTests {
  /// What leads to each layer of the screen, where it leads anywhere.
  static let openers: [[Key]] = [
    [], [.character("?")], [.character("r")], [.character("R")], [.character("q")],
    [.character("v")], [.character("v"), .enter], [.enter], [.character("/")],
  ]

  @Test(arguments: Situation.allCases)
  func `every key in every situation does something or says why not`(situation: Situation) {
    let others: [Key] = [.character("Z"), .character("é"), .function(5), .insert, .delete]
    for key in KeyTable.bindings.flatMap(\.keys) + others {
      for openers in Self.openers {
        var model = Fixture.model(situation)
        for opener in openers { model.press(opener) }
        let layer = model.topLayer
        let effects = model.press(key)
        if layer == .main, effects.isEmpty, model.keys.action(of: key, on: .main) == nil {
          #expect(model.refused != nil)
        }
        if model.refused != nil { #expect(effects.isEmpty) }
        #expect(model.panels.contains(model.focus))
      }
    }
  }

  @Test(arguments: Situation.allCases)
  func `what the footer offers is never refused`(situation: Situation) {
    for openers in Self.openers {
      var model = Fixture.model(situation)
      for opener in openers { model.press(opener) }
      #expect(!model.footer.isEmpty || model.phase == .waiting)
      for item in model.footer {
        for key in item.keys {
          var model = model
          model.press(key)
          #expect(model.refused == nil, "\(key.name): \(model.refused ?? "")")
        }
      }
    }
  }

  @Test
  func `before the first record commands say that there is no run yet`() {
    for key in " cnu+-<>f,.vxXE" {
      var model = Fixture.model(.empty)
      #expect(model.press(key).isEmpty)
      #expect(model.refused?.hasPrefix("no run yet") == true, "\(key)")
    }
    var model = Fixture.model(.empty)
    #expect(model.press("q") == [.quit])
  }

  @Test(arguments: [Situation.ended, .diverged])
  func `after the end commands that start nothing say that the run has ended`(situation: Situation)
  {
    for key in situation == .diverged ? " cnu+-<>f,.vxX" : " nxX" {
      var model = Fixture.model(situation)
      #expect(model.press(key).isEmpty)
      #expect(model.refused?.hasPrefix("the run has ended: nothing to") == true, "\(key)")
    }
    var model = Fixture.model(situation)
    model.press(" ")
    #expect(model.notice?.text == "the run has ended: nothing to pause")
    #expect(model.press("q") == [.quit])
  }

  @Test
  func `after the end settings and pace can change, and the run continues with them`() {
    var model = Fixture.model(.ended)
    #expect(model.press("c") == [.send(.set(.constraint, to: false))])
    #expect(model.press(">") == [.send(.set(.learningRate, to: 0.125))])
    #expect(model.press("-") == [.send(.set(.maxNorm, to: 1.4))])
    #expect(model.press(".") == [.send(.pace(400))])
    let changes = [
      EventRecord(step: 2000, action: .constraint, from: .flag(true), value: .flag(false)),
      EventRecord(step: 2000, action: .learningRate, from: .number(0.1), value: .number(0.125)),
      EventRecord(step: 2000, action: .maxNorm, from: .number(1.5), value: .number(1.4)),
    ]
    model.feed(changes.map(Record.event))
    #expect(model.pending.isEmpty && model.phase == .ended(.finished))
    #expect(model.segment?.settings.maxNorm == 1.4 && model.segment?.undoable == 3)
    #expect(model.press("u") == [.send(.undo)])
    #expect(model.press("E") == [.send(.extend)])
    model.feed([
      .event(EventRecord(step: 2000, action: .extend, value: .steps(4000), clipped: 3))
    ])
    #expect(model.phase == .training)
    #expect(
      model.eventTexts.last?.detail == "to step 4 000, 3 units brought back to 1.40")
  }

  @Test
  func `a cosine that has reached 0 asks for a rate before the run continues`() {
    var header = Fixture.header()
    header.experiment = .fields([
      .init("optimizer", .fields([.init("learning_rate", .number(0.1))])),
      .init("constraint", .fields([.init("max_norm", .number(1.5))])),
      .init("schedule", .fields([.init("name", .text("cosine")), .init("minimum", .number(0))])),
    ])
    var model = Fixture.model(.empty)
    model.feed([.header(header), .step(Fixture.step(2000, rate: 1e-6)), .end(Fixture.end())])
    #expect(model.press("E").isEmpty && model.refused?.contains("give one first") == true)
    model.feed([
      .event(
        EventRecord(step: 2000, action: .learningRate, from: .number(0), value: .number(0.01)))
    ])
    #expect(model.press("E") == [.send(.extend)])
    model = Fixture.model(.empty)
    model.feed([.header(header), .step(Fixture.step(2000, rate: 1e-6)), .end(Fixture.end())])
    model.feed([
      .event(
        EventRecord(
          step: 2000, action: .learningRate, from: .number(0.01), value: .number(0), undo: true))
    ])
    #expect(model.press("E").isEmpty)
    #expect(model.press(">").isEmpty && model.refused?.contains("type one") == true)
  }

  @Test
  func `initial weights brought back to r are reported, and are no change to undo`() {
    var model = Fixture.model(.empty)
    model.feed([
      .header(Fixture.header()),
      .event(
        EventRecord(
          step: 0, action: .constraint, from: .flag(true), value: .flag(true), clipped: 7)),
    ])
    #expect(model.segment?.undoable == 0 && model.segment?.marks.isEmpty == true)
    #expect(model.eventTexts.last?.title == "first weights")
    #expect(
      model.eventTexts.last?.detail == "far above the ceiling, 7 units brought back to 1.50")
  }

  @Test
  func `a replay refuses commands to the run and can be held and sped up`() {
    for key in "cu+-RvxXW" {
      var model = Fixture.model(.replay)
      #expect(model.press(key).isEmpty)
      #expect(model.refused?.hasPrefix("this is a replay") == true, "\(key)")
    }
    var model = Fixture.model(.replay)
    #expect(model.press(" ") == [.holdReplay(true)])
    #expect(model.phase == .paused && model.stateLabel == "replay paused")
    #expect(model.press(" ") == [.holdReplay(false)])
    #expect(model.press(".") == [.replaySpeed(2)])
    #expect(model.press("f") == [.replaySpeed(0)])
    #expect(model.press("f") == [.replaySpeed(2)])
    #expect(model.press("q") == [.quit])
    model.feed([.event(EventRecord(step: 110, action: .pause))])
    #expect(model.phase == .training)
  }

  @Test
  func `space pauses and resumes; the state follows the event, the next key the request`() {
    var model = Fixture.model(.training)
    #expect(model.press(" ") == [.send(.pause)])
    #expect(model.phase == .training && model.pending.map(\.text) == ["pause"])
    #expect(model.press(" ") == [.send(.resume)])
    model.feed([.event(EventRecord(step: 110, action: .pause))])
    #expect(model.phase == .paused && model.pending.map(\.command) == [.resume])
    model.feed([.event(EventRecord(step: 110, action: .resume))])
    #expect(model.phase == .training && model.pending.isEmpty)
  }

  @Test
  func `single steps are for a paused run`() {
    var model = Fixture.model(.training)
    #expect(model.press("n").isEmpty)
    #expect(model.refused == "single steps are for a paused run: space pauses")
    model = Fixture.model(.paused)
    #expect(model.press("n") == [.send(.singleStep)])
    model.feed([.step(Fixture.step(101))])
    #expect(model.pending.isEmpty && model.phase == .paused)
  }

  @Test
  func `c switches the constraint; the wish shows at once, the event answers it`() {
    var model = Fixture.model(.training)
    #expect(model.press("c") == [.send(.set(.constraint, to: false))])
    #expect(model.pending.map(\.text) == ["constraint off"])
    #expect(model.press("c") == [.send(.set(.constraint, to: true))])
    #expect(model.press("c") == [.send(.set(.constraint, to: false))])
    model.feed([
      .event(EventRecord(step: 110, action: .constraint, from: .flag(true), value: .flag(false)))
    ])
    #expect(model.pending.count == 2)
    #expect(model.segment?.settings.isConstraintOn == false)
    model.feed([
      .event(EventRecord(step: 110, action: .constraint, from: .flag(false), value: .flag(true))),
      .event(EventRecord(step: 110, action: .constraint, from: .flag(true), value: .flag(false))),
    ])
    #expect(model.pending.isEmpty)
  }

  @Test
  func `a step record that shows the wish answers it too`() {
    var model = Fixture.model(.training)
    model.press("c")
    model.feed([.step(Fixture.step(110))])
    #expect(model.pending.count == 1)
    model.feed([.step(Fixture.step(120, enabled: false))])
    #expect(model.pending.isEmpty)
  }

  @Test
  func `+ and - move r by round steps that build on each other and lead back`() {
    var model = Fixture.model(.training)
    #expect(model.press("+") == [.send(.set(.maxNorm, to: 1.6))])
    #expect(model.press("=") == [.send(.set(.maxNorm, to: 1.7))])
    #expect(model.press("-") == [.send(.set(.maxNorm, to: 1.6))])
    #expect(model.press("-") == [.send(.set(.maxNorm, to: 1.5))])
    for _ in 0..<1000 {
      for case .wish(.send(.set(.maxNorm, nil, .number(let ceiling)))) in model.press("-") {
        #expect(ceiling > 0)
      }
    }
    #expect(model.refused == "r is at the end of its range")
    #expect(model.pending.count <= 64)
  }

  @Test
  func `without a global r, or where no layer goes by it, the keys say so`() {
    var model = Fixture.model(.empty)
    model.feed([.header(Fixture.header(ceiling: nil, ownCeiling: 2))])
    model.press("+")
    #expect(model.refused == "there is no global ceiling r to change: --max-norm gives one")
    #expect(model.press("c") == [.send(.set(.constraint, to: false))])
    model.feed([.header(Fixture.header(ceiling: 1.5, ownCeiling: 2))])
    model.press("+")
    #expect(model.refused?.hasPrefix("no layer goes by the global r") == true)
    model.feed([.header(Fixture.header(ceiling: nil))])
    model.press("c")
    #expect(model.refused == "no ceiling yet: a takes the suggested r, v one that is typed")
  }

  @Test
  func `the ceilings that keys change follow the event while paused`() {
    var model = Fixture.model(.paused)
    model.press("+")
    model.feed([
      .event(EventRecord(step: 100, action: .maxNorm, from: .number(1.5), value: .number(1.6)))
    ])
    #expect(model.segment?.settings.maxNorm == 1.6)
    #expect(model.segment?.layers.map(\.ceiling) == [1.6, 1.6])
    #expect(model.press("+") == [.send(.set(.maxNorm, to: 1.7))])
  }

  @Test
  func `the learning rate goes up and down by a quarter, in round numbers`() {
    var model = Fixture.model(.training)
    #expect(model.press(">") == [.send(.set(.learningRate, to: 0.125))])
    #expect(model.press(">") == [.send(.set(.learningRate, to: 0.16))])
    #expect(model.press("<") == [.send(.set(.learningRate, to: 0.125))])
    #expect(model.press("<") == [.send(.set(.learningRate, to: 0.1))])
    #expect(model.press("<") == [.send(.set(.learningRate, to: 0.08))])
    #expect(NiceSteps.above(0.03, on: NiceSteps.coarse) == 0.032)
  }

  @Test
  func `u undoes a change, and says so when there is nothing to undo`() {
    var model = Fixture.model(.training)
    #expect(model.press("u").isEmpty)
    #expect(model.refused == "no change to undo")
    model.press("c")
    #expect(model.press("u") == [.send(.undo)])
    #expect(model.press("u").isEmpty)
    model.feed([
      .event(EventRecord(step: 110, action: .constraint, from: .flag(true), value: .flag(false))),
      .event(
        EventRecord(
          step: 110, action: .constraint, from: .flag(false), value: .flag(true), clipped: 0,
          undo: true)),
    ])
    #expect(model.pending.isEmpty && model.segment?.undoable == 0)
    #expect(model.segment?.settings.isConstraintOn == true)
  }

  @Test
  func `pace halves, doubles, and gives way to full speed`() {
    var model = Fixture.model(.training)
    #expect(model.press(",") == [.send(.pace(100))])
    #expect(model.press(".") == [.send(.pace(200))])
    #expect(model.press("f") == [.send(.pace(0))])
    #expect(model.press(".").isEmpty && model.refused?.hasPrefix("as fast as it goes") == true)
    #expect(
      model.footer.contains(FooterItem(keys: [.character("f")], label: "paced", isEssential: false))
    )
    #expect(model.press("f") == [.send(.pace(200))])
    for _ in 0..<40 { model.press(",") }
    #expect(model.refused == "no slower pace: space pauses" && model.pace.rate > 0)
    var unpaced = DashboardModel(source: .live, pace: 0)
    unpaced.feed([.header(Fixture.header())])
    #expect(unpaced.press("f") == [.send(.pace(200))])
  }

  @Test
  func `selecting layers stops at the ends; enter opens the layer's page, esc closes it`() {
    var model = Fixture.model(.training)
    model.press(.up)
    #expect(model.selectedLayer == 0)
    for key in [Key.down, .character("j"), .down] { model.press(key) }
    #expect(model.selectedLayer == 1 && model.layer?.name == "fc2")
    model.press(.home)
    #expect(model.layer?.name == "fc1")
    model.press(.enter)
    #expect(model.topLayer == .detail)
    model.press(.end)
    #expect(model.topLayer == .detail && model.layer?.name == "fc2")
    #expect(model.footer.contains { $0.label == "back" })
    model.press(.escape)
    #expect(model.topLayer == .main)
    #expect(!model.footer.contains { $0.label == "back" })
  }

  @Test
  func `tab and digits move the focus over the panels there are`() {
    var model = Fixture.model(.training)
    model.press("3")
    #expect(model.focus == .normsOverTime)
    model.press(.tab)
    #expect(model.focus == .clipping)
    model.press(.tab)
    #expect(model.focus == .gradient)
    for panel in [DashboardModel.PanelKind.metric, .learningRate, .clipRate, .loss] {
      model.press(.tab)
      #expect(model.focus == panel)
    }
    model.press(.backTab)
    #expect(model.focus == .clipRate)
    model.press("9")
    #expect(model.refused == "there is no panel 9")
    model.feed([.sample(Fixture.sample)])
    model.press("6")
    #expect(model.focus == .table && model.refused == nil)
    model.feed([.header(Fixture.header())])
    #expect(model.focus == .loss)
  }

  @Test
  func `view keys change the view, the theme and nothing else`() {
    var model = Fixture.model(.ended)
    #expect(model.press("y").isEmpty && model.charts.scales == [.loss: .logarithmic])
    #expect(model.charts.smoothing == .light)
    model.press("s")
    #expect(model.charts.smoothing == .strong)
    model.press("s")
    #expect(model.charts.smoothing == .off)
    model.press("w")
    #expect(model.charts.window == .recent)
    #expect(model.press("t") == [.theme(1)] && model.themeName == "light")
    #expect(model.press("t") == [.theme(0)])
    #expect(model.press(.control("l")) == [.redraw])
    #expect(model.press(.control("z")) == [.suspend])
    #expect(model.press(.control("c")) == [.interrupt])
  }
}
