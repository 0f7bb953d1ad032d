// What records do to the model.
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard
@testable import RunHistory

@Suite("Records")
struct RecordTests {
  @Test
  func `records before the first header are left out`() {
    var model = Fixture.model(.empty)
    model.feed([
      .step(Fixture.step(1)), .evaluation(Fixture.evaluation(1, accuracy: 1)),
      .sample(Fixture.sample),
      .event(EventRecord(step: 1, action: .pause)), .end(Fixture.end()),
    ])
    #expect(model.segment == nil && model.phase == .waiting)
  }

  @Test
  func `the header's settings hold until a record says otherwise`() {
    var model = Fixture.model(.empty)
    model.feed([.header(Fixture.header())])
    #expect(model.phase == .training)
    #expect(model.segment?.settings == .init(isConstraintOn: true, maxNorm: 1.5, learningRate: 0.1))
    model.feed([.step(Fixture.step(10, enabled: false, ceiling: 2, rate: 0.05))])
    #expect(model.segment?.settings == .init(isConstraintOn: false, maxNorm: 2, learningRate: 0.05))
    #expect(model.segment?.layers.map(\.ceiling) == [2, 2])
    #expect(model.segment.map { $0.constraintEffect(on: $0.layers[0]) } == .observing)
    #expect(model.segment?.totalEpochs == 200 && model.segment?.progress == 0.005)
  }

  @Test
  func `counts become units per step, clipped and would-be clips apart`() throws {
    var model = Fixture.model(.empty)
    model.feed([
      .header(Fixture.header()), .step(Fixture.step(10)), .step(Fixture.step(20, enabled: false)),
    ])
    let segment = try #require(model.segment)
    #expect(segment.clippedPerStep.raw.recentEntries.map(\.entry.mean) == [4, 0])
    #expect(segment.exceededPerStep.raw.recentEntries.map(\.entry.mean) == [4, 4])
    #expect(segment.layers[0].clippedPerStep.recentEntries.map(\.entry.mean) == [2, 0])
    #expect(segment.atCeilingShare.last?.entry.mean == 0.25)
    #expect(segment.clippedTotal == 40)
    #expect(segment.loss.raw.last?.entry.minimum == 0.25)
    #expect(segment.loss.raw.last?.entry.maximum == 1)
  }

  @Test
  func `layers are found by name, also out of order; unknown ones are left out`() {
    var model = Fixture.model(.empty)
    model.feed([
      .header(Fixture.header()), .step(Fixture.step(10, layers: ["other", "fc1"])),
      .norms(
        NormsRecord(
          step: 10, layers: [.init(name: "fc2", norms: [1, 2]), .init(name: "x", norms: [9])])),
    ])
    #expect(model.segment?.layers[0].latest?.name == "fc1")
    #expect(model.segment?.layers[1].latest == nil)
    #expect(model.segment?.layers[1].norms == [1, 2])
  }

  @Test
  func `the best evaluation is kept by the header's metric; NaN is never the best`() {
    var model = Fixture.model(.empty)
    model.feed([.header(Fixture.header())])
    for (step, accuracy): (Int, Float) in [(10, .nan), (20, 0.7), (30, 0.9), (40, 0.8)] {
      model.feed([.evaluation(Fixture.evaluation(step, accuracy: accuracy))])
    }
    #expect(model.segment?.best == .init(step: 30, metric: "validation_accuracy", value: 0.9))
    #expect(model.segment?.evaluation?.step == 40)
  }

  @Test
  func `a second header starts anew, and the status line says so`() {
    var model = Fixture.model(.training)
    model.press("c")
    model.feed([
      .event(EventRecord(step: 110, action: .constraint, from: .flag(true), value: .flag(false))),
      .event(EventRecord(step: 110, action: .reseed, value: .seed(7))),
      .header(Fixture.header(seed: 7, layers: [])),
    ])
    #expect(model.segment?.step == 0 && model.segment?.loss.isEmpty == true)
    #expect(model.segment?.marks.isEmpty == true && model.segment?.best == nil)
    #expect(model.eventTexts == [EventText(step: 0, title: "started again", detail: "from seed 7")])
    #expect(model.layer == nil)
    model.press(.enter)
    #expect(model.refused == "this run has no layer with weights")
    var ended = Fixture.model(.ended)
    ended.feed([.header(Fixture.header())])
    #expect(ended.phase == .training)
  }

