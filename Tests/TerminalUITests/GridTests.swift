// Grid lines: where they lie, and what they never hide.
import Testing

@testable import TerminalUI

@Suite("Grid lines")
struct GridTests {
  private func lines(_ look: Appearance) -> [String] {
    var chart = LineChart(series: [
      LineSeries(
        name: "loss", role: .train,
        points: [LinePoint(x: 0, value: 0), LinePoint(x: 100, value: 4)])
    ])
    chart.vertical = 0...4
    chart.showsLegend = false
    return picture(60, 14) { chart.draw(in: $0, into: &$1, look) }
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test func `they lie at the values on the axes, and cross`() {
    var look = Looks.unicode
    #expect(!lines(look).joined().contains("┈"))
    look.hasGrid = true
    let drawn = lines(look)
    let across = drawn.indices.filter { drawn[$0].contains("┈") }
    #expect(!across.isEmpty)
    // Each of them stands beside a number of the y axis.
    for row in across { #expect(drawn[row].contains("┤")) }
    #expect(drawn.joined().contains("┊") && drawn.joined().contains("┼"))
  }

  @Test func `the curve is as it is without them`() {
    var look = Looks.unicode
    let without = lines(look).map(Array.init)
    look.hasGrid = true
    let with = lines(look).map(Array.init)
    for (row, line) in without.enumerated() {
      for (column, cell) in line.enumerated() where cell != " " {
        #expect(with[row][column] == cell)
      }
    }
  }

  @Test func `in ASCII they are dots`() {
    var look = Looks.ascii
    look.hasGrid = true
    let drawn = lines(look).joined()
    #expect(drawn.contains("...."))
    #expect(drawn.utf8.allSatisfy { $0 < 0x80 })
  }
}
