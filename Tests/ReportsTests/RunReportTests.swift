// The report of one run: facts, charts, layers, events, and logs with little or odd in them.
import Comparisons
import RunRecords
import Testing

@testable import Reports

@Suite struct RunReportTests {
  private static let run = Invented()

  private static func chart(_ title: String, _ report: Report) -> Chart? {
    report.figures.lazy.compactMap { $0.drawing as? Chart }.first { $0.title == title }
  }

  @Test func `a run is reported in facts, figures, charts and a table of layers`() throws {
    let report = try #require(Self.run.report(Self.run.records([0.2, 0.6, 0.5])))
    #expect(report.title == "Digits")
    #expect(report.subtitle == "digits, seed 1: finished after 300 steps")
    // The columns are padded, so that the table can be read as it is.
    let text = report.markdown.replacing(#/ +/#, with: " ")
    #expect(text.contains("- data: digits, train 400\n"))
    #expect(text.contains("| loss | 0.500 | 0.500 |\n| accuracy | 90.0 % | 50.0 % |\n"))
    #expect(text.contains("| best validation accuracy, at step 200 | | 60.0 % |\n"))
    #expect(
      text.contains(
        "| fc1 | dense | 64×50 | 64 | 0.5 | 0.10 | 0.30 | 0.50 | 9 | 2 100 |\n"))
    #expect(
      report.figures.map(\.drawing.title) == [
        "Loss", "Accuracy", "fc1 · dense 64×50", "Units scaled back at a step", "Gradient norm",
      ])
    for form in [report.html, report.svg] { #expect(problem(ofXML: form) == nil) }
    // 640 of 64 units in 100 steps: a tenth of them each step.
    let clipping = try #require(Self.chart("Units scaled back at a step", report))
    #expect(clipping.curves[0].values.compactMap { $0.y?.rounded() } == [10, 10, 10])
  }

  @Test func `a log that tells of no experiment has no section for one`() throws {
    var course = RunCourse()
    course.apply(.header(RunHeader("loss")))
    course.apply(.step(StepRecord(1) { $0.loss = 2 }))
    let report = try #require(Report(run: course, log: "loss.jsonl") { "\($0)" })
    #expect(!report.markdown.contains("null") && !report.html.contains("All settings"))
  }

  @Test func `the ceiling is dotted while it is off, and events are marked and listed`() throws {
    var records = Self.run.records([0.2, 0.6], end: nil)
    records.append(
      .event(
        EventRecord(step: 200, action: .constraint, from: .flag(true), value: .flag(false))))
    records.append(.step(Self.run.stepRecord(300, loss: 0.3, isOn: false)))
    let report = try #require(Self.run.report(records))
    let chart = try #require(Self.chart("fc1 · dense 64×50", report))
    let held = try #require(chart.curves.first { $0.name == "r = 0.5" })
    let off = try #require(chart.curves.first { $0.name == "off" })
    #expect(held.values.map(\.x) == [0, 200, 200, 300])
    #expect(held.values.map(\.y) == [0.5, 0.5, nil, nil])
    #expect(off.values.map(\.y) == [nil, nil, 0.5, 0.5])
    #expect(chart.marks.map(\.label) == ["constraint off"] && chart.marks[0].x == 200)
    #expect(report.markdown.contains(/\| +200 \| constraint off \(observing\)/))
    #expect(report.subtitle.contains("not ended; the log breaks off at step 300 of 1 000"))
  }

  @Test func `the twin stands beside the run`() throws {
    var records = Self.run.records([0.2, 0.6], end: nil)
    for (step, loss) in [(100, Float(0.9)), (200, 1.4)] {
      records.append(
        .twin(
          .evaluation(
            EvaluationRecord(step) {
              $0.epoch = 1
              $0.trainLoss = 0.1
              $0.trainAccuracy = 1
              $0.validationLoss = loss
              $0.validationAccuracy = 0.5
            })))
    }
    let report = try #require(Self.run.report(records))
    let loss = try #require(Self.chart("Loss", report))
    #expect(loss.curves.last?.values.compactMap(\.y) == [Double(Float(0.9)), Double(Float(1.4))])
    #expect(report.markdown.contains(/\| loss +\| +0.500 \| +0.400 \| +1.40 \|/))
  }

