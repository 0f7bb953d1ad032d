// Foreign text as it was laid out: lines, indentation, tabs, and whatever else there may be.
import TestSupport
import Testing

@testable import TerminalUI

@Suite struct TextLayoutTests {
  private func lines(_ text: String, _ width: Int, _ rows: Int = 20) -> [String] {
    TextLayout(text, width: width, rows: rows).lines
  }

  @Test func `lines, empty lines and indentation stay, long lines are wrapped at spaces`() {
    #expect(lines("ROMEO:\n\n  But, soft!\n", 20) == ["ROMEO:", "", "  But, soft!"])
    #expect(lines("the envious moon, who", 12) == ["the envious", "moon, who"])
    #expect(lines("a  b", 9) == ["a  b"])
    #expect(lines("abcdefgh ij", 4) == ["abcd", "efgh", "ij"])
    #expect(lines("one\r\ntwo\rthree\u{2028}four", 9) == ["one", "two", "three", "four"])
  }

  @Test func `tabs lead to the next stop`() {
    #expect(lines("\ta\n ab\tc", 12) == ["    a", " ab c"])
  }

  @Test func `wide characters take two columns and marks none`() {
    #expect(lines("最大の層", 5) == ["最大", "の層"])
    #expect(lines("层", 1) == [])
    #expect(lines("e\u{301}e\u{301}e\u{301}", 2) == ["e\u{301}e\u{301}", "e\u{301}"])
  }

  @Test func `what a terminal could obey vanishes`() {
    #expect(lines("a\u{1B}[2Jb\u{9B}c\u{202E}d\u{0}e", 20) == ["a[2Jbcde"])
  }

  @Test func `a text that is longer than the room is cut and says so`() {
    let layout = TextLayout("one two three four", width: 5, rows: 2)
    #expect(layout.lines == ["one", "two"] && layout.isCut)
    #expect(!TextLayout("one two", width: 5, rows: 2).isCut)
    #expect(!TextLayout("one two\n", width: 5, rows: 2).isCut)
    #expect(TextLayout("x", width: 0, rows: 2).lines.isEmpty)
    let text = picture(5, 2) {
      TextLayout("one two three", width: 5, rows: 2).draw(
        in: $0, into: &$1, Looks.unicode, style: .plain)
    }
    #expect(text == "one\ntwo…")
  }

  @Test func `a huge text costs no more than its beginning`() {
    let huge = String(repeating: "word ", count: 2_000_000)
    let marks = String(repeating: "\u{301}", count: 2_000_000)
    let time = threadTime {
      for _ in 0..<50 {
        #expect(lines(huge, 40, 10).count == 10)
        #expect(TextLayout(marks, width: 40, rows: 10).isCut)
      }
    }
    #expect(time < .seconds(5))
  }

  @Test func `no line is wider than asked for, whatever the text`() {
    var numbers = SeededNumbers(3)
    let pieces = ["a", " ", "层", "\n", "\t", "\u{301}", "word", "\u{1B}", "  "]
    for _ in 0..<500 {
      let text = (0..<Int.random(in: 0...40, using: &numbers)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &numbers)]
      }.joined()
      let width = Int.random(in: 0...9, using: &numbers)
      let layout = TextLayout(text, width: width, rows: 6)
      #expect(layout.lines.count <= 6)
      #expect(layout.lines.allSatisfy { DisplayWidth.of($0) <= width })
    }
  }
}
