// Mean and deviation of each feature of rows, and which of a row's values belong to it.

/// Mean and standard deviation of each feature, in units.
struct FeatureScale {
  let means: [Double]
  /// 1 if a feature never varies.
  let deviations: [Double]
  /// The feature has more than one value.
  let varies: [Bool]

  /// The scale of the rows at these places.
  init(_ rows: some NumberRows, of places: some Collection<Int>, features: FeatureLayout) {
    var means = [Double](repeating: 0, count: features.count)
    var squares = means
    let count = Double(max(places.count, 1) * (rows.size / max(features.count, 1)))
    // Row by row: columns apart would miss the cache. The order of each feature's additions is the
    // same either way.
    rows.forEach(of: places) { values in
      features.visit(UnsafeBufferPointer(values)) { feature, value in means[feature] += value }
    }
    for feature in means.indices { means[feature] /= count }
    rows.forEach(of: places) { values in
      features.visit(UnsafeBufferPointer(values)) { feature, value in
        let difference = value - means[feature]
        squares[feature] += difference * difference
      }
    }
    let deviations = squares.map { ($0 / count).squareRoot() }
    var varies = deviations.map { $0 > 0 }
    // The mean of equal Doubles may differ from them in its last digits: a deviation that small is
    // examined more closely.
    let doubtful = varies.indices.filter { varies[$0] && deviations[$0] <= 1e-10 * abs(means[$0]) }
    if !doubtful.isEmpty {
      var least = [Double](repeating: .infinity, count: features.count)
      var most = least.map { -$0 }
      rows.forEach(of: places) { values in
        features.visit(UnsafeBufferPointer(values)) { feature, value in
          least[feature] = min(least[feature], value)
          most[feature] = max(most[feature], value)
        }
      }
      for feature in doubtful where most[feature] - least[feature] <= 4 * means[feature].ulp {
        varies[feature] = false
        means[feature] = least[feature]
      }
    }
    self.means = means
    self.deviations = zip(deviations, varies).map { $1 ? $0 : 1 }
    self.varies = varies
  }
}

/// Which feature each value of a row belongs to.
struct FeatureLayout {
  /// Features in a row.
  let count: Int
  /// Neighbouring values of one feature: the pixels of a channel.
  private let run: Int

  /// A feature is a column of `[D]`, a column over all steps of `[T, D]`, a channel of `[C, H, W]`.
  init(shape: [Int]) {
    let isImage = shape.count == 3
    count = isImage ? shape[0] : shape[shape.count - 1]
    run = isImage ? shape[1] * shape[2] : 1
  }

  /// Calls `body` with each value of one row or several.
  @inline(__always)
  func visit<Number>(
    _ values: UnsafeBufferPointer<Number>, _ body: (_ feature: Int, _ value: Number) -> Void
  ) {
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

  /// Replaces each value of one row or several.
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
