// The objectives, and what each asks of the targets and the network's outputs.
import Basics

/// What is minimized: always a mean, over the batch's decisions (cross-entropy) or over all elements.
package enum LossFunction: String, Sendable, CaseIterable {
  /// Targets are values, one for each output.
  case meanSquaredError = "mse"
  /// On logits; targets are values from 0 to 1, one for each output, or the labels 0 and 1 of a
  /// single output.
  case binaryCrossEntropy = "binary_cross_entropy"
  /// On logits, one output for each class; targets are labels, one an example, or one for each step
  /// of a sequence or each pixel of an image.
  case crossEntropy = "cross_entropy"
  /// Cross-entropy on all outputs but the last four, plus `boxWeight` times the mean squared error of
  /// those four against a box x0, y0, x1, y1 in 0…1.
  case classAndBox = "class_and_box"

  /// What a box counts against a class: errors of boxes in 0…1 are a tenth of a class's nats.
  static let boxWeight: Float = 10

  /// How many outputs these targets need for each decision, or nil if they don't fit this loss at
  /// all.
  package func outputs(for targets: Targets) -> Int? {
    switch (self, targets) {
    case (.crossEntropy, .classes(_, let count, _)): count
    case (.binaryCrossEntropy, .classes(_, 2, 1)): 1
    case (.meanSquaredError, .values(_, let size)), (.binaryCrossEntropy, .values(_, let size)):
      size
    case (.classAndBox, .classesAndBoxes(_, _, let count)): count + 4
    default: nil
    }
  }
}
