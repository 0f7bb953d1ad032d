// Charts: what they show, and that they never leave their rectangle nor trap.

import PlainText
import Testing

@testable import TerminalUI

/// The story of the dashboard: two curves, apart from the constraint's going off until it is on.
func storyChart(points: Int = 400) -> LineChart {
  func loss(_ x: Double, floor: Double) -> Double { floor + 2.3 / (1 + x / 120) }
  let train = (0..<points).map { index -> LinePoint in
    let x = Double(index) * 6
    let value = loss(x, floor: 0.05)
    return LinePoint(x: x, minimum: value * 0.9, maximum: value * 1.12, mean: value)
  }
  let validation = stride(from: 0, to: points, by: 5).map { index -> LinePoint in
    let x = Double(index) * 6
    let off = max(0, min(x, 1650) - 1150) / 900
    let back = x > 1650 ? min(0.45, (x - 1650) / 300) : 0
    return LinePoint(x: x, value: loss(x, floor: 0.5) + off - back)
  }
  var chart = LineChart(series: [
    LineSeries(name: "train", role: .train, points: train),
    LineSeries(name: "validation", role: .validation, points: validation, mark: .dashed),
  ])
  chart.marks = [EventMark(x: 1150, label: "off"), EventMark(x: 1650, label: "on", role: .good)]
  chart.caption = "steps; validation every epoch"
  chart.notes = ["best 0.729 at step 1 020"]
  return chart
}

func storyHeat() -> HeatMap {
  var numbers = SeededNumbers(4)
  var heat = HeatMap(
    columns: (0..<120).map { index in
      let rise = Double(index) / 60
      let isOn = index < 50 || index > 75
      return HeatColumn(
        x: Double(index) * 20,
        values: (0..<64).map { _ in
          let spread =
            (Double.random(in: -1...1, using: &numbers)
              + Double.random(in: -1...1, using: &numbers)) * 0.25
          let norm = max(0.05, min(1.8, 0.4 + rise) + spread)
          return Float(isOn ? min(1.5, norm) : norm)
        })
    })
  heat.reference = ReferenceLine(value: 1.5, label: "1.5")
  return heat
}

@Suite struct ChartTests {
  @Test func `a spike of one point among a hundred thousand is drawn`() {
    let points = (0..<100_000).map { LinePoint(x: Double($0), value: $0 == 61_803 ? 9 : 1) }
    var chart = LineChart(series: [LineSeries(name: "loss", role: .train, points: points)])
    chart.vertical = 0...10
    chart.showsLegend = false
    let text = picture(60, 12) { chart.draw(in: $0, into: &$1, Looks.unicode) }
    let top = text.split(separator: "\n", omittingEmptySubsequences: false)[1]
    #expect(top.unicodeScalars.filter { (0x2801...0x28FF).contains($0.value) }.count == 1)
  }

  @Test func `values that are not finite are marked and break the line`() {
    let values: [Double] = [1, 1, 1, .nan, 1, 1, .infinity, 1, -.infinity, 1]
    let points = values.enumerated().map { LinePoint(x: Double($0.offset), value: $0.element) }
    var chart = LineChart(series: [LineSeries(name: "loss", role: .train, points: points)])
    chart.showsLegend = false
    let look = Looks.ascii
    let text = picture(40, 8) { chart.draw(in: $0, into: &$1, look) }
    #expect(text.filter { $0 == "x" }.count == 3)
    let broken = LineChart(series: [
      LineSeries(name: "loss", role: .train, points: [LinePoint(x: 0, value: .nan)])
    ])
    #expect(picture(40, 5) { broken.draw(in: $0, into: &$1, look) }.contains("no finite value"))
  }

