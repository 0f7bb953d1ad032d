// Whole runs against PyTorch's and Keras': from the same first weights, step by step, to the last.
import Foundation
import RunRecords
import Testing
import Training
import TestSupport

@Suite struct TrajectoryRunTests {
  @Test func `the references are there`() {
    #expect(TrajectoryReference.all.count == 40)
  }

  @Test(arguments: TrajectoryReference.all)
  func `a run follows the reference step by step`(_ reference: TrajectoryReference) throws {
    try Program.inFolder { folder in
      let log = folder.appendingPathComponent("run.jsonl").path
      let saved = folder.appendingPathComponent("last.safetensors").path
      let result = try Program.run([
        "run", reference.path("experiment.yaml"), "--headless", "--log", log, "--log-every", "1",
        "--init", reference.path("init.safetensors"), "--save", saved,
      ])
      try #require(result.status == 0, "\(result.errors)")
      let records = try RecordFile.records(at: log)
      let differences = try reference.differences(
        from: TrajectoryRun(
          steps: records.compactMap(\.asStep), validationLoss: records.compactMap(\.asLoss).last,
          weights: try SafetensorsFile(contentsOf: saved).tensors))
      #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
    }
  }

  /// The reference itself as a run.
  private func sameRun(_ reference: TrajectoryReference) throws -> TrajectoryRun {
    let steps = try reference.steps()
    return TrajectoryRun(
      steps: steps.losses.indices.map { index in
        StepRecord(index + 1) {
          $0.epoch = 1
          $0.steps = 1
          $0.loss = Float(steps.losses[index])
          $0.lossMin = 0
          $0.lossMax = 0
          $0.learningRate = Float(steps.learningRates[index])
          $0.gradientNorm = 0
          $0.gradientNormMax = 0
          $0.constraint = .init(enabled: true, maxNorm: nil)
          $0.layers = steps.clipped.keys.sorted().map { name in
            StepRecord.Layer(name) {
              $0.normMin = 0
              $0.normP25 = 0
              $0.normMedian = 0
              $0.normP75 = 0
              $0.normMax = 0
              $0.atCeiling = 0
              $0.exceeded = 0
              $0.clipped = steps.clipped[name]?[index] ?? -1
              $0.clippedTotal = 0
              $0.shrinkMean = 1
              $0.updateRatio = 0
            }
          }
          $0.examplesPerSecond = 1
          $0.elapsed = 1
        }
      }, validationLoss: Float(steps.validationLoss), weights: try reference.lastWeights())
  }

  @Test(arguments: TrajectoryReference.all)
  func `the comparison accepts the reference and sees each difference`(
    _ reference: TrajectoryReference
  ) throws {
    let same = try sameRun(reference)
    #expect(try reference.differences(from: same) == [])
    func isSeen(_ change: (inout TrajectoryRun) -> Void) throws -> Bool {
      var run = same
      change(&run)
      return try !reference.differences(from: run).isEmpty
    }
    let steps = try reference.steps()
    let tolerance = Float(steps.tolerance)
    #expect(try isSeen { $0.steps[5].loss = $0.steps[5].loss.known * (1 + 2 * tolerance) })
    #expect(try isSeen { $0.steps[5].loss = .nan })
    #expect(try isSeen { $0.steps[5].learningRate = $0.steps[5].learningRate.known * 1.001 })
    #expect(try isSeen { $0.steps.removeLast() })
    #expect(try isSeen { $0.steps[3].layers.removeLast() })
    #expect(try isSeen { $0.validationLoss = nil })
    #expect(try isSeen { $0.weights.removeLast() })
    for layer in same.steps[0].layers.indices {
      #expect(
        try isSeen {
          $0.steps[7].layers[layer].clipped = $0.steps[7].layers[layer].clipped.known + 3
        })
    }
    for index in same.weights.indices {
      #expect(try isSeen { $0.weights[index].shape.append(1) })
      let name = same.weights[index].name
      guard !steps.free.contains(name), !name.hasSuffix("num_batches_tracked") else { continue }
      #expect(
        try isSeen { run in
          for element in run.weights[index].values.indices {
            run.weights[index].values[element] *= 1 + 2 * tolerance
          }
        }, "\(name)")
    }
    // The reference's own first weights are not its last.
    let first = try SafetensorsFile(contentsOf: reference.path("init.safetensors")).tensors
    #expect(try isSeen { $0.weights = first })
  }
}

extension Record {
  fileprivate var asStep: StepRecord? {
    guard case .step(let record) = self else { return nil }
    return record
  }

  fileprivate var asLoss: Float? {
    guard case .end(let record) = self else { return nil }
    return record.validationLoss
  }
}
