// The console of a watched command: where it stands, what keys and wheel do in it, and what is told of a
// run that does not begin.
import RunHistory
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite struct ConsoleTests {
  private func lines(_ range: Range<Int>, dropped: Int = 0) -> ConsoleLines {
    ConsoleLines(range.map { "line \($0)" }, dropped: dropped)
  }

  /// A run whose command has printed some lines.
  private func model(_ lines: ConsoleLines, _ columns: Int = 120, _ rows: Int = 36)
    -> DashboardModel
  {
    var model = DashboardModel(source: .attached, pace: 0)
    model.resize(columns, rows)
    _ = update(&model, .attached(RunAttachment(name: "me")))
    _ = update(&model, .console(lines))
    model.feed([.header(Fixture.header()), .step(Fixture.step(10))])
    return model
  }

  private func text(_ model: DashboardModel, _ columns: Int = 120, _ rows: Int = 36) -> String {
    Pictures.screen(model, columns, rows).lines.joined(separator: "\n")
  }

  @Test func `before the first record the console has the whole screen, and then its place`() {
    var model = DashboardModel(source: .attached, pace: 0)
    model.resize(80, 24)
    #expect(!model.panels.contains(.console))
    _ = update(&model, .console(lines(0..<0)))
    #expect(text(model, 80, 24).contains("nothing printed yet"))
    _ = update(&model, .console(lines(0..<50)))
    #expect(model.focus == .console && model.stateLabel == "starting")
    let waiting = text(model, 80, 24)
    #expect(waiting.contains("line 49") && waiting.contains("line 32") && !waiting.contains("loss"))
    model.feed([.header(Fixture.header()), .step(Fixture.step(10))])
    #expect(model.focus == .loss)
    #expect(text(model, 120, 36).contains("line 49"))
    // A smaller screen shows it with the focus.
    #expect(!text(model, 80, 24).contains("line 49"))
    model.press("9")
    #expect(model.focus == .console && text(model, 80, 24).contains("line 49"))
  }

  @Test func `keys move by a line and by a page, and to both ends`() throws {
    var model = model(lines(0..<100))
    model.press("9")
    let page = try #require(model.consolePage)
    #expect(page.rows == (95..<100).map { "line \($0)" } && page.isAtEnd)
    #expect(text(model).contains(" 96-100 of 100 "))
    #expect(model.refusal(of: .down) == "this is the newest line")
    model.press(.up)
    #expect(model.consolePage?.rows.last == "line 98")
    model.press(.left)
    #expect(model.consolePage?.rows.last == "line 94")
    model.press(.right)
    model.press(.down)
    #expect(model.consolePage?.isAtEnd == true && model.console?.end == nil)
    model.press(.home)
    #expect(model.consolePage?.rows == (0..<5).map { "line \($0)" })
    #expect(model.refusal(of: .up) == "this is the first line that is kept")
    model.press(.down)
    #expect(model.consolePage?.rows == (1..<6).map { "line \($0)" })
    model.press(.left)
    #expect(model.consolePage?.rows.first == "line 0")
    model.press(.end)
    #expect(model.console?.end == nil)
  }

  @Test func `the newest line is followed unless somebody looks at others, which stay`() {
    var model = model(lines(0..<100))
    _ = update(&model, .console(lines(0..<101)))
    #expect(model.consoleInSight?.rows.last == "line 100")
    model.press("9")
    model.press(.up)
    _ = update(&model, .console(lines(20..<140, dropped: 20)))
    #expect(model.consolePage?.rows.last == "line 99")
    // What is kept no longer cannot be in sight.
    _ = update(&model, .console(lines(500..<600, dropped: 500)))
    #expect(model.consolePage?.rows == (500..<505).map { "line \($0)" })
  }

  @Test func `the wheel scrolls where it is turned`() throws {
    var model = model(lines(0..<100))
    let body = try #require(model.body)
    let place = try #require(
      PanelLayout(model: model).places(in: body).first { $0.panel == .console })
    let event = MouseEvent(.wheelUp, at: place.rect.origin.offset(rows: 2))
    _ = update(&model, .mouse(event, time: 0))
    #expect(model.consoleInSight?.rows.last == "line 96" && model.focus == .loss)
  }

  @Test func `long lines are wrapped, and nothing in them is obeyed`() {
    let long = String(repeating: "word ", count: 30)
    var model = model(ConsoleLines(["first", long, "\u{1B}[2Jlast"]))
    model.press("9")
    model.press("z")
    let screen = text(model)
    #expect(screen.contains("first") && screen.contains("[2Jlast"))
    #expect(model.consolePage?.rows.count == 4)
  }

  @Test func `why a run does not begin is on the screen, and goes when it begins`() {
    var model = DashboardModel(source: .attached, pace: 0)
    model.resize(80, 24)
    _ = update(&model, .console(lines(0..<3)))
    var attachment = RunAttachment(name: "")
    _ = update(&model, .attached(attachment))
    attachment.remarks = [
      "no optimizer step after 30 s: no Python has looked for it: none was started, or one with -I, "
        + "-E or -S"
    ]
    _ = update(&model, .attached(attachment))
    #expect(model.notice?.kind == .trouble)
    let screen = text(model, 80, 24)
    #expect(screen.contains("no Python has looked for it: none was"))
    #expect(screen.contains("-I, -E or -S") && screen.contains("line 2"))
    attachment.name = "me"
    _ = update(&model, .attached(attachment))
    model.feed([.header(Fixture.header()), .step(Fixture.step(10))])
    #expect(model.notice == nil && !text(model, 80, 24).contains("no optimizer step"))
    // What is found out later is told too, once, and stays among what happened.
    attachment.remarks.append("no loss was found: none of its losses is in the log")
    _ = update(&model, .attached(attachment))
    #expect(model.notice?.text.hasPrefix("no loss was found") == true)
    model.press(.tab)
    _ = update(&model, .attached(attachment))
    #expect(model.notice == nil && model.eventTexts.last?.detail.hasPrefix("no loss") == true)
    // The name to ask by is the one that the run has now.
    model.press("c")
    let off = EventRecord(step: 10, action: .constraint, value: .flag(false), id: "me.1")
    model.feed([.event(off)])
    #expect(model.pending.isEmpty)
  }

  @Test(arguments: [(120, 36), (80, 24), (200, 60)])
  func `a watched run with its console`(columns: Int, rows: Int) throws {
    var model = model(
      ConsoleLines(
        ["epoch 1: loss 0.41, accuracy 0.87", "epoch 2: loss 0.32, accuracy 0.90", "", "saved"]))
    if rows == 24 { model.press("9") }
    try Pictures.compare(model, columns, rows, with: "console")
  }
}
