// The manual's Markdown: read into blocks, and laid out for a width.
import TerminalUI
import Testing

@Suite struct MarkdownTextTests {
  private func lines(
    _ markdown: String, width: Int = 20, _ marking: MarkdownDocument.Marking = .plain
  ) -> [String] {
    MarkdownDocument(markdown).lines(width: width, marking: marking) { "`help \($0)`" }.map(\.text)
  }

  @Test func `blocks are read in their order, directives and marks left out`() {
    let document = MarkdownDocument(
      """
      # A title

      @Metadata {
        @Something(on)
      }
      One paragraph
      on two lines.
      ## A section
      - first
        and more
      - second

      1. numbered

      ```
      # code
        | as it is |
      ```
      | a | b |
      |---|---|
      | `x \\| y` | |
      """)
    #expect(
      document.blocks == [
        .heading(level: 1, "A title"), .paragraph("One paragraph on two lines."),
        .heading(level: 2, "A section"), .item(marker: "-", "first and more"),
        .item(marker: "-", "second"), .item(marker: "1.", "numbered"),
        .code(["# code", "  | as it is |"]),
        .table(header: ["a", "b"], rows: [["`x | y`", ""]]),
      ])
    #expect(document.title == "A title" && document.abstract == "One paragraph on two lines.")
  }

  @Test func `links are found, with and without fragments and titles`() {
    #expect(
      MarkdownDocument.links(in: "<doc:a>, [b](doc:b#There) and <doc:c#Here>, not <d>")
        == ["a", "b", "c"])
  }

  @Test func `paragraphs wrap at spaces, items hang, code stays whole`() {
    #expect(
      lines("some words that wrap at twenty columns") == [
        "some words that wrap", "at twenty columns",
      ])
    #expect(
      lines("- one two three four five\n- six")
        == ["- one two three four", "  five", "- six"])
    #expect(lines("```\na line of code that is longer than all\n```")[0].count == 42)
    #expect(lines("```\na\n\nb\n```") == ["    a", "", "    b"])
    // A space within code is not a place to break, as long as the code fits into a line.
    #expect(lines("words and more `a = b + c`") == ["words and more", "`a = b + c`"])
    #expect(
      lines("`one two three four five six`") == ["`one two three four", "five six`"])
    #expect(lines("abcdefghijklmnopqrstuvwxyz") == ["abcdefghijklmnopqrst", "uvwxyz"])
    #expect(lines("日本語の文字がここに並ぶ", width: 8) == ["日本語の", "文字がこ", "こに並ぶ"])
  }

  @Test func `marks are attributes in a terminal, and backticks alone stay without one`() {
    let text = "**bold** and *slanted*, `code`, \\*, 2 * 3 and <doc:x>"
    #expect(lines(text, width: 80) == ["bold and slanted, `code`, *, 2 * 3 and `help x`"])
    let line = MarkdownDocument(text).lines(width: 80, marking: .attributes) { "`help \($0)`" }[0]
    #expect(line.text == "bold and slanted, code, *, 2 * 3 and help x")
    #expect(
      line.ansi
        == "\u{1B}[0;1mbold\u{1B}[0m and \u{1B}[0;4mslanted\u{1B}[0m, \u{1B}[0;1mcode\u{1B}[0m, *, "
        + "2 * 3 and \u{1B}[0;1mhelp x\u{1B}[0m")
  }

  @Test func `headings are underlined where they cannot be bold`() {
    #expect(
      lines("# Title\n\nText.\n\n## Part") == ["Title", "=====", "", "Text.", "", "Part", "----"])
    #expect(lines("# Title\n\nText.", .attributes) == ["Title", "", "Text."])
  }

  @Test func `a table has the width of its cells, or wraps the widest`() {
    let table = "| a | b |\n|---|---|\n| one | 1 |\n| two | a longer cell of words |"
    #expect(
      lines(table, width: 40)
        == [
          "a    b", "---------------------------", "one  1", "two  a longer cell of words",
        ])
    #expect(
      lines(table, width: 18)
        == ["a    b", "------------------", "one  1", "two  a longer cell", "     of words"])
    #expect(lines(table, width: 3).allSatisfy { $0.count <= 4 })
  }

  @Test func `what a terminal could obey vanishes`() {
    #expect(lines("a\u{1B}[2Jb\u{202E}c") == ["a[2Jbc"])
    #expect(StyledText("r → ‖w‖").ascii.text == "r ? |w|")
  }
}
