// Writing the view and copying from it: names, frames, what the model remembers.
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Export")
struct ExportTests {
  @Test(arguments: Situation.allCases)
  func `e asks for the view, and the answer says where it is`(situation: Situation) {
    var model = Fixture.model(situation)
    #expect(model.press("e") == [.export])
    _ = update(&model, .exported(["a.txt", "a.svg"], time: 50))
    #expect(model.notice?.text == "the view is written: a.txt, a.svg")
    // The time of the answer counts, not that of the last record.
    #expect(model.wakeTime == 54)
    #expect(model.exportedFiles == ["a.txt", "a.svg"])
  }

  @Test
  func `a file's name is plain whatever the experiment is called`() {
    #expect(Fixture.model(.empty).exportName == "maxnorm-run-0")
    #expect(Fixture.model(.training).exportName == "maxnorm-digits-100")
    for (name, wanted) in [
      ("../../etc/passwd", "maxnorm-------etc-passwd-0"), ("a b\n\u{1B}[m", "maxnorm-a-b---m-0"),
      ("畳み", "maxnorm----0"), (String(repeating: "x", count: 500), nil),
    ] as [(String, String?)] {
      var model = Fixture.model(.empty)
      var header = Fixture.header()
      header.name = name
      model.feed([.header(header)])
      #expect(model.exportName.utf8.count <= 80)
      if let wanted { #expect(model.exportName == wanted) }
    }
  }

  @Test
  func `m takes the frames away and leaves every word where it was`() throws {
    var model = Story.model(to: 800)
    // Who presses keys sees no hint any more.
    model.press(.home)
    let framed = Pictures.screen(model, 120, 36)
    #expect(model.press("M") == [.mouse(false)])
    #expect(model.notice?.text == "no frames, no mouse: for copying text")
    model.press("m")
    #expect(model.refused != nil)
    let click = MouseEvent(.press, at: Point(column: 100, row: 5))
    #expect(update(&model, .mouse(click, time: 0)).isEmpty && model.focus == .loss)
    model.notice = nil
    let bare = Pictures.screen(model, 120, 36)
    let frames = Set("╭╮╰╯│")
    #expect(framed.text.contains { frames.contains($0) })
    #expect(!bare.text.contains { frames.contains($0) })
    let words = { (text: String) in text.split { !$0.isLetter }.map(String.init) }
    #expect(words(bare.text) == words(framed.text))
    try Pictures.compare(model, 80, 24, .body, with: "copy-friendly")
    #expect(model.press("M") == [.mouse(true)])
    model.notice = nil
    #expect(Pictures.screen(model, 120, 36).text == framed.text)
  }
}
