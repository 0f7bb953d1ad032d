// The constraints beside each other: against Keras and numpy, what they leave alone, what they carry on.
import Foundation
import Kernels
import Testing

@testable import NeuralNetwork

/// One case of constraints.json, which Fixtures/constraints.py made.
struct KerasConstraint: Decodable, CustomTestStringConvertible {
  let name, kind, axis: String
  let shape: [Int]
  let maxNorm: Float?
  let minimum, rate: Double?
  let before, after: [Float]

  var testDescription: String { name }

  static let all: [KerasConstraint] = {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let url = Bundle.module.url(forResource: "constraints", withExtension: "json"),
      let data = try? Data(contentsOf: url)
    else { return [] }
    return (try? decoder.decode([KerasConstraint].self, from: data)) ?? []
  }()

  func settings() throws -> ConstraintSettings {
    var kind = Constraint(try #require(Constraint.Name(rawValue: kind)))
    if let minimum, let rate { kind = .minMaxNorm(MinMaxNorm(minimum: minimum, rate: rate)) }
    return ConstraintSettings(
      kind, maxNorm: maxNorm, axis: try #require(ConstraintAxis(rawValue: axis)))
  }
}

@Suite struct ConstraintKindTests {
  @Test func `the fixture is there`() {
    #expect(KerasConstraint.all.count == 18)
  }

  @Test(arguments: KerasConstraint.all)
  func `one step agrees with keras but for its epsilon`(_ expected: KerasConstraint) throws {
    let (learner, step) = try ConstraintTests.still(
      expected.before, units: expected.shape[0], inputs: expected.shape[1],
      try expected.settings())
    // Power iteration takes some steps, and changes nothing while it is at its bound.
    let steps = expected.kind == "spectral_norm" ? 10 : 1
    let outcomes = (0..<steps).map { _ in step() }
    let after = try learner.values(of: "fc.weight")
    for (own, keras) in zip(after, expected.after) { #expect(abs(own - keras) < 2e-6) }
    // What Keras' epsilon leaves alone stays bit for bit.
    for (own, before, keras) in zip3(after, expected.before, expected.after)
    where before == keras && expected.kind != "spectral_norm" { #expect(own == before) }
    let hasChanged = expected.after != expected.before
    #expect((outcomes[0].clipped > 0) == hasChanged && outcomes[0].exceeded == outcomes[0].clipped)
  }

  private func zip3(_ a: [Float], _ b: [Float], _ c: [Float]) -> [(Float, Float, Float)] {
    zip(a, zip(b, c)).map { ($0, $1.0, $1.1) }
  }

  static let kinds: [ConstraintSettings] = [
    ConstraintSettings(maxNorm: 1), ConstraintSettings(.unitNorm()),
    ConstraintSettings(.minMaxNorm(MinMaxNorm(minimum: 0.5, rate: 0.5))),
    ConstraintSettings(.nonNegative()), ConstraintSettings(.spectralNorm(), maxNorm: 1),
  ]

  @Test func `every rule is among those that are tested`() {
    #expect(Self.kinds.map(\.kind.name) == Constraint.Name.allCases)
  }

  @Test(arguments: kinds)
  func `units of zeros and units that are not finite stay bit for bit`(
    _ settings: ConstraintSettings
  ) throws {
    for weights: [Float] in [
      [0, 0, 0, -0.0], [.nan, 1, .infinity, 1], [-.infinity, -2, .nan, -3],
      [-1, .nan, 0, 0],
    ] {
      let (learner, _) = try ConstraintTests.still(weights, units: 2, inputs: 2, settings)
      #expect(learner.project() == [0])
      let after = try learner.values(of: "fc.weight")
      #expect(after.map(\.bitPattern) == weights.map(\.bitPattern), "\(weights)")
    }
  }

  @Test(arguments: kinds)
  func `off it counts and leaves alone, and a layer without it is never counted`(
    _ settings: ConstraintSettings
  ) throws {
    let weights: [Float] = [3, -4, 0.1, -0.1]
    var off = settings
    off.enabled = false
    let (learner, step) = try ConstraintTests.still(weights, units: 2, inputs: 2, off)
    let outcome = step()
    #expect(outcome.exceeded > 0 && outcome.clipped == 0)
    #expect(try learner.values(of: "fc.weight") == weights && learner.project() == [0])
    learner.constraint.enabled = true
    #expect(learner.project() == [outcome.exceeded])
    #expect(try learner.values(of: "fc.weight") != weights)
    #expect(learner.weights[0].isHeld)
    let (free, freeStep) = try ConstraintTests.still(
      weights, units: 2, inputs: 2, settings, maxNorm: .none)
    #expect(freeStep() == ConstraintOutcome() && !free.weights[0].isHeld)
  }

  @Test func `what each rule counts is what the manual says`() throws {
    func outcome(_ settings: ConstraintSettings) throws -> ConstraintOutcome {
      try ConstraintTests.still([3, -4, 0.3, 0.4], units: 2, inputs: 2, settings).step()
    }
    let unit = try outcome(ConstraintSettings(.unitNorm()))
    #expect(unit.clipped == 2 && abs(unit.shrinkSum - (1.0 / 5 + 1 / 0.5)) < 1e-6)
    let minMax = try outcome(
      ConstraintSettings(.minMaxNorm(MinMaxNorm(minimum: 1, rate: 0.5)), maxNorm: 4))
    // Half of the way: from 5 to 4.5, from 0.5 to 0.75.
    #expect(minMax.clipped == 2 && abs(minMax.shrinkSum - (0.9 + 1.5)) < 1e-6)
    let nonNegative = try outcome(ConstraintSettings(.nonNegative()))
    #expect(nonNegative.clipped == 1 && abs(nonNegative.shrinkSum - 0.6) < 1e-6)
    let spectral = try outcome(ConstraintSettings(.spectralNorm(), maxNorm: 1))
    #expect(spectral.clipped == 1 && spectral.shrinkSum < 0.21)
  }

  @Test(arguments: [
    ([Samples.dense(24, name: "w"), .relu, Samples.dense(3)], [9]),
    (
      [
        .convolution(ConvolutionDescription(name: "w", channels: 6, kernel: 3)), .relu, .flatten,
        Samples.dense(3),
      ], [2, 6, 6]
    ),
    (
      [
        .convolution(
          ConvolutionDescription(
            name: "w", channels: 5, kernel: 2, stride: 2, isTransposed: true)), .relu, .flatten,
        Samples.dense(3),
      ], [3, 4, 4]
    ),
  ])
  func `after 100 steps the spectral norm is that of the singular values`(
    _ layers: [LayerDescription], inputShape: [Int]
  ) throws {
    let learner = try Samples.learner(
      layers, optimizer: OptimizerSettings(.adam(), learningRate: 0.01),
      constraint: ConstraintSettings(.spectralNorm(), maxNorm: 1.2), inputShape: inputShape)
    let inputs = inputShape.reduce(1, *)
    let examples = Samples.examples(count: 40, inputs: inputs, outputs: 3, classes: true)
    let order = (0..<Int32(40)).map { $0 }
    var clipped = 0
    for step in 0..<100 {
      let start = step * 8 % 40
      _ = learner.step(examples, indices: order[start..<start + 8])
      clipped += learner.constraintOutcome(0).clipped
    }
    #expect(clipped > 0)
    var norms: [Float] = []
    learner.unitNorms(0, into: &norms)
    let before = learner.state
    #expect(norms.count == 1 && learner.weights[0].units == 1)
    let sigma = Self.singularValue(
      try learner.values(of: "w.weight"), try #require(learner.weights.first).shape,
      isTransposed: layers[0].isTransposed)
    #expect(abs(Double(norms[0]) - sigma) < 1e-4 * sigma)
    #expect(sigma <= 1.2 * (1 + 1e-4))
    // Looking changes nothing.
    #expect(learner.state == before)
  }

  /// The largest singular value of outputs by everything else, by power iteration in Double until
  /// it converges.
  private static func singularValue(_ values: [Float], _ shape: [Int], isTransposed: Bool) -> Double
  {
    let (outputs, inputs) = isTransposed ? (shape[1], shape[0]) : (shape[0], shape[1])
    let area = shape.dropFirst(2).reduce(1, *)
    let rows = (0..<outputs).map { output in
      (0..<inputs * area).map { column in
        let (input, place) = (column / area, column % area)
        let index =
          isTransposed
          ? (input * outputs + output) * area + place : (output * inputs + input) * area + place
        return Double(values[index])
      }
    }
    var left = rows.indices.map { 1 + Double($0 % 3) }
    var sigma = 0.0
    for _ in 0..<5000 {
      var right = rows[0].map { _ in 0.0 }
      for (row, factor) in zip(rows, left) {
        for column in row.indices { right[column] += factor * row[column] }
      }
      let length = right.reduce(0) { $0 + $1 * $1 }.squareRoot()
      left = rows.map { row in zip(row, right).reduce(0) { $0 + $1.0 * $1.1 } / length }
      sigma = left.reduce(0) { $0 + $1 * $1 }.squareRoot()
      left = left.map { $0 / sigma }
    }
    return sigma
  }

  @Test(arguments: kinds)
  func `a learner resumes bit for bit from another's state`(_ settings: ConstraintSettings) throws {
    let examples = Samples.examples(count: 24, inputs: 5, outputs: 3, classes: true)
    let layers: [LayerDescription] = [Samples.dense(6), .relu, Samples.dense(3)]
    let first = try Samples.learner(layers, constraint: settings)
    _ = Samples.run(first, examples, steps: 7)
    let second = try Samples.learner(layers, constraint: settings, seed: 9)
    _ = Samples.run(second, examples, steps: 3)
    try second.resume(from: first.state)
    #expect(Samples.run(first, examples, steps: 9) == Samples.run(second, examples, steps: 9))
    #expect(try Samples.bits(first) == Samples.bits(second) && first.state == second.state)
    first.reset(seed: 9)
    second.reset(seed: 9)
    #expect(first.state == second.state)
  }
}

extension LayerDescription {
  fileprivate var isTransposed: Bool {
    if case .convolution(let convolution) = self { convolution.isTransposed } else { false }
  }
}
