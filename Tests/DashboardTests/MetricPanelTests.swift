// The panel of metrics: choosing, pinning, groups, cursor and mouse, and what it looks like.
import RunHistory
import RunRecords
import TerminalUI
import Testing

@testable import Dashboard

@Suite("Curves of metrics")
struct MetricPanelTests {
  private func model() -> DashboardModel {
    var model = Foreign.metrics()
    model.focus = .metrics
    return model
  }

  private func names(_ charts: [[MetricKey]]) -> [[String]] { charts.map { $0.map(\.name) } }

  @Test(arguments: [(80, 24), (120, 36), (200, 60)])
  func `metrics of steps and evaluations are curves`(columns: Int, rows: Int) throws {
    var model = model()
    try Pictures.compare(model, columns, rows, with: "foreign-metrics")
    model.press("z")
    for key in [Key.enter, .down, .enter] { model.press(key) }
    try Pictures.compare(model, columns, rows, with: "pinned-metrics")
  }

  @Test func `metrics in ASCII`() throws {
    var model = model()
    model.press("z")
    model.press(.enter)
    try Pictures.compare(model, 120, 36, with: "metrics-ascii", glyphs: .ascii)
  }

  @Test func `keys go through the metrics, and the charts show them from the chosen one on`() {
    var model = model()
    let all = [
      "grad_scale", "eval/bleu", "eval/perplexity", "train/tokens_per_second", "train/z_loss",
    ]
    #expect(model.segment?.metrics.keys.map(\.name) == all)
    #expect(model.selectedMetric?.name == "grad_scale")
    #expect(names(model.metricCharts(room: 2)) == [["grad_scale"], ["eval/bleu"]])
    model.press(.down)
    model.press("j")
    #expect(names(model.metricCharts(room: 1)) == [["eval/perplexity"]])
    model.press(.end)
    #expect(names(model.metricCharts(room: 2)) == [["train/tokens_per_second"], ["train/z_loss"]])
    #expect(names(model.metricCharts(room: 9)) == all.map { [$0] })
    model.press(.down)
    #expect(model.selectedMetric?.name == "train/z_loss")
    model.press(.home)
    model.press(.up)
    #expect(model.selectedMetric?.name == "grad_scale")
    #expect(model.metricCharts(room: 0).isEmpty)
  }

  @Test func `pinned metrics stay in sight, those of a group in one chart`() {
    var model = model()
    for key in [Key.down, .enter, .down, .enter, .end, .enter] { model.press(key) }
    #expect(
      names(model.metricCharts(room: 4)) == [["eval/bleu", "eval/perplexity"], ["train/z_loss"]])
    #expect(model.footer.contains { $0.label == "unpin" })
    model.press(.home)
    #expect(names(model.metricCharts(room: 4)).last == ["grad_scale"])
    #expect(names(model.metricCharts(room: 1)) == [["grad_scale"]])
    #expect(model.footer.contains { $0.label == "pin" })
    model.press(.end)
    model.press(.enter)
    #expect(model.notice?.text == "train/z_loss is no longer pinned")
    #expect(names(model.metricCharts(room: 4)).count == 2)
  }

  @Test func `what was chosen outlives a restart and going back in a replay`() throws {
    var model = model()
    model.press(.end)
    model.press(.enter)
    let recorded = model.recorded
    model.feed([.header(Foreign.header())] + Foreign.records(to: 20))
    #expect(model.focus == .metrics && model.selectedMetric?.name == "train/z_loss")
    _ = update(&model, .restored(recorded, time: 1))
    #expect(names(model.metricCharts(room: 2)) == [["train/z_loss"]])
    #expect(model.segment?.metrics.keys.count == 5)
  }

  @Test func `what best goes by is chosen first`() {
    var model = Foreign.model([.header(Foreign.header { $0.metric = "eval/perplexity" })])
    model.feed(Foreign.records(to: 200))
    #expect(model.selectedMetric?.name == "eval/perplexity")
  }

  @Test(arguments: [(120, 36), (200, 60)])
  func `a click chooses a metric of the list, a second one pins it`(columns: Int, rows: Int) throws
  {
    var model = model()
    model.press("z")
    model.resize(columns, rows)
    let wanted = MetricKey("train/z_loss", isEvaluated: false)
    for count in 0...1 {
      let points = (0..<rows).map { Point(column: columns - 20, row: $0) }
      let point = try #require(points.first { model.target(at: $0) == .metric(wanted) })
      let line = Pictures.screen(model, columns, rows).lines[point.row]
      #expect(line.suffix(44).contains("z_loss"))
      _ = update(&model, .mouse(MouseEvent(.press, at: point), time: 0))
      #expect(model.selectedMetric == wanted && model.metricChoice.pinned.count == count)
    }
  }

  @Test func `the cursor reads out all charts of metrics, where the mouse puts it too`() throws {
    var model = model()
    model.press("z")
    model.press("l")
    #expect(model.charts.cursor != nil)
    let body = ScreenLayout(model.size).body
    let charts = MetricsPanel.description.charts(model, body)
    #expect(charts.count > 1)
    for chart in charts {
      let point = Point(column: (chart.left + chart.right) / 2, row: chart.top + 2)
      let step = try #require(model.step(at: point))
      #expect((250...350).contains(step), "\(step)")
    }
  }

  @Test func `hundreds of metrics, hostile names and values that are no number are drawn`() {
    var model = Foreign.model([.header(Foreign.header())])
    let metrics = (0..<300).map { Metric(name: "g\($0 % 7)/\u{1B}[31m\($0)/漢字", value: .nan) }
    model.feed([.step(StepRecord(1) { $0.metrics = metrics })])
    model.feed([.step(StepRecord(2) { $0.metrics = [Metric(name: "", value: .infinity)] })])
    model.focus = .metrics
    for columns in stride(from: 40, through: 200, by: 23) {
      for key in [Key.down, .enter, .end] { model.press(key) }
      let screen = Pictures.screen(model, columns, 40, glyphs: columns % 2 == 0 ? .ascii : .unicode)
      #expect(!screen.text.contains("\u{1B}"))
    }
    #expect(model.segment?.metrics.isFull == true)
  }
}
