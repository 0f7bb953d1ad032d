// Logs for tests of lists of runs.
import Foundation
import RunRecords

/// A log of records: its losses fall, or rise, by a step each.
struct LogFixture {
  var name = "toy"
  var rate = 0.1
  var optimizer = "sgd"
  var losses: [Float] = [3, 2, 1]
  var reason: EndRecord.Reason? = .finished

  var bytes: [UInt8] {
    let header = RunHeader(name) {
      $0.seed = 7
      ($0.metric, $0.goal, $0.totalSteps) = ("validation_loss", .minimize, 100)
      $0.experiment = .fields([
        .init("name", .text(name)),
        .init(
          "optimizer",
          .fields([
            .init("name", .text(optimizer)), .init("learning_rate", .number(rate)),
          ])),
      ])
    }
    var bytes = Record.header(header).line
    for (index, loss) in losses.enumerated() {
      let step = (index + 1) * 10
      bytes +=
        Record.step(
          StepRecord(step) {
            ($0.epoch, $0.loss, $0.elapsed) = (index + 1, loss, Double(step) / 10)
          }
        ).line
      bytes += Record.evaluation(EvaluationRecord(step) { $0.validationLoss = loss * 2 }).line
    }
    if let reason { bytes += Record.end(EndRecord(losses.count * 10, reason)).line }
    return bytes
  }
}
