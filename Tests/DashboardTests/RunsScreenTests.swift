// The screen of many runs: its keys, its list, its chart and settings, hostile names.
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard
@testable import RunIndex

@Suite("Screen of many runs")
struct RunsScreenTests {
  private func text(_ model: RunsModel, _ columns: Int = 120, _ rows: Int = 36) -> String {
    Pictures.screen(model, columns, rows).text
  }

  @Test(arguments: [(80, 24), (120, 36), (200, 60)])
  func `four marked runs stand in the list, the chart and the settings`(columns: Int, rows: Int)
    throws
  {
    var model = ManyRuns.model()
    for _ in 0..<4 { model.press(" ") }
    try Pictures.compare(model, columns, rows, with: "runs-marked")
  }

  @Test(arguments: [(80, 24), (40, 12)])
  func `a filter is typed`(columns: Int, rows: Int) throws {
    var model = ManyRuns.model()
    model.press("/")
    model.type("optimizer=adam state:fin")
    try Pictures.compare(model, columns, rows, with: "runs-filter")
  }

  @Test func `before the first log there is a complete frame`() throws {
    try Pictures.compare(
      RunsModel(place: "logs", themeNames: ["dark"]), 80, 24, with: "runs-empty")
  }

  @Test func `enter opens the selected run, and q leaves`() {
    var model = ManyRuns.model()
    model.press(.down)
    #expect(model.press(.enter) == [.wish(.open("/logs/sweep/seed-1.jsonl"))])
    #expect(model.press("q") == [.quit])
    model.press("?")
    #expect(model.press("q") == [] && model.topLayer == .main)
  }

  @Test func `a marked run keeps its letter and colour whatever is done with the others`() {
    var model = ManyRuns.model()
    for _ in 0..<3 { model.press(" ") }
    #expect(model.marks.map(\.value).sorted() == [0, 1, 2])
    let path = "/logs/sweep/seed-2.jsonl"
    #expect(model.marks[path] == 2)
    // The first goes, the list turns round, another takes the free place.
    model.press(.home)
    model.press(" ")
    model.press(">")
    model.press("r")
    #expect(model.marks[path] == 2)
    model.press(.end)
    let last = model.selected
    model.press(" ")
    #expect(model.marks[path] == 2 && last.map { model.marks[$0] } == 0)
    model.press("u")
    #expect(model.marks.isEmpty && model.charted.first?.path == last)
  }

  @Test func `no two of the runs that can be marked look alike, and no more can be marked`() {
    struct Look: Hashable {
      var role: Role
      var line: LineMark
    }
    let looks = (0..<RunsModel.mostMarks).map {
      Look(role: RunLook.role($0), line: RunLook.line($0))
    }
    #expect(Set(looks).count == RunsModel.mostMarks)
    var model = ManyRuns.model(ManyRuns.snapshot(30))
    model.press("a")
    #expect(model.marks.count == RunsModel.mostMarks && model.refused != nil)
  }

  @Test func `the filter narrows the list down, and esc gives all back`() {
    var model = ManyRuns.model()
    model.press("/")
    model.type("seed-1 optimizer=adam")
    #expect(model.names == ["sweep/seed-1", "sweep/seed-11"])
    model.press(.enter)
    #expect(model.topLayer == .main && model.names.count == 2)
    model.press("/")
    for _ in 0..<14 { model.press(.backspace) }
    #expect(model.filter == "seed-1 " && model.names.count == 3)
    model.press(.escape)
    #expect(model.names.count == 12 && model.filter.isEmpty)
    // A q is a letter while it is typed, and a paste is text.
    model.press("/")
    #expect(model.press("q") == [] && model.filter == "q")
    _ = update(&model, .paste("x\u{1B}[2J", time: 50))
    #expect(model.filter == "qx[2J")
  }

  @Test func `pinned runs stand first, and notes are kept, shown and found`() {
    var model = ManyRuns.model()
    model.press(.end)
    model.press("*")
    #expect(model.names.first == "sweep/seed-11")
    model.press("n")
    model.type("the good one")
    #expect(text(model).contains("note: the good one"))
    model.press(.enter)
    #expect(model.notes.notes == ["/logs/sweep/seed-11.jsonl": "the good one"])
    #expect(text(model).contains("the good one"))
    model.press("/")
    model.type("good")
    #expect(model.names == ["sweep/seed-11"])
    model.press(.escape)
    model.press("n")
    model.type("!")
    model.press(.escape)
    #expect(model.notes.notes.values.first == "the good one")
  }

