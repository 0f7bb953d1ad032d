// Frames, bars, tables and words, as they look.

import Testing

@testable import TerminalUI

@Suite struct SmallPictureTests {
  @Test func `a panel carries a title and a note`() {
    let text = picture(34, 3) {
      Panel(title: "norms", note: "ceiling r = 1.50  ON").draw(in: $0, into: &$1, Looks.unicode)
    }
    #expect(
      text == """
        ╭─ norms ─ ceiling r = 1.50  ON ─╮
        │                                │
        ╰────────────────────────────────╯
        """)
    let plain = picture(20, 3) {
      Panel(title: "norms", note: "too long to stand", isFocused: true)
        .draw(in: $0, into: &$1, Looks.ascii)
    }
    #expect(
      plain == """
        +- >norms ---------+
        |                  |
        +------------------+
        """)
  }

  @Test func `a box strip shows quartiles against the ceiling`() {
    let strip = BoxStrip(
      minimum: 0.2, lowerQuartile: 0.8, median: 1.1, upperQuartile: 1.3, maximum: 1.5,
      scale: 0...2, ceiling: 1.5)
    #expect(picture(21, 1) { strip.draw(in: $0, into: &$1, Looks.unicode) } == "  ──────━━━┃━━─█")
    #expect(picture(21, 1) { strip.draw(in: $0, into: &$1, Looks.ascii) } == "  ------===|==-#")
  }

  @Test func `bars are exact to an eighth, and something is never nothing`() {
    let bar = { (share: Double, look: Appearance) in
      picture(8, 1) { Bar(share: share).draw(in: $0, into: &$1, look) }
    }
    #expect(bar(0.5, Looks.unicode) == "████")
    #expect(bar(0.33, Looks.unicode) == "██▋")
    #expect(bar(0.0001, Looks.unicode) == "▏")
    #expect(bar(0, Looks.unicode) == "")
    #expect(bar(0.5, Looks.ascii) == "####")
    #expect(
      picture(8, 1) { Bar(share: 0.5, shape: .low).draw(in: $0, into: &$1, Looks.unicode) }
        == "▄▄▄▄▁▁▁▁")
    #expect(
      picture(8, 1) { ProgressBar(share: 0.5).draw(in: $0, into: &$1, Looks.unicode) }
        == "▕███   ▏")
  }

  @Test func `a sparkline ends with the newest value`() {
    let spark = Sparkline(values: [9, 0, 1, 4, 8, .nan], role: .clipped)
    #expect(picture(5, 1) { spark.draw(in: $0, into: &$1, Looks.unicode) } == " ▁▄█×")
  }

  @Test func `a table aligns numbers right and drops the least important column`() {
    let table = Table(
      columns: [
        .init("layer", importance: 2), .init("per step", .right),
        .init("total", .right, importance: 1),
      ],
      rows: [
        [.init("fc1"), .init("31.4"), .init("78 210")],
        [.init("out"), .init("6.9"), .init("902")],
      ])
    #expect(
      picture(30, 3) { table.draw(in: $0, into: &$1, Looks.unicode) } == """
        layer  per step   total
        fc1        31.4  78 210
        out         6.9     902
        """)
    #expect(
      picture(14, 3) { table.draw(in: $0, into: &$1, Looks.unicode) } == """
        layer   total
        fc1    78 210
        out       902
        """)
  }

  @Test func `a table cuts what may be cut before it drops a column`() {
    var table = Table(
      columns: [
        .init("source", importance: 1, leastWidth: 6), .init("answer"), .init("n", .right),
      ],
      rows: [
        [.init("5th of april 1917"), .init("1917-04-05"), .init("1")],
        [.init("19-may-2057"), .init("2057-05-13"), .init("12")],
      ])
    #expect(table.naturalWidth == 17 + 2 + 10 + 2 + 2)
    #expect(
      picture(28, 3) { table.draw(in: $0, into: &$1, Looks.unicode) } == """
        source        answer       n
        5th of apri…  1917-04-05   1
        19-may-2057   2057-05-13  12
        """)
    // Still too wide when cut: a column goes.
    #expect(
      picture(20, 2) { table.draw(in: $0, into: &$1, Looks.unicode) } == """
        source    answer
        5th of …  1917-04-05
        """)
    table.columns[0].leastWidth = nil
    #expect(
      picture(29, 2) { table.draw(in: $0, into: &$1, Looks.unicode) } == """
        source             answer
        5th of april 1917  1917-04-05
        """)
  }

  @Test func `the footer drops the least important keys`() {
    let hints = KeyHints([
      .init("space", "pause", importance: 3), .init("c", "constraint", importance: 4),
      .init("t", "theme", importance: 0), .init("q", "quit", importance: 5),
    ])
    let line = { (columns: Int) in
      picture(columns, 1) { hints.draw(in: $0, into: &$1, Looks.unicode) }
    }
    #expect(line(60) == "space pause  c constraint  t theme  q quit")
    #expect(line(36) == "space pause  c constraint  q quit")
    #expect(line(10) == "q quit")
    #expect(line(3) == "")
  }

  @Test func `paragraphs break at spaces and count columns`() {
    #expect(
      Paragraph.wrap("max-norm holds the 最大の層 back", width: 9)
        == ["max-norm", "holds the", "最大の層", "back"])
    #expect(Paragraph.wrap("abcdefgh", width: 3) == ["abc", "def", "gh"])
    #expect(Paragraph.wrap("a\n\nb", width: 3) == ["a", "", "b"])
    #expect(Paragraph.wrap("層", width: 1) == ["層"])
  }
}
