// Inputs at mean 0 and variance 1, by the statistics of the training part alone.

extension Dataset {
  /// Shifts and scales every feature of the inputs to mean 0 and variance 1 of the training part.
  ///
  /// A feature is a column of `[D]`, a column over all steps of `[T, D]`, a channel of `[C, H, W]`.
  /// One that never varies is only shifted. Tokens have no scale: they must not be standardized.
  package mutating func standardize() {
    precondition(decoderLength == 0, "tokens cannot be standardized")
    let features = FeatureLayout(shape: inputShape)
    var means = [Double](repeating: 0, count: features.count)
    var scales = [Double](repeating: 0, count: features.count)
    // Row by row: columns apart would miss the cache. The order of each feature's additions is the
    // same either way.
    let values = Double(max(train.count, 1) * (inputSize / features.count))
    features.visit(train.inputs) { feature, value in means[feature] += Double(value) }
    for feature in means.indices { means[feature] /= values }
    features.visit(train.inputs) { feature, value in
      let difference = Double(value) - means[feature]
      scales[feature] += difference * difference
    }
    for feature in scales.indices {
      let deviation = (scales[feature] / values).squareRoot()
      scales[feature] = deviation > 0 ? 1 / deviation : 1
    }
    func apply(_ values: inout [Float]) {
      features.change(&values) { feature, value in
        Float((Double(value) - means[feature]) * scales[feature])
      }
    }
    apply(&train.inputs)
    apply(&validation.inputs)
    if var inputs = probe?.inputs {
      apply(&inputs)
      probe?.inputs = inputs
    }
  }
}

/// Which feature each value of a row belongs to.
private struct FeatureLayout {
  /// Features in a row.
  let count: Int
  /// Neighbouring values of one feature: the pixels of a channel.
  private let run: Int

  init(shape: [Int]) {
    let isImage = shape.count == 3
    count = isImage ? shape[0] : shape[shape.count - 1]
    run = isImage ? shape[1] * shape[2] : 1
  }

  @inline(__always)
  func visit(_ values: [Float], _ body: (_ feature: Int, _ value: Float) -> Void) {
    values.withUnsafeBufferPointer { values in
      var index = 0
      while index < values.count {
        for feature in 0..<count {
          for _ in 0..<run {
            body(feature, values[index])
            index += 1
          }
        }
      }
    }
  }

  @inline(__always)
  func change(_ values: inout [Float], _ body: (_ feature: Int, _ value: Float) -> Float) {
    values.withUnsafeMutableBufferPointer { values in
      var index = 0
      while index < values.count {
        for feature in 0..<count {
          for _ in 0..<run {
            values[index] = body(feature, values[index])
            index += 1
          }
        }
      }
    }
  }
}
