// Comparisons and sweeps as pictures.
import Comparisons
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Pictures of comparisons")
struct ComparisonPictureTests {
  static let sizes = [(80, 24), (120, 36), (200, 60)]

  @Test(arguments: sizes)
  func `before the first record there is a complete frame`(columns: Int, rows: Int) throws {
    try Pictures.compare(Versus.model(Versus.state()), columns, rows, .body, with: "compare-empty")
  }

  @Test
  func `the whole screen`() throws {
    try Pictures.compare(Versus.model(Versus.state(over: 12)), 120, 36, with: "compare-over")
    try Pictures.compare(Versus.model(Versus.sweep(over: 24)), 120, 36, with: "sweep-over")
  }

  @Test(arguments: [(80, 24), (120, 36)])
  func `trials have no differences, and say what they are for`(columns: Int, rows: Int) throws {
    let sentence = "trials choose: the best on validation of each arm and of all"
    let model = Versus.model(Versus.trials(over: 12, sentences: [sentence]))
    #expect(!model.panels.contains(.differences) && model.panels.contains(.table))
    #expect(model.figures.verdict == [sentence])
    #expect(model.figures.differences.allSatisfy { $0 == nil })
    try Pictures.compare(model, columns, rows, with: "trials-over")
    // The answer comes with the last run.
    var answered = model
    let state = Versus.trials(over: 20, sentences: ["Max-norm helps on these data."])
    _ = update(&answered, .state(state, isOver: true, time: 60))
    #expect(answered.figures.verdict == ["Max-norm helps on these data."])
  }

  @Test(arguments: sizes + [(60, 20), (40, 12)])
  func `a few runs are over`(columns: Int, rows: Int) throws {
    var model = Versus.model(Versus.state(over: 6))
    model.press(.end)
    try Pictures.compare(model, columns, rows, .body, with: "compare-few")
  }

  @Test(arguments: [(80, 24), (200, 60)])
  func `all runs are over`(columns: Int, rows: Int) throws {
    try Pictures.compare(
      Versus.model(Versus.state(over: 12)), columns, rows,
      .panels(.table, .differences, .verdict), with: "compare-over")
  }

  @Test(arguments: [(80, 24), (120, 36)])
  func `diverged, failed and interrupted runs are named`(columns: Int, rows: Int) throws {
    var model = Versus.model(Versus.troubled)
    model.press(.down)
    try Pictures.compare(
      model, columns, rows, .panels(.table, .verdict, .runs), with: "compare-troubled")
  }

  @Test(arguments: sizes)
  func `twenty-four arms are scrolled`(columns: Int, rows: Int) throws {
    let arms = (0..<24).map { $0 == 0 ? "none" : "arm-\($0)" }
    var model = Versus.model(Versus.state(over: 40, arms, seeds: 2))
    for _ in 0..<15 { model.press(.down) }
    try Pictures.compare(model, columns, rows, .panels(.table), with: "compare-many")
  }

  @Test(arguments: [(80, 24), (120, 36)])
  func `long and wide names are cut, not the figures`(columns: Int, rows: Int) throws {
    let arms = ["正則化なし", "a_very_long_name_of_an_arm_with_its_settings_in_it", "最大ノルム制約とドロップアウト"]
    try Pictures.compare(
      Versus.model(Versus.state(over: 6, arms, seeds: 3)), columns, rows,
      .panels(.chart, .table, .differences), with: "compare-names")
  }

  @Test(arguments: [(80, 24), (120, 36)])
  func `without Unicode everything is ASCII`(columns: Int, rows: Int) throws {
    let model = Versus.model(Versus.state(over: 6))
    try Pictures.compare(model, columns, rows, .body, with: "compare-ascii", glyphs: .ascii)
    let screen = Pictures.screen(model, columns, rows, glyphs: .ascii)
    #expect(screen.text.utf8.allSatisfy { $0 < 0x80 })
    let sweep = Versus.model(Versus.sweep(over: 24))
    try Pictures.compare(sweep, columns, rows, .body, with: "sweep-ascii", glyphs: .ascii)
    let other = Pictures.screen(sweep, columns, rows, glyphs: .ascii)
    #expect(other.text.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test(arguments: sizes)
  func `the page of an arm has its runs`(columns: Int, rows: Int) throws {
    var model = Versus.model(Versus.troubled)
    model.press(.down)
    model.press(.enter)
    try Pictures.compare(model, columns, rows, .body, with: "compare-page")
  }

  @Test
  func `the losses, logarithmic, have the whole screen`() throws {
    var model = Versus.model(Versus.state(over: 12))
    model.press("p")
    model.press("y")
    model.press("i")
    model.press("z")
    model.notice = nil
    try Pictures.compare(model, 80, 24, .panels(.chart), with: "compare-losses")
  }

  @Test
  func `the maximized runs are listed one by one`() throws {
    var model = Versus.model(Versus.troubled)
    model.press("5")
    model.press("z")
    try Pictures.compare(model, 80, 24, .panels(.runs), with: "compare-runs")
  }

  @Test
  func `help and question lie over all`() throws {
    var model = Versus.model(Versus.state(over: 6))
    model.press("?")
    try Pictures.compare(model, 80, 24, .help, with: "compare-help")
    model.press(.escape)
    model.press("q")
    try Pictures.compare(model, 80, 24, .dialog, with: "compare-quit")
  }

  @Test
  func `a terminal too small says what is needed`() throws {
    try Pictures.compare(Versus.model(Versus.state(over: 6)), 30, 8, with: "compare-small")
  }

  // MARK: Sweeps

  @Test(arguments: [(80, 24), (120, 36)])
  func `a sweep before its first end`(columns: Int, rows: Int) throws {
    let model = Versus.model(Versus.sweep(over: 0))
    try Pictures.compare(model, columns, rows, .body, with: "sweep-empty")
  }

  @Test(arguments: sizes)
  func `a sweep over one key`(columns: Int, rows: Int) throws {
    var model = Versus.model(Versus.sweep(over: 20))
    for _ in 0..<5 { model.press(.down) }
    try Pictures.compare(model, columns, rows, .panels(.chart, .table), with: "sweep-some")
  }

  @Test(arguments: [(80, 24), (200, 60)])
  func `a sweep that is over`(columns: Int, rows: Int) throws {
    let model = Versus.model(Versus.sweep(over: 24))
    try Pictures.compare(
      model, columns, rows, .panels(.chart, .table, .verdict), with: "sweep-over")
  }

  @Test(arguments: sizes)
  func `a sweep over two keys is a table of levels`(columns: Int, rows: Int) throws {
    var model = Versus.model(Versus.grid(over: 64))
    for _ in 0..<9 { model.press(.down) }
    try Pictures.compare(model, columns, rows, .panels(.chart, .table), with: "sweep-grid")
    model.press("p")
    model.press("p")
    model.notice = nil
    try Pictures.compare(model, columns, rows, .panels(.chart), with: "sweep-rates")
  }
}
