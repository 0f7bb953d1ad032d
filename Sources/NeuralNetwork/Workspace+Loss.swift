// The loss of a workspace's batch, the gradient of its outputs, and its right decisions.
import Kernels

extension Workspace {
  /// The mean loss of the loaded batch; writes the gradient of the outputs if asked to.
  func loss(_ loss: LossFunction, smoothing: Double, rows: Int, withGradient: Bool) -> Double {
    let gradient = withGradient ? gradients.base + plan.output : nil
    switch loss {
    case .crossEntropy:
      return softmaxCrossEntropy(
        logits: outputs, labels: labels.base, rows: rows * logits.blocks,
        classes: logits.classes, positions: logits.positions, smoothing: smoothing,
        gradient: gradient)
    case .binaryCrossEntropy:
      return Kernels.binaryCrossEntropy(
        logits: outputs, targets: targets.base, count: rows * outputSize, gradient: gradient)
    case .meanSquaredError:
      return Kernels.meanSquaredError(
        outputs: outputs, targets: targets.base, count: rows * outputSize, gradient: gradient)
    case .classAndBox:
      return classAndBoxLoss(smoothing: smoothing, rows: rows, gradient: gradient)
    }
  }

  /// Cross-entropy of the first outputs plus the weighted squared error of the last four.
  ///
  /// Row by row, because the two parts alternate in memory; each row's gradient is that of a batch of
  /// one, so it is divided by the rows.
  private func classAndBoxLoss(
    smoothing: Double, rows: Int, gradient: UnsafeMutablePointer<Float>?
  ) -> Double {
    let classes = logits.classes
    var total = 0.0
    for row in 0..<rows {
      let y = outputs + row * outputSize
      let g = gradient.map { $0 + row * outputSize }
      total += softmaxCrossEntropy(
        logits: y, labels: labels.base + row, rows: 1, classes: classes, positions: 1,
        smoothing: smoothing, gradient: g)
      let box = Kernels.meanSquaredError(
        outputs: y + classes, targets: targets.base + 4 * row, count: 4,
        gradient: g.map { $0 + classes })
      total += Double(LossFunction.boxWeight) * box
      guard let g else { continue }
      let share = 1 / Float(rows)
      scale(g, count: classes, by: share)
      scale(g + classes, count: 4, by: share * LossFunction.boxWeight)
    }
    return total / Double(rows)
  }

  /// How many decisions of the loaded batch are right; nil if the loss knows none.
  func hits(_ loss: LossFunction, rows: Int) -> Int? {
    switch loss {
    case .crossEntropy:
      return countLargest(
        outputs, rows: rows * logits.blocks, columns: logits.classes, positions: logits.positions,
        labels: labels.base)
    case .binaryCrossEntropy:
      return countSigns(outputs, targets: targets.base, count: rows * outputSize)
    case .classAndBox:
      return (0..<rows).reduce(0) { hits, row in
        hits
          + countLargest(
            outputs + row * outputSize, rows: 1, columns: logits.classes, positions: 1,
            labels: labels.base + row)
      }
    case .meanSquaredError: return nil
    }
  }
}
