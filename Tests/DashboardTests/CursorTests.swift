// The cursor and the axes of charts: every chart shows the same, and what was measured.
import PlainText
import RunRecords
import Testing

@testable import Dashboard
@testable import RunHistory
@testable import TerminalUI

@Suite("Cursor and axes")
struct CursorTests {
  @Test
  func `the cursor is at the same step in all charts, and they show the step`() {
    for unit in 0..<3 {
      for (columns, rows) in [(120, 36), (200, 60)] {
        var model = Story.model(to: 2000)
        model.resize(columns, rows)
        for _ in 0..<unit { model.press("i") }
        for _ in 0..<12 { model.press("h") }
        guard let cursor = model.visibleCursor else {
          Issue.record("no cursor")
          return
        }
        let x = model.axis.x(cursor)
        for kind in model.panels where kind.isChart {
          #expect(ChartPanel(model, kind).chart([]).cursor == x)
        }
        let text = Pictures.screen(model, columns, rows).text
        #expect(text.contains("step \(NumberText.grouped(cursor))"))
      }
    }
  }

  @Test func `the cursor moves by columns, stops at the ends, and esc hides it`() throws {
    var model = Story.model(to: 2000)
    model.press(.left)
    #expect(model.visibleCursor == 2000)
    model.press(.left)
    let next = try #require(model.visibleCursor)
    #expect((20...50).contains(2000 - next))
    model.press("l")
    #expect(model.visibleCursor == 2000)
    for _ in 0..<200 { model.press("h") }
    #expect(model.visibleCursor == 0 && model.selectedLayer == 0)
    model.press("j")
    #expect(model.selectedLayer == 1 && model.visibleCursor == 0)
    #expect(model.footer.contains { $0.label == "cursor off" })
    model.press(.escape)
    #expect(model.charts.cursor == nil)
    model.press(.escape)
    #expect(model.refused != nil)
    // Elsewhere left and right move over layers as up and down do.
    model.press("2")
    model.press("l")
    #expect(model.selectedLayer == 2 && model.charts.cursor == nil)
  }

  @Test
  func `on a layer's page the cursor goes first, then the page`() {
    var model = Story.model(to: 2000)
    model.press(.enter)
    model.press("h")
    #expect(model.visibleCursor == 2000)
    model.press(.escape)
    #expect(model.topLayer == .detail && model.charts.cursor == nil)
    model.press(.escape)
    #expect(model.topLayer == .main)
    model.press(.enter)
    model.press("h")
    model.press("q")
    #expect(model.topLayer == .main && model.visibleCursor == 2000)
  }

  @Test
  func `a NaN norm is marked in both charts of norms`() {
    var model = Story.model(to: 600)
    var record = Fixture.step(610, layers: ["fc1", "fc2", "out"])
    record.layers[0].normMax = .nan
    model.feed([
      .step(record),
      .norms(NormsRecord(step: 610, layers: [.init(name: "fc1", norms: [1, .nan])])),
    ])
    let look = Appearance(theme: .terminal)
    var buffer = CellBuffer(size: Size(columns: 60, rows: 16))
    NormsOverTimePanel(model: model).draw(in: buffer.bounds, into: &buffer, look)
    #expect(buffer.text.contains("×"))
    guard let layer = model.layer else { return }
    var page = CellBuffer(size: Size(columns: 60, rows: 16))
    LayerQuantilesPanel(model: model, layer: layer).draw(in: page.bounds, into: &page, look)
    #expect(page.text.contains("×"))
  }

  @Test
  func `a cursor out of sight marks nothing, and comes in again at the next key`() {
    var model = Story.model(to: 2000)
    model.press("l")
    model.press("]")
    model.press(.escape)
    model.press("}")
    for _ in 0..<4 { model.press("]") }
    model.charts.cursor = 3
    #expect(model.visibleCursor == nil && ChartPanel(model, .loss).chart([]).cursor == nil)
    model.press(.enter)
    model.press(.escape)
    #expect(model.topLayer == .main && model.charts.cursor == 3)
    model.press("h")
    #expect(model.visibleCursor == model.visibleSteps.upperBound)
  }

  @Test
  func `what is read out is what was measured, not what was smoothed`() throws {
    let model = Story.model(to: 2000)
    let segment = try #require(model.segment)
    let panel = ChartPanel(model, .loss)
    let curve = panel.curve("train", .train, segment.trainLoss, columns: 200)
    let first = try #require(segment.trainLoss.raw.whole.first)
    #expect(curve.value(at: Double(first.lastStep)) == Double(first.entry.mean))
    #expect(curve.value(at: nil) == segment.trainLoss.last.map(Double.init))
    #expect(curve.points != curve.raw && curve.points.count == curve.raw.count)
  }

