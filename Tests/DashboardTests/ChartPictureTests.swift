// Charts as pictures: zoomed, with a cursor, without outliers, by epochs and time, where little is known.
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Pictures of charts")
struct ChartPictureTests {
  private static let sizes = [(80, 24), (120, 36), (200, 60)]

  private func pressed(_ model: DashboardModel, _ keys: String) -> DashboardModel {
    var model = model
    for key in keys { model.press(key) }
    model.notice = nil
    return model
  }

  @Test(arguments: sizes)
  func `zoomed into an earlier part, with a cursor in all charts`(columns: Int, rows: Int) throws {
    var model = Story.model(to: 2000)
    model.resize(columns, rows)
    model = pressed(model, "]]]{{hhhhhhhh")
    try Pictures.compare(model, columns, rows, .charts, with: "zoomed")
  }

  @Test
  func `a cursor over the whole run, in ASCII too`() throws {
    let model = pressed(Story.model(to: 2000), "hhhhhhhhhhhhhhhhhhhh")
    try Pictures.compare(model, 120, 36, .charts, with: "cursor")
    try Pictures.compare(model, 120, 36, .charts, with: "cursor-ascii", glyphs: .ascii)
    let screen = Pictures.screen(model, 120, 36, glyphs: .ascii)
    #expect(screen.text.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test(arguments: [(80, 24), (120, 36)])
  func `a spike presses everything flat, or is left out and marked`(columns: Int, rows: Int) throws
  {
    let model = pressed(Charts.spike(), "5")
    try Pictures.compare(model, columns, rows, .focus, with: "spike")
    try Pictures.compare(pressed(model, "o"), columns, rows, .focus, with: "robust")
  }

  @Test(arguments: [(80, 24), (120, 36)])
  func `by epochs and by time`(columns: Int, rows: Int) throws {
    let model = pressed(Story.model(to: 2000), "]")
    try Pictures.compare(pressed(model, "i"), columns, rows, .charts, with: "epochs")
    try Pictures.compare(pressed(model, "ii"), columns, rows, .charts, with: "time")
  }

  @Test
  func `losses on a logarithmic scale, smoothed strongly`() throws {
    let model = pressed(Story.model(to: 2000), "ys")
    try Pictures.compare(model, 120, 36, .focus, with: "logarithmic")
  }

  @Test(arguments: ["6", "7", "8"])
  func `metric, learning rate and clip rate each have a panel`(key: String) throws {
    var model = Story.model(to: 2000)
    var record = Fixture.step(2010, rate: 0.01, layers: [])
    record.loss = 0.5
    model.feed([
      .event(
        EventRecord(step: 2000, action: .learningRate, from: .number(0.05), value: .number(0.01))),
      .step(record),
    ])
    try Pictures.compare(pressed(model, key), 80, 24, .focus, with: "panel\(key)")
    try Pictures.compare(pressed(model, key), 120, 36, .focus, with: "panel\(key)")
  }

  @Test
  func `charts of one point, of nothing and of no number`() throws {
    let point = pressed(Fixture.model(.training), "7h")
    try Pictures.compare(point, 80, 24, .focus, with: "one-point-cursor")
    let empty = pressed(Fixture.model(.empty), "8")
    try Pictures.compare(empty, 80, 24, .focus, with: "empty-clip-rate")
    var model = Story.model(to: 300)
    for step in [310, 320] {
      var record = Fixture.step(step, loss: .nan, rate: .nan, layers: [])
      (record.gradientNorm, record.gradientNormMax) = (.infinity, .infinity)
      model.feed([
        .step(record),
        .evaluation(
          EvaluationRecord(step) {
            $0.epoch = 16
            $0.trainLoss = .nan
            $0.trainAccuracy = .nan
            $0.validationLoss = .infinity
            $0.validationAccuracy = .nan
          }),
      ])
    }
    model.feed([
      .step(Fixture.step(340, loss: 0.6)), .evaluation(Fixture.evaluation(340, accuracy: 0.7)),
    ])
    try Pictures.compare(pressed(model, "h"), 200, 60, .charts, with: "not-finite")
  }

  @Test(arguments: [(80, 24), (120, 36)])
  func `many changes: no label runs into another`(columns: Int, rows: Int) throws {
    var model = Story.model(to: 1000)
    for step in stride(from: 20, through: 980, by: 40) {
      model.feed([
        .event(
          EventRecord(
            step: step, action: step % 80 == 20 ? .learningRate : .maxNorm, from: .number(0.1),
            value: .number(Float(step) / 1000)))
      ])
    }
    try Pictures.compare(model, columns, rows, .charts, with: "many-marks")
  }

  @Test
  func `ten million steps, zoomed as far as the history goes`() throws {
    var model = Charts.long(to: 10_000_000)
    for _ in 0..<20 { model.press("]") }
    for _ in 0..<8 { model.press("{") }
    try Pictures.compare(pressed(model, "h"), 120, 36, .charts, with: "ten-million")
  }
}