  @Test
  func `notes of a header stand in the status line, the first one in front`() {
    var header = Fixture.header()
    header.notes = [
      "labels 1 to 3 are read as classes 0 to 2", "12 rows without a label are left out",
    ]
    var model = Fixture.model(.empty)
    model.feed([.header(header)])
    #expect(
      model.statusItems == [
        .event(
          EventText(step: 0, title: "note", detail: "labels 1 to 3 are read as classes 0 to 2")),
        .event(
          EventText(step: 0, title: "note", detail: "12 rows without a label are left out")),
      ])
  }

  @Test
  func `marks and sentences say what happened`() {
    var model = Fixture.model(.training)
    model.feed([
      .event(EventRecord(step: 1150, action: .constraint, from: .flag(true), value: .flag(false))),
      .event(
        EventRecord(
          step: 1652, action: .constraint, from: .flag(false), value: .flag(true), clipped: 57)),
      .event(
        EventRecord(
          step: 1700, action: .maxNorm, from: .number(1.5), value: .number(1.2), clipped: 1)),
      .event(
        EventRecord(step: 1700, action: .maxNorm, from: .number(1.2), value: .number(1), clipped: 0)
      ),
      .event(
        EventRecord(step: 1800, action: .learningRate, from: .number(0.1), value: .number(0.05))),
      .event(
        EventRecord(
          step: 1900, action: .learningRate, from: .number(0.05), value: .number(0.1), undo: true)),
    ])
    #expect(model.segment?.marks.map(\.label) == ["off", "on", "r 1.00", "lr 0.05", "lr 0.1"])
    #expect(
      model.eventTexts.map { "\($0.title) \($0.detail)" } == [
        "constraint off (observing)",
        "constraint on 57 units brought back to 1.50",
        "r 1.20 was 1.50, 1 unit brought back to 1.20",
        "r 1.00 was 1.20, no unit was above the ceiling",
        "learning rate 0.05 was 0.1",
        "undone: learning rate 0.1 was 0.05",
      ])
  }

  @Test
  func `marks and sentences stay within their bound`() {
    var model = Fixture.model(.training)
    for step in 1...5000 {
      model.feed([
        .event(EventRecord(step: step, action: .learningRate, value: .number(Float(step))))
      ])
    }
    #expect(model.segment?.marks.count == 256 && model.eventTexts.count == 100)
  }

  @Test
  func `the end is shown with its reason, the time and the best evaluation`() {
    var model = Fixture.model(.ended)
    #expect(model.stateLabel == "finished" && model.timeLeft == nil)
    #expect(model.eventTexts.last?.title == "finished")
    #expect(
      model.eventTexts.last?.detail
        == "in 1:38, best validation accuracy 89.0 % at step 1 020")
    #expect(model.segment?.clippedTotal == 912)
    model = Fixture.model(.diverged)
    #expect(model.phase == .ended(.diverged))
    #expect(model.segment?.loss.raw.last?.entry.isNonFinite == true)
  }

  @Test
  func `time left comes from the speed seen, pauses left out`() {
    var model = Fixture.model(.empty)
    model.feed([.header(Fixture.header())], at: 10)
    #expect(model.timeLeft == nil)
    for tick in 1...20 { model.feed([.step(Fixture.step(tick * 20))], at: 10 + Double(tick) * 0.1) }
    #expect(model.timeLeft.map { abs($0 - 8) < 0.01 } == true)
    model.feed([.event(EventRecord(step: 400, action: .pause))], at: 12)
    #expect(model.timeLeft == nil)
    model.feed([.event(EventRecord(step: 400, action: .resume))], at: 60)
    #expect(model.timeLeft == nil)
    for tick in 1...20 {
      model.feed([.step(Fixture.step(400 + tick * 10))], at: 60 + Double(tick) * 0.1)
    }
    #expect(model.timeLeft.map { abs($0 - 14) < 0.01 } == true)
  }

  @Test
  func `a notice goes after its time, and only then a frame is due`() {
    var model = Fixture.model(.ended)
    model.press(" ")
    #expect(model.wakeTime == 4)
    let revision = model.revision
    _ = update(&model, .tick(time: 3.9))
    #expect(model.notice != nil && model.revision == revision)
    _ = update(&model, .tick(time: 4))
    #expect(model.notice == nil && model.revision > revision && model.wakeTime == nil)
    _ = update(&model, .trouble("the log cannot be written"))
    _ = update(&model, .tick(time: 100))
    #expect(model.notice?.kind == .trouble)
    #expect(model.statusItems.first == model.notice.map(StatusItem.notice))
  }

  @Test
  func `charts cover the run, and follow it in small steps`() {
    var model = Fixture.model(.empty)
    #expect(model.visibleSteps.lowerBound == 0)
    model.feed([.header(Fixture.header())])
    for step in stride(from: 7, through: 20_000, by: 7) {
      model.feed([.step(Fixture.step(step))])
      guard step % 49 == 0 else { continue }
      for window in [ChartState.Window.all, .recent] {
        model.charts.window = window
        let range = model.visibleSteps
        #expect(range.contains(step))
        #expect(range.upperBound - step <= max(60, range.count / 2))
        if window == .all || step < 2100 { #expect(range.lowerBound == 0) }
      }
    }
    #expect(model.visibleSteps.count < 4000)
  }

  @Test(arguments: [Int.min, -1, 0, Int.max])
  func `a damaged log cannot stop the dashboard`(number: Int) {
    var model = Fixture.model(.empty)
    var header = Fixture.header()
    header.totalSteps = number
    header.stepsPerEpoch = number
    for index in header.layers.indices { header.layers[index].units = number }
    model.feed([.header(header)])
    for time in 0..<10 {
      var record = Fixture.step(1, loss: .infinity, ceiling: .nan, exceeded: number)
      (record.step, record.epoch, record.steps) = (number, number, number)
      for index in record.layers.indices {
        record.layers[index].atCeiling = number
        record.layers[index].clippedTotal = number
      }
      model.feed(
        [
          .step(record),
          .norms(NormsRecord(step: number, layers: [.init(name: "fc1", norms: [.nan])])),
          .event(
            EventRecord(step: number, action: .constraint, value: .number(.nan), clipped: number)),
          .event(EventRecord(step: number, action: .maxNorm, value: .flag(true), clipped: number)),
          .event(EventRecord(step: number, action: .learningRate, value: .number(-.infinity))),
        ], at: Double(time))
      for window in [ChartState.Window.all, .recent] {
        model.charts.window = window
        #expect(model.visibleSteps.count > 1 && !model.recentSteps(columns: 20, entries: 5).isEmpty)
      }
      _ = (model.timeLeft, model.footer, model.statusItems, model.segment?.clippedTotal)
      _ = (model.segment?.progress, model.segment?.totalEpochs)
      for key in "c+-<>u.,]]hl[{}ioiiw" { model.press(key) }
    }
    model.feed([.end(Fixture.end(.diverged, step: number))])
    #expect(model.hasEnded)
  }
}

