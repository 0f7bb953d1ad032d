// What lies beyond a scale: cut off, marked by arrows, and left out where it is far from all others.
import TerminalUI
import Testing

@Suite struct OutlierTests {
  /// Norms about 1, and one of 40 in a single column.
  private func heat(isRobust: Bool) -> HeatMap {
    var heat = HeatMap(
      columns: (0..<60).map { index in
        var values = (0..<64).map { 0.7 + Float($0) * 0.01 }
        if index == 30 { values[63] = 40 }
        return HeatColumn(x: Double(index), values: values)
      })
    heat.reference = ReferenceLine(value: 1.2, label: "1.2")
    heat.isRobust = isRobust
    return heat
  }

  @Test func `a heat map leaves out one unit far above all others, and marks where it is`() {
    let whole = picture(70, 14) { heat(isRobust: false).draw(in: $0, into: &$1, Looks.unicode) }
    #expect(whole.contains("40 ┤") && !whole.contains("▴"))
    let robust = picture(70, 14) { heat(isRobust: true).draw(in: $0, into: &$1, Looks.unicode) }
    #expect(!robust.contains("40 ┤") && !robust.contains("20 ┤"))
    #expect(robust.count { $0 == "▴" } == 1)
    #expect(robust.split(separator: "\n").first?.contains("▴") == true)
  }

  @Test func `what stands for more values than there are is marked by the largest of them`() {
    var heat = heat(isRobust: true)
    heat.columns[30].values.removeLast()
    heat.columns[30].largest = 40
    let text = picture(70, 14) { heat.draw(in: $0, into: &$1, Looks.ascii) }
    #expect(text.split(separator: "\n").first?.contains("^") == true)
  }

  @Test func `little room is wasted to put the ceiling between two rows`() {
    for upper in stride(from: 0.7, through: 2, by: 0.1) {
      var heat = HeatMap(columns: [
        HeatColumn(x: 0, values: [0.5, Float(upper)]), HeatColumn(x: 1, values: [0.5, 0.6]),
      ])
      heat.vertical = 0.45...upper + 0.01
      heat.reference = ReferenceLine(value: 0.6, label: "0.6")
      let rows = picture(40, 13) { heat.draw(in: $0, into: &$1, Looks.unicode) }
        .split(separator: "\n", omittingEmptySubsequences: false)
      let first = rows.firstIndex { $0.contains("▀") || $0.contains("▄") }
      #expect((first ?? 99) <= 1, "\(upper)")
    }
  }

  @Test func `a line beyond the scale is cut off, not laid along the edge`() {
    let points = (0..<100).map { LinePoint(x: Double($0), value: (40..<70) ~= $0 ? 50 : 1) }
    var chart = LineChart(series: [LineSeries(name: "loss", role: .train, points: points)])
    chart.vertical = 0...2
    chart.showsLegend = false
    let text = picture(60, 12) { chart.draw(in: $0, into: &$1, Looks.unicode) }
    let top = text.split(separator: "\n", omittingEmptySubsequences: false)[0]
    let dots = top.unicodeScalars.count { (0x2801...0x28FF).contains($0.value) }
    // It leaves through the edge and comes back.
    #expect((1...3).contains(dots), "\(text)")
  }

  @Test func `what might have been is hatched in a sparkline`() {
    var spark = Sparkline(values: [8, 8, 2, 5, 8], role: .clipped)
    spark.isHatched = [false, false, true, true, true]
    #expect(picture(5, 1) { spark.draw(in: $0, into: &$1, Looks.unicode) } == "██░▒▓")
    #expect(picture(5, 1) { spark.draw(in: $0, into: &$1, Looks.ascii) } == "##oo%")
  }
}
