// Runs of other programs, with what they tell and without what they leave out.
import RunRecords
import TerminalUI

@testable import Dashboard

enum Foreign {
  /// Nothing but the loss.
  static func lossOnly(to last: Int = 490) -> DashboardModel {
    model(
      [.header(header())]
        + stride(from: 10, through: last, by: 10).map { step in
          .step(StepRecord(step) { $0.loss = 1 / Float(step) })
        })
  }

  /// A header that gives what it does not know as 0, as many writers do.
  static func header(
    layers: [RunHeader.Layer] = [], _ describe: (inout RunHeader) -> Void = { _ in }
  ) -> RunHeader {
    RunHeader("finetune") {
      ($0.program, $0.title) = ("maxnorm.py 0", "A run of another program")
      ($0.trainExamples, $0.validationExamples, $0.batch) = (0, 0, 0)
      ($0.stepsPerEpoch, $0.totalSteps) = (0, 0)
      ($0.metric, $0.goal) = ("validation_loss", .minimize)
      $0.layers = layers
      describe(&$0)
    }
  }

  /// Loss and time, and figures under names of their own in steps and evaluations.
  static func metrics(layers: [RunHeader.Layer] = []) -> DashboardModel {
    model([.header(header(layers: layers))] + records(to: 600))
  }

  static func records(to last: Int) -> [Record] {
    var records: [Record] = []
    for step in stride(from: 10, through: last, by: 10) {
      let progress = Float(step) / 600
      let noise = Float(step * 7919 % 101) / 1000
      records.append(
        .step(
          StepRecord(step) {
            ($0.steps, $0.loss, $0.elapsed) = (10, 2.5 - 2 * progress + noise, Double(step) / 8)
            $0.examplesPerSecond = 0
            $0.metrics = [
              Metric(name: "grad_scale", value: 65536),
              Metric(name: "train/tokens_per_second", value: 51_000 + 4000 * noise),
              Metric(name: "train/z_loss", value: 0.02 * (1 - progress) + noise / 50),
            ]
          }))
      guard step % 100 == 0 else { continue }
      records.append(
        .evaluation(
          EvaluationRecord(step) {
            $0.metrics = [
              Metric(name: "eval/bleu", value: 31 * progress),
              Metric(name: "eval/perplexity", value: 40 - 20 * progress),
            ]
          }))
    }
    return records
  }

  static func model(_ records: [Record]) -> DashboardModel {
    var model = DashboardModel(source: .replay, pace: 1, themeNames: ["dark"])
    model.resize(120, 36)
    model.feed(records)
    return model
  }
}
