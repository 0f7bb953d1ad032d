// The header of a small run, from which tests of many targets make theirs.
import RunRecords

extension RunHeader {
  /// A header with every field filled in, and what `describe` changes.
  package static func sample(
    _ name: String = "digits", metric: String = "validation_accuracy",
    _ describe: (inout RunHeader) -> Void = { _ in }
  ) -> RunHeader {
    RunHeader(name) { header in
      (header.title, header.seed, header.threads, header.build) = ("Digits", 1, 1, "release")
      (header.parameters, header.trainExamples, header.validationExamples) = (100, 400, 360)
      (header.batch, header.stepsPerEpoch, header.totalSteps) = (32, 13, 1000)
      header.metric = metric
      header.goal = metric.hasSuffix("loss") ? .minimize : .maximize
      header.experiment = .fields([])
      describe(&header)
    }
  }
}

extension RunHeader.Layer {
  /// A weight tensor whose units are its first dimension.
  package static func sample(
    _ name: String, _ kind: String = "dense", _ tensor: String = "weight", shape: [Int],
    axis: String = "incoming", ceiling: Float? = nil
  ) -> RunHeader.Layer {
    RunHeader.Layer(name, maxNorm: ceiling) {
      ($0.kind, $0.tensor, $0.axis) = (kind, tensor, axis)
      ($0.shape, $0.units) = (shape, shape[0])
    }
  }
}
