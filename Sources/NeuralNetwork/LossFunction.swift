// The objectives, and what each asks of the targets and the network's outputs.

/// What is minimized: always a mean, over the batch (cross-entropy) or over all elements.
package enum LossFunction: String, Sendable, CaseIterable {
  /// Targets are values, as many as outputs.
  case meanSquaredError = "mse"
  /// On logits; targets are values from 0 to 1, as many as outputs, or the labels 0 and 1 of one
  /// output.
  case binaryCrossEntropy = "binary_cross_entropy"
  /// On logits, one output for each class; targets are labels.
  case crossEntropy = "cross_entropy"

  /// How many outputs these targets need, or nil where they don't fit this loss at all.
  package func outputs(for targets: Targets) -> Int? {
    switch (self, targets) {
    case (.crossEntropy, .classes(_, let count)): count
    case (.binaryCrossEntropy, .classes(_, 2)): 1
    case (.meanSquaredError, .values(_, let size)), (.binaryCrossEntropy, .values(_, let size)):
      size
    default: nil
    }
  }
}
