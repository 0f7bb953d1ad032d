// The workloads by which training speed is measured: nets of common kinds on synthetic data.
import Basics
import NeuralNetwork

/// A net, its data in memory and its optimizer; a step is forward, backward, update and projection.
package struct Workload: Sendable {
  /// `W1` … `W7`, `W7r`.
  package var name: String
  /// The net in a few words.
  package var summary: String
  /// Examples in a step.
  package var batch: Int
  var model: ModelDescription
  var loss: LossFunction
  var optimizer: OptimizerSettings
  var maxNorm: Float = 3
  /// Targets are values of this size, or labels below it (one an example or one a step).
  var targets: TargetKind
  /// Inputs are tokens below this.
  var vocabulary: Int?

  enum TargetKind {
    case values(Int)
    case labels(Int, positions: Int)
  }

  /// Batches kept in memory and cycled through.
  static let pool = 8

  /// The network, drawn from a fixed seed.
  func learner() throws(NetworkError) -> Learner {
    try Learner(
      model: model, objective: Objective(loss), optimizer: optimizer,
      constraint: ConstraintSettings(maxNorm: maxNorm), batch: batch, seed: 1)
  }

  /// All batches, from a fixed seed: normal numbers, or tokens; labels even.
  func examples() -> Examples {
    var random = RandomSource(seed: 7)
    let count = Workload.pool * batch
    let size = model.inputShape.reduce(1, *)
    var inputs = [Float](repeating: 0, count: count * size)
    if let vocabulary {
      for index in inputs.indices { inputs[index] = Float(random.next() % UInt64(vocabulary)) }
    } else {
      inputs.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        fillNormal(base, count: buffer.count, deviation: 1, from: &random)
      }
    }
    let answers: Targets
    switch targets {
    case .values(let size):
      answers = .values((0..<count * size).map { _ in 2 * random.nextUnit() - 1 }, size: size)
    case .labels(let classes, let positions):
      answers = .classes(
        (0..<count * positions).map { _ in Int32(random.next() % UInt64(classes)) },
        classes: classes, positions: positions)
    }
    return Examples(inputs: inputs, targets: answers, count: count)
  }
}

extension Workload {
  /// All of them, smallest first.
  package static let all: [Workload] = [
    Workload(
      name: "W1", summary: "10-5", batch: 32, model: net([10], dense(5)), loss: .meanSquaredError,
      optimizer: OptimizerSettings(.sgd(), learningRate: 0.01), targets: .values(5)),
    Workload(
      name: "W2", summary: "32-64-10, Adam", batch: 32,
      model: net([32], dense(64), .relu, dense(10)),
      loss: .meanSquaredError, optimizer: OptimizerSettings(.adam()), targets: .values(10)),
    Workload(
      name: "W3", summary: "784-1024-1024-10, dropout", batch: 128,
      model: net(
        [784], .dropout(rate: 0.2), dense(1024), .relu, .dropout(rate: 0.5), dense(1024), .relu,
        .dropout(rate: 0.5), dense(10)), loss: .crossEntropy, optimizer: momentum(0.05),
      maxNorm: 2, targets: .labels(10, positions: 1)),
    Workload(
      name: "W4", summary: "two 5x5 convolutions, 28x28", batch: 64,
      model: net(
        [1, 28, 28], convolution(32, 5), .relu, .maxPool(PoolDescription(size: 2)),
        convolution(64, 5), .relu, .maxPool(PoolDescription(size: 2)), dense(512), .relu,
        .dropout(rate: 0.5), dense(10)), loss: .crossEntropy, optimizer: momentum(0.01),
      targets: .labels(10, positions: 1)),
    Workload(
      name: "W5", summary: "four 3x3 convolutions, batch norm, 32x32", batch: 64,
      model: ModelDescription(
        inputShape: [3, 32, 32],
        layers: normalized(32) + normalized(32) + [.maxPool(PoolDescription(size: 2))]
          + normalized(64) + normalized(64)
          + [
            .maxPool(PoolDescription(size: 2)), dense(256), .relu, .dropout(rate: 0.5), dense(10),
          ]), loss: .crossEntropy, optimizer: OptimizerSettings(.adam()),
      targets: .labels(10, positions: 1)),
    Workload(
      name: "W6", summary: "LSTM 128 on 64 steps of 8", batch: 32,
      model: net([64, 8], .recurrent(RecurrentDescription(.lstm, hidden: 128)), dense(1)),
      loss: .meanSquaredError, optimizer: OptimizerSettings(.adam()), targets: .values(1)),
    language("W7", "LSTM 256 over 64 letters, 100 steps", .lstm),
    language("W7r", "tanh RNN 256 over 64 letters, 100 steps", .rnn),
  ]

  private static func net(_ inputShape: [Int], _ layers: LayerDescription...) -> ModelDescription {
    ModelDescription(inputShape: inputShape, layers: layers)
  }

  private static func dense(_ units: Int) -> LayerDescription {
    .dense(DenseDescription(units: units))
  }

  private static func convolution(_ channels: Int, _ kernel: Int) -> LayerDescription {
    .convolution(ConvolutionDescription(channels: channels, kernel: kernel, padding: .same))
  }

  private static func normalized(_ channels: Int) -> [LayerDescription] {
    [convolution(channels, 3), .batchNorm(BatchNormDescription()), .relu]
  }

  private static func momentum(_ rate: Double) -> OptimizerSettings {
    OptimizerSettings(.sgd(SGD(momentum: 0.9)), learningRate: rate)
  }

  private static func language(
    _ name: String, _ summary: String, _ cell: RecurrentDescription.Cell
  ) -> Workload {
    Workload(
      name: name, summary: summary, batch: 32,
      model: net(
        [100],
        .embedding(EmbeddingDescription(vocabulary: 64, size: 64, maxNorm: .none)),
        .recurrent(RecurrentDescription(cell, hidden: 256, returnsSequence: true)), dense(64)),
      loss: .crossEntropy, optimizer: OptimizerSettings(.adam()),
      targets: .labels(64, positions: 100), vocabulary: 64)
  }
}
