// Pictures of every kind of task: a panel belongs to the records, not to an experiment's name.
import RunHistory
import RunRecords
import Testing
import TerminalUI

@testable import Dashboard

@Suite("Pictures of tasks")
struct TaskPictureTests {
  @Test
  func `the whole screen`() throws {
    try Pictures.compare(Tasks.model(.classification), 120, 36, with: "task")
  }

  @Test(arguments: Tasks.all)
  func `every task beside loss and norms`(task: Tasks) throws {
    let model = Tasks.model(task)
    for (columns, rows) in [(80, 24), (120, 36), (200, 60)] {
      try Pictures.compare(model, columns, rows, .samples, with: "\(task)")
    }
  }

  @Test(arguments: Tasks.all)
  func `every task in ASCII`(task: Tasks) throws {
    let model = Tasks.model(task)
    try Pictures.compare(model, 120, 36, .samples, with: "\(task)-ascii", glyphs: .ascii)
    let text = Pictures.screen(model, 120, 36, glyphs: .ascii).text
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test(arguments: Tasks.all)
  func `a task before its first record of any use`(task: Tasks) {
    let model = Tasks.model(task, to: 0)
    for (columns, rows) in [(80, 24), (120, 36), (200, 60)] {
      let text = Pictures.screen(model, columns, rows).text
      #expect(text.contains("loss") && text.contains("norms"))
    }
  }

  @Test(arguments: [(80, 24), (120, 36)])
  func `confusions have their own panel when they are asked for`(columns: Int, rows: Int) throws {
    var model = Tasks.model(.classification)
    model.press("7")
    #expect(model.focus == .confusion)
    try Pictures.compare(model, columns, rows, .focus, with: "confusions")
  }

  @Test(arguments: [(80, 24), (120, 36), (200, 60)])
  func `a table too wide for the right column stands below the loss with all its columns`(
    columns: Int, rows: Int
  ) throws {
    var model = Tasks.model(.language)
    model.feed([.header(try #require(model.segment?.header)), .sample(Tasks.translations)])
    let text = Pictures.screen(model, columns, rows).text
    #expect(text.contains("source") && text.contains("answer") && text.contains("truth"))
    #expect(text.contains("2057-05-13  2057-05-19"))
    // Only the first column is cut, and only where it must be.
    #expect(text.contains("saturday, 20th of september 1947") == (columns > 80))
    model.press("6")
    #expect(model.focus == .table)
    try Pictures.compare(model, columns, rows, .focus, with: "translations")
  }

  @Test
  func `more classes than fit are summed up by their largest confusions`() throws {
    var model = Tasks.model(.classification)
    model.feed([.sample(Tasks.confusions((0..<40).map { "kind \($0) of clothes" }))])
    model.press("7")
    try Pictures.compare(model, 120, 36, .focus, with: "many-classes")
  }

  @Test(arguments: [(80, 24), (120, 36)])
  func `gradients have a panel at every size`(columns: Int, rows: Int) throws {
    var model = Tasks.model(.language)
    model.press("5")
    #expect(model.focus == .gradient)
    try Pictures.compare(model, columns, rows, .focus, with: "gradient")
  }

  @Test(arguments: [(200, 60), (120, 36)])
  func `everything at once fits a large screen`(columns: Int, rows: Int) throws {
    try Pictures.compare(Tasks.everything, columns, rows, .samples, with: "everything")
  }

  @Test(arguments: [(80, 24), (200, 60)])
  func `what a damaged log says is drawn as far as it goes`(columns: Int, rows: Int) throws {
    try Pictures.compare(Tasks.damaged, columns, rows, .samples, with: "damaged-samples")
  }
}