  @Test(arguments: [60, 3000, 10_000_000])
  func `time never goes back, whatever the log says`(length: Int) throws {
    var numbers = SeededNumbers(2)
    var clock = StepClock()
    var seconds = 0.0
    for index in 1...5000 {
      let jump = Int.random(in: 0..<40, using: &numbers)
      // Slow, fast, standing still, and nonsense.
      seconds += jump == 0 ? 100 : jump < 5 ? 0 : 0.01
      let told = [.nan, -1, .infinity, seconds, seconds, seconds].randomElement(using: &numbers)
      clock.reach(index * length / 5000, at: told ?? seconds)
    }
    for range in [0...length, length / 3...length / 2 + 1, length - 20...length + 10] {
      let course = clock.course(over: range)
      var before = -1.0
      var index = 0
      for step in stride(
        from: range.lowerBound, through: range.upperBound, by: max(1, length / 900))
      {
        let time = course.seconds(at: step)
        #expect(time >= before && time.isFinite)
        #expect(course.seconds(at: step, from: &index) == time)
        before = time
      }
    }
    // A whole look and a closer one agree.
    let step = length * 2 / 5
    let whole = clock.course(over: 0...length).seconds(at: step)
    #expect(clock.course(over: step...step + 1).seconds(at: step) == whole)
  }

  @Test
  func `by time a step lies where its seconds are, and back`() {
    var model = Fixture.model(.empty)
    model.feed([.header(Fixture.header())])
    // A hundred slow steps, then many quick ones.
    for step in 1...1000 {
      var record = Fixture.step(step)
      record.elapsed = step <= 100 ? Double(step) : 100 + Double(step - 100) / 100
      model.feed([.step(record)])
    }
    model.press("i")
    #expect(model.axis.unit == .epochs && model.axis.x(500) == 50)
    model.press("i")
    let axis = model.axis
    #expect(axis.unit == .time && axis.x(50) == 50 && abs(axis.x(600) - 105) < 1e-9)
    #expect(axis.step(at: 50) == 50 && axis.step(at: 105) == 600)
    // Slow steps have the room that they took.
    let points = model.segment?.loss.raw.points(on: axis, count: 120) ?? []
    #expect(points.count { $0.x <= 100 } > 70)
    model.press("i")
    #expect(model.axis.unit == .steps)
  }

  @Test
  func `epochs are left out where it is not known how long they are`() {
    var model = Fixture.model(.empty)
    model.press("i")
    #expect(model.refused?.hasPrefix("no run yet") == true)
    var header = Fixture.header()
    header.stepsPerEpoch = 0
    model.feed([.header(header), .step(Fixture.step(100))])
    model.press("i")
    #expect(model.axis.unit == .time)
  }

  @Test
  func `the logarithmic scale is the focused chart's own, and refused where it says nothing`() {
    var model = Story.model(to: 600)
    model.press("y")
    #expect(model.isLogarithmic(.loss) && !model.isLogarithmic(.learningRate))
    #expect(model.footer.contains { $0.label == "linear" })
    for (key, isRefused) in [("2", true), ("3", true), ("6", true), ("7", false), ("8", true)] {
      model.press(Character(key))
      model.press("y")
      #expect((model.refused != nil) == isRefused, "\(key)")
    }
    #expect(model.isLogarithmic(.learningRate))
    // Gradients choose by themselves until a key is pressed.
    model.press("5")
    var record = Fixture.step(610)
    (record.gradientNorm, record.gradientNormMax) = (1e4, 1e4)
    model.feed([.step(record)])
    #expect(model.isLogarithmic(.gradient))
    model.press("y")
    #expect(!model.isLogarithmic(.gradient))
  }

  @Test
  func `ten million steps are drawn, zoomed and read out`() throws {
    var model = Charts.long(to: 10_000_000)
    var texts: [String] = []
    for key in "hhh]]]]]]]iio{{" {
      model.press(key)
      texts.append(Pictures.screen(model, 120, 36).text)
    }
    #expect(texts.allSatisfy { $0.contains("step ") && !$0.contains("waiting for data") })
    for _ in 0..<60 { model.press("]") }
    let text = Pictures.screen(model, 120, 36).text
    #expect(model.refused?.hasPrefix("no closer") == true && !text.contains("waiting for data"))
  }

  @Test func `a line's points keep the extremes, and a NaN is a separate point`() {
    var history = History<Reading>()
    for step in 0..<100 { history.append(step == 50 ? .nan : Float(step), at: step) }
    let points = history.points(on: StepAxis(0...99), count: 10)
    #expect(points.count == 11 && points.filter(\.mean.isNaN).map(\.x) == [59])
    #expect(points.first?.minimum == 0 && points.last?.maximum == 99)
  }
}
