// Small networks and random examples that several suites share.
import Basics
import Kernels
import Testing

@testable import NeuralNetwork

enum Samples {
  /// Inputs from −1 to 1; random labels, or values from 0 to 1.
  static func examples(
    count: Int, inputs: Int, outputs: Int, classes: Bool = false, seed: UInt64 = 7
  ) -> Examples {
    var source = RandomSource(seed: seed)
    let values = (0..<count * inputs).map { _ in 2 * source.nextUnit() - 1 }
    let targets: Targets =
      classes
      ? .classes((0..<count).map { _ in Int32(source.next() % UInt64(outputs)) }, classes: outputs)
      : .values((0..<count * outputs).map { _ in source.nextUnit() }, size: outputs)
    return Examples(inputs: values, targets: targets, count: count)
  }

  static func dense(_ units: Int, name: String? = nil, maxNorm: MaxNormOverride = .inherit)
    -> LayerDescription
  {
    .dense(DenseDescription(name: name, units: units, maxNorm: maxNorm))
  }

  /// A network on 5 inputs with SGD, momentum 0.9, rate 0.1.
  static func learner(
    _ layers: [LayerDescription], loss: LossFunction = .crossEntropy,
    optimizer: OptimizerSettings? = nil,
    constraint: ConstraintSettings = ConstraintSettings(), batch: Int = 8, seed: UInt64 = 1,
    inputShape: [Int] = [5]
  ) throws -> Learner {
    var momentum = OptimizerSettings(.sgd(), learningRate: 0.1)
    momentum.momentum = 0.9
    return try Learner(
      model: ModelDescription(inputShape: inputShape, layers: layers),
      objective: Objective(loss),
      optimizer: optimizer ?? momentum, constraint: constraint, batch: batch, seed: seed)
  }

  /// Goes through the examples in order, a batch at a time, for `steps` steps.
  static func run(_ learner: Learner, _ examples: Examples, steps: Int) -> [Double] {
    let order = (0..<Int32(examples.count)).map { $0 }
    return (0..<steps).map { step in
      let start = step * learner.batch % examples.count
      let end = min(start + learner.batch, examples.count)
      return learner.step(examples, indices: order[start..<end]).loss
    }
  }

  /// The bits of every parameter, for comparisons that forgive nothing.
  static func bits(_ learner: Learner) throws -> [[UInt32]] {
    try learner.parameters.map { try learner.values(of: $0.name).map(\.bitPattern) }
  }

  /// Each unit's norm in Double, straight from the definition.
  static func norms(_ values: [Float], shape: [Int], axis: ConstraintAxis) -> [Double] {
    let (rows, columns) = (shape[0], shape[1])
    func norm(_ indices: [Int]) -> Double {
      indices.reduce(0) { $0 + Double(values[$1]) * Double(values[$1]) }.squareRoot()
    }
    return switch axis {
    case .incoming: (0..<rows).map { row in norm((0..<columns).map { row * columns + $0 }) }
    case .outgoing: (0..<columns).map { column in norm((0..<rows).map { $0 * columns + column }) }
    case .tensor: [norm(Array(values.indices))]
    }
  }
}
