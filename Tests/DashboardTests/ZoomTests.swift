// Zoom and pan: what holds at every moment of a run.
import RunRecords
import Testing

@testable import Dashboard
@testable import TerminalUI

@Suite("Zoom and pan")
struct ZoomTests {
  @Test
  func `whatever is zoomed and panned lies within the run and is never empty`() {
    var numbers = SeededNumbers(5)
    for last in [1, 2, 7, 100, 12_345, 10_000_000, 1_000_000_000_000_000] {
      var zoom: ChartState.Zoom?
      for _ in 0..<400 {
        let visible = zoom?.range(last: last) ?? 0...last
        let center = Bool.random(using: &numbers) ? Int.random(in: visible, using: &numbers) : nil
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0: zoom = .scaled(visible, by: 1.5, around: center, least: 8, last: last)
        case 1, 2: zoom = .scaled(visible, by: 1 / 1.5, around: center, least: 8, last: last)
        default:
          let part = Double.random(in: -3...3, using: &numbers)
          zoom = .moved(visible, by: part, last: last)
        }
        // The run continues; what was zoomed to stays inside it.
        for later in [last, last + last / 3] {
          let range = zoom?.range(last: later) ?? 0...later
          #expect(range.lowerBound >= 0 && range.upperBound <= later && range.count > 1)
        }
      }
    }
  }

  @Test
  func `keys zoom and pan within the run, at any length of it`() {
    var numbers = SeededNumbers(9)
    for length in [10, 90, 4000, 10_000_000] {
      var model = Charts.long(to: length)
      for _ in 0..<300 {
        model.press("[]]{}hlw".randomElement(using: &numbers) ?? "]")
        let visible = model.visibleSteps
        let slack = max(60, visible.count / 5)
        #expect(visible.lowerBound >= 0 && visible.lowerBound < length && visible.count > 1)
        #expect(model.charts.zoom == nil || visible.upperBound <= length + slack)
        if let cursor = model.charts.cursor { #expect((0...length).contains(cursor)) }
      }
    }
  }

  @Test
  func `zoomed at the newest step the charts follow the run, elsewhere they stay`() {
    var model = Story.model(to: 1000)
    model.press("]")
    model.press("]")
    let newest = model.visibleSteps
    #expect(newest.contains(1000) && newest.lowerBound > 400)
    model.feed(Array(Story.records(to: 1400).dropFirst(Story.records(to: 1000).count)))
    #expect(model.visibleSteps.contains(1400))
    model.press("{")
    let earlier = model.visibleSteps
    #expect(earlier.upperBound < 1400)
    model.feed(Array(Story.records(to: 1800).dropFirst(Story.records(to: 1400).count)))
    #expect(model.visibleSteps == earlier)
    for _ in 0..<40 { model.press("}") }
    #expect(model.refused == "this is the newest step" && model.visibleSteps.contains(1800))
    model.press("w")
    #expect(model.charts.zoom == nil && model.visibleSteps.lowerBound == 0)
    #expect(model.charts.window == .all)
    model.feed([.header(Story.header())])
    #expect(model.charts.zoom == nil && model.charts.cursor == nil)
  }

  @Test
  func `zooming keeps the cursor where it is on the chart`() throws {
    var model = Story.model(to: 2000)
    for _ in 0..<30 { model.press("h") }
    let cursor = try #require(model.visibleCursor)
    // The first time what is shown beyond the newest step goes.
    model.press("]")
    let share = { (steps: ClosedRange<Int>) in
      Double(cursor - steps.lowerBound) / Double(steps.upperBound - steps.lowerBound)
    }
    let before = share(model.visibleSteps)
    for _ in 0..<6 { model.press("]") }
    #expect(abs(share(model.visibleSteps) - before) < 0.02)
    for _ in 0..<40 { model.press("]") }
    #expect(model.refused?.hasPrefix("no closer") == true)
    #expect(model.visibleSteps.contains(cursor) && model.visibleSteps.count > 50)
    for _ in 0..<40 { model.press("[") }
    #expect(model.refused == "the whole run is in sight")
    model.press("{")
    #expect(model.refused == "this is where the run begins")
  }

  @Test
  func `the wheel zooms the chart under the pointer and nothing else`() {
    var model = Story.model(to: 2000)
    let turn = { (model: inout DashboardModel, action: MouseEvent.Action, column: Int, row: Int) in
      _ = update(&model, .mouse(MouseEvent(action, at: Point(column: column, row: row)), time: 1))
    }
    turn(&model, .wheelUp, 90, 5)
    #expect(model.charts.zoom == nil && model.focus == .loss)
    turn(&model, .wheelUp, 30, 8)
    turn(&model, .wheelUp, 30, 25)
    #expect(model.visibleSteps.count < 1200 && model.visibleSteps.lowerBound > 0)
    for _ in 0..<9 { turn(&model, .wheelDown, 30, 8) }
    #expect(model.charts.zoom == nil)
  }
}
