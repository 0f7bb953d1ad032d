// What max-norm promises (DESIGN section 5), unit by unit.
import Basics
import Kernels
import Testing

@testable import NeuralNetwork

@Suite struct ConstraintTests {
  /// A learner with one weight tensor, `[units, inputs]`, that nothing but the constraint moves.
  static func still(
    _ weights: [Float], units: Int, inputs: Int, _ constraint: ConstraintSettings,
    maxNorm: MaxNormOverride = .inherit
  ) throws -> (learner: Learner, step: () -> ConstraintOutcome) {
    let learner = try Learner(
      model: ModelDescription(
        inputShape: [inputs], layers: [Samples.dense(units, name: "fc", maxNorm: maxNorm)]),
      objective: Objective(.meanSquaredError),
      optimizer: OptimizerSettings(.sgd(), learningRate: 0),
      constraint: constraint, batch: 1, seed: 1)
    try learner.setValues(weights, of: "fc.weight")
    let examples = Samples.examples(count: 1, inputs: inputs, outputs: units)
    return (
      learner,
      {
        _ = learner.step(examples, indices: [0])
        return learner.constraintOutcome(0)
      }
    )
  }

  static func random(_ count: Int, seed: UInt64, scale: Float = 1) -> [Float] {
    var source = RandomSource(seed: seed)
    return (0..<count).map { _ in scale * (2 * source.nextUnit() - 1) }
  }

  @Test(arguments: ConstraintAxis.allCases, [(1, 1), (3, 7), (17, 33), (64, 300)])
  func `units within r stay bit for bit, and the others land on the ceiling`(
    _ axis: ConstraintAxis, _ size: (Int, Int)
  ) throws {
    let shape = [size.0, size.1]
    let before = ConstraintTests.random(size.0 * size.1, seed: 5)
    let norms = Samples.norms(before, shape: shape, axis: axis)
    let r = Float(norms.sorted()[norms.count / 2] * 0.999)
    let (learner, step) = try ConstraintTests.still(
      before, units: size.0, inputs: size.1, ConstraintSettings(maxNorm: r, axis: axis))
    let outcome = step()
    let after = try learner.values(of: "fc.weight")
    let over = norms.map { $0 > Double(r) * (1 + 1e-6) }
    let expected = over.count { $0 }
    #expect(outcome.exceeded == expected && outcome.clipped == expected && expected > 0)
    let shrink = zip(norms, over).reduce(0) { $1.1 ? $0 + Double(r) / $1.0 : $0 }
    #expect(abs(outcome.shrinkSum - shrink) < 1e-6 * shrink)
    for index in before.indices {
      let unit =
        switch axis {
        case .incoming: index / size.1
        case .outgoing: index % size.1
        case .tensor: 0
        }
      if over[unit] {
        // The direction stays: every component shrinks by the same factor.
        let wanted = Double(before[index]) * Double(r) / norms[unit]
        #expect(abs(Double(after[index]) - wanted) <= 3e-7 * abs(wanted))
      } else {
        #expect(after[index].bitPattern == before[index].bitPattern)
      }
    }
    for norm in Samples.norms(after, shape: shape, axis: axis) {
      #expect(norm <= Double(r) * (1 + 1.5e-6))
    }
    #expect(step().exceeded == 0, "nothing is left to clip")
  }

  @Test(arguments: ConstraintAxis.allCases)
  func `denormals and signs of untouched units survive bit for bit`(_ axis: ConstraintAxis) throws {
    let tiny = Float.leastNormalMagnitude / 64
    let weights: [Float] = [tiny, -0.0, .leastNonzeroMagnitude, -tiny, 3, 4, 0, 5, 6]
    let (learner, _) = try ConstraintTests.still(
      weights, units: 3, inputs: 3, ConstraintSettings(maxNorm: 1, axis: axis))
    #expect(learner.project() == [axis == .tensor ? 1 : 2])
    let after = try learner.values(of: "fc.weight")
    let untouched =
      switch axis {
      case .incoming: [0, 1, 2]
      case .outgoing: [0, 3, 6]
      case .tensor: [Int]()
      }
    for index in untouched {
      #expect(after[index].bitPattern == weights[index].bitPattern)
    }
  }

  @Test func `long rows are not clipped a second time`() throws {
    let weights = ConstraintTests.random(16 * 4096, seed: 9)
    for r in [Float(1), 3, 0.1, 7.7] {
      let (learner, step) = try ConstraintTests.still(
        weights, units: 16, inputs: 4096, ConstraintSettings(maxNorm: r))
      #expect(step().clipped == 16)
      #expect(step() == ConstraintOutcome())
      let after = try learner.values(of: "fc.weight")
      for norm in Samples.norms(after, shape: [16, 4096], axis: .incoming) {
        #expect(norm <= Double(r) * (1 + 1.5e-6))
      }
    }
  }

  @Test func `a constraint that is off only observes`() throws {
    let weights = ConstraintTests.random(8 * 5, seed: 2)
    let (learner, step) = try ConstraintTests.still(
      weights, units: 8, inputs: 5, ConstraintSettings(maxNorm: 0.01, enabled: false))
    let outcome = step()
    #expect(outcome.exceeded == 8 && outcome.clipped == 0 && outcome.shrinkSum == 0)
    #expect(learner.project() == [0])
    #expect(try learner.values(of: "fc.weight") == weights)
    #expect(learner.weights[0].maxNorm == 0.01)
  }

