// Digests of invented runs.
import RunRecords

@testable import Comparisons

/// A run of an arm: its evaluations' accuracies, a hundred steps apart, and how it ended.
func run(
  _ arm: String, seed: UInt64, _ accuracies: [Float], metric: String = "validation_accuracy",
  end: EndRecord.Reason? = .finished, steered: Bool = false
) -> RunDigest {
  var digest = RunDigest()
  for record in records(arm, seed: seed, accuracies, metric: metric, end: end, steered: steered) {
    digest.take(record)
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
      RunHeader(
        name: "digits", title: "Digits", seed: seed, threads: 1, build: "release", parameters: 10,
        trainExamples: 400, validationExamples: 360, batch: 32, stepsPerEpoch: 13,
        totalSteps: 1000, metric: metric, goal: isLoss ? .minimize : .maximize,
        experiment: .fields([.init("name", .text("digits")), .init("arm", .text(arm))]),
        layers: []))
  ]
  for (index, value) in accuracies.enumerated() {
    records.append(
      .evaluation(
        EvaluationRecord(
          step: 100 * (index + 1), epoch: index + 1, trainLoss: 0.5,
          trainAccuracy: isLoss ? nil : 0.9, validationLoss: isLoss ? value : 1 - value,
          validationAccuracy: isLoss ? nil : value)))
  }
  if steered {
    records.append(
      .event(EventRecord(step: 100, action: .learningRate, from: .number(0.1), value: .number(0.2)))
    )
  }
  if let end {
    records.append(
      .end(
        EndRecord(
          step: 100 * accuracies.count, reason: end, validationLoss: nil, validationAccuracy: nil,
          best: nil, clippedTotal: 0, elapsed: Double(seed))))
  }
  return records
}
