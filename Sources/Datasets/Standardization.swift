// Inputs at mean 0 and variance 1, by the statistics of the training part alone.
import Basics

extension Dataset {
  /// What is done to examples that are Floats from the start: chosen, then standardized.
  ///
  /// - Throws: `ProgramError` if fewer training examples are there than are to be kept.
  package mutating func prepare(_ preparation: Preparation, seed: UInt64) throws(ProgramError) {
    if let count = preparation.train { try keepTrainingExamples(count, seed: seed) }
    if preparation.standardizesInputs { standardize() }
    if preparation.standardizesTargets { standardizeTargets() }
  }

  /// Shifts and scales every feature of the inputs to mean 0 and variance 1 of the training part.
  ///
  /// A feature is a column of `[D]`, a column over all steps of `[T, D]`, a channel of `[C, H, W]`.
  /// One that never varies is only shifted. Tokens have no scale: they must not be standardized.
  package mutating func standardize() {
    precondition(decoderLength == 0, "tokens cannot be standardized")
    let features = FeatureLayout(shape: inputShape)
    let scale = FeatureScale(
      StoredRows(values: train.inputs, size: inputSize), of: 0..<train.count, features: features)
    encoding = encoding.standardized(by: scale)
    let factors = scale.deviations.map { 1 / $0 }
    func apply(_ values: inout [Float]) {
      features.change(&values) { feature, value in
        Float((Double(value) - scale.means[feature]) * factors[feature])
      }
    }
    apply(&train.inputs)
    apply(&validation.inputs)
    if var inputs = test?.examples.inputs {
      test?.examples.inputs = []
      apply(&inputs)
      test?.examples.inputs = inputs
    }
    if var inputs = probe?.inputs {
      apply(&inputs)
      probe?.inputs = inputs
    }
  }
}