  @Test func `a header alone, one point and NaN losses make a report`() throws {
    let header = Record.header(Self.run.header)
    let broken = EvaluationRecord(300) {
      $0.epoch = 3
      $0.trainLoss = .nan
      $0.validationLoss = .infinity
    }
    let logs: [[Record]] = [
      [header], Self.run.records([0.5]), [header, .step(Self.run.stepRecord(100, loss: .nan))],
      Self.run.records([0.2, 0.3], end: nil) + [
        .step(Self.run.stepRecord(300, loss: .infinity)), .evaluation(broken),
        .end(Invented.end(.diverged, step: 300)),
      ], [header, .evaluation(broken)],
    ]
    for records in logs {
      let report = try #require(Self.run.report(records))
      for form in [report.html, report.svg] {
        #expect(problem(ofXML: form) == nil)
        #expect(!form.contains("=\"NaN") && !form.contains("=\"inf"))
      }
    }
    #expect(Self.run.report([]) == nil)
    let diverged = try #require(Self.run.report(logs[3]))
    #expect(diverged.subtitle.contains("diverged after 300 steps"))
    #expect(diverged.markdown.contains("first at step 300"))
    let loss = try #require(Self.chart("Loss", diverged))
    #expect(loss.curves[0].values.map { $0.y == nil } == [false, false, true])
  }

  @Test func `a failed run is reported with its error, and stands in no comparison`() throws {
    var records = Self.run.records([0.5], end: nil)
    var end = Invented.end(.failed, step: 100)
    end.error = "ValueError: <no data>"
    records.append(.end(end))
    let report = try #require(Self.run.report(records))
    #expect(report.subtitle.hasSuffix(": failed after 100 steps: ValueError: <no data>"))
    #expect(report.html.contains("ValueError: &lt;no data&gt;"))
    let logs = try GatheredLogs([
      Self.run.log("a.jsonl", [0.5]), Self.run.log("b.jsonl", [0.6], end: .failed),
    ])
    #expect(logs.logs.map(\.standing) == [.counted, .unfinished("failed")])
  }

  @Test func `metrics of steps and evaluations are curves, those of a group in one chart`() throws {
    var records = Self.run.records([0.2, 0.6], end: nil)
    for step in [210, 220, 230] {
      records.append(
        .step(
          StepRecord(step) {
            $0.metrics = [
              Metric(name: "train/<lm>", value: Float(step)), Metric(name: "train/z", value: 0.5),
              Metric(name: "scale", value: 7),
            ]
          }))
      records.append(
        .evaluation(
          EvaluationRecord(step) {
            $0.metrics = [
              Metric(name: "eval/bleu", value: Float(step) / 10),
              Metric(name: "eval/ter", value: 50 - Float(step) / 10),
            ]
          }))
    }
    let report = try #require(Self.run.report(records))
    let chart = try #require(Self.chart("eval/", report))
    #expect(chart.curves.map(\.name) == ["eval/bleu", "eval/ter"])
    #expect(chart.curves[0].values.compactMap(\.y) == [21, 22, 23])
    // What never changes would be a line.
    #expect(Self.chart("scale", report) == nil)
    #expect(Self.chart("train/<lm>", report)?.curves.map(\.name) == [""])
    #expect(report.sections.contains { $0.heading == "Metrics" })
    for form in [report.html, report.svg] { #expect(problem(ofXML: form) == nil) }
  }

  @Test func `what a header gives as 0 is not told as a fact`() throws {
    let header = RunHeader("x") {
      ($0.trainExamples, $0.validationExamples, $0.batch) = (0, 0, 0)
      ($0.stepsPerEpoch, $0.totalSteps, $0.weights, $0.tolerance) = (0, 0, "bfloat16", 0.0039)
    }
    let report = try #require(
      Self.run.report([.header(header), .step(StepRecord(7) { $0.loss = 1 })]))
    #expect(report.subtitle.hasSuffix("the log breaks off at step 7"))
    let text = report.markdown
    #expect(!text.contains("batch") && !text.contains("examples") && !text.contains("of 0"))
    #expect(text.contains("bfloat16, tolerance 0.0039"))
  }

  @Test func `layers and titles from a file are text`() throws {
    let name = "</text><script>x</script>"
    let run = Invented(title: "a \"b\" <i>&\u{202E}", layers: [name])
    let report = try #require(run.report(run.records([0.2, 0.6])))
    for form in [report.html, report.svg] {
      #expect(problem(ofXML: form) == nil)
      #expect(!form.contains("<script") && !form.contains("<i>") && !form.contains("\u{202E}"))
    }
    #expect(report.html.contains("a &quot;b&quot; &lt;i&gt;&amp;"))
  }

  @Test func `axes have round values with as many decimals as they need`() {
    #expect(Axis.text(0.25, step: 0.05) == "0.25" && Axis.text(1500, step: 500) == "1500")
    #expect(Axis.text(25_000, step: 5000) == "25 000" && Axis.text(-2, step: 1) == "−2")
    #expect(Axis.text(2_500_000, step: 500_000) == "2.50M" && Axis.text(0, step: 0.1) == "0")
    #expect(Axis.short(0.125) == "0.125" && Axis.short(1e-6) == "1e-6" && Axis.short(3) == "3")
  }
}
