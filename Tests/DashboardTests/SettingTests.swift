// The settings panel, a layer's own ceiling, new starts and more steps.
import RunHistory
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Settings while the run goes on")
struct SettingTests {
  @Test
  func `the header has every setting; events change them, step records leave them`() {
    var model = Fixture.controllable()
    #expect(model.segment?.settings.momentum == 0.9 && model.segment?.settings.weightDecay == 0)
    #expect(model.segment?.settings.dropout == [0.2, 0.5])
    #expect(model.segment?.settings.freezesBatchNorm == false)
    model.feed([
      .event(EventRecord(step: 100, action: .momentum, from: .number(0.9), value: .number(0.5))),
      .event(EventRecord(step: 100, action: .dropout, value: .number(0.3))),
      .event(
        EventRecord(step: 100, action: .batchNormFreeze, from: .flag(false), value: .flag(true))),
      .event(
        EventRecord(step: 100, action: .weightDecay, from: .number(0), value: .number(0.001))),
      .step(Fixture.step(110)),
    ])
    let settings = model.segment?.settings
    #expect(settings?.momentum == 0.5 && settings?.dropout == [0.3, 0.3])
    #expect(settings?.freezesBatchNorm == true && settings?.weightDecay == 0.001)
    #expect(model.segment?.undoable == 4)
    #expect(
      model.segment?.marks.map(\.label) == [
        "momentum 0.5", "dropout 0.3", "bn frozen", "decay 0.001",
      ])
    model.feed([.event(EventRecord(step: 110, action: .dropout, from: .number(0.3), undo: true))])
    #expect(model.segment?.settings.dropout == [0.2, 0.5] && model.segment?.undoable == 3)
  }

  @Test
  func `v opens the settings; up and down choose, left and right change`() {
    var model = Fixture.controllable()
    #expect(model.press("v").isEmpty && model.topLayer == .settings)
    #expect(model.press(.right) == [.send(.set(.maxNorm, to: 1.6))])
    #expect(model.press("-") == [.send(.set(.maxNorm, to: 1.5))])
    var sent: [Effect] = []
    for _ in 1..<SettingRow.all.count {
      model.press(.down)
      sent += model.press(.left)
    }
    #expect(
      sent == [
        .send(.set(.maxNorm, layer: "fc1", to: 1.4)), .send(.set(.learningRate, to: 0.08)),
        .send(.set(.momentum, to: 0.8)),
        .send(.set(.dropout, to: 0.15)), .send(.set(.batchNormFreeze, to: true)),
        .send(.set(.constraint, to: false)),
      ])
    // Weight decay was at its least.
    model.press(.down)
    #expect(model.settingsPanel?.row == SettingRow(.constraint))
    for _ in 0..<20 { model.press("k") }
    #expect(model.settingsPanel?.row == SettingRow(.maxNorm))
    #expect(model.press(.escape).isEmpty && model.topLayer == .main)
  }

  @Test
  func `weight decay climbs from 0 over round numbers and comes back to it`() {
    var values: [Float] = [0]
    for _ in 0..<8 {
      values.append(Setting.weightDecay.next(values[values.count - 1], up: true) ?? 9)
    }
    #expect(values == [0, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3])
    for (lower, upper) in zip(values, values.dropFirst()) {
      #expect(Setting.weightDecay.next(upper, up: false) == lower)
    }
    #expect(Setting.weightDecay.next(0, up: false) == nil)
    #expect(
      Setting.momentum.next(0.9, up: true) == 0.95 && Setting.momentum.next(0, up: false) == nil)
    #expect(
      Setting.dropout.next(0.95, up: true) == nil && Setting.dropout.next(0.5, up: true) == 0.55)
  }

  @Test
  func `a typed number is taken by enter, cancelled by esc, and refused with a reason`() {
    var model = Fixture.controllable()
    model.press("v")
    for _ in 0..<3 { model.press("j") }
    #expect(model.press(.enter).isEmpty && model.topLayer == .entry)
    for character in "1.5e" { model.press(character) }
    #expect(model.settingsPanel?.entry == "1.5e")
    #expect(model.press(.enter).isEmpty)
    #expect(model.refused == "momentum: expected a number from 0 to below 1, found 1.5e")
    for _ in 0..<5 { model.press(.backspace) }
    model.press(.enter)
    #expect(model.refused == "momentum: expected a number from 0 to below 1, found nothing")
    for character in "1" { model.press(character) }
    model.press(.enter)
    #expect(model.refused?.hasSuffix("found 1") == true)
    model.press(.backspace)
    for character in "85e-2" { model.press(character) }
    #expect(model.press(.enter) == [.send(.set(.momentum, to: 0.85))])
    #expect(model.topLayer == .settings)
    model.press(.enter)
    model.press("7")
    #expect(model.press(.escape).isEmpty && model.topLayer == .settings)
    model.press(.enter)
    for _ in 0..<40 { model.press("1") }
    #expect(model.refused == "no number is as long as that")
    // Letters are not digits, and q closes what is open.
    model.press("x")
    #expect(model.refused == "x does nothing here: ? shows the keys")
    model.press("q")
    #expect(model.topLayer == .main)
  }

  @Test
  func `what the experiment has nothing for says so and does nothing`() {
    var model = Fixture.controllable(optimizer: "adam")
    model.press("v")
    model.press("j")
    model.press("j")
    model.press("j")
    for key in [Key.left, .right, .enter] {
      #expect(model.press(key).isEmpty && model.topLayer == .settings)
      #expect(model.refused == "adam has no momentum")
    }
    var plain = Fixture.model(.training)
    #expect(plain.absence(of: SettingRow(.dropout)) == "no dropout layer")
    #expect(plain.absence(of: SettingRow(.batchNormFreeze)) == "no batch norm layer")
    plain = Fixture.model(.replay)
    plain.press("v")
    #expect(plain.topLayer == .main && plain.refused == "this is a replay: nothing to change")
  }

  @Test
  func `on a layer's page + and - are for its own ceiling, elsewhere for all`() {
    var model = Fixture.model(.training)
    model.press(.down)
    #expect(model.press("-") == [.send(.set(.maxNorm, to: 1.4))])
    model.press(.enter)
    #expect(model.press("-") == [.send(.set(.maxNorm, layer: "fc2", to: 1.4))])
    #expect(model.press("-") == [.send(.set(.maxNorm, layer: "fc2", to: 1.3))])
    #expect(model.pending.map(\.text).last == "fc2: r 1.30")
    model.feed([
      .event(
        EventRecord(
          step: 110, action: .maxNorm, from: .number(1.5), value: .number(1.4), clipped: 2,
          layer: "fc2"))
    ])
    #expect(model.layer?.ceiling == 1.4 && model.segment?.layers[0].ceiling == 1.5)
    #expect(model.segment?.settings.maxNorm == 1.5)
    #expect(model.eventTexts.last?.title == "fc2: r 1.40")
    #expect(model.segment?.marks.last?.label == "fc2 r 1.40")
  }

  @Test
  func `r asks, and starts again from the next seed`() {
    var model = Fixture.model(.training)
    #expect(model.press("R").isEmpty && model.dialog == .reseed)
    #expect(model.press("y") == [.send(.reseed(2))])
    model.feed([.header(Fixture.header(seed: 2))])
    #expect(model.pending.isEmpty && model.segment?.header.seed == 2)
    model.press("r")
    #expect(model.press("y") == [.send(.reset)])
  }

  @Test
  func `w asks for a checkpoint, and its event or a trouble answers`() {
    var model = Fixture.model(.training)
    #expect(model.press("W") == [.send(.checkpoint)])
    #expect(model.pending.map(\.text) == ["writing a checkpoint"])
    model.feed([
      .event(EventRecord(step: 110, action: .checkpoint, value: .path("a.safetensors")))
    ])
    #expect(model.pending.isEmpty && model.eventTexts.last?.detail == "in a.safetensors")
    #expect(model.segment?.marks.isEmpty == true)
    let count = model.eventTexts.count
    model.feed([
      .event(EventRecord(step: 120, action: .checkpoint, value: .path("a.safetensors")))
    ])
    #expect(model.eventTexts.count == count && model.eventTexts.last?.step == 120)
    model.press("W")
    _ = update(&model, .trouble("no space"))
    #expect(model.pending.isEmpty && model.notice?.kind == .trouble)
    model = Fixture.model(.ended)
    #expect(model.press("W") == [.send(.checkpoint)])
    model = Fixture.model(.replay)
    #expect(model.press("W").isEmpty && model.refused == "this is a replay: nothing to keep")
  }

  @Test
  func `E trains as many steps again after the end`() {
    var model = Fixture.model(.training)
    #expect(model.press("E").isEmpty && model.refused == "E is for after the end of the run")
    model = Fixture.model(.ended)
    #expect(model.footer.contains { $0.label == "train on" })
    #expect(model.press("E") == [.send(.extend)])
    model.feed([.event(EventRecord(step: 2000, action: .extend, value: .steps(4000)))])
    #expect(model.phase == .training && model.pending.isEmpty)
    #expect(model.segment?.header.totalSteps == 4000 && model.segment?.end == nil)
    model.feed([.step(Fixture.step(2010))])
    #expect(model.segment.map { abs(($0.progress ?? 0) - 0.5025) < 1e-9 } == true)
    model = Fixture.model(.diverged)
    model.press("E")
    #expect(model.refused == "the run has diverged: there is nothing to go on from")
    model = Fixture.model(.replayEnded)
    model.press("E")
    #expect(model.refused == nil && model.notice?.text == "to the end")
  }
}
