// Truncated backpropagation through time: states carried from batch to batch, and where they start.
import Basics
import Testing

@testable import NeuralNetwork

@Suite struct CarriedStateTests {
  private static let features = 3

  /// A recurrent net that answers at every step, on windows of `steps` steps.
  private static func learner(
    _ cell: RecurrentDescription.Cell, steps: Int, batch: Int, rate: Double = 0,
    carriesState: Bool = true
  ) throws -> Learner {
    try Learner(
      model: ModelDescription(
        inputShape: [steps, features],
        layers: [
          .recurrent(
            RecurrentDescription(cell, hidden: 5, layers: 2, returnsSequence: true)),
          Samples.dense(1),
        ]),
      objective: Objective(.meanSquaredError),
      optimizer: OptimizerSettings(.sgd(), learningRate: rate), constraint: ConstraintSettings(),
      batch: batch, carriesState: carriesState, seed: 3)
  }

  /// The same numbers in windows of another length.
  private static func examples(windows: Int, steps: Int) -> Examples {
    let all = Samples.examples(
      count: windows * steps, inputs: features, outputs: 1, seed: 11)
    guard case .values(let values, _) = all.targets else { return all }
    return Examples(
      inputs: all.inputs, targets: .values(values, size: steps),
      count: windows)
  }

  /// Equal but for the rounding that another number of rows brings.
  private static func areClose(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Bool {
    zip(a, b).allSatisfy { abs($0 - $1) < 1e-5 }
  }

  @Test(arguments: RecurrentDescription.Cell.allCases)
  func `consecutive windows equal one long window`(_ cell: RecurrentDescription.Cell) throws {
    let short = try Self.learner(cell, steps: 4, batch: 1)
    let long = try Self.learner(cell, steps: 12, batch: 1)
    let parts = Self.examples(windows: 3, steps: 4)
    let whole = Self.examples(windows: 1, steps: 12)
    func total() -> Double {
      (0..<Int32(3)).reduce(0) { $0 + short.step(parts, indices: [$1]).loss }
    }
    short.forgetState()
    let first = total() / 3
    let expected = long.step(whole, indices: [0]).loss
    #expect(abs(first - expected) < 1e-6 * expected)
    // Going on, the text seems to come again behind itself; forgetting starts it anew.
    #expect(total() / 3 != first)
    short.forgetState()
    #expect(total() / 3 == first)
  }

  @Test(arguments: RecurrentDescription.Cell.allCases)
  func `evaluations start from a zero state`(_ cell: RecurrentDescription.Cell) throws {
    let learner = try Self.learner(cell, steps: 4, batch: 2)
    // 40 windows are two streams of 20; one more is left over.
    let examples = Self.examples(windows: 41, steps: 4)
    var outputs: [[Float]] = [[], []]
    let first = learner.evaluate(examples, into: &outputs[0])
    let second = learner.evaluate(examples, into: &outputs[1])
    #expect(first == second && outputs[0] == outputs[1])
    // The first window of a stream, and one that is left over, stand alone.
    let fresh = try Self.learner(cell, steps: 4, batch: 2, carriesState: false)
    var alone: [Float] = []
    _ = fresh.evaluate(examples, into: &alone)
    for window in [0, 20, 40] {
      let places = window * 4..<(window + 1) * 4
      #expect(Self.areClose(outputs[1][places], alone[places]))
    }
    #expect(!Self.areClose(outputs[1][4..<8], alone[4..<8]))
    let predicted = learner.predict(Array(examples.inputs[..<12]), count: 1)
    #expect(Self.areClose(predicted[...], alone[0..<4]))
  }

  @Test func `an evaluation leaves the carried state alone`() throws {
    let examples = Self.examples(windows: 40, steps: 4)
    func losses(evaluating: Bool) throws -> [Double] {
      let learner = try Self.learner(.lstm, steps: 4, batch: 2, rate: 0.1)
      return (0..<Int32(6)).map { step in
        if evaluating { _ = learner.evaluate(examples) }
        return learner.step(examples, indices: [step, step + 20]).loss
      }
    }
    #expect(try losses(evaluating: true) == losses(evaluating: false))
  }
}
