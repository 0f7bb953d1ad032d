// What the status line says of an end: the test part's figure, how often it was seen, and stopping early.
import RunRecords
import Testing

@testable import RunHistory

@Suite struct EndWordingTests {
  private func text(looks: Int?, testExamples: Int? = 9) -> String {
    let segment = RunSegment(
      RunHeader("x") {
        $0.metric = "validation_accuracy"
        $0.testExamples = testExamples
      })
    let end = EndRecord(120, .finished) {
      ($0.early, $0.restored) = (true, 80)
      var test = EndRecord.Test()
      (test.accuracy, test.looks) = (0.875, looks)
      $0.test = test
    }
    return segment.text(of: end).detail
  }

  @Test func `an end names the test figure first, and how often it was seen`() {
    #expect(
      text(looks: nil)
        == "test accuracy 87.5 %, early, for evaluations no longer got better, weights of step 80 put back"
    )
    #expect(text(looks: 2).hasPrefix("test accuracy 87.5 % (seen 2 times), early"))
    #expect(!text(looks: nil, testExamples: nil).contains("test accuracy"))
  }
}
