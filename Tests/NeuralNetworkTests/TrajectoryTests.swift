// Ten optimizer steps against PyTorch's; Fixtures/trajectories.py made the reference.
import Basics
import Foundation
import PlainText
import Testing

@testable import NeuralNetwork

/// One case of trajectories.json.
struct Trajectory: Decodable, CustomTestStringConvertible {
  struct Settings: Decodable {
    var learningRate, momentum, weightDecay, beta1, beta2, epsilon, alpha: Double?
    var lrDecay, initialAccumulatorValue, momentumDecay: Double?
    var nesterov, decoupledWeightDecay: Bool?

    /// The rule of that name with these settings; a key that it has not is a mistake in the fixture.
    func optimizer(_ name: String) throws -> OptimizerSettings {
      let name = try #require(Optimizer.Name(rawValue: name))
      var settings = OptimizerSettings(
        Optimizer(name), learningRate: learningRate, weightDecay: weightDecay)
      let given: [String: RuleSetting.Value?] = [
        "momentum": momentum.map { .number($0, .zeroToBelowOne) },
        "alpha": alpha.map { .number($0, .zeroToBelowOne) },
        "epsilon": epsilon.map { .number($0, .aboveZero) },
        "lr_decay": lrDecay.map { .number($0, .zeroOrMore) },
        "initial_accumulator_value": initialAccumulatorValue.map { .number($0, .zeroOrMore) },
        "momentum_decay": momentumDecay.map { .number($0, .zeroOrMore) },
        "nesterov": nesterov.map { .flag($0) },
        "decoupled_weight_decay": decoupledWeightDecay.map { .flag($0) },
        "betas": beta1.flatMap { first in beta2.map { .pair(first, $0, .zeroToBelowOne) } },
      ]
      for case (let key, let value?) in given {
        _ = try #require(settings.kind.rule.setting(key), "\(key) of \(name)")
        settings.kind.rule.apply(RuleSetting(name: key, value: value))
      }
      return settings
    }
  }

  let name, loss, activation, optimizer, axis: String
  let settings: Settings
  let maxNorm: Float?
  let widths: [Int]
  let outputs, inputSize, batch, clipped: Int
  let inputs, targets: [Float]
  let first, last: [String: [Float]]
  let losses, gradientNorms: [Double]

  var testDescription: String { name }

  /// All cases; empty if the fixture cannot be read (a separate test then fails).
  static let all: [Trajectory] = {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let url = Bundle.module.url(forResource: "trajectories", withExtension: "json"),
      let data = try? Data(contentsOf: url)
    else { return [] }
    do { return try decoder.decode([Trajectory].self, from: data) } catch {
      print(error)
      return []
    }
  }()

  func learner() throws -> Learner {
    var layers: [LayerDescription] = []
    for width in widths {
      layers.append(.dense(DenseDescription(units: width)))
      switch activation {
      case "relu": layers.append(.relu)
      case "tanh": layers.append(.tanh)
      case "sigmoid": layers.append(.sigmoid)
      default: layers.append(.leakyReLU(slope: 0.1))
      }
    }
    layers.append(.dense(DenseDescription(units: outputs)))
    let learner = try Learner(
      model: ModelDescription(inputShape: [inputSize], layers: layers),
      objective: Objective(try #require(LossFunction(rawValue: loss))),
      optimizer: try settings.optimizer(optimizer),
      constraint: ConstraintSettings(
        maxNorm: maxNorm, axis: try #require(ConstraintAxis(rawValue: axis))),
      batch: batch, seed: 1)
    for (name, values) in first { try learner.setValues(values, of: name) }
    return learner
  }

  var examples: Examples {
    let count = inputs.count / inputSize
    return Examples(
      inputs: inputs,
      targets: loss == "cross_entropy"
        ? .classes(targets.map { Int32($0) }, classes: outputs) : .values(targets, size: outputs),
      count: count)
  }
}

/// ‖a − b‖ / ‖b‖, in Double.
func relativeDifference(_ a: [Float], _ b: [Float]) -> Double {
  guard a.count == b.count else { return .infinity }
  var difference = 0.0
  var length = 0.0
  for (x, y) in zip(a, b) {
    difference += (Double(x) - Double(y)) * (Double(x) - Double(y))
    length += Double(y) * Double(y)
  }
  return (difference / length).squareRoot()
}

@Suite struct TrajectoryTests {
  @Test func `the fixture is there`() {
    #expect(Trajectory.all.count == 25)
  }

  @Test(arguments: Trajectory.all)
  func `ten steps agree with PyTorch`(_ trajectory: Trajectory) throws {
    let learner = try trajectory.learner()
    let examples = trajectory.examples
    try learner.check(examples)
    let order = (0..<Int32(examples.count)).map { $0 }
    var clipped = 0
    for step in trajectory.losses.indices {
      let rows = step * trajectory.batch..<(step + 1) * trajectory.batch
      let outcome = learner.step(examples, indices: order[rows])
      let loss = trajectory.losses[step]
      let norm = trajectory.gradientNorms[step]
      #expect(abs(outcome.loss - loss) <= 1e-5 * loss, "loss of step \(step + 1)")
      #expect(abs(outcome.gradientNorm - norm) <= 2e-5 * norm, "gradient of step \(step + 1)")
      for tensor in learner.weights.indices {
        clipped += learner.constraintOutcome(tensor).clipped
      }
    }
    #expect(clipped == trajectory.clipped)
    #expect(learner.parameters.map(\.name).sorted() == trajectory.last.keys.sorted())
    for (name, values) in trajectory.last {
      let difference = relativeDifference(try learner.values(of: name), values)
      #expect(difference <= 1e-5, "\(name)")
    }
  }

  @Test func `the comparison sees a wrong setting`() throws {
    let trajectory = try #require(Trajectory.all.first { $0.name == "adam weight decay" })
    let expected = try #require(trajectory.last["dense1.weight"])
    func difference(beta2: Double) throws -> Double {
      let learner = try trajectory.learner()
      guard case .adam(var adam) = learner.optimizer.kind else { return .nan }
      adam.beta2 = beta2
      learner.optimizer.kind = .adam(adam)
      let order = (0..<Int32(trajectory.examples.count)).map { $0 }
      for start in stride(from: 0, to: order.count, by: trajectory.batch) {
        _ = learner.step(trajectory.examples, indices: order[start..<start + trajectory.batch])
      }
      return relativeDifference(try learner.values(of: "dense1.weight"), expected)
    }
    #expect(try difference(beta2: 0.95) <= 1e-5)
    #expect(try difference(beta2: 0.951) > 1e-5)
  }
}
