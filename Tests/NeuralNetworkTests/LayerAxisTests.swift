// A layer's own axis, by the definition of Keras' MaxNorm: w·clip(n, 0, r)/n, n over some dimensions.
import Testing

@testable import NeuralNetwork

@Suite struct LayerAxisTests {
  /// A weight as Keras lays it out, and where each of its dimensions is in the stored tensor.
  private struct Kernel {
    /// PyTorch's.
    var shape: [Int]
    var order: [Int]
  }

  /// NumPy's `w * np.clip(n, 0, r) / n` with `n = np.sqrt((w**2).sum(axis, keepdims=True))` on Keras'
  /// layout of a stored tensor, back in the stored order.
  private func expected(_ values: [Float], _ kernel: Kernel, over axes: [Int], r: Double)
    -> [Double]
  {
    let stored = Set(axes.map { kernel.order[$0] })
    func unit(_ place: Int) -> [Int] {
      var (rest, coordinates) = (place, [Int](repeating: 0, count: kernel.shape.count))
      for dimension in kernel.shape.indices.reversed() {
        coordinates[dimension] = stored.contains(dimension) ? 0 : rest % kernel.shape[dimension]
        rest /= kernel.shape[dimension]
      }
      return coordinates
    }
    var squares: [[Int]: Double] = [:]
    for (place, value) in values.enumerated() {
      squares[unit(place), default: 0] += Double(value) * Double(value)
    }
    return values.enumerated().map { place, value in
      let norm = squares[unit(place), default: 0].squareRoot()
      return norm > r ? Double(value) * r / norm : Double(value)
    }
  }

  private func check(
    _ layer: LayerDescription, input: [Int], _ kernel: Kernel, axes: [Int], r: Float = 0.5
  ) throws {
    let learner = try Learner(
      model: ModelDescription(
        inputShape: input, layers: [layer, .dense(DenseDescription(units: 1, maxNorm: .none))]),
      objective: Objective(.meanSquaredError),
      optimizer: OptimizerSettings(.sgd(), learningRate: 0),
      constraint: ConstraintSettings(maxNorm: r), batch: 1, seed: 1)
    let weight = try #require(learner.parameters.first)
    #expect(weight.shape == kernel.shape)
    let before = ConstraintTests.random(weight.count, seed: 3)
    try learner.setValues(before, of: weight.name)
    var norms: [Float] = []
    let clipped = learner.project()[0]
    let after = try learner.values(of: weight.name)
    let expected = expected(before, kernel, over: axes, r: Double(r))
    for (value, wanted) in zip(after, expected) {
      #expect(abs(Double(value) - wanted) < 1e-6, "\(axes)")
    }
    learner.unitNorms(0, into: &norms)
    #expect(norms.count == learner.weights[0].units && norms.allSatisfy { $0 <= r * 1.000_002 })
    #expect(clipped > 0 && norms.count { $0 >= r * 0.999_99 } == clipped)
  }

  private let convolution = Kernel(shape: [3, 4, 3, 3], order: [2, 3, 1, 0])

  @Test(arguments: [
    [0], [1], [2], [3], [0, 1], [0, 2], [1, 3], [2, 3], [0, 1, 2], [0, 1, 3], [0, 1, 2, 3],
  ])
  func `a convolution is held along the dimensions that Keras counts`(axes: [Int]) throws {
    try check(
      .convolution(ConvolutionDescription(channels: 3, kernel: 3, axes: .keras(axes))),
      input: [4, 5, 5], convolution, axes: axes, r: axes.count == 1 ? 0.5 : 1)
  }

