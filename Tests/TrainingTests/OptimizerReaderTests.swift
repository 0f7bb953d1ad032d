// Optimizers as experiments write them: defaults, every key there and back, settings changed in a run.
import Foundation
import NeuralNetwork
import RunHistory
import RunRecords
import Testing

@testable import Experiments
@testable import Training

@Suite struct OptimizerReaderTests {
  private func experiment(_ optimizer: String) throws -> Experiment {
    try RunFixture.experiment(["optimizer=\(optimizer)"])
  }

  /// What `torch.optim` has, and for lion its paper.
  @Test(arguments: [
    ("sgd", "learning_rate: 0.001, momentum: 0, nesterov: false, weight_decay: 0"),
    ("adam", "learning_rate: 0.001, betas: [0.9, 0.999], epsilon: 1e-8, weight_decay: 0"),
    ("adamw", "learning_rate: 0.001, betas: [0.9, 0.999], epsilon: 1e-8, weight_decay: 0.01"),
    ("rmsprop", "learning_rate: 0.01, momentum: 0, alpha: 0.99, epsilon: 1e-8, weight_decay: 0"),
    ("lion", "learning_rate: 0.0001, betas: [0.9, 0.99], weight_decay: 0"),
    (
      "adagrad",
      "learning_rate: 0.01, lr_decay: 0, initial_accumulator_value: 0, epsilon: 1e-10, weight_decay: 0"
    ),
    (
      "nadam",
      """
      learning_rate: 0.002, betas: [0.9, 0.999], epsilon: 1e-8, momentum_decay: 0.004, \
      decoupled_weight_decay: false, weight_decay: 0
      """
    ),
  ])
  func `an optimizer without keys has its defaults, and shows them all`(
    name: String, expected: String
  ) throws {
    let shown = try experiment(name).optimizer.document
    #expect(try experiment("{name: \(name), \(expected)}").optimizer.document == shown)
    let written = try JSONValue(yamlValue: "{name: \(name), \(expected), l1: 0}", name: "x")
    guard case .fields(let all) = written, case .fields(let fields) = shown else { return }
    #expect(fields.map(\.key) == all.map(\.key))
  }

  @Test(arguments: [
    "{name: sgd, learning_rate: 0.2, momentum: 0.5, nesterov: true, weight_decay: 0.1, l1: 0.3}",
    "{name: adam, betas: [0.5, 0.25], epsilon: 0.125}",
    "{name: adamw, betas: [0.5, 0.25], epsilon: 0.125}",
    "{name: rmsprop, momentum: 0.5, alpha: 0.25, epsilon: 0.125}",
    "{name: lion, betas: [0.5, 0.25]}",
    "{name: adagrad, lr_decay: 0.5, initial_accumulator_value: 0.25, epsilon: 0.125}",
    """
    {name: nadam, betas: [0.5, 0.25], epsilon: 0.125, momentum_decay: 0.75, \
    decoupled_weight_decay: true}
    """,
  ])
  func `every key arrives, and goes into experiments and checkpoints and comes back`(yaml: String)
    throws
  {
    let read = try experiment(yaml)
    let (document, written) = (read.optimizer.document, try JSONValue(yamlValue: yaml, name: "x"))
    guard case .fields(let given) = written else { return }
    for field in given { #expect(document[field.key] == field.value, "\(field.key)") }
    #expect(try experiment(document.yaml()).optimizer == read.optimizer)
    let coded = try JSONEncoder().encode(read.optimizer)
    #expect(try JSONDecoder().decode(OptimizerSettings.self, from: coded) == read.optimizer)
  }

  @Test(arguments: Optimizer.Name.allCases)
  func `a momentum can be changed in a run where there is one`(name: Optimizer.Name) throws {
    let segment = try RunFixture.segment(try experiment(name.rawValue))
    let before = segment.learner.optimizer
    try segment.change(.momentum, to: 0.5)
    let hasMomentum = name == .sgd || name == .rmsprop
    #expect(segment.learner.optimizer.momentum == (hasMomentum ? 0.5 : nil))
    #expect((segment.learner.optimizer == before) == !hasMomentum)
    #expect(segment.changes.count == (hasMomentum ? 1 : 0))
  }
}
