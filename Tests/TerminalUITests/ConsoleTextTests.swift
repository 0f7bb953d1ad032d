// A console's bytes as lines: what moves the cursor, what is eaten, and that nothing grows without bounds.
import PlainText
import Testing

@testable import TerminalUI

@Suite struct ConsoleTextTests {
  private func lines(_ text: String) -> [String] { lines(Array(text.utf8)) }

  private func lines(_ bytes: [UInt8]) -> [String] {
    var console = ConsoleText()
    console.take(bytes)
    return console.lines.lines
  }

  @Test func `lines are what was printed, and the last may still be written on`() {
    #expect(lines("") == [])
    #expect(lines("one\ntwo\n") == ["one", "two"])
    #expect(lines("one\n\n  two") == ["one", "", "  two"])
    #expect(lines("a\tb\r\nc\n") == ["a       b", "c"])
  }

  @Test func `a progress bar is the one line that a terminal shows`() {
    #expect(lines("  0%|   \r 50%|#  \r100%|## ") == ["100%|## "])
    #expect(lines("1/3\u{8}\u{8}\u{8}2/3\n") == ["2/3"])
    // What is longer is overwritten as far as what is shorter goes, unless it is erased.
    #expect(lines("waiting\rdone") == ["doneing"])
    #expect(lines("waiting\r\u{1B}[Kdone") == ["done"])
    #expect(lines("waiting\u{1B}[2K\rdone") == ["done"])
    #expect(lines("waiting\u{1B}[4D\u{1B}[1K|") == ["   |ing"])
    #expect(lines("ab\u{1B}[5Gc\u{1B}[2Cd") == ["ab  c  d"])
  }

  @Test func `two bars one below the other stay two lines`() {
    let bars = "a 0\nb 0\u{1B}[A\ra 9\u{1B}[B\rb 9\u{1B}[1F\u{1B}[Ea 10"
    #expect(lines(bars) == ["a 9", "a 10"])
    // Further up than it can reach, the cursor stays at the first row it can.
    #expect(lines("a\nb\u{1B}[99999999A\rc") == ["c", "b"])
  }

  @Test(arguments: [
    "\u{1B}[31mred\u{1B}[0m", "\u{1B}]0;title\u{7}red", "\u{1B}]8;;http://x\u{1B}\\red",
    "\u{1B}Pq#0~\u{1B}\\red", "\u{1B}_x\u{1B}\\red", "\u{1B}(Bred", "\u{1B}7red\u{1B}c",
    "\u{9B}31mred", "\u{9D}0;title\u{7}red", "\u{90}x\u{1B}\\red", "r\0e\u{7}d\u{7F}",
    "\u{202E}red\u{200B}", "\u{1B}[>4;1mred\u{1B}[?25l", "\u{1B}\u{1B}[1mred", "red\u{1B}",
    "red\u{1B}[12;", "red\u{1B}]0;", "\u{1B}[1\u{1B}[mred", "\u{1B}]0;x\u{18}red",
  ])
  func `nothing that controls a terminal is left, however it is written and cut`(text: String) {
    #expect(lines(text) == ["red"], "\(text.debugDescription)")
    // The same byte by byte.
    var console = ConsoleText()
    for byte in text.utf8 { console.take([byte]) }
    #expect(console.lines.lines == ["red"])
  }

  @Test func `an unfinished string ends with its line or after as much as one may have`() {
    #expect(lines("\u{1B}]0;never ended\nnext") == ["", "next"])
    let long = "\u{1B}P" + String(repeating: "x", count: InputDecoder.mostBytes) + "next"
    #expect(lines(long) == ["next"])
    let parameters = "\u{1B}[" + String(repeating: "1;", count: 500_000) + "Anext"
    #expect(lines(parameters) == ["next"])
  }

  @Test func `bytes that are no UTF-8 are replaced, and what follows stands`() {
    let damaged = lines([0xFF, 0x61, 0xC3, 0x62, 0xE2, 0x82, 0x0A, 0x80])
    #expect(damaged == ["\u{FFFD}a\u{FFFD}b\u{FFFD}", "\u{FFFD}"])
    #expect(lines("漢字 é") == ["漢字 é"])
  }

  @Test func `a megabyte without a line break is one line that is cut`() {
    let bar = [UInt8](repeating: UInt8(ascii: "="), count: 1 << 20)
    var console = ConsoleText()
    console.take(bar)
    #expect(console.lines.lines.map(\.count) == [ConsoleText.longestLine])
    console.take(Array("\n\ttab\u{1B}[9999999Gx".utf8))
    #expect(console.lines.lines.last == "        tab")
  }

  @Test func `of many lines the last are kept, and how many went is known`() {
    var console = ConsoleText()
    let count = 5 * ConsoleText.mostLines + 7
    for number in 0..<count { console.take(Array("line \(number)\n".utf8)) }
    let lines = console.lines
    #expect(lines.lines.count == ConsoleText.mostLines && lines.lines.last == "line \(count - 1)")
    #expect(lines.dropped == count - ConsoleText.mostLines)
    #expect(lines.lines.first == "line \(lines.dropped)")
  }

  @Test func `any bytes make lines that are safe to draw`() {
    var random = SystemRandomNumberGenerator()
    let pieces: [[UInt8]] = [
      [0x1B], Array("[".utf8), Array("]".utf8), Array("0;".utf8), [0x07], [0x0D], [0x0A], [0x08],
      Array("\u{1B}[9A".utf8), Array("\u{1B}[K".utf8), Array("漢é".utf8), [0x9B], [0xC2, 0x9B],
      [0xE2, 0x80], [0xE2, 0x80, 0xAE], [0], Array("word".utf8), [0xF0, 0x9F], [0x18],
      [0xC2, 0x90],
    ]
    for _ in 0..<200 {
      var console = ConsoleText()
      for _ in 0..<200 { console.take(pieces[Int.random(in: 0..<pieces.count, using: &random)]) }
      for line in console.lines.lines { #expect(ScreenText.printable(line) == line) }
    }
  }
}