  @Test func `the default of Keras leaves filters on four channels up to √12 as long`() throws {
    let learner = try Learner(
      model: ModelDescription(
        inputShape: [4, 3, 3],
        layers: [
          .convolution(
            ConvolutionDescription(name: "c", channels: 2, kernel: 3, axes: .keras([0]))),
          .flatten,
        ]), objective: Objective(.meanSquaredError),
      optimizer: OptimizerSettings(.sgd(), learningRate: 0),
      constraint: ConstraintSettings(maxNorm: 1), batch: 1, seed: 1)
    try learner.setValues([Float](repeating: 5, count: 72), of: "c.weight")
    #expect(learner.project() == [24])
    #expect(learner.weights[0].axis == "0" && learner.weights[0].units == 24)
    let filter = try learner.values(of: "c.weight").prefix(36)
    let norm = filter.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(abs(norm - 12.0.squareRoot()) < 1e-5)
  }

  @Test(arguments: [[0], [1], [2], [3], [0, 1, 2], [0, 1, 3]])
  func `a transposed convolution has Keras' outputs before its inputs`(axes: [Int]) throws {
    try check(
      .convolution(
        ConvolutionDescription(channels: 4, kernel: 3, isTransposed: true, axes: .keras(axes))),
      input: [3, 4, 4], Kernel(shape: [3, 4, 3, 3], order: [2, 3, 1, 0]), axes: axes,
      r: axes.count == 1 ? 0.5 : 1)
  }

  @Test(arguments: [[0], [1], [0, 1]])
  func `an embedding along axis 0 is held by columns`(axes: [Int]) throws {
    let layer = LayerDescription.embedding(
      EmbeddingDescription(vocabulary: 7, size: 5, axes: .keras(axes)))
    try check(
      layer, input: [2], Kernel(shape: [7, 5], order: [0, 1]), axes: axes, r: axes == [1] ? 0.5 : 1)
  }

  @Test(arguments: [[0], [1], [-1], [0, 1]])
  func `a dense layer's axis 0 is its inputs`(axes: [Int]) throws {
    try check(
      .dense(DenseDescription(units: 6, axes: .keras(axes))), input: [5],
      Kernel(shape: [6, 5], order: [1, 0]), axes: axes.map { $0 < 0 ? 1 : $0 })
  }

  @Test func `what is usual goes by its word, and each layer by its own axis`() throws {
    let learner = try Learner(
      model: ModelDescription(
        inputShape: [5],
        layers: [
          .dense(DenseDescription(units: 6, axes: .keras([0]))), .relu,
          .dense(DenseDescription(units: 4, axes: .named(.tensor))), .relu,
          .dense(DenseDescription(units: 3)),
        ]), objective: Objective(.meanSquaredError),
      optimizer: OptimizerSettings(.sgd(), learningRate: 0),
      constraint: ConstraintSettings(maxNorm: 1, axis: .outgoing), batch: 1, seed: 1)
    #expect(learner.weights.map(\.axis) == ["incoming", "tensor", "outgoing"])
    #expect(learner.weights.map(\.units) == [6, 1, 4])
  }

  @Test(arguments: [[2], [0, 0], [-3], []])
  func `a dimension that the weights have not is an error`(axes: [Int]) {
    #expect(throws: NetworkError.self) {
      try Learner(
        model: ModelDescription(
          inputShape: [5], layers: [.dense(DenseDescription(units: 6, axes: .keras(axes)))]),
        objective: Objective(.meanSquaredError),
        optimizer: OptimizerSettings(.sgd(), learningRate: 0), constraint: ConstraintSettings(),
        batch: 1, seed: 1)
    }
  }

  @Test func `weights below 0 are counted by the units of the axis`() throws {
    let learner = try Learner(
      model: ModelDescription(
        inputShape: [1, 2, 2],
        layers: [
          .convolution(
            ConvolutionDescription(name: "c", channels: 1, kernel: 2, axes: .keras([0]))),
          .flatten,
        ]), objective: Objective(.meanSquaredError),
      optimizer: OptimizerSettings(.sgd(), learningRate: 0),
      constraint: ConstraintSettings(.nonNegative()), batch: 1, seed: 1)
    // Units are the two columns: one has a value below 0.
    try learner.setValues([3, 1, -4, 2], of: "c.weight")
    #expect(learner.project() == [1])
    #expect(try learner.values(of: "c.weight") == [3, 1, 0, 2])
  }
}