  @Test func `the list sorts by every column, and the selection stays on its run`() {
    var model = ManyRuns.model()
    for _ in 0..<3 { model.press(.down) }
    let selected = model.selected
    for column in RunOrder.Column.allCases {
      #expect(model.order.column == column && model.selected == selected)
      model.press(">")
    }
    #expect(model.order.column == .name)
    model.press("<")
    #expect(model.order.column == .elapsed)
  }

  @Test func `chart and columns show any figure, over steps, epochs and time`() {
    var model = ManyRuns.model()
    #expect(model.chartMetric == "validation_loss")
    model.press("p")
    #expect(model.chartMetric == "loss" && text(model).contains("loss"))
    model.press("P")
    #expect(model.chartMetric == "validation_loss")
    #expect(text(model).contains("1.0k"))
    model.press("i")
    #expect(text(model).contains("by epochs"))
    model.press("i")
    #expect(text(model).contains("by time") && text(model).contains("1:30"))
    model.press("s")
    #expect(text(model).contains("smoothed 0.6"))
    model.press("y")
    #expect(text(model).contains("logarithmic"))
  }

  @Test func `new runs appear, and a run that is gone gives the selection to its neighbour`() {
    var model = ManyRuns.model(ManyRuns.snapshot(3))
    model.press(.down)
    model.take(ManyRuns.snapshot(5))
    #expect(model.names.count == 5 && model.selected == "/logs/sweep/seed-1.jsonl")
    var less = ManyRuns.snapshot(5)
    less.runs.remove(at: 1)
    model.take(less)
    #expect(model.selected == "/logs/sweep/seed-2.jsonl")
    model.take(RunIndex.Snapshot())
    #expect(model.selected == nil && model.press(.enter) == [] && model.refused != nil)
  }

  @Test func `clicks choose, mark by the second click opens, and the wheel goes through the list`()
  {
    var model = ManyRuns.model()
    func click(_ row: Int) -> [RunsEffect] {
      update(&model, .mouse(MouseEvent(.press, at: Point(column: 20, row: row)), time: 50))
    }
    // The header has two rows, the panel its frame and its titles.
    #expect(click(6) == [] && model.selected == "/logs/sweep/seed-2.jsonl")
    #expect(click(6) == [.wish(.open("/logs/sweep/seed-2.jsonl"))])
    _ = update(&model, .mouse(MouseEvent(.wheelDown, at: Point(column: 20, row: 6)), time: 50))
    #expect(model.selected == "/logs/sweep/seed-3.jsonl")
  }

  @Test func `the marked runs are compared, two at least`() {
    var model = ManyRuns.model()
    #expect(model.press("=") == [] && model.refused != nil)
    model.press(" ")
    model.press(" ")
    #expect(
      model.press("=")
        == [.wish(.compare(["/logs/sweep/seed-0.jsonl", "/logs/sweep/seed-1.jsonl"]))])
  }

  @Test func `every key does something or says why not, and none leads into a trap`() {
    let keys = RunsKeys.bindings.flatMap(\.keys) + [.character("é"), .function(5), .insert]
    for snapshot in [RunIndex.Snapshot(), ManyRuns.snapshot(1), ManyRuns.snapshot(40)] {
      for openers: [Key] in [[], [.character("/")], [.character("n")], [.character("?")]] {
        for size in [(1, 1), (39, 11), (40, 12), (80, 24), (200, 60)] {
          var model = ManyRuns.model(snapshot)
          _ = update(&model, .resize(Size(columns: size.0, rows: size.1)))
          for opener in openers { model.press(opener) }
          for key in keys {
            model.press(key)
            _ = Pictures.screen(model, size.0, size.1)
          }
        }
      }
    }
  }

  @Test func `names never reach the terminal as commands`() {
    let hostile = ComparisonRobotTests.hostile
    let model = ManyRuns.model(ManyRuns.snapshot(hostile.count, names: hostile))
    for size in [(80, 24), (200, 60)] {
      let screen = Pictures.screen(model, size.0, size.1)
      let isClean = screen.cells.allSatisfy { cell in
        cell.glyph.scalars.allSatisfy {
          ![.control, .format].contains($0.properties.generalCategory)
        }
      }
      #expect(isClean)
      let plain = Pictures.screen(model, size.0, size.1, glyphs: .ascii)
      #expect(plain.text.utf8.allSatisfy { $0 < 0x80 })
    }
  }
}
