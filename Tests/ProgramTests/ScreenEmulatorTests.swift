// The emulated terminal draws what xterm would draw.

import Testing

@Suite struct ScreenEmulatorTests {
  private func screen(
    _ output: String..., columns: Int = 10, rows: Int = 4
  ) -> ScreenEmulator {
    var screen = ScreenEmulator(columns: columns, rows: rows)
    for part in output { screen.feed(part.utf8) }
    return screen
  }

  @Test func `text goes where the cursor is put`() {
    #expect(
      screen("\u{1B}[2;3Hab\u{1B}[4dc\u{1B}[1Gd\u{1B}[He").lines == ["e", "  ab", "", "d   c"])
    #expect(screen("abc\u{1B}[2D\u{1B}[BX\u{1B}[AY\u{1B}[CZ").lines == ["abY Z", " X", "", ""])
  }

  @Test func `a full row wraps with the next character, not before`() {
    #expect(screen("0123456789").cursor == (column: 9, row: 0))
    #expect(screen("0123456789\rX").lines == ["X123456789", "", "", ""])
    #expect(screen("0123456789X").lines == ["0123456789", "X", "", ""])
  }

  @Test func `tabs, returns and backspaces move`() {
    #expect(screen("a\tb\r\nc\u{08}d", columns: 12).lines == ["a       b", "d", "", ""])
    #expect(screen("\u{1B}[9Gx\u{1B}[Zy", columns: 12).lines[0] == "        y")
  }

  @Test func `erasing takes the asked part`() {
    #expect(screen("abcdef\u{1B}[3G\u{1B}[K").lines[0] == "ab")
    #expect(screen("abcdef\u{1B}[3G\u{1B}[1K").lines[0] == "   def")
    #expect(screen("abcdef\u{1B}[3G\u{1B}[2X").lines[0] == "ab  ef")
    #expect(screen("a\r\nb\r\nc\u{1B}[2;1H\u{1B}[J").lines == ["a", "", "", ""])
    #expect(screen("a\r\nb\r\nc\u{1B}[2;1H\u{1B}[1J").lines == ["", "", "c", ""])
    #expect(screen("a\r\nb\r\nc\u{1B}[2J").text == "\n\n\n")
  }

  @Test func `the last character is repeated`() {
    #expect(screen("⣿\u{1B}[4b|").lines[0] == "⣿⣿⣿⣿⣿|")
  }

  @Test func `characters and lines are inserted and deleted`() {
    #expect(screen("abcdefghij\u{1B}[3G\u{1B}[2@").lines[0] == "ab  cdefgh")
    #expect(screen("abcdefghij\u{1B}[3G\u{1B}[2P").lines[0] == "abefghij")
    #expect(screen("a\r\nb\r\nc\r\nd\u{1B}[2;1H\u{1B}[L").lines == ["a", "", "b", "c"])
    #expect(screen("a\r\nb\r\nc\r\nd\u{1B}[2;1H\u{1B}[2M").lines == ["a", "d", "", ""])
  }

  @Test func `only the scroll region scrolls`() {
    let rows = "a\r\nb\r\nc\r\nd"
    #expect(screen(rows, "\n").lines == ["b", "c", "d", ""])
    #expect(screen(rows, "\u{1B}[2;3r\u{1B}[3;1H\nX").lines == ["a", "c", "X", "d"])
    #expect(screen(rows, "\u{1B}[2;3r\u{1B}[2;1H\u{1B}MX").lines == ["a", "X", "b", "d"])
    #expect(screen(rows, "\u{1B}[2;4r\u{1B}[2S").lines == ["a", "d", "", ""])
  }

  @Test func `a wide character takes two cells and is never halved`() {
    #expect(screen("漢字x").cursor == (column: 5, row: 0))
    #expect(screen("漢字\u{1B}[2Gx").lines[0] == " x字")
    #expect(screen("漢字\u{1B}[3Gx").lines[0] == "漢x")
    #expect(screen("012345678漢").lines[1] == "漢")
  }

  @Test func `marks join the character before them`() {
    #expect(screen("e\u{301}x").lines[0] == "e\u{301}x")
    #expect(screen("012345678e\u{301}").lines[0] == "012345678e\u{301}")
  }

  @Test func `bytes may come one by one`() {
    var screen = ScreenEmulator(columns: 10, rows: 1)
    for byte in "\u{1B}[3G⣿漢".utf8 { screen.feed([byte]) }
    #expect(screen.lines == ["  ⣿漢"])
  }

  @Test func `titles, charsets and unknown sequences leave no trace`() {
    #expect(
      screen("a\u{1B}]0;title\u{07}\u{1B}(Bb\u{1B}[>4;1m\u{1B}[?2026h\u{1B}P+q\u{1B}\\c").lines[0]
        == "abc")
  }

  @Test func `leaving the alternate screen brings the old picture back`() {
    let during = screen("shell$ \u{1B}[?1049h\u{1B}[?25l\u{1B}[?1000hdashboard\u{1B}[1;31m")
    #expect(during.isAlternateScreen && !during.isCursorVisible && !during.isPlain)
    #expect(during.mouseModes == [1000] && during.hasSeenColor)
    #expect(!during.text.contains("shell"))
    var after = during
    after.feed("\u{1B}[?1000l\u{1B}[m\u{1B}[?25h\u{1B}[?1049l!".utf8)
    #expect(after.lines[0] == "shell$ !")
    #expect(!after.isAlternateScreen && after.isCursorVisible && after.isPlain)
    #expect(after.mouseModes.isEmpty && after.alternateScreenCount == 1)
  }

  @Test func `a smaller window cuts the picture`() {
    var screen = screen("0123456789\r\nabc\r\n\r\nend")
    screen.resize(columns: 4, rows: 2)
    #expect(screen.lines == ["0123", "abc"])
    #expect(screen.cursor == (column: 3, row: 1))
  }
}