@Suite("Wording")
struct WordingTests {
  @Test
  func `numbers read well`() {
    #expect(
      Wording.norm(1.5) == "1.50" && Wording.norm(0.05) == "0.050" && Wording.norm(0) == "0.00")
    #expect(Wording.norm(123.46) == "123.5" && Wording.norm(.nan) == "NaN")
    #expect(Wording.short(0.125) == "0.125" && Wording.short(0.1) == "0.1")
    #expect(Wording.short(1e-5) == "1e-5" && Wording.short(3) == "3")
    #expect(Wording.short(0.12345) == "0.123" && Wording.short(200) == "200")
    #expect(Wording.short(-.infinity) == "-inf" && Wording.short(0.9999) == "1")
    #expect(Wording.short(.leastNonzeroMagnitude).isEmpty == false)
    #expect(Wording.short(.greatestFiniteMagnitude).isEmpty == false)
  }

  @Test
  func `figures read as their metric asks for`() {
    #expect(Wording.value(0.89, of: "validation_accuracy") == "89.0 %")
    #expect(Wording.value(0.5, of: "validation_loss") == "0.5")
    #expect(Wording.units(1) == "1 unit" && Wording.units(5700) == "5 700 units")
  }

  @Test
  func `raising and lowering lead back, and stay positive`() throws {
    for ladder in [NiceSteps.fine, NiceSteps.coarse] {
      var value: Float = 1
      for _ in 0..<500 { value = NiceSteps.below(value, on: ladder) ?? value }
      #expect(value > 0)
      for _ in 0..<120 {
        let up = try #require(NiceSteps.above(value, on: ladder))
        #expect(up > value && NiceSteps.below(up, on: ladder) == value)
        value = up
      }
    }
  }

  @Test
  func `a record of a large part of the run is drawn from its first step on`() {
    var model = Fixture.model(.empty)
    var record = Fixture.step(1500)
    record.steps = 1500
    model.feed([.header(Fixture.header()), .step(record)])
    #expect(model.segment?.loss.raw.whole.map(\.firstStep) == [1, 1500])
    #expect(model.segment?.gradientNorm.raw.whole.first?.firstStep == 1)
    model.feed([.step(Fixture.step(1510))])
    #expect(model.segment?.loss.raw.whole.count == 3)
    record.step = 1830
    record.steps = 320
    model.feed([.step(record)])
    #expect(model.segment?.loss.raw.whole.suffix(2).map(\.firstStep) == [1520, 1830])
  }
}
