// How the time of a step grows with the net and the data: one size at a time, the others fixed.
import NeuralNetwork

extension Workload {
  /// Widths, depths, batches and lengths of sequences, each from small to large.
  ///
  /// Some sizes are deliberately awkward for vectors and blocked products.
  package static let scaling: [Workload] = widths + depths + batches + lengths

  private static let widths = [16, 64, 128, 255, 256, 257, 512, 1000, 1024, 2048].map { width in
    dense(
      "width", "256-\(width)-\(width)-10, batch 64", inputs: 256, hidden: [width, width], batch: 64)
  }

  private static let depths = [1, 2, 4, 8, 16, 32, 64].map { depth in
    dense(
      "depth", "256-(256)x\(depth)-10, batch 64", inputs: 256,
      hidden: Array(repeating: 256, count: depth), batch: 64)
  }

  private static let batches = [1, 2, 8, 31, 32, 33, 128, 512, 1024].map { batch in
    dense("batch", "256-256-256-10, batch \(batch)", inputs: 256, hidden: [256, 256], batch: batch)
  }

  private static let lengths = [4, 16, 64, 100, 256, 512].map { length in
    Workload(
      name: "length", summary: "LSTM 64 on \(length) steps of 8, batch 32", batch: 32,
      model: ModelDescription(
        inputShape: [length, 8],
        layers: [
          .recurrent(RecurrentDescription(.lstm, hidden: 64)), .dense(DenseDescription(units: 1)),
        ]),
      loss: .meanSquaredError, optimizer: OptimizerSettings(.adam()), targets: .values(1))
  }

  private static func dense(
    _ name: String, _ summary: String, inputs: Int, hidden: [Int], batch: Int
  ) -> Workload {
    let optimizer = OptimizerSettings(.sgd(SGD(momentum: 0.9)), learningRate: 0.01)
    return Workload(
      name: name, summary: summary, batch: batch,
      model: ModelDescription(
        inputShape: [inputs],
        layers: hidden.flatMap { [.dense(DenseDescription(units: $0)), .relu] }
          + [.dense(DenseDescription(units: 10))]),
      loss: .crossEntropy, optimizer: optimizer, targets: .labels(10, positions: 1))
  }
}
