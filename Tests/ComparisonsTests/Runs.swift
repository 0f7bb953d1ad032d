// Digests of invented runs.
import RunRecords
import TestSupport

@testable import Comparisons

/// A run of an arm: its evaluations' accuracies, a hundred steps apart, and how it ended.
func run(
  _ arm: String, seed: UInt64, _ accuracies: [Float], metric: String = "validation_accuracy",
  end: EndRecord.Reason? = .finished, steered: Bool = false
) -> RunDigest {
  var digest = RunDigest()
  for record in records(arm, seed: seed, accuracies, metric: metric, end: end, steered: steered) {
    digest.apply(record)
  }
  return digest
}

func records(
  _ arm: String, seed: UInt64, _ accuracies: [Float], metric: String = "validation_accuracy",
  end: EndRecord.Reason? = .finished, steered: Bool = false
) -> [Record] {
  let isLoss = metric.hasSuffix("loss")
  var records: [Record] = [
    .header(
      .sample(metric: metric) {
        $0.seed = seed
        $0.experiment = .fields([.init("name", .text("digits")), .init("arm", .text(arm))])
      })
  ]
  for (index, value) in accuracies.enumerated() {
    records.append(
      .evaluation(
        EvaluationRecord(100 * (index + 1)) {
          $0.epoch = index + 1
          $0.trainLoss = 0.5
          $0.trainAccuracy = isLoss ? nil : 0.9
          $0.validationLoss = isLoss ? value : 1 - value
          $0.validationAccuracy = isLoss ? nil : value
        }))
  }
  if steered {
    records.append(
      .event(EventRecord(step: 100, action: .learningRate, from: .number(0.1), value: .number(0.2)))
    )
  }
  if let end {
    records.append(
      .end(
        EndRecord(100 * accuracies.count, end) {
          $0.clippedTotal = 0
          $0.elapsed = Double(seed)
        }))
  }
  return records
}