  @Test func `switching on in mid-run projects only when asked to`() throws {
    let weights = ConstraintTests.random(8 * 5, seed: 2)
    let (learner, step) = try ConstraintTests.still(
      weights, units: 8, inputs: 5, ConstraintSettings(maxNorm: 0.5, enabled: false))
    let observed = step().exceeded
    learner.constraint.enabled = true
    #expect(try learner.values(of: "fc.weight") == weights, "setting does not project")
    #expect(learner.project() == [observed])
    #expect(learner.constraintOutcome(0).exceeded == observed, "outcomes of the last step stay")
    #expect(step().exceeded == 0)
    learner.constraint.maxNorm = 0.25
    #expect(learner.project() == [8])
    var norms: [Float] = []
    learner.unitNorms(0, into: &norms)
    #expect(norms.count == 8 && norms.allSatisfy { abs($0 - 0.25) < 1e-6 })
  }

  @Test func `a layer's own ceiling takes precedence, and null means never constrained`() throws {
    let learner = try Samples.learner(
      [
        Samples.dense(6, name: "inherits"), Samples.dense(6, name: "own", maxNorm: .value(0.2)),
        Samples.dense(3, name: "free", maxNorm: .none),
      ], constraint: ConstraintSettings(maxNorm: 0.1))
    #expect(learner.weights.map(\.maxNorm) == [0.1, 0.2, nil])
    let free = try learner.values(of: "free.weight")
    #expect(learner.project() == [6, 6, 0])
    #expect(try learner.values(of: "free.weight") == free)
    for (tensor, ceiling) in [(0, Float(0.1)), (1, 0.2)] {
      var norms: [Float] = []
      learner.unitNorms(tensor, into: &norms)
      #expect(norms.allSatisfy { abs($0 - ceiling) < 1e-6 })
    }
    learner.constraint.maxNorm = nil
    #expect(learner.weights.map(\.maxNorm) == [nil, 0.2, nil])
    learner.constraint.maxNorm = 0.05
    #expect(learner.weights.map(\.maxNorm) == [0.05, 0.2, nil])
  }

  @Test func `biases are never constrained`() throws {
    let learner = try Samples.learner(
      [Samples.dense(4)], constraint: ConstraintSettings(maxNorm: 0.1))
    try learner.setValues([100, -100, 5, 0], of: "dense1.bias")
    _ = learner.project()
    #expect(try learner.values(of: "dense1.bias") == [100, -100, 5, 0])
  }

  @Test(arguments: ConstraintAxis.allCases)
  func `units that are not finite are left alone`(_ axis: ConstraintAxis) throws {
    var weights = ConstraintTests.random(9, seed: 4, scale: 10)
    weights[0] = .nan
    weights[4] = .infinity
    let (learner, _) = try ConstraintTests.still(
      weights, units: 3, inputs: 3, ConstraintSettings(maxNorm: 0.1, axis: axis))
    #expect(!learner.isFinite)
    #expect(learner.project() == [axis == .tensor ? 0 : 1])
    let after = try learner.values(of: "fc.weight")
    for index in after.indices {
      let (row, column) = (index / 3, index % 3)
      let unit = axis == .incoming ? row : column
      if axis == .tensor || unit < 2 {
        #expect(after[index].bitPattern == weights[index].bitPattern)
      }
    }
  }

  @Test func `norms whose squares overflow are projected too`() throws {
    let (learner, _) = try ConstraintTests.still(
      [3e25, 4e25, 0.1, 0.2], units: 2, inputs: 2, ConstraintSettings(maxNorm: 1))
    #expect(learner.project() == [1])
    let after = try learner.values(of: "fc.weight")
    #expect(abs(after[0] - 0.6) < 1e-6 && abs(after[1] - 0.8) < 1e-6 && after[2] == 0.1)
  }

  @Test func `the axis makes units of rows, of columns or of the whole tensor`() throws {
    let learner = try Samples.learner(
      [Samples.dense(7), Samples.dense(3)], constraint: ConstraintSettings(maxNorm: 3))
    for (axis, units) in [
      (ConstraintAxis.incoming, [7, 3]), (.outgoing, [5, 7]), (.tensor, [1, 1]),
    ] {
      learner.constraint.axis = axis
      #expect(learner.weights.map(\.units) == units)
      #expect(learner.weights.map(\.shape) == [[7, 5], [3, 7]])
      for tensor in 0...1 {
        var norms: [Float] = []
        learner.unitNorms(tensor, into: &norms)
        let values = try learner.values(of: "dense\(tensor + 1).weight")
        let expected = Samples.norms(values, shape: learner.weights[tensor].shape, axis: axis)
        #expect(norms.count == units[tensor])
        #expect(zip(norms, expected).allSatisfy { abs(Double($0) - $1) < 2e-7 * $1 })
      }
    }
  }

  @Test func `the update ratio compares the update with the weights`() throws {
    let learner = try Samples.learner(
      [Samples.dense(3)], optimizer: OptimizerSettings(.sgd(), learningRate: 0.3),
      constraint: ConstraintSettings(maxNorm: 0.01))
    let examples = Samples.examples(count: 8, inputs: 5, outputs: 3, classes: true)
    let before = try learner.values(of: "dense1.weight")
    _ = Samples.run(learner, examples, steps: 1)
    let gradient = try learner.gradient(of: "dense1.weight")
    func norm(_ values: [Float]) -> Double {
      values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    let ratio = 0.3 * norm(gradient) / norm(before)
    #expect(abs(learner.constraintOutcome(0).updateRatio - ratio) < 1e-6 * ratio)
    #expect(learner.constraintOutcome(0).clipped == 3)
  }
}
