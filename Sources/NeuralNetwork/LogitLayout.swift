// How the decisions of one example lie in the network's outputs.

/// `blocks` of `[classes, positions]` an example.
struct LogitLayout: Equatable {
  var blocks = 1
  var classes = 1
  var positions = 1

  /// A sequence `[steps, classes]` decides at every step, an image `[classes, height, width]` at
  /// every pixel, everything else once.
  init(_ outputShape: [Int], loss: LossFunction) {
    switch (loss, outputShape.count) {
    case (.classAndBox, _): classes = max(outputShape.reduce(1, *) - 4, 1)
    case (.crossEntropy, 2): (blocks, classes) = (outputShape[0], outputShape[1])
    case (.crossEntropy, 3):
      (classes, positions) = (outputShape[0], outputShape[1] * outputShape[2])
    default: classes = outputShape.reduce(1, *)
    }
  }

  /// Decisions an example.
  var decisions: Int { blocks * positions }
}
