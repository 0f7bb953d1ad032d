// The figures that steps and evaluations hold under any names: their order, their groups, their bounds.
import RunRecords
import Testing

@testable import RunHistory

@Suite struct MetricHistoryTests {
  private func step(_ step: Int, _ metrics: [(String, Float)]) -> Record {
    .step(StepRecord(step) { $0.metrics = metrics.map { Metric(name: $0.0, value: $0.1) } })
  }

  private func evaluation(_ step: Int, _ metrics: [(String, Float)]) -> Record {
    .evaluation(
      EvaluationRecord(step) { $0.metrics = metrics.map { Metric(name: $0.0, value: $0.1) } })
  }

  @Test func `metrics are listed by group, then by name, with numbers as numbers`() {
    var segment = RunSegment(RunHeader("x"))
    segment.apply(
      step(1, [("layer.10/a", 1), ("layer.2/a", 1), ("train/b", 1), ("zeta", 1), ("alpha", 1)]))
    #expect(
      segment.metrics.keys.map(\.name) == ["alpha", "zeta", "layer.2/a", "layer.10/a", "train/b"])
    let key = MetricKey("train/loss/lm", isEvaluated: false)
    #expect(key.group == "train" && key.nameInGroup == "loss/lm" && key.chart == "train/")
    #expect(MetricKey("/x", isEvaluated: false).group.isEmpty)
    #expect(MetricKey("x/", isEvaluated: false).nameInGroup == "x/")
  }

  @Test func `training and validation of one figure share a chart, and so do all recalls`() {
    let charts = ["validation_rmse", "train_rmse", "validation_recall_a", "validation_recall_b"].map
    {
      MetricKey($0, isEvaluated: true).chart
    }
    #expect(charts[0] == charts[1] && charts[2] == charts[3] && charts[0] != charts[2])
  }

  @Test func `steps and evaluations have curves of their own under one name`() throws {
    var segment = RunSegment(RunHeader("x"))
    segment.apply(step(10, [("perplexity", 9)]))
    segment.apply(evaluation(10, [("perplexity", 12), ("bleu", .nan)]))
    segment.apply(step(20, [("perplexity", 8)]))
    let metrics = segment.metrics
    let ofSteps = try #require(metrics[MetricKey("perplexity", isEvaluated: false)])
    #expect(ofSteps.raw.whole.map(\.entry.last) == [9, 8])
    #expect(metrics[MetricKey("perplexity", isEvaluated: true)]?.last == 12)
    #expect(metrics.isAmbiguous(MetricKey("perplexity", isEvaluated: true)))
    #expect(!metrics.isAmbiguous(MetricKey("bleu", isEvaluated: true)))
    #expect(metrics[MetricKey("bleu", isEvaluated: true)]?.raw.last?.entry.isNonFinite == true)
  }

  @Test func `neither many steps nor many names take more and more memory`() {
    var segment = RunSegment(RunHeader("x"))
    for index in 0..<10_000 { segment.apply(step(index * 3, [("a", Float(index % 7))])) }
    let history = segment.metrics[MetricKey("a", isEvaluated: false)]
    #expect(history?.raw.whole.count ?? .max <= 512)
    #expect(history?.raw.recentEntries.count ?? .max <= 256)
    #expect(
      history?.raw.whole.allSatisfy { $0.entry.minimum == 0 && $0.entry.maximum == 6 } == true)
    segment.apply(step(40_000, (0..<1000).map { ("name \($0)", 1) }))
    #expect(segment.metrics.keys.count == MetricHistories.most && segment.metrics.isFull)
  }

  @Test func `what a header gives as 0 is unknown`() {
    let segment = RunSegment(
      RunHeader("x") {
        ($0.totalSteps, $0.stepsPerEpoch, $0.batch, $0.validationExamples) = (0, 0, 0, 0)
      })
    #expect(segment.totalSteps == nil && segment.stepsPerEpoch == nil && segment.batch == nil)
    #expect(segment.progress == nil && !segment.expectsEvaluations)
    var told = segment
    told.apply(Record.step(StepRecord(1) { $0.examplesPerSecond = 0 }))
    #expect(told.examplesPerSecond == nil)
  }

  @Test func `steps a second are those of the records' own clock`() throws {
    var clock = StepClock()
    #expect(clock.stepsPerSecond == nil)
    clock.reach(10, at: 4)
    #expect(clock.stepsPerSecond == 2.5)
    for index in 1...200 { clock.reach(10 + index * 5, at: 4 + Double(index)) }
    #expect(try abs(#require(clock.stepsPerSecond) - 5) < 1e-9)
    var still = StepClock()
    still.reach(5, at: 0)
    still.reach(9, at: 0)
    #expect(still.stepsPerSecond == nil)
  }
}
