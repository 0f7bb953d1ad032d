// Every layer's and every loss's backward pass against finite differences of its forward pass.
import Basics
import Kernels
import Testing

@testable import NeuralNetwork

/// How far gradients lie from central differences of the loss, relative to their length.
struct GradientCheck {
  let learner: Learner
  let examples: Examples
  let indices: [Int32]
  /// The distance of the differences: small where the loss has kinks.
  let distance: Float

  init(_ learner: Learner, _ examples: Examples, distance: Float = 0x1p-7) {
    self.distance = distance
    self.learner = learner
    self.examples = examples
    indices = (0..<Int32(examples.count)).map { $0 }
  }

  /// The loss as it stands; dropout draws the same masks every time.
  private func loss() -> Double {
    let source = learner.dropoutSource
    defer { learner.dropoutSource = source }
    return learner.computeGradients(examples, indices: indices[...])
  }

  /// The learner's own gradient of a parameter.
  func analytic(_ name: String) throws -> [Float] {
    _ = loss()
    return try learner.gradient(of: name)
  }

  /// Differences of fourth order: (8(f(h) − f(−h)) − (f(2h) − f(−2h))) / 12h.
  func numeric(_ name: String) throws -> [Float] {
    let values = try learner.values(of: name)
    defer { try? learner.setValues(values, of: name) }
    let h = distance
    return try values.indices.map { index in
      func shifted(_ steps: Float) throws -> Double {
        var moved = values
        moved[index] += steps * h
        try learner.setValues(moved, of: name)
        return loss()
      }
      let near = try shifted(1) - shifted(-1)
      let far = try shifted(2) - shifted(-2)
      return Float((8 * near - far) / (12 * Double(h)))
    }
  }

  /// The largest error over all parameters, relative to their gradient's length.
  ///
  /// A gradient shorter than a tenth of the longest is compared with that tenth: float32 losses
  /// resolve no finer differences, and a bias before a batch normalization has no gradient at all.
  func error() throws -> Double {
    let pairs = try learner.parameters.map { parameter in
      (try analytic(parameter.name), try numeric(parameter.name))
    }
    func length(_ values: [Float]) -> Double {
      values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    let least = 0.1 * (pairs.map { length($0.1) }.max() ?? 0)
    return pairs.map { analytic, numeric in
      length(zip(analytic, numeric).map { $0 - $1 }) / max(length(numeric), least)
    }.max() ?? .infinity
  }
}

@Suite struct GradientTests {
  static let layers: [(String, [LayerDescription])] = [
    ("dense", []),
    ("dense without bias", [.dense(DenseDescription(units: 4, bias: false))]),
    ("relu", [Samples.dense(6), .relu]),
    ("leaky relu", [Samples.dense(6), .leakyReLU(slope: 0.2)]),
    ("elu", [Samples.dense(6), .elu(alpha: 0.7)]),
    ("tanh", [Samples.dense(6), .tanh]),
    ("sigmoid", [Samples.dense(6), .sigmoid]),
    ("dropout", [Samples.dense(6), .dropout(rate: 0.4)]),
    ("two activations in a row", [Samples.dense(6), .tanh, .sigmoid]),
    ("dropout behind an activation", [Samples.dense(6), .sigmoid, .dropout(rate: 0.3)]),
    ("an activation behind dropout", [Samples.dense(6), .dropout(rate: 0.3), .tanh]),
    ("activations before all weights", [.tanh, .dropout(rate: 0.2), Samples.dense(6), .tanh]),
    (
      "three deep",
      [Samples.dense(7), .tanh, Samples.dense(5), .leakyReLU(slope: 0.3), Samples.dense(4), .tanh]
    ),
  ]

  @Test(
    arguments: layers.indices,
    [LossFunction.meanSquaredError, .binaryCrossEntropy, .crossEntropy])
  func `the backward pass is the derivative of the forward pass`(_ index: Int, _ loss: LossFunction)
    throws
  {
    let (name, layers) = GradientTests.layers[index]
    let learner = try Samples.learner(layers + [Samples.dense(3)], loss: loss, seed: 3)
    let examples = Samples.examples(
      count: 7, inputs: 5, outputs: 3, classes: loss == .crossEntropy, seed: 11)
    try GradientTests.moveAwayFromKinks(learner)
    #expect(try GradientCheck(learner, examples).error() < 1e-3, "\(name)")
  }

  /// Gives every layer before a kink at zero biases of ±3, so that no unit crosses it while the
  /// differences are taken; half of the units are then on, the others off.
  static func moveAwayFromKinks(_ learner: Learner) throws {
    var dense = 0
    for layer in learner.model.layers {
      switch layer {
      case .dense: dense += 1
      case .relu, .leakyReLU, .elu:
        let name = "dense\(dense).bias"
        let biases = try learner.values(of: name).indices.map { $0 % 2 == 0 ? Float(3) : -3 }
        try learner.setValues(biases, of: name)
      default: break
      }
    }
  }

  @Test func `labels of two classes train a single logit`() throws {
    let learner = try Samples.learner([Samples.dense(1)], loss: .binaryCrossEntropy)
    let examples = Samples.examples(count: 7, inputs: 5, outputs: 2, classes: true)
    #expect(try GradientCheck(learner, examples).error() < 1e-3)
  }

  @Test func `the last layer may be an activation or dropout`() throws {
    for last in [LayerDescription.sigmoid, .dropout(rate: 0.3)] {
      let learner = try Samples.learner([Samples.dense(3), last], loss: .meanSquaredError)
      let examples = Samples.examples(count: 7, inputs: 5, outputs: 3)
      #expect(try GradientCheck(learner, examples).error() < 1e-3)
    }
  }

  @Test func `the check sees a wrong gradient`() throws {
    let learner = try Samples.learner([Samples.dense(6), .tanh, Samples.dense(3)])
    let examples = Samples.examples(count: 7, inputs: 5, outputs: 3, classes: true)
    let check = GradientCheck(learner, examples)
    let numeric = try check.numeric("dense1.weight")
    let right = try check.analytic("dense1.weight")
    #expect(relativeDifference(right, numeric) < 1e-3)
    #expect(relativeDifference(right.map { $0 * 1.01 }, numeric) > 1e-3)
    var oneWrong = right
    oneWrong[3] = -oneWrong[3]
    #expect(relativeDifference(oneWrong, numeric) > 1e-3)
    var swapped = right
    swapped.swapAt(0, 1)
    #expect(relativeDifference(swapped, numeric) > 1e-3)
  }
}
