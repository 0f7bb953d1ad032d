// Reports of comparisons and sweeps in their three forms.
import Comparisons
import Foundation
import PlainText
import RunRecords
import Testing

@testable import Reports

@Suite struct ReportTests {
  /// With an accent behind a quote, which are one character.
  private static let hostile =
    "<script>alert(1)</script>\"'&\u{1B}[2J|![l](javascript:x)\"\u{301}`"

  /// Two arms over four seeds.
  private static func comparison(other: String = "held") throws -> GatheredLogs {
    let values: [(Float, Float)] = [(0.5, 0.6), (0.52, 0.66), (0.49, 0.57), (0.55, 0.68)]
    let logs = values.enumerated().flatMap { index, pair in
      [("none", pair.0), (other, pair.1)].map { arm, value in
        Invented(seed: UInt64(index + 1), keys: [.init("arm", .text(arm))])
          .log("\(arm)-\(index + 1).jsonl", [0.1, 0.3, value])
      }
    }
    return try GatheredLogs(logs)
  }

  private static func sweep(_ keys: [String], _ values: [[Double]]) throws -> GatheredLogs {
    let logs = values.enumerated().flatMap { index, values in
      (1...3).map { (seed: UInt64) -> ReadLog in
        let swept = zip(keys, values).map { JSONValue.Field($0, .number($1)) }
        let value = 0.5 + 0.05 * Float(index) + 0.001 * Float(seed) * Float(index + 1)
        return Invented(seed: seed, keys: [.init("sweep", .fields(swept))])
          .log("\(index)-\(seed).jsonl", [0.1, value])
      }
    }
    return try GatheredLogs(logs)
  }

  @Test func `the table of a comparison is ComparisonTable's`() throws {
    let gathered = try Self.comparison()
    let table = try #require(ComparisonTable(gathered.logs.map(\.digest)))
    let report = Report(comparing: gathered)
    // All of what `compare` prints stands in it.
    #expect(report.markdown.contains(table.text.markdown))
    for sentence in table.verdict { #expect(report.markdown.contains("- \(sentence)\n")) }
    #expect(report.markdown.contains(table.note))
    for cell in table.text.rows.joined() where !cell.isEmpty {
      #expect(report.html.contains(">\(cell)</td>"))
    }
  }

  @Test func `pages and pictures are well-formed and load nothing`() throws {
    let reports = [
      Report(comparing: try Self.comparison()),
      Report(comparing: try Self.sweep(["constraint.max_norm"], [[0.5], [1], [2], [4]])),
      Report(
        comparing: try Self.sweep(
          ["constraint.max_norm", "optimizer.learning_rate"],
          [[1, 0.1], [2, 0.1], [1, 0.2], [2, 0.2]])),
      Report(comparing: try Self.sweep(["a", "b", "c"], [[1, 2, 3], [2, 2, 3]])),
      Report(comparing: try GatheredLogs([Invented().log("a.jsonl", [0.5])])),
      Report(comparing: try GatheredLogs([Invented().log("a.jsonl", [], end: nil)])),
    ]
    for report in reports {
      #expect(problem(ofXML: report.svg) == nil)
      #expect(problem(ofXML: report.html) == nil)
      for text in [report.svg, report.html] {
        #expect(!text.contains("<script") && !text.contains("href=") && !text.contains("src="))
        #expect(!text.contains("NaN") && !text.contains("inf\""))
      }
    }
  }

  @Test func `names from files are text wherever they stand`() throws {
    let report = Report(comparing: try Self.comparison(other: Self.hostile))
    for text in [report.svg, report.html] {
      #expect(problem(ofXML: text) == nil)
      #expect(
        text.contains(
          "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;[2J|![l](javascript:x)&quot;\u{301}`"
        ))
      #expect(!text.contains("<script") && !text.contains("\u{1B}"))
    }
    #expect(!report.markdown.contains("<script") && !report.markdown.contains("\u{1B}"))
    let name = #"&lt;script>alert(1)&lt;/script>"'&\[2J\|!\[l\](javascript:x)"\#u{301}\`"#
    // In the table, its verdict, the note on it and the logs.
    #expect(report.markdown.ranges(of: name).count >= 4)
  }

  @Test func `a difference is drawn with its interval, in figures and its p`() throws {
    let report = Report(comparing: try Self.comparison())
    let titles = report.figures.map(\.drawing.title)
    #expect(
      titles == [
        "At the end of the runs", "Difference from none", "Validation accuracy",
        "Validation loss", "Training loss",
      ])
    let chart = try #require(report.figures[1].drawing as? IntervalChart)
    #expect(chart.rows.map(\.words) == ["baseline", "+11.2 ± 4.4, p = 0.004"])
    #expect(chart.rows[1].dots.count == 4 && chart.zero == 0)
    let bar = try #require(chart.rows[1].bar)
    // scipy.stats.t.interval(0.95, 3, mean, sem) of 10, 14, 8, 13.
    #expect(abs(bar.lowerBound - 6.8681) < 0.001 && abs(bar.upperBound - 15.6319) < 0.001)
  }

  @Test func `arms differ in more than colour`() {
    let pens = (1...6).map { Pen.series($0) }
    for (first, second) in zip(pens, pens.dropFirst()) {
      #expect(first.ink != second.ink && first.dash != second.dash)
      #expect(first.marker != second.marker)
    }
    #expect(Set(pens.map(\.ink)).count == 6)
  }

  @Test func `values spread by ratio stand on a logarithmic axis, best and as good marked`() throws
  {
    #expect(SweepCharts.isEvenByRatio([0.5, 1, 2, 4]))
    #expect(!SweepCharts.isEvenByRatio([1, 2, 3, 4, 5]))
    #expect(!SweepCharts.isEvenByRatio([0, 1, 10]) && !SweepCharts.isEvenByRatio([1, 2]))
    let report = Report(
      comparing: try Self.sweep(["constraint.max_norm"], [[0.5], [1], [2], [4]]))
    let chart = try #require(report.figures.first?.drawing as? Chart)
    #expect(chart.x.scale.isLogarithmic)
    #expect(chart.points.map(\.marker) == [.ring, .ring, .ring, .diamond])
    #expect(chart.points.last?.label == "best: 4")
    #expect(chart.points.allSatisfy { $0.bar != nil })
    #expect(report.markdown.contains("- best: constraint.max_norm=4 with"))
  }

  @Test func `two keys make a field of figures`() throws {
    let gathered = try Self.sweep(
      ["constraint.max_norm", "optimizer.learning_rate"],
      [[1, 0.1], [2, 0.1], [1, 0.2], [2, 0.2]])
    let chart = try #require(
      Report(comparing: gathered).figures.first?.drawing as? HeatChart)
    #expect(chart.columns == [1, 2] && chart.rows == [0.2, 0.1] && chart.cells.count == 4)
    let best = try #require(chart.cells.first { $0.isBest })
    #expect(best.share == 1 && best.note == "best" && best.column == 1 && best.row == 0)
  }

  @Test func `what differs between the arms stands apart from what they share`() throws {
    let logs = [
      Invented(isConstrained: false).log("none-1.jsonl", [0.5]),
      Invented().log("on-1.jsonl", [0.6]),
    ]
    let text = Report(comparing: try GatheredLogs(logs)).markdown
    #expect(text.contains(/\| arm +\| constraint.enabled \|\n.*\n\| none \| false +\|/))
    #expect(text.contains("model.fc1.units: 64\n"))
    #expect(!text.contains("\nconstraint.enabled:"))
  }
}
