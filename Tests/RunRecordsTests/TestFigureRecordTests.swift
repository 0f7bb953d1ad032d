// Figures of the test part in logs of every format: only in ends, and only where the header announces them.
import Foundation
import TestSupport
import Testing

@testable import RunRecords

@Suite struct TestFigureRecordTests {
  private let end: EndRecord = EndRecord(120, .finished) {
    $0.validationLoss = 0.5
    $0.best = .init(step: 80, metric: "validation_rmse", value: 0.25)
    $0.early = true
    $0.restored = 80
    var test = EndRecord.Test()
    (test.step, test.loss, test.looks) = (80, 0.75, 2)
    test.metrics = [.init(name: "test_rmse", value: 0.5)]
    $0.test = test
    $0.clippedTotal = 3
    $0.elapsed = 1
  }

  @Test func `the end's figures are keys of its own and read back`() throws {
    let line = Record.end(end).line
    #expect(
      String(decoding: line, as: UTF8.self)
        == #"{"type":"end","step":120,"reason":"finished","validation_loss":0.5,"#
        + #""best":{"step":80,"validation_rmse":0.25},"early":true,"restored":80,"test_step":80,"#
        + #""test_loss":0.75,"test_metrics":{"test_rmse":0.5},"test_looks":2,"clipped_total":3,"#
        + #""elapsed":1.0}"# + "\n")
    #expect(try RecordLineReader(.strict).record(on: Data(line.dropLast())) == .end(end))
    #expect(end.test?.value(of: "test_rmse") == 0.5 && end.test?.value(of: "test_loss") == 0.75)
  }

  @Test func `a table has columns for them where the header says that they will come`() {
    func rows(_ header: RunHeader) -> [[Substring]] {
      var table = CSVRows()
      return [Record.header(header), .end(end)].map { record in
        table.rows(for: record).split(separator: ",", omittingEmptySubsequences: false)
      }
    }
    let plain = rows(.sample(metric: "validation_rmse"))
    #expect(!plain[0].contains { $0.hasPrefix("test_") || $0 == "early" })
    let tested = rows(
      .sample(metric: "validation_rmse") {
        $0.testExamples = 9
        $0.experiment = .fields([.init("stopping", .fields([.init("patience", .integer(3))]))])
      })
    #expect(tested[0].count == tested[1].count && Set(tested[0]).count == tested[0].count)
    for (name, text) in [
      ("test_step", "80"), ("test_loss", "0.75"), ("test_rmse", "0.5"), ("test_looks", "2"),
      ("test_accuracy", ""), ("early", "true"), ("restored", "80"),
    ] {
      let column = tested[0].firstIndex { $0.trimmingCharacters(in: .newlines) == name }
      #expect(column.map { tested[1][$0].trimmingCharacters(in: .newlines) } == text, "\(name)")
    }
  }

  @Test func `a test figure is called after the validation part's`() {
    #expect(MetricName.ofTest("validation_accuracy") == "test_accuracy")
    #expect(MetricName.ofTest("baseline_rmse") == "test_baseline_rmse")
    #expect(MetricName.classOfRecall("test_recall_setosa") == "setosa")
    #expect(MetricName.isShare("test_accuracy") && !MetricName.isShare("test_loss"))
  }
}