  @Test func `the story of a switch is legible in plain characters too`() {
    let text = picture(64, 12) { storyChart().draw(in: $0, into: &$1, Looks.ascii) }
    #expect(
      text == #"""
           \                           off         on
           /.                           :      - train 0.160
        2 |\\.                          :      - validation 0.716
           .\'.                         :      best 0.729 at step 1 020
            '\'\.                       :           :
        1 |  .'..''--...                :     ..----'-.
               .'--....'''''----------------'''     : ''---------------v
                   .'''-------............          :
        0 |                       ...''''''''''''''''------------------t
          +-------------------------------------------------------------
           0          500          1.0k         1.5k        2.0k
           steps; validation every epoch
        """#)
  }

  @Test func `an empty chart says what it waits for`() {
    let text = picture(30, 3) { LineChart(series: []).draw(in: $0, into: &$1, Looks.unicode) }
    #expect(text == "\n       waiting for data\n")
    let heat = picture(30, 3) { HeatMap(columns: []).draw(in: $0, into: &$1, Looks.unicode) }
    #expect(heat == text)
  }

  @Test func `labels of events that collide are dropped, the latest kept`() {
    var chart = storyChart()
    chart.marks = [
      EventMark(x: 1200, label: "rate 0.05"), EventMark(x: 1210, label: "rate 0.02"),
    ]
    chart.showsLegend = false
    let text = picture(60, 14) { chart.draw(in: $0, into: &$1, Looks.unicode) }
    #expect(text.contains("rate 0.02"))
    #expect(!text.contains("rate 0.05"))
  }

  @Test func `a logarithmic axis copes with zero and below`() {
    let points = [-1, 0, 0.001, 0.1, 10].enumerated().map {
      LinePoint(x: Double($0.offset), value: $0.element)
    }
    var chart = LineChart(series: [LineSeries(name: "loss", role: .train, points: points)])
    chart.isLogarithmic = true
    let text = picture(50, 14) { chart.draw(in: $0, into: &$1, Looks.unicode) }
    for label in ["0.001 ┤", "0.1 ┤", "10 ┤"] { #expect(text.contains(label), "\(text)") }
  }

  @Test func `the cursor reads out the values beside it`() {
    var chart = LineChart(series: [
      LineSeries(
        name: "loss", role: .train,
        points: [1.0, 2, 3, 1].enumerated().map {
          LinePoint(x: Double($0.offset), value: $0.element)
        })
    ])
    chart.cursor = 2.2
    #expect(picture(60, 12) { chart.draw(in: $0, into: &$1, Looks.unicode) }.contains("loss 3.00"))
  }

  @Test func `a robust axis ignores a spike of a billion but marks it`() {
    let values = (0..<60).map { $0 == 31 ? 1e9 : 1 + Double($0 % 5) / 10 }
    let points = values.enumerated().map { LinePoint(x: Double($0.offset), value: $0.element) }
    var chart = LineChart(series: [LineSeries(name: "loss", role: .train, points: points)])
    let flat = picture(60, 12) { chart.draw(in: $0, into: &$1, Looks.unicode) }
    #expect(flat.contains("1.0G") && !flat.contains("▴"))
    chart.isRobust = true
    let text = picture(60, 12) { chart.draw(in: $0, into: &$1, Looks.unicode) }
    #expect(text.contains("1.2 ┤") && !text.contains("G"))
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false)[0].contains("▴"))
    #expect(text.count { $0 == "▴" } == 1 && !text.contains("▾"))
    // A curve that falls steeply has no outliers.
    chart.series[0].points = (1..<60).map { LinePoint(x: Double($0), value: 60 - Double($0)) }
    #expect(!picture(60, 12) { chart.draw(in: $0, into: &$1, Looks.unicode) }.contains("▴"))
  }

  @Test func `values that a logarithmic axis cannot show are marked below it`() {
    let points = [0.1, 0, 1, -3, 10].enumerated().map {
      LinePoint(x: Double($0.offset), value: $0.element)
    }
    var chart = LineChart(series: [LineSeries(name: "loss", role: .train, points: points)])
    chart.isLogarithmic = true
    #expect(picture(50, 14) { chart.draw(in: $0, into: &$1, Looks.ascii) }.count { $0 == "v" } == 2)
  }

  @Test func `lines run to the edges of what is in sight`() {
    let points = [0.0, 100].map { LinePoint(x: $0, value: $0) }
    var chart = LineChart(series: [LineSeries(name: "loss", role: .train, points: points)])
    chart.horizontal = 40...60
    chart.showsLegend = false
    let lines = picture(40, 10) { chart.draw(in: $0, into: &$1, Looks.ascii) }
      .split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.contains { $0.contains("60 |") } && lines.contains { $0.contains("40 |") })
    // From the lower left corner to the upper right one.
    #expect(lines[0].last == "." || lines[0].last == "'" || lines[0].last == "-")
    #expect(lines[7].contains("|.") || lines[7].contains("|'") || lines[7].contains("|-"))
  }

  @Test func `the raw line stands behind the smoothed one, and its values are read out`() {
    var line = LineSeries(
      name: "loss", role: .train,
      points: (0..<30).map { LinePoint(x: Double($0), value: 1) }, showsBand: false)
    line.raw = (0..<30).map { LinePoint(x: Double($0), value: $0 == 20 ? 5 : 1) }
    var chart = LineChart(series: [line])
    let text = picture(60, 12) { chart.draw(in: $0, into: &$1, Looks.unicode) }
    #expect(text.contains("4 ┤") && text.contains("loss 1.00"))
    chart.cursor = 20
    #expect(picture(60, 12) { chart.draw(in: $0, into: &$1, Looks.unicode) }.contains("loss 5.00"))
  }

  @Test func `marks of single places are never hidden by the legend`() {
    var points = (0..<50).map { LinePoint(x: Double($0), value: 1) }
    points.append(LinePoint(x: 50, value: .nan))
    var chart = LineChart(series: [LineSeries(name: "loss", role: .train, points: points)])
    chart.notes = ["a long note beside the name of the line"]
    chart.best = LinePoint(x: 30, value: 1)
    for columns in 20...80 {
      let text = picture(columns, 12) { chart.draw(in: $0, into: &$1, Looks.unicode) }
      #expect(text.contains("×") && text.contains("◆"), "\(columns)")
    }
  }

  @Test func `the heat map's cursor shows what was measured beside it`() {
    var heat = storyHeat()
    heat.cursor = 400
    heat.readings = ["smallest 0.10, median 0.80, largest 1.50", "largest 1.50"]
    let wide = picture(90, 12) { heat.draw(in: $0, into: &$1, Looks.ascii) }
    #expect(
      wide.contains("| smallest 0.10")
        && picture(40, 12) {
          heat.draw(in: $0, into: &$1, Looks.ascii)
        }.contains("| largest 1.50"))
    heat.cursor = 2300
    #expect(
      picture(90, 12) { heat.draw(in: $0, into: &$1, Looks.ascii) }.contains("largest 1.50 |"))
  }

  @Test func `no chart leaves its rectangle or traps, whatever the size and the values`() {
    var numbers = SeededNumbers(3)
    let odd: [Double] = [
      0, 1, -1, .nan, .infinity, -.infinity, 1e308, -1e308, .leastNonzeroMagnitude, 1e-12, 42,
    ]
    let paper = Cell("~", Style(foreground: .palette(9)))
    for round in 0..<1500 {
      let size = Size(
        columns: .random(in: 0...70, using: &numbers), rows: .random(in: 0...24, using: &numbers))
      var buffer = CellBuffer(size: Size(columns: 76, rows: 28), filling: paper)
      let rect = Rect(origin: Point(column: 3, row: 2), size: size)
      let look = Looks.all.randomElement(using: &numbers) ?? Looks.unicode
      let isSane = Bool.random(using: &numbers)
      let value = { (numbers: inout SeededNumbers) in
        isSane
          ? Double.random(in: -3...3, using: &numbers) : odd.randomElement(using: &numbers) ?? 0
      }
      var chart = LineChart(
        series: (0..<Int.random(in: 0...3, using: &numbers)).map { series in
          LineSeries(
            name: ["train", "層の名前", ""][series], role: .train,
            points: (0..<Int.random(in: 0...40, using: &numbers)).map { index in
              LinePoint(
                x: isSane ? Double(index) : value(&numbers), minimum: value(&numbers),
                maximum: value(&numbers), mean: value(&numbers))
            }, mark: [.solid, .dashed, .dotted][series])
        })
      chart.isLogarithmic = Bool.random(using: &numbers)
      chart.startsAtZero = Bool.random(using: &numbers)
      chart.unit = Bool.random(using: &numbers) ? .seconds : .number
      chart.caption = Bool.random(using: &numbers) ? "steps" : nil
      chart.notes = ["best 0.7"]
      chart.cursor = value(&numbers)
      chart.marks = [
        EventMark(x: value(&numbers), label: "off"), EventMark(x: 3, label: "層\u{1B}"),
      ]
      chart.reference = ReferenceLine(value: value(&numbers), label: "1.5")
      var heat = HeatMap(
        columns: (0..<Int.random(in: 0...30, using: &numbers)).map { index in
          HeatColumn(
            x: isSane ? Double(index) : value(&numbers),
            values: (0..<8).map { _ in Float(value(&numbers)) })
        })
      chart.isRobust = Bool.random(using: &numbers)
      chart.best = LinePoint(x: value(&numbers), value: value(&numbers))
      for index in chart.series.indices where Bool.random(using: &numbers) {
        chart.series[index].raw = chart.series[index].points.map {
          LinePoint(x: $0.x, value: value(&numbers))
        }
      }
      if Bool.random(using: &numbers) { chart.horizontal = -1...7 }
      heat.isRobust = chart.isRobust
      heat.cursor = chart.cursor
      heat.readings = ["largest 層", "1"]
      heat.reference = chart.reference
      heat.marks = chart.marks
      heat.caption = chart.caption
      switch round % 9 {
      case 0...2: chart.draw(in: rect, into: &buffer, look)
      case 3, 4: heat.draw(in: rect, into: &buffer, look)
      case 5:
        BoxStrip(
          minimum: value(&numbers), lowerQuartile: value(&numbers), median: value(&numbers),
          upperQuartile: value(&numbers), maximum: value(&numbers), scale: 0...2,
          ceiling: value(&numbers)
        ).draw(in: rect, into: &buffer, look)
      case 6:
        Bar(share: value(&numbers), shape: .low).draw(in: rect, into: &buffer, look)
        ProgressBar(share: value(&numbers)).draw(in: rect, into: &buffer, look)
        Sparkline(values: odd, role: .clipped).draw(in: rect, into: &buffer, look)
      case 7:
        Panel(title: "層の名前 loss", note: "all · smoothed", isFocused: true)
          .draw(in: rect, into: &buffer, look)
        Paragraph.draw(
          "max-norm 層 holds \u{1B}[2J units", in: rect, into: &buffer, style: .plain)
      default:
        Table(
          columns: [.init("layer"), .init("units", .right), .init("total", .right)],
          rows: (0..<9).map { [.init("fc\($0)層"), .init("128"), .init("78 210")] }, selected: 7
        ).draw(in: rect, into: &buffer, look)
        KeyHints([.init("space", "pause"), .init("q", "quit", importance: 2)])
          .draw(in: rect, into: &buffer, look)
      }
      for row in 0..<28 {
        for column in 0..<76 where !rect.contains(Point(column: column, row: row)) {
          #expect(buffer[column, row] == paper, "round \(round) in \(rect)")
        }
      }
      for scalar in buffer.text.unicodeScalars where scalar != "\n" {
        #expect(!ScreenText.isForbidden(scalar))
      }
      buffer.foldToASCII()
      #expect(buffer.text.utf8.allSatisfy { $0 == 10 || (0x20..<0x7F).contains($0) })
    }
  }
}
