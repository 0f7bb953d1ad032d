// The last frames before the program ends.
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Stopping")
struct StoppingTests {
  @Test(arguments: [
    Size(columns: 120, rows: 36), Size(columns: 80, rows: 24), Size(columns: 60, rows: 16),
  ])
  func `the next frame says that the program stops, and names the file that is written`(size: Size)
  {
    var model = Fixture.model(.training)
    func text() -> String { Pictures.screen(model, size.columns, size.rows).text }
    _ = model.press("q")
    #expect(model.dialog == .quit)
    let revision = model.revision
    _ = update(&model, .stopping(writing: nil))
    #expect(model.dialog == nil && model.revision > revision)
    #expect(text().contains("stopping…"))
    _ = update(&model, .stopping(writing: "run.safetensors"))
    #expect(text().contains("stopping… writing run.safetensors"))
    // Without news there is no frame.
    let last = model.revision
    _ = update(&model, .stopping(writing: "run.safetensors"))
    #expect(model.revision == last)
  }

  @Test
  func `a screen that is too small says so too`() {
    var model = Fixture.model(.training)
    _ = update(&model, .stopping(writing: "run.safetensors"))
    #expect(Pictures.screen(model, 20, 6).text.contains("stopping"))
  }

  @Test
  func `a comparison says the same`() {
    var model = Versus.model(Versus.state(over: 2))
    _ = model.press("q")
    _ = update(&model, .stopping(writing: "arms/none-1.checkpoint"))
    #expect(!model.isAsking)
    #expect(
      Pictures.screen(model, 80, 24).text.contains("stopping… writing arms/none-1.checkpoint"))
  }
}
