// Points with error bars, and intervals beside zero.

import PlainText
import Testing

@testable import TerminalUI

@Suite struct IntervalTests {
  @Test func `an interval beside zero has whiskers and a full point`() {
    let strip = IntervalStrip(
      mean: 2, interval: 1...3, scale: -1...4, isCertain: true, role: .good)
    #expect(
      picture(21, 1) { strip.draw(in: $0, into: &$1, Looks.unicode) } == "    ┆   ├───●───┤")
    #expect(
      picture(21, 1) { strip.draw(in: $0, into: &$1, Looks.ascii) } == "    :   |---O---|")
  }

  @Test func `an interval over zero shows it, and an arrow what lies beyond`() {
    let strip = IntervalStrip(
      mean: 2, interval: -9...3, scale: -1...4, isCertain: false, role: .text)
    #expect(
      picture(21, 1) { strip.draw(in: $0, into: &$1, Looks.unicode) } == "◂───┼───────○───┤")
    let single = IntervalStrip(
      mean: 9, interval: nil, scale: -1...4, isCertain: false, role: .text)
    #expect(
      picture(21, 1) { single.draw(in: $0, into: &$1, Looks.unicode) }
        == "    ┆               ○")
  }

  @Test func `points have bars, ranks and the ticks of their values`() {
    var chart = PointChart(
      points: [
        ErrorPoint(x: 1, mean: 10, spread: 2), ErrorPoint(x: 2, mean: 20, spread: 2, rank: .best),
        ErrorPoint(x: 4, mean: 18, spread: 4, rank: .good, isSelected: true),
      ],
      ticks: [1, 2, 4].map { Tick(value: $0, label: "\(Int($0))") })
    chart.isLogarithmic = true
    chart.range = 2...4
    for look in Looks.all {
      let text = picture(40, 12) { chart.draw(in: $0, into: &$1, look) }
      let glyphs = look.glyphs
      for glyph in [glyphs.best, glyphs.point(.good), glyphs.point(.other), glyphs.pointer] {
        #expect(text.unicodeScalars.contains(glyph), "\(glyph)")
      }
      #expect(text.contains(String(Character(glyphs.thickLine))))
      let labels = text.split(separator: "\n").last?.split(separator: " ").map(String.init)
      #expect(labels == ["1", "2", "4"])
    }
  }

  @Test func `points of any size and number are drawn inside`() {
    let values = [0, 1, -1, 1e300, -1e300, .infinity, .nan, 1e-300]
    for first in values {
      for second in values {
        var chart = PointChart(
          points: [
            ErrorPoint(x: first, mean: second, spread: first),
            ErrorPoint(x: second, mean: first, spread: second, rank: .best),
          ], ticks: [Tick(value: first, label: "a"), Tick(value: second, label: "b")])
        for isLogarithmic in [false, true] {
          chart.isLogarithmic = isLogarithmic
          for (columns, rows) in [(1, 1), (12, 4), (40, 12)] {
            var buffer = CellBuffer(size: Size(columns: columns + 2, rows: rows + 2))
            let rect = Rect(column: 1, row: 1, columns: columns, rows: rows)
            chart.draw(in: rect, into: &buffer, Looks.unicode)
            let isInside = buffer.cells.indices.allSatisfy { index in
              let point = Point(
                column: index % buffer.size.columns, row: index / buffer.size.columns)
              return rect.contains(point) || buffer.cells[index] == .blank
            }
            #expect(isInside, "\(first) \(second) \(columns)x\(rows)")
          }
        }
      }
    }
  }
}
