// Whole screens of comparisons and sweeps as pictures.
import Comparisons
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Pictures of comparisons")
struct ComparisonPictureTests {
  static let sizes = [(80, 24), (120, 36), (200, 60)]

  @Test("Before the first record there is a complete frame", arguments: sizes)
  func empty(columns: Int, rows: Int) throws {
    try Pictures.compare(Versus.model(Versus.state()), columns, rows, with: "compare-empty")
  }

  @Test("A few runs are over", arguments: sizes + [(60, 20), (40, 12)])
  func few(columns: Int, rows: Int) throws {
    var model = Versus.model(Versus.state(over: 6))
    model.press(.end)
    try Pictures.compare(model, columns, rows, with: "compare-few")
  }

  @Test("All runs are over", arguments: sizes)
  func over(columns: Int, rows: Int) throws {
    try Pictures.compare(Versus.model(Versus.state(over: 12)), columns, rows, with: "compare-over")
  }

  @Test("What diverged, failed and was interrupted is told", arguments: [(80, 24), (120, 36)])
  func troubled(columns: Int, rows: Int) throws {
    var model = Versus.model(Versus.troubled)
    model.press(.down)
    try Pictures.compare(model, columns, rows, with: "compare-troubled")
  }

  @Test("Twenty-four arms are scrolled", arguments: sizes)
  func manyArms(columns: Int, rows: Int) throws {
    let arms = (0..<24).map { $0 == 0 ? "none" : "arm-\($0)" }
    var model = Versus.model(Versus.state(over: 40, arms, seeds: 2))
    for _ in 0..<15 { model.press(.down) }
    try Pictures.compare(model, columns, rows, with: "compare-many")
  }

  @Test("Long and wide names are cut, not the figures", arguments: [(80, 24), (120, 36)])
  func names(columns: Int, rows: Int) throws {
    let arms = ["正則化なし", "a_very_long_name_of_an_arm_with_its_settings_in_it", "最大ノルム制約とドロップアウト"]
    try Pictures.compare(
      Versus.model(Versus.state(over: 6, arms, seeds: 3)), columns, rows, with: "compare-names")
  }

  @Test("Without Unicode everything is ASCII", arguments: [(80, 24), (120, 36)])
  func ascii(columns: Int, rows: Int) throws {
    let model = Versus.model(Versus.state(over: 6))
    try Pictures.compare(model, columns, rows, with: "compare-ascii", glyphs: .ascii)
    let screen = Pictures.screen(model, columns, rows, glyphs: .ascii)
    #expect(screen.text.utf8.allSatisfy { $0 < 0x80 })
    let sweep = Versus.model(Versus.sweep(over: 24))
    try Pictures.compare(sweep, columns, rows, with: "sweep-ascii", glyphs: .ascii)
    let other = Pictures.screen(sweep, columns, rows, glyphs: .ascii)
    #expect(other.text.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test("The page of an arm has its runs", arguments: sizes)
  func page(columns: Int, rows: Int) throws {
    var model = Versus.model(Versus.troubled)
    model.press(.down)
    model.press(.enter)
    try Pictures.compare(model, columns, rows, with: "compare-page")
  }

  @Test("The losses, logarithmic, have the whole screen")
  func losses() throws {
    var model = Versus.model(Versus.state(over: 12))
    model.press("p")
    model.press("y")
    model.press("i")
    model.press("z")
    model.notice = nil
    try Pictures.compare(model, 80, 24, with: "compare-losses")
  }

  @Test("The runs alone are told one by one")
  func runs() throws {
    var model = Versus.model(Versus.troubled)
    model.press("5")
    model.press("z")
    try Pictures.compare(model, 80, 24, with: "compare-runs")
  }

  @Test("Help and question lie over all")
  func overlays() throws {
    var model = Versus.model(Versus.state(over: 6))
    model.press("?")
    try Pictures.compare(model, 80, 24, with: "compare-help")
    model.press(.escape)
    model.press("q")
    try Pictures.compare(model, 80, 24, with: "compare-quit")
  }

  @Test("A terminal too small says what is needed")
  func tooSmall() throws {
    try Pictures.compare(Versus.model(Versus.state(over: 6)), 30, 8, with: "compare-small")
  }

  // MARK: Sweeps

  @Test("A sweep before its first end", arguments: [(80, 24), (120, 36)])
  func emptySweep(columns: Int, rows: Int) throws {
    try Pictures.compare(Versus.model(Versus.sweep(over: 0)), columns, rows, with: "sweep-empty")
  }

  @Test("A sweep over one key", arguments: sizes)
  func sweep(columns: Int, rows: Int) throws {
    var model = Versus.model(Versus.sweep(over: 20))
    for _ in 0..<5 { model.press(.down) }
    try Pictures.compare(model, columns, rows, with: "sweep-some")
  }

  @Test("A sweep that is over", arguments: sizes)
  func sweepOver(columns: Int, rows: Int) throws {
    try Pictures.compare(Versus.model(Versus.sweep(over: 24)), columns, rows, with: "sweep-over")
  }

  @Test("A sweep over two keys is a table of levels", arguments: sizes)
  func grid(columns: Int, rows: Int) throws {
    var model = Versus.model(Versus.grid(over: 64))
    for _ in 0..<9 { model.press(.down) }
    try Pictures.compare(model, columns, rows, with: "sweep-grid")
    model.press("p")
    model.press("p")
    model.notice = nil
    try Pictures.compare(model, columns, rows, with: "sweep-rates")
  }
}
